"""Asking: what stands in an address, read into ``Asked``, and that into the engine's request.

Parameters that are not known are passed over; a value that cannot be meant is refused in words (RequestRefused), since
a machine that is answered with something else would not notice.
"""

import re

from starlette.datastructures import QueryParams

from lienthu.errors import RequestRefused
from lienthu.i18n import mark
from lienthu.query.tree import Query
from lienthu.search import FACETS, MAX_WINDOW, UNKNOWN, SearchRequest, Sort, YearRange
from search_api.answer import MAX_QUERY, MAX_SIZE, Asked

FILTERS = tuple(facet for facet in FACETS if facet != "year")
FACET_SIZE = 20

_YEARS = re.compile(r"(\d{1,4})?(-)?(\d{1,4})?")
_TRUE = frozenset(("1", "true", "yes"))


def read_asked(parameters: QueryParams) -> Asked:
    """Raises RequestRefused naming the parameter that cannot be read."""
    return Asked(
        q=parameters.get("q") or "",
        filters={facet: values for facet in FILTERS if (values := _read_values(parameters, facet))},
        year=(parameters.get("year") or "").strip(),
        sort=_read_sort(parameters.get("sort") or Sort.RELEVANCE),
        page=_read_number("page", parameters.get("page"), 1),
        size=_read_number("size", parameters.get("size"), 20),
        strict=(parameters.get("strict") or "").lower() in _TRUE,
    )


def check_asked(asked: Asked) -> None:
    """Raises RequestRefused naming the limit that is passed."""
    if len(asked.q) > MAX_QUERY:
        raise RequestRefused(mark("A query has at most {limit} characters: make it shorter."), limit=MAX_QUERY)
    if not 1 <= asked.size <= MAX_SIZE:
        raise RequestRefused(mark("“size” is a number from 1 to {limit}."), limit=MAX_SIZE)
    if asked.page < 1:
        raise RequestRefused(mark("“page” is a number from 1."))
    if asked.page * asked.size > MAX_WINDOW:
        raise RequestRefused(
            mark("Only the first {window} hits can be looked through: make the search narrower."), window=MAX_WINDOW
        )


def build_request(asked: Asked, query: Query) -> SearchRequest:
    """The engine's request, with every facet."""
    return SearchRequest(
        query=query,
        filters=asked.filters,
        years=parse_years(asked.year),
        facets=FACETS,
        facet_size=FACET_SIZE,
        sort=asked.sort,
        offset=(asked.page - 1) * asked.size,
        limit=asked.size,
    )


def parse_years(written: str) -> YearRange | None:
    """``1990-2000``, ``1990-``, ``-2000``, ``1990`` or ``unknown``; None for an empty text."""
    written = written.strip().replace("–", "-")
    if not written:
        return None
    if written == UNKNOWN:
        return YearRange(unknown=True)
    match = _YEARS.fullmatch(written) if written.isascii() else None
    if match is None or not (match[1] or match[3]):
        raise RequestRefused(
            mark("“year” is “{written}”: give 1990-2000, 1990-, -2000, 1990 or unknown."), written=written[:40]
        )
    first = int(match[1]) if match[1] else None
    last = int(match[3]) if match[3] else (None if match[2] else first)
    if first is not None and last is not None and first > last:
        raise RequestRefused(mark("“year” is “{written}”: the first year is after the last one."), written=written)
    return YearRange(first, last)


def _read_values(parameters: QueryParams, facet: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in parameters.getlist(facet) if value))


def _read_sort(written: str) -> Sort:
    try:
        return Sort(written)
    except ValueError as error:
        raise RequestRefused(
            mark("“sort” is “{written}”: give one of {known}."), written=written[:40], known=", ".join(Sort)
        ) from error


def _read_number(name: str, written: str | None, default: int) -> int:
    written = (written or "").strip()
    if not written:
        return default
    if not (written.isascii() and written.isdecimal() and len(written) <= 9):
        raise RequestRefused(mark("“{name}” is “{written}”: give a whole number."), name=name, written=written[:40])
    return int(written)
