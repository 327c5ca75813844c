"""Facets and filters of Elasticsearch, in the one request that finds the hits.

Filters of counted facets stand after the query (``post_filter``), so that each facet can be counted under all filters
but its own. Counts are exact: a value's count is taken only where every shard reported it, and the list ends only
where no unreported value could stand in it; else the facet is asked for again with more values from each shard.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lienthu.engine.fields import FACET_NAMES
from lienthu.engine.mending import mend_value
from lienthu.engine.years import FIRST_YEAR, LAST_YEAR
from lienthu.search import UNKNOWN, SearchRequest, YearRange

YEARS = "years"
"""The name of the filter by year range, beside those of the facets."""
EVERY_VALUE = 2**31 - 1
FROM_EACH_SHARD = (1_000, 50_000, EVERY_VALUE)

Clause = dict[str, Any]
Filters = Mapping[str, Clause]
Counted = tuple[list[tuple[str, int]], dict[str, int]]
"""*(value, count)* in order, and the counts of the chosen values."""


def build_filters(request: SearchRequest) -> dict[str, Clause]:
    filters = {}
    for facet, values in request.filters.items():
        if values:
            filters[facet] = {"terms": {FACET_NAMES[facet]: list(dict.fromkeys(map(mend_value, values)))}}
    if request.years is not None:
        filters[YEARS] = _match_years(request.years)
    return filters


def list_own(facet: str) -> frozenset[str]:
    """The filters that the counts of a facet ignore."""
    return frozenset((facet, YEARS)) if facet == "year" else frozenset((facet,))


def split_filters(request: SearchRequest, filters: Filters) -> tuple[list[Clause], list[Clause]]:
    """*(before, after)*: those that everything is under, and those that some facet ignores."""
    ignored = frozenset().union(*(list_own(facet) for facet in request.facets))
    before = [clause for name, clause in filters.items() if name not in ignored]
    return before, [clause for name, clause in filters.items() if name in ignored]


def build_aggregations(
    request: SearchRequest, filters: Filters, facets: Sequence[str], from_each_shard: int
) -> dict[str, Clause]:
    """One aggregation per facet, under the filters that stand after the query and are not its own."""
    ignored = frozenset().union(*(list_own(facet) for facet in request.facets))
    aggregations: dict[str, Clause] = {}
    for facet in dict.fromkeys(facets):
        restrictions = [filters[name] for name in filters if name in ignored - list_own(facet)]
        inner = _count_values(request, facet, from_each_shard)
        if inner:
            aggregations[facet] = {"filter": {"bool": {"filter": restrictions}}, "aggs": inner}
    return aggregations


def _count_values(request: SearchRequest, facet: str, from_each_shard: int) -> dict[str, Clause]:
    inner: dict[str, Clause] = {}
    terms = {"field": FACET_NAMES[facet], "show_term_doc_count_error": True}
    if request.facet_size:
        shard_size = max(from_each_shard, request.facet_size)
        inner["values"] = {"terms": {**terms, "size": request.facet_size, "shard_size": shard_size}}
    chosen = list(dict.fromkeys(map(mend_value, request.filters.get(facet, ()))))
    if chosen:
        inner["chosen"] = {"terms": {**terms, "size": len(chosen), "include": chosen}}
    return inner


def read_facet(request: SearchRequest, facet: str, answer: Mapping[str, Any]) -> Counted | None:
    """What an aggregation told; None where it may not be exact."""
    told = answer.get(facet, {})
    values = told.get("values", {"buckets": []})
    buckets = values["buckets"]
    listed = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
    if any(bucket.get("doc_count_error_upper_bound") for bucket in buckets):
        return None
    unreported = int(values.get("doc_count_error_upper_bound", 0))
    if unreported and (len(listed) < request.facet_size or listed[-1][1] <= unreported):
        return None
    chosen = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in told.get("chosen", {}).get("buckets", ())}
    return listed, chosen


def _match_years(years: YearRange) -> Clause:
    """Editions whose span touches the range, those of unknown year, or both. A range open at both ends means any known
    year, unless only the unknown are asked for."""
    unknown: Clause = {"term": {FACET_NAMES["year"]: UNKNOWN}}
    if years.first is None and years.last is None:
        return unknown if years.unknown else {"bool": {"must_not": [unknown]}}
    span = _match_span(years)
    return {"bool": {"should": [span, unknown], "minimum_should_match": 1}} if years.unknown else span


def _match_span(years: YearRange) -> Clause:
    first = max(FIRST_YEAR, years.first) if years.first is not None else FIRST_YEAR
    last = min(LAST_YEAR, years.last) if years.last is not None else LAST_YEAR
    if first > last:
        return {"match_none": {}}
    return {"bool": {"filter": [{"range": {"year": {"lte": last}}}, {"range": {"year_end": {"gte": first}}}]}}
