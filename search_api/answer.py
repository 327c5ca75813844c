"""What a reader asked and what the catalogue answered: the nouns between the service, the JSON routes and the pages."""

from collections.abc import Mapping

import msgspec

from lienthu.edition import Edition
from lienthu.harvest_run import HarvestRun
from lienthu.partner import Partner
from lienthu.search import FacetValue, Sort

MAX_QUERY = 1_000
MAX_SIZE = 100


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A search as it stands in an address. ``year`` is ``1990-2000``, ``1990-``, ``-2000``, ``1990`` or ``unknown``;
    ``strict`` forbids widening; ``filters`` maps a facet to chosen values (year is not among them)."""

    q: str = ""
    filters: Mapping[str, tuple[str, ...]] = {}
    year: str = ""
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = 20
    strict: bool = False


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One card. ``highlights`` maps a shown text (``title``, ``subtitle``, ``authors``...) to the matched places in
    it as (start, end) character offsets; ``authors`` offsets are for the names joined by ``"; "``."""

    edition: Edition
    highlights: Mapping[str, tuple[tuple[int, int], ...]] = {}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """``total`` and ``facets`` describe what is shown. ``strict_total`` is how many have every word; ``widened`` says
    that ``found`` holds more than those. ``read_as`` explains operators that the reader may not have meant, as
    (kind, text) pairs: ``("not", "Nùng")``, ``("phrase", "phong tục")``, ``("field:author", "Nguyễn Du")``,
    ``("isbn", "9786046401544")``, ``("isbn-invalid", "6046401548")``."""

    asked: Asked
    total: int
    strict_total: int
    found: tuple[Found, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    corrections: tuple[str, ...] = ()
    widened: bool = False
    read_as: tuple[tuple[str, str], ...] = ()
    took_ms: float = 0.0
    generation: str = ""


class FeedStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How one feed stands: its last run, and when it was last complete (ISO 8601, empty for never)."""

    feed_id: str
    last_run: HarvestRun | None = None
    last_complete: str = ""


class PartnerStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How a partner stands: ``records`` live raw records, ``editions`` cards it shares, ``only_here`` cards that no
    other partner has."""

    partner: Partner
    feeds: tuple[FeedStanding, ...] = ()
    records: int = 0
    editions: int = 0
    only_here: int = 0
