"""A raw record as the public may see it: MARC 911 and 912 hold names of the partner's staff and are left out.

What cannot be read surely enough to leave them out is not shown at all.
"""

import base64

import msgspec
from lxml import etree

from lienthu.raw_record import RawRecord

STAFF_TAGS = frozenset(("911", "912"))
_STAFF_BYTES = tuple(tag.encode() for tag in STAFF_TAGS)
_FIELD_END, _LEADER, _ENTRY = b"\x1e", 24, 12


class PublicPayload(msgspec.Struct, frozen=True):
    """``encoding`` is ``text``, ``base64`` (bytes that are no UTF-8) or ``withheld``."""

    payload: str
    encoding: str


def show_payload(raw: RawRecord) -> PublicPayload:
    """The payload without the names of staff, as text where it is text."""
    payload = leave_out_staff(raw.format, raw.payload)
    if payload is None:
        return PublicPayload("", "withheld")
    try:
        return PublicPayload(payload.decode("utf-8"), "text")
    except UnicodeDecodeError:
        return PublicPayload(base64.b64encode(payload).decode("ascii"), "base64")


def leave_out_staff(format_name: str, payload: bytes) -> bytes | None:
    """The payload without the fields of STAFF_TAGS; None where they may be there and cannot be found."""
    if format_name not in {"marc21", "unimarc", "marcxml"} or not any(tag in payload for tag in _STAFF_BYTES):
        return payload
    if payload.lstrip().startswith(b"<"):
        return _leave_out_of_xml(payload)
    return None if format_name == "marcxml" else _leave_out_of_iso2709(payload)


def _leave_out_of_xml(payload: bytes) -> bytes | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        record = etree.fromstring(payload, parser)
    except etree.XMLSyntaxError:
        return None
    staff = [field for field in record.iter() if (field.get("tag") or "").strip() in STAFF_TAGS]
    if not staff:
        return payload
    for field in staff:
        parent = field.getparent()
        if parent is not None:
            parent.remove(field)
    return etree.tostring(record, encoding="utf-8")


def _leave_out_of_iso2709(payload: bytes) -> bytes | None:
    """The record written anew without them, each field with its own bytes."""
    base = payload.find(_FIELD_END) + 1
    directory = payload[_LEADER : base - 1]
    if base <= _LEADER or len(directory) % _ENTRY:
        return None
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory), _ENTRY)]
    if not any(entry[:3] in _STAFF_BYTES for entry in entries):
        return payload
    kept: list[tuple[bytes, bytes]] = []
    for entry in entries:
        if not entry[3:].isdigit():
            return None
        length, start = int(entry[3:7]), base + int(entry[7:12])
        field = payload[start : start + length]
        if len(field) != length or field[-1:] != _FIELD_END or _FIELD_END in field[:-1]:
            return None
        if entry[:3] not in _STAFF_BYTES:
            kept.append((entry[:3], field))
    return _write_iso2709(payload[:_LEADER], kept)


def _write_iso2709(leader: bytes, fields: list[tuple[bytes, bytes]]) -> bytes:
    directory = b""
    body = b""
    for tag, field in fields:
        directory += tag + b"%04d%05d" % (len(field), len(body))
        body += field
    base = _LEADER + len(directory) + 1
    length = base + len(body) + 1
    return b"%05d" % length + leader[5:12] + b"%05d" % base + leader[17:] + directory + _FIELD_END + body + b"\x1d"
