"""Mends a page that is whole but not well-formed, record by record, so that one bad record costs only itself.

The page is cut where each record begins (``<record><header>``). Each piece is read strictly; where that fails, the
usual faults are undone (characters XML forbids, HTML's entities, bare ``&`` and ``<``); where that fails too, lxml
recovers what it can. What was touched says so (finding ``record-repaired``); what has no identifier or no metadata
afterwards is rejected by name.
"""

import re

import msgspec
from lxml import etree

from harvesters.faults import PassingFault
from harvesters.xml import build_parser, find_child, get_text, parse_strictly
from harvesters.xml_mending import decode_text, escape_faults
from lienthu.i18n import mark

_PAGE_END = re.compile(rb"</(?:[A-Za-z_][\w.-]*:)?OAI-PMH\s*>")
_RECORD_START = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?)record\b[^<>]*>\s*<\1header\b")
_ROOT_TAG = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?)OAI-PMH\b[^<>]*>")
_IDENTIFIER = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?identifier\s*>\s*([^<]{1,2000}?)\s*<")


class Entry(msgspec.Struct, frozen=True):
    """A record of a page: its element, or None with the identifier that could still be made out."""

    element: etree._Element | None
    repaired: bool = False
    identifier: str = ""


def is_cut_off(body: bytes) -> bool:
    """True if the end of the page never came. White space and a server's notices may follow the end."""
    return _PAGE_END.search(body) is None


def mend_page(body: bytes) -> tuple[etree._Element, list[Entry] | None]:
    """The page without its records, and the records; None for these where the page was fine but for what follows it.

    Raises PassingFault where not even the frame can be read.
    """
    end = [match.end() for match in _PAGE_END.finditer(body)][-1]
    whole = body[:end]
    try:
        return parse_strictly(whole.lstrip()), None
    except etree.XMLSyntaxError:
        text = decode_text(whole)
    root = _ROOT_TAG.search(text)
    starts = [match.start() for match in _RECORD_START.finditer(text)]
    if root is None:
        raise PassingFault(mark("the answer is not OAI-PMH"))
    if not starts:
        return _read_frame(text[root.start() :]), []
    prefix = root.group(1)
    opening, closing = root.group(0), f"</{prefix}OAI-PMH>"
    pieces, tail = _cut_into_records(text, starts)
    frame = _read_frame(text[root.start() : starts[0]] + tail)
    return frame, [_read_piece(piece, opening, closing) for piece in pieces]


def _cut_into_records(text: str, starts: list[int]) -> tuple[list[str], str]:
    """Each record to its own ``</record>``, the last one in its piece; and what follows the last record."""
    name = _RECORD_START.match(text, starts[0])
    end_tag = re.compile(rf"</{re.escape(name.group(1) if name else '')}record\s*>")
    pieces: list[str] = []
    tail = ""
    for position, start in enumerate(starts):
        stop = starts[position + 1] if position + 1 < len(starts) else len(text)
        ends = [match.end() for match in end_tag.finditer(text, start, stop)]
        last = ends[-1] if ends else stop
        pieces.append(text[start:last])
        tail = text[last:stop]
    return pieces, tail


def _read_frame(text: str) -> etree._Element:
    for recover in (False, True):
        try:
            frame = etree.fromstring(escape_faults(text).encode(), parser=build_parser(recover=recover))
        except etree.XMLSyntaxError:
            continue
        if frame is not None:
            return frame
    raise PassingFault(mark("the answer cannot be read"))


def _read_piece(piece: str, opening: str, closing: str) -> Entry:
    identifier = _IDENTIFIER.search(piece)
    known = identifier.group(1) if identifier else ""
    try:
        frame = parse_strictly(f"{opening}{piece}{closing}".encode())
        # A character that was lost in decoding is a repair too: it is no longer what was sent.
        return Entry(find_child(frame, "record"), "\ufffd" in piece, known)
    except etree.XMLSyntaxError:
        mended = f"{opening}{escape_faults(piece)}{closing}".encode()
    for recover in (False, True):
        try:
            frame = etree.fromstring(mended, parser=build_parser(recover=recover))
        except etree.XMLSyntaxError:
            continue
        element = find_child(frame, "record") if frame is not None else None
        if element is not None and _has_substance(element):
            return Entry(element, True, known)
    return Entry(None, True, known)


def _has_substance(record: etree._Element) -> bool:
    header = find_child(record, "header")
    if header is None or not get_text(header, "identifier"):
        return False
    metadata = find_child(record, "metadata")
    return (header.get("status") or "").strip() == "deleted" or (metadata is not None and len(metadata) > 0)
