"""Every address that a page links to. All keep the root path; whatever a partner sent is checked or encoded first.

``read_asked`` and ``write_asked`` are inverses: what stands in an address is the whole state of a search. Reading never
fails: what makes no sense in an address counts as not there, because nothing a reader types gives an error page.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from lienthu.search import MAX_WINDOW, UNKNOWN, Sort
from search_api.answer import MAX_QUERY, Asked

PAGE_FACETS = (
    "partner",
    "class",
    "school_subject",
    "textbook_set",
    "type",
    "kind",
    "access",
    "language",
    "people",
    "place",
    "author",
    "subject",
    "ddc",
    "publisher",
    "publication_place",
    "series",
)
"""The facets with checkboxes, in the order in which a page shows them. Years have fields of their own."""
PAGE_SIZE = 20
MAX_CHOSEN = 50
MAX_VALUE = 500
LAST_YEAR = 9999
_BLANK = re.compile(r"[\x00-\x20]")


class Parameters(Protocol):
    """What an address asks: the part of Starlette's QueryParams that is used here."""

    def get(self, key: str, /) -> str | None: ...
    def getlist(self, key: str, /) -> list[str]: ...


class Links(msgspec.Struct, frozen=True):
    """Addresses below ``root`` (empty, or ``/catalogue``)."""

    root: str = ""

    @property
    def home(self) -> str:
        return f"{self.root}/"

    @property
    def search(self) -> str:
        return f"{self.root}/search"

    @property
    def partners(self) -> str:
        return f"{self.root}/partners"

    def report(self, partner_id: str) -> str:
        return f"{self.partners}/{quote(partner_id, safe='')}/report"

    @property
    def help(self) -> str:
        return f"{self.root}/help"

    def static(self, name: str) -> str:
        return f"{self.root}/static/{name}"

    def edition(self, edition_id: str) -> str:
        return f"{self.root}/editions/{quote(edition_id, safe='')}"

    def record(self, reference: str) -> str:
        """The JSON of one partner's record. Dots alone would be eaten by the browser as steps in a path."""
        return f"{self.root}/api/v1/records/{_quote_path(reference)}"

    def results(self, asked: Asked) -> str:
        pairs = write_asked(asked)
        return f"{self.search}?{urlencode(pairs)}" if pairs else self.search

    def words(self, q: str) -> str:
        return self.results(Asked(q=q))


def read_asked(parameters: Parameters) -> Asked:
    """The search in an address, from the page's own form or from a link."""
    filters = {}
    for facet in PAGE_FACETS:
        values = dict.fromkeys(value for value in parameters.getlist(facet) if value and len(value) <= MAX_VALUE)
        if values:
            filters[facet] = tuple(values)[:MAX_CHOSEN]
    page = _read_whole(parameters.get("page")) or 1
    return Asked(
        q=(parameters.get("q") or "").replace("\0", " ").strip()[:MAX_QUERY],
        filters=filters,
        year=_read_year(parameters),
        sort=_read_sort(parameters.get("sort")),
        page=min(max(page, 1), MAX_WINDOW // PAGE_SIZE),
        size=PAGE_SIZE,
        strict=parameters.get("strict") == "1",
    )


def write_asked(asked: Asked) -> list[tuple[str, str]]:
    """The pairs of an address; what is as usual is left out, so that one search has one address."""
    pairs = [("q", asked.q)] if asked.q else []
    pairs += [(facet, value) for facet in PAGE_FACETS for value in asked.filters.get(facet, ())]
    if asked.year:
        pairs.append(("year", asked.year))
    if asked.sort != Sort.RELEVANCE:
        pairs.append(("sort", str(asked.sort)))
    if asked.strict:
        pairs.append(("strict", "1"))
    if asked.page > 1:
        pairs.append(("page", str(asked.page)))
    return pairs


def without_filter(asked: Asked, facet: str, value: str) -> Asked:
    """The same search less one chosen value, at its first page."""
    left = tuple(chosen for chosen in asked.filters.get(facet, ()) if chosen != value)
    filters: Mapping[str, tuple[str, ...]] = {**asked.filters, facet: left}
    return replace(asked, filters={name: values for name, values in filters.items() if values}, page=1)


def replace(asked: Asked, **changes: object) -> Asked:
    """The same search with some of its parts changed."""
    return msgspec.structs.replace(asked, **changes)


@lru_cache(maxsize=4_096)
def keep_web_address(url: str) -> str:
    """*url* if it is an http or https address with a host, else the empty string."""
    if not url or _BLANK.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme.lower() in {"http", "https"} and parts.hostname else ""


def build_partner_record_address(template: str, source_id: str) -> str:
    """The partner's own page of a record: ``{source_id}`` filled in, encoded so that it stays within the path. Slashes
    stay what they are: the ids of many systems are paths (``handle/123/4``)."""
    if not template or not source_id:
        return ""
    return keep_web_address(template.replace("{source_id}", quote(source_id, safe="/")))


def build_telephone_address(phone: str) -> str:
    """``0214 3 840 034`` -> ``tel:02143840034``; the empty string where there are no digits."""
    digits = "".join(character for character in phone if character in "+0123456789")
    return f"tel:{digits}" if digits else ""


def split_reference(reference: str) -> tuple[str, str, str]:
    """``partner/feed/source_id`` -> its three parts; a source_id may hold slashes."""
    partner_id, _, rest = reference.partition("/")
    feed_id, _, source_id = rest.partition("/")
    return partner_id, feed_id, source_id


def first_known(values: Iterable[str]) -> str:
    """The first that is not empty, or the empty string."""
    return next((value for value in values if value), "")


def _quote_path(reference: str) -> str:
    quoted: Sequence[str] = [quote(part, safe=":@,;=+$!*'()") for part in reference.split("/")]
    return "/".join(part.replace(".", "%2E") if part in {".", ".."} else part for part in quoted)


def _read_year(parameters: Parameters) -> str:
    """A link or a button says ``year=1990-2000``; the two fields say ``from`` and ``to``."""
    chosen = [value for value in parameters.getlist("year") if value]
    for written in sorted(chosen, key=lambda value: value == UNKNOWN):
        year = written if written == UNKNOWN else _join_years(*_split_years(written))
        if year:
            return year
    return _join_years(parameters.get("year_from") or "", parameters.get("year_to") or "")


def _split_years(written: str) -> tuple[str, str]:
    first, dash, last = written.partition("-")
    if "-" in last:
        return "", ""
    return (first, last) if dash else (written, written)


def _join_years(first: str, last: str) -> str:
    start, end = _read_whole(first), _read_whole(last)
    start = start if start is not None and start <= LAST_YEAR else None
    end = end if end is not None and end <= LAST_YEAR else None
    if start is None and end is None:
        return ""
    if start is not None and end is not None:
        start, end = min(start, end), max(start, end)
        return str(start) if start == end else f"{start}-{end}"
    return f"{'' if start is None else start}-{'' if end is None else end}"


def _read_whole(written: str | None) -> int | None:
    written = (written or "").strip()
    return int(written) if written.isascii() and written.isdecimal() and len(written) <= 9 else None


def _read_sort(written: str | None) -> Sort:
    try:
        return Sort(written or Sort.RELEVANCE)
    except ValueError:
        return Sort.RELEVANCE
