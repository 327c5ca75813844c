"""A raw record as the public may see it: less what a library writes for its own staff.

Rule: of MARC in any wrapping the local fields (9XX: 911 and 912 hold names of the staff, 955 and 998 their initials),
local notes (59X), acquisition and processing (541, 583; UNIMARC 318) and the non-public notes ``$x`` of copies and
links are left out; of a table, the columns that are for the staff. All else is as it came. A format is told by its
content, not by its name. What cannot be read surely enough to leave these out is not shown at all.
"""

import base64
import re
from collections.abc import Iterator

import msgspec
from lxml import etree

from lienthu.columns import is_private
from lienthu.iso2709 import read_iso2709
from lienthu.marc import MarcError
from lienthu.marc_printable import find_directory_end
from lienthu.raw_record import RawRecord

_PRIVATE_TAG = re.compile(r"9..|59.|541|583|318")
_COPY_TAG = re.compile(r"8[4-7].")
_PRIVATE_CODE = "x"
_FIELD_LINE = re.compile(rb"#([0-9A-Z]{3})(?: |$)")
_FIELD_END, _SUBFIELD, _RECORD_END, _LEADER, _ENTRY = b"\x1e", b"\x1f", b"\x1d", 24, 12
_MARC_NAMES = frozenset(("marc21", "unimarc", "unimarcxchange", "marcxml", "oai_marc"))


class PublicPayload(msgspec.Struct, frozen=True):
    """``encoding`` is ``text``, ``base64`` (bytes that are no UTF-8) or ``withheld``."""

    payload: str
    encoding: str


def show_payload(raw: RawRecord) -> PublicPayload:
    """The payload without what is for the staff, as text where it is text."""
    payload = leave_out_private(raw.format, raw.payload)
    if payload is None:
        return PublicPayload("", "withheld")
    try:
        return PublicPayload(payload.decode("utf-8"), "text")
    except UnicodeDecodeError:
        return PublicPayload(base64.b64encode(payload).decode("ascii"), "base64")


def leave_out_private(format_name: str, payload: bytes) -> bytes | None:
    """The payload without it; None where it may be there and cannot be found."""
    head = payload.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if head == b"<":
        fields = b"datafield" in payload or b"varfield" in payload or format_name in _MARC_NAMES
        return _leave_out_of_xml(payload) if fields else payload
    if format_name in ("row", "fields"):
        return _leave_out_of_table(payload)
    if format_name == "marc21-lines":
        return _leave_out_of_lines(payload)
    if format_name == "marc21-printable":
        return _leave_out_of_iso2709(payload.removeprefix(b"\xef\xbb\xbf"), b"#", b"$", find_directory_end(payload))
    if format_name in _MARC_NAMES or _FIELD_END in payload:
        public = _leave_out_of_iso2709(payload, _FIELD_END, _SUBFIELD, payload.find(_FIELD_END))
        return payload if public is None and _has_nothing_private(payload) else public
    return payload


def _has_nothing_private(payload: bytes) -> bool:
    """A damaged record that cannot be cut exactly, but whose directory names nothing private."""
    try:
        record = read_iso2709(payload)
    except MarcError:
        return False
    return not any(_PRIVATE_TAG.fullmatch(tag) or _COPY_TAG.fullmatch(tag) for tag in record.tags)


def _leave_out_of_xml(payload: bytes) -> bytes | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        record = etree.fromstring(payload, parser)
    except etree.XMLSyntaxError:
        return None
    private = list(_find_private_elements(record))
    for element in private:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return etree.tostring(record, encoding="utf-8") if private else payload


def _find_private_elements(record: etree._Element) -> Iterator[etree._Element]:
    for field in record.iter():
        tag = (field.get("tag") or field.get("id") or "").strip()
        if _PRIVATE_TAG.fullmatch(tag):
            yield field
        elif _COPY_TAG.fullmatch(tag):
            yield from (part for part in field if (part.get("code") or part.get("label")) == _PRIVATE_CODE)


def _leave_out_of_iso2709(payload: bytes, end: bytes, mark: bytes, base: int) -> bytes | None:
    """The record written anew without it, each field with its own bytes. *base* is the end of the directory."""
    directory = payload[_LEADER:base]
    if base <= _LEADER or len(directory) % _ENTRY:
        return None
    kept: list[tuple[bytes, bytes]] = []
    changed = False
    for at in range(0, len(directory), _ENTRY):
        entry = directory[at : at + _ENTRY]
        if not entry[3:].isdigit():
            return None
        start = base + 1 + int(entry[7:])
        field = payload[start : start + int(entry[3:7])]
        if len(field) != int(entry[3:7]) or field[-1:] != end or (end == _FIELD_END and end in field[:-1]):
            return None
        public = _leave_out_of_field(entry[:3].decode("latin-1"), field, mark)
        changed = changed or public != field
        if public:
            kept.append((entry[:3], public))
    return _write_iso2709(payload[:_LEADER], kept, end) if changed else payload


def _leave_out_of_field(tag: str, field: bytes, mark: bytes) -> bytes:
    """Nothing is left of a private field."""
    if _PRIVATE_TAG.fullmatch(tag):
        return b""
    code = mark + _PRIVATE_CODE.encode()
    if not _COPY_TAG.fullmatch(tag) or code not in field:
        return field
    head, *parts = field[:-1].split(mark)
    public = [part for part in parts if part[:1] != _PRIVATE_CODE.encode()]
    return mark.join([head, *public]) + field[-1:] if public else b""


def _write_iso2709(leader: bytes, fields: list[tuple[bytes, bytes]], end: bytes) -> bytes:
    directory = b""
    body = b""
    for tag, field in fields:
        directory += tag + b"%04d%05d" % (len(field), len(body))
        body += field
    base = _LEADER + len(directory) + 1
    closing = _RECORD_END if end == _FIELD_END else end
    length = base + len(body) + 1
    return b"%05d" % length + leader[5:12] + b"%05d" % base + leader[17:] + directory + end + body + closing


def _leave_out_of_lines(payload: bytes) -> bytes | None:
    """A line that begins no field goes on with the one before."""
    kept = []
    private = False
    for line in payload.splitlines(keepends=True):
        found = _FIELD_LINE.match(line)
        if found:
            tag = found[1].decode("ascii")
            private = _PRIVATE_TAG.fullmatch(tag) is not None
            if not private and _COPY_TAG.fullmatch(tag):
                line = re.sub(rb"\$x[^$\r\n]*", b"", line)
        elif line.strip() == b"##":
            private = False
        if not private:
            kept.append(line)
    return b"".join(kept)


def _leave_out_of_table(payload: bytes) -> bytes | None:
    """Cells by header, or the labels of a page with their values."""
    try:
        table = msgspec.json.decode(payload, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError):
        return None
    public = {header: _leave_out_of_cells(value) for header, value in table.items() if not is_private(header)}
    return payload if public == table else msgspec.json.encode(public)


def _leave_out_of_cells(value: object) -> object:
    if isinstance(value, dict):
        return {label: text for label, text in value.items() if not is_private(str(label))}
    return [_leave_out_of_cells(part) for part in value] if isinstance(value, list) else value
