"""MARC as lines of text, which an old library system of Vietnam exports under the name of ISO::

    Ldr 00025nam a2200024 a 4500
    #001 TVL050000022
    #245 10 $aLôgic học đại cương /$cVương Tất Đạt
    ##

Rule: ``Ldr`` begins a record, ``##`` alone on a line ends it, ``#`` and a tag begin a field; any other line goes on
with the one before. The leader is often a dummy: only its letters are read.
"""

import re

from lienthu.finding import Finding
from lienthu.i18n import mark
from lienthu.iso2709 import LEADER, decode_fields
from lienthu.marc import MAX_FIELD, MAX_FIELDS, MAX_RECORD, SUBFIELD, MarcError, MarcRecord, is_control_tag
from lienthu.marc_printable import mark_subfields

_FIELD = re.compile(rb"#([0-9A-Z]{3})(?: ?$| )")
_LEADER = re.compile(rb"[Ll][Dd][Rr][ \t]+")
_NUMBER = re.compile(rb"^#001 +([^\r\n]*)", re.MULTILINE)
_INDICATORS = re.compile(r"^([^$]{0,4})\$(?=[a-z0-9])")


def read_lines(payload: bytes) -> MarcRecord:
    """One record. Raises MarcError where no line is a field, or the bounds are passed."""
    if len(payload) > MAX_RECORD:
        raise MarcError(
            mark("The record has {size} bytes; at most {limit} are read."),
            field="leader", rule="record-too-long", size=len(payload), limit=MAX_RECORD,
        )  # fmt: skip
    findings = [Finding("lines-of-text", "note", "record", "", "read line by line")]
    leader, tags, pieces = _split_fields(payload, findings)
    if not tags:
        raise MarcError(
            mark("No line of the record is a field such as #245 10 $aTitle."), field="record", rule="fields-missing"
        )
    if len(tags) > MAX_FIELDS:
        raise MarcError(
            mark("The record has {count} fields; at most {limit} are read."),
            field="record", rule="too-many-fields", count=len(tags), limit=MAX_FIELDS,
        )  # fmt: skip
    texts: dict[str, list[str]] = {}
    for tag, text in zip(tags, decode_fields(pieces, "a", tags, findings), strict=True):
        if len(text) > MAX_FIELD:
            findings.append(Finding("field-too-long", "error", tag, f"{len(text)} characters", f"cut to {MAX_FIELD}"))
        texts.setdefault(tag, []).append(_mark_field(tag, text[:MAX_FIELD]))
    return MarcRecord(leader, tags, texts, findings)


def read_lines_number(payload: bytes) -> str:
    """The value of 001, or an empty text."""
    found = _NUMBER.search(payload)
    return found[1].decode("utf-8", "replace").strip() if found else ""


def read_lines_leader(payload: bytes) -> bytes:
    """The leader's 24 bytes, or nothing."""
    found = _LEADER.match(payload)
    leader = payload[found.end() :].partition(b"\n")[0].rstrip(b"\r") if found else b""
    return leader.ljust(LEADER)[:LEADER] if leader else b""


def _split_fields(payload: bytes, findings: list[Finding]) -> tuple[str, list[str], list[bytes]]:
    leader, tags, pieces = " " * LEADER, list[str](), list[bytes]()
    for line in payload.removeprefix(b"\xef\xbb\xbf").splitlines():
        field, head = _FIELD.match(line), _LEADER.match(line)
        if field:
            tags.append(field[1].decode("ascii"))
            pieces.append(line[field.end() :])
        elif head and not tags:
            leader = line[head.end() :].decode("ascii", "replace")[:LEADER].ljust(LEADER)
        elif line.strip() and line.strip() != b"##":
            if pieces:
                pieces[-1] += b" " + line.strip()
            else:
                shown = line.decode("utf-8", "replace")[:60]
                findings.append(Finding("line-unknown", "warning", "record", shown, "passed over"))
    return leader, tags, pieces


def _mark_field(tag: str, text: str) -> str:
    if is_control_tag(tag):
        return text.lstrip()
    found = _INDICATORS.match(text)
    if found is None:
        return f"  {SUBFIELD}a{text.strip()}"
    return mark_subfields(tag, found[1][:2].ljust(2) + text[found.end() - 1 :])
