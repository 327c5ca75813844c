"""One answer of an SRU server (1.1, 1.2 and 2.0 alike), understood as far as the protocol goes.

An answer counts only if it is whole: well-formed, or mended record by record where its end is there. Elements are known
by their local names, for the versions differ in their namespaces. Records packed as text are unpacked here.
"""

import re
from collections.abc import Iterator

from lxml import etree

from harvesters.faults import PassingFault
from harvesters.repair import Entry, PageShape, mend_page
from harvesters.sru.diagnostics import Diagnostic, read_diagnostic
from harvesters.xml import find_child, find_children, get_local_name, get_text, parse_strictly
from lienthu.errors import HarvestError
from lienthu.i18n import mark

_ROOTS = frozenset({"searchRetrieveResponse", "diagnostics"})


def _has_substance(record: etree._Element) -> bool:
    content = find_child(record, "recordData")
    return content is not None and (len(content) > 0 or bool((content.text or "").strip()))


SRU_PAGE = PageShape(
    protocol="SRU",
    root="searchRetrieveResponse",
    record_start=re.compile(
        r"<((?:[A-Za-z_][\w.-]*:)?)record\b[^<>]*>\s*<\1record(?:Schema|Packing|XMLEscaping|Data|Identifier|Position)\b"
    ),
    identifier=re.compile(r"<(?:[A-Za-z_][\w.-]*:)?recordIdentifier\s*>\s*([^<]{1,2000}?)\s*<"),
    has_substance=_has_substance,
)


class SruResponse:
    """One whole answer. Raises PassingFault if it is not one, HarvestError if it must not be read."""

    def __init__(self, body: bytes) -> None:
        self._entries: list[Entry] | None = None
        try:
            self.root = parse_strictly(body)
        except etree.XMLSyntaxError as error:
            if not SRU_PAGE.find_ends(body):
                raise _name_fault(body) from error
            self.root, self._entries = mend_page(body, SRU_PAGE)
        if get_local_name(self.root) not in _ROOTS:
            raise _name_fault(body)
        if self.root.getroottree().docinfo.internalDTD is not None:
            raise HarvestError(mark("The answer carries a document type, which is never read."))
        self.entries: tuple[Entry, ...] = tuple(self._read_entries())

    @property
    def total(self) -> int | None:
        """numberOfRecords, None where it is not stated."""
        return read_number(get_text(self.root, "numberOfRecords"))

    @property
    def next_position(self) -> int | None:
        return read_number(get_text(self.root, "nextRecordPosition"))

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Those of the whole answer; a record that is one is an entry."""
        is_bare = get_local_name(self.root) == "diagnostics"
        parent = self.root if is_bare else find_child(self.root, "diagnostics")
        return tuple(read_diagnostic(one) for one in find_children(parent, "diagnostic")) if parent is not None else ()

    def _read_entries(self) -> Iterator[Entry]:
        if self._entries is not None:
            yield from self._entries
            return
        records = find_child(self.root, "records")
        for element in find_children(records, "record") if records is not None else ():
            yield Entry(element)


def read_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _name_fault(body: bytes) -> PassingFault:
    start = body[:2000].lstrip().lower()
    if not start:
        return PassingFault(mark("the answer is empty"))
    if b"<html" in start or start.startswith(b"<!doctype html"):
        return PassingFault(mark("the server answered with a web page instead of {protocol}"), protocol="SRU")
    if b"searchretrieveresponse" in start:
        return PassingFault(mark("the answer was cut off"))
    if b"explainresponse" in start:
        return PassingFault(mark("the server answered something else than was asked"))
    return PassingFault(mark("the answer is not {protocol}"), protocol="SRU")
