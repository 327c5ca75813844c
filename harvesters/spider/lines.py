"""What the two processes of a spider say to each other: one order in, then lines out, each one JSON value.

A line has a greatest length, so that a page can never fill the parent's memory. The last line is the summary; a child
that ends without one has proven nothing.
"""

from collections.abc import Mapping

import msgspec

from lienthu.page_rules import PageRules

LINE_BYTES = 8_000_000
RECORD_BYTES = 1_000_000


class SpiderBounds(msgspec.Struct, frozen=True, kw_only=True):
    """How far a spider goes: pages asked in one run, links away from the start, bytes of one page after unpacking."""

    pages: int = 50_000
    depth: int = 1_000
    page_bytes: int = 16_000_000
    links: int = 1_000
    gap: int = 200
    """So many numbers without a record end a catalogue whose pages are numbered."""
    timeout: float = 60.0
    longest_wait: float = 120.0
    """A partner that asks to wait longer (``Retry-After``) ends the run."""


class SpiderOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The parent's first line. ``stored`` are ids that this run has already; ``doors`` addresses found on the pages of
    those records, which lead further, with their distance from the start."""

    url: str
    agent: str
    delay: float
    spider: str = "embedded"
    headers: Mapping[str, str] = {}
    columns: Mapping[str, str] = {}
    pages: PageRules | None = None
    stored: frozenset[str] = frozenset()
    doors: Mapping[str, int] = {}
    bounds: SpiderBounds = SpiderBounds()


class RecordFound(msgspec.Struct, frozen=True, kw_only=True, tag="record"):
    """A page that describes a record. ``doors`` are the addresses that were first seen there."""

    address: str
    source_id: str
    payload: bytes
    format: str = "page"
    doors: Mapping[str, int] = {}


class RecordRefused(msgspec.Struct, frozen=True, kw_only=True, tag="refused"):
    """A page whose metadata cannot be kept."""

    address: str
    source_id: str
    rule: str
    size: int = 0
    doors: Mapping[str, int] = {}


class PageRead(msgspec.Struct, frozen=True, kw_only=True, tag="page"):
    """Any other page that was answered: a sign of life."""

    address: str


class SpiderSummary(msgspec.Struct, frozen=True, kw_only=True, tag="summary"):
    """How the spider ended. ``failed`` maps addresses to the reason; ``cut`` counts links beyond the bounds."""

    reason: str
    pages: int = 0
    statuses: Mapping[str, int] = {}
    failed: Mapping[str, str] = {}
    failures: int = 0
    forbidden: int = 0
    start_forbidden: bool = False
    start_failure: str = ""
    cut: int = 0
    first_cut: str = ""
    not_before: str = ""


Line = RecordFound | RecordRefused | PageRead | SpiderSummary
_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def write_line(line: Line) -> bytes:
    """One line with its end."""
    return msgspec.json.encode(line) + b"\n"


def read_line(line: bytes) -> Line:
    """The inverse of :func:`write_line`. Raises msgspec.DecodeError."""
    return _decoder.decode(line)
