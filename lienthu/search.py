"""SearchRequest and SearchResult: what is asked of an engine, and what comes back."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from lienthu.query.tree import Query

MAX_WINDOW = 10_000
"""offset + limit never goes beyond this."""
MAX_LIMIT = 1_000
UNKNOWN = "unknown"
"""The facet value of an edition that has none (year)."""

FACETS = (
    "partner",
    "language",
    "type",
    "author",
    "subject",
    "publisher",
    "series",
    "access",
    "class",
    "school_subject",
    "textbook_set",
    "people",
    "kind",
    "place",
    "publication_place",
    "ddc",
    "year",
)


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"


class YearRange(msgspec.Struct, frozen=True):
    """Both ends included, None is open. ``unknown`` asks for the editions whose year is not known."""

    first: int | None = None
    last: int | None = None
    unknown: bool = False


class SearchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """``filters`` maps a facet to chosen values: any of them within a facet, all facets together. The counts of a
    facet ignore its own filter (multi-select), and so do those of ``year`` for ``years``."""

    query: Query
    filters: Mapping[str, tuple[str, ...]] = {}
    years: YearRange | None = None
    facets: tuple[str, ...] = ()
    facet_size: int = 20
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20


class FacetValue(msgspec.Struct, frozen=True):
    """``value`` goes into a filter; ``label`` is one of the written forms; ``count`` is exact. Chosen values are
    always listed, even with a count of 0. Order: count down, then value."""

    value: str
    label: str
    count: int
    selected: bool = False


class Hit(msgspec.Struct, frozen=True):
    """``source`` is the edition as stored: JSON bytes of :class:`lienthu.edition.Edition`."""

    id: str
    source: bytes


class SearchResult(msgspec.Struct, frozen=True, kw_only=True):
    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[FacetValue, ...]] = {}
    generation: str = ""
