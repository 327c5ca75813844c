"""Facets and filters of the tantivy engine.

Counts are exact: every segment reports every value (``segment_size``), and every document holds a value once. A facet
with a filter of its own is counted without that filter, so that a reader may choose a second value; facets without one
share a single count. The order is count down, then value; where the last value asked for ties with values that the
engine did not return, it is asked for more.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import tantivy

from lienthu.engine.facet_dictionary import FacetDictionary
from lienthu.engine.fields import FACET_NAMES
from lienthu.engine.mending import mend_value
from lienthu.engine.tantivy_query import MUST, MUST_NOT, SHOULD
from lienthu.engine.tantivy_reader import Snapshot
from lienthu.engine.years import FIRST_YEAR, LAST_YEAR
from lienthu.search import UNKNOWN, FacetValue, SearchRequest, YearRange

YEARS = "years"
"""The name of the filter by year range, beside those of the facets."""
FIRST_BUCKETS = 64
MAX_BUCKETS = 60_000
"""tantivy refuses above 65,000."""

Filters = Mapping[str, tantivy.Query]
Buckets = Sequence[tuple[int, int]]
"""*(number, count)*"""


def build_filters(
    request: SearchRequest, schema: tantivy.Schema, dictionary: FacetDictionary
) -> dict[str, tantivy.Query]:
    """One query per filter, each without influence on the score."""
    filters = {}
    for facet, values in request.filters.items():
        if values:
            numbers = [dictionary.find_number(facet, value) for value in values]
            known = [number for number in numbers if number is not None]
            filters[facet] = _unscored(_match_numbers(schema, facet, known))
    if request.years is not None:
        filters[YEARS] = _unscored(_match_years(request.years, schema, dictionary))
    return filters


def apply_filters(query: tantivy.Query, filters: Filters, without: frozenset[str] = frozenset()) -> tantivy.Query:
    chosen = [(MUST, restriction) for name, restriction in filters.items() if name not in without]
    return tantivy.Query.boolean_query([(MUST, query), *chosen]) if chosen else query


def count_facets(
    snapshot: Snapshot, schema: tantivy.Schema, matching: tantivy.Query, filters: Filters, request: SearchRequest
) -> dict[str, tuple[FacetValue, ...]]:
    """The facets asked for, in that order. *matching* is the query without filters."""
    groups: dict[frozenset[str], list[str]] = {}
    for facet in request.facets:
        own = {facet, YEARS} if facet == "year" else {facet}
        groups.setdefault(frozenset(own & filters.keys()), []).append(facet)
    counted: dict[str, tuple[FacetValue, ...]] = {}
    for without, facets in groups.items():
        query = apply_filters(matching, filters, without)
        for facet, buckets in _count(snapshot, query, facets, request.facet_size).items():
            counted[facet] = _list_values(snapshot, schema, query, facet, buckets, request)
    return {facet: counted[facet] for facet in request.facets}


def _count(snapshot: Snapshot, query: tantivy.Query, facets: Sequence[str], size: int) -> dict[str, Buckets]:
    asked = max(FIRST_BUCKETS, 2 * size)
    complete: dict[str, Buckets] = {}
    missing = list(dict.fromkeys(facets))
    while missing:
        for facet, buckets in _aggregate(snapshot, query, missing, asked).items():
            if len(buckets) < asked or size == 0 or buckets[-1][1] < buckets[size - 1][1] or asked == MAX_BUCKETS:
                complete[facet] = buckets
        missing = [facet for facet in missing if facet not in complete]
        asked = min(asked * 16, MAX_BUCKETS)
    return complete


def _aggregate(snapshot: Snapshot, query: tantivy.Query, facets: Sequence[str], asked: int) -> dict[str, Buckets]:
    if len(facets) * asked > MAX_BUCKETS and len(facets) > 1:
        return {
            facet: buckets for one in facets for facet, buckets in _aggregate(snapshot, query, [one], asked).items()
        }
    # of several segments none may leave out a value: one that is rare in each may be frequent in all
    every = asked if snapshot.searcher.num_segments == 1 else max(len(snapshot.dictionary), asked)
    wanted = {facet: {"terms": {"field": FACET_NAMES[facet], "size": asked, "segment_size": every}} for facet in facets}
    answer = snapshot.searcher.aggregate(query, wanted)
    return {
        facet: [(int(bucket["key"]), int(bucket["doc_count"])) for bucket in answer[facet]["buckets"]]
        for facet in facets
    }


def _list_values(
    snapshot: Snapshot,
    schema: tantivy.Schema,
    query: tantivy.Query,
    facet: str,
    buckets: Buckets,
    request: SearchRequest,
) -> tuple[FacetValue, ...]:
    chosen = dict.fromkeys(mend_value(value) for value in request.filters.get(facet, ()))
    size = request.facet_size
    if len(buckets) > size:
        # values below the last count that is shown need no name
        least = buckets[size - 1][1] if size else buckets[0][1] + 1
        buckets = [bucket for bucket in buckets if bucket[1] >= least]
    named = [(*snapshot.dictionary.find_term(number), count) for number, count in buckets]
    named.sort(key=lambda term: (-term[2], term[0]))
    values = [FacetValue(value, label, count, value in chosen) for value, label, count in named[:size]]
    listed = {value.value for value in values}
    missing = [_count_chosen(snapshot, schema, query, facet, value) for value in chosen if value not in listed]
    values.extend(sorted(missing, key=lambda value: (-value.count, value.value)))
    return tuple(values)


def _count_chosen(
    snapshot: Snapshot, schema: tantivy.Schema, query: tantivy.Query, facet: str, value: str
) -> FacetValue:
    number = snapshot.dictionary.find_number(facet, value)
    if number is None:
        return FacetValue(value, value, 0, True)
    both: Any = snapshot.searcher.search(
        tantivy.Query.boolean_query([(MUST, query), (MUST, _match_numbers(schema, facet, [number]))]), 1
    )
    return FacetValue(value, snapshot.dictionary.find_term(number)[1], both.count, True)


def _match_numbers(schema: tantivy.Schema, facet: str, numbers: Sequence[int]) -> tantivy.Query:
    """No number matches nothing: no edition has a value that the dictionary lacks."""
    if not numbers:
        return tantivy.Query.empty_query()
    terms = [tantivy.Query.term_query(schema, FACET_NAMES[facet], number) for number in dict.fromkeys(numbers)]
    return terms[0] if len(terms) == 1 else tantivy.Query.boolean_query([(SHOULD, term) for term in terms])


def _match_years(years: YearRange, schema: tantivy.Schema, dictionary: FacetDictionary) -> tantivy.Query:
    """Editions whose span touches the range, those of unknown year, or both. A range open at both ends means any known
    year, unless only the unknown are asked for."""
    number = dictionary.find_number("year", UNKNOWN)
    unknown = _match_numbers(schema, "year", [] if number is None else [number])
    if years.first is None and years.last is None:
        if years.unknown:
            return unknown
        return tantivy.Query.boolean_query([(MUST, tantivy.Query.all_query()), (MUST_NOT, unknown)])
    span = _match_span(years, schema)
    return tantivy.Query.boolean_query([(SHOULD, span), (SHOULD, unknown)]) if years.unknown else span


def _match_span(years: YearRange, schema: tantivy.Schema) -> tantivy.Query:
    first = max(FIRST_YEAR, years.first) if years.first is not None else FIRST_YEAR
    last = min(LAST_YEAR, years.last) if years.last is not None else LAST_YEAR
    if first > last:
        return tantivy.Query.empty_query()
    integer = tantivy.FieldType.Integer
    begins = tantivy.Query.range_query(schema, "year", integer, None, last)
    ends = tantivy.Query.range_query(schema, "year_end", integer, first, None)
    return tantivy.Query.boolean_query([(MUST, begins), (MUST, ends)])


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)
