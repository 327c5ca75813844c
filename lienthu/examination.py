"""Examination: what a look at a library's server or file told, before the library joins.

``Fault`` is what the protocol forbids, or what would make a harvest incomplete; ``Contents`` is what the records hold,
by the same crosswalk and findings that every harvested record goes through.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from lienthu.edition import Edition
from lienthu.finding import Severity

Kind = Literal["oai-pmh", "sru", "page", "file"]

LONGEST_FOUND = 300
MOST_OTHERS = 49


class Fault(msgspec.Struct, frozen=True):
    """``rule`` is in the table of :mod:`lienthu.fault_rules`; ``found`` is what stood there the first time, ``request``
    what had been asked, ``times`` how often it was met. ``others`` is what stood there the next times (49 at most),
    where each must be mended on its own, as the rows of a table."""

    rule: str
    found: str = ""
    request: str = ""
    times: int = 1
    others: tuple[str, ...] = ()


class Fact(msgspec.Struct, frozen=True):
    """``name`` is one of FACTS; ``value`` is the server's own word or a number, never a sentence of ours."""

    name: str
    value: str


class Examination(msgspec.Struct, frozen=True, kw_only=True):
    """``reached`` is false where nothing could be read at all. Faults stand in the order in which they were met."""

    kind: Kind
    address: str
    reached: bool
    facts: tuple[Fact, ...] = ()
    faults: tuple[Fault, ...] = ()


class FindingTold(msgspec.Struct, frozen=True):
    """A rule of findings over all records that were read, with one example."""

    rule: str
    severity: Severity
    records: int
    field: str
    found: str
    example: str


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """``read`` = mapped + skipped + failed + deleted. ``filled`` maps a part of a record (FILLED) to how many mapped
    records have it; ``skipped`` and ``failed`` are by rule; ``cards`` are the first records as readers would see them.
    """

    read: int = 0
    mapped: int = 0
    deleted: int = 0
    skipped: Mapping[str, int] = {}
    failed: Mapping[str, int] = {}
    filled: Mapping[str, int] = {}
    formats: Mapping[str, int] = {}
    languages: Mapping[str, int] = {}
    types: Mapping[str, int] = {}
    findings: tuple[FindingTold, ...] = ()
    cards: tuple[Edition, ...] = ()


FACTS = (
    "server", "protocol", "formats", "format", "sets", "deleted", "granularity", "earliest", "total", "schemas",
    "spider", "remarks",
)  # fmt: skip
FILLED = ("title", "author", "year", "publisher", "language", "subject", "isbn", "copies", "link")


def shorten(text: str) -> str:
    """Evidence for people: one line, bounded, without control characters."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= LONGEST_FOUND else f"{line[: LONGEST_FOUND - 1]}…"
