"""Mends a page that is whole but not well-formed, record by record, so that one bad record costs only itself.

The page is cut where each record begins. Each piece is read strictly; where that fails, the usual faults are undone
(characters XML forbids, HTML's entities, bare ``&`` and ``<``); where that fails too, lxml recovers what it can. What
was touched says so (finding ``record-repaired``); what is no record afterwards is rejected by name.
"""

import re
from collections.abc import Callable

import msgspec
from lxml import etree

from harvesters.faults import PassingFault
from harvesters.xml import build_parser, find_child, parse_strictly
from harvesters.xml_mending import decode_text, escape_faults
from lienthu.i18n import mark


class Entry(msgspec.Struct, frozen=True):
    """A record of a page: its element, or None with the identifier that could still be made out."""

    element: etree._Element | None
    repaired: bool = False
    identifier: str = ""


class PageShape(msgspec.Struct, frozen=True, kw_only=True):
    """How the answers of a protocol are built. ``record_start`` matches where a record of the frame begins, its prefix
    with the colon as group 1; ``identifier`` finds a record's identifier in text, as group 1; ``has_substance`` tells
    whether a record that was mended is still one."""

    protocol: str
    root: str
    record_start: re.Pattern[str]
    identifier: re.Pattern[str]
    has_substance: Callable[[etree._Element], bool]

    def find_root(self, text: str) -> re.Match[str] | None:
        return re.search(rf"<((?:[A-Za-z_][\w.-]*:)?){re.escape(self.root)}\b[^<>]*>", text, re.IGNORECASE)

    def find_ends(self, body: bytes) -> list[int]:
        """Where the page may end; none where it was cut off."""
        end = rb"</(?:[A-Za-z_][\w.-]*:)?" + re.escape(self.root.encode()) + rb"\s*>"
        return [match.end() for match in re.finditer(end, body, re.IGNORECASE)]


def mend_page(body: bytes, shape: PageShape) -> tuple[etree._Element, list[Entry] | None]:
    """The page without its records, and the records; None for these where the page was fine but for what follows it.

    Raises PassingFault where not even the frame can be read.
    """
    whole = body[: shape.find_ends(body)[-1]]
    try:
        return parse_strictly(whole.lstrip()), None
    except etree.XMLSyntaxError:
        text = decode_text(whole)
    root = shape.find_root(text)
    starts = [match.start() for match in shape.record_start.finditer(text)]
    if root is None:
        raise PassingFault(mark("the answer is not {protocol}"), protocol=shape.protocol)
    if not starts:
        return _read_frame(text[root.start() :]), []
    prefix = root.group(1)
    opening, closing = root.group(0), f"</{prefix}{shape.root}>"
    pieces, tail = _cut_into_records(text, starts, shape)
    frame = _read_frame(text[root.start() : starts[0]] + tail)
    return frame, [_read_piece(piece, opening, closing, shape) for piece in pieces]


def _cut_into_records(text: str, starts: list[int], shape: PageShape) -> tuple[list[str], str]:
    """Each record to its own ``</record>``, the last one in its piece; and what follows the last record."""
    name = shape.record_start.match(text, starts[0])
    end_tag = re.compile(rf"</{re.escape(name.group(1) if name else '')}record\s*>", re.IGNORECASE)
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


def _read_piece(piece: str, opening: str, closing: str, shape: PageShape) -> Entry:
    identifier = shape.identifier.search(piece)
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
        if element is not None and shape.has_substance(element):
            return Entry(element, True, known)
    return Entry(None, True, known)
