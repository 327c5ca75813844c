"""ISO 2709 with printable separators, as an old library system of Vietnam exports it: ``#`` ends a field, ``##`` the
record, ``$`` begins a subfield; else leader and directory are those of ISO 2709.

Rule: a ``#`` may stand in the text, so the directory decides, in bytes, and where that does not fit in characters
(some versions count these). A ``$`` begins a subfield where a code follows it; before a digit after a blank, a bracket
or ``US`` it is money. A field without any subfield is its text.
"""

import re

from lienthu.finding import Finding
from lienthu.i18n import mark
from lienthu.iso2709 import ENTRY, LEADER, bound_fields, decode_fields
from lienthu.marc import MAX_FIELDS, MAX_RECORD, SUBFIELD, MarcError, MarcRecord, is_control_tag

END = b"#"
_CODE = re.compile(r"\$(?=[a-z])|(?<!US)(?<!USD)(?<![\s(\[])\$(?=[0-9])|(?<=^..)\$(?=[0-9])")


def read_printable(payload: bytes) -> MarcRecord:
    """One record. Raises MarcError where there is no directory, or the bounds are passed."""
    payload = payload.removeprefix(b"\xef\xbb\xbf")
    if len(payload) > MAX_RECORD:
        raise MarcError(
            mark("The record has {size} bytes; at most {limit} are read."),
            field="leader", rule="record-too-long", size=len(payload), limit=MAX_RECORD,
        )  # fmt: skip
    end = find_directory_end(payload)
    if not end:
        raise MarcError(
            mark("There is no directory: no # follows the leader and whole entries of twelve."),
            field="leader", rule="directory-missing",
        )  # fmt: skip
    leader = payload[:LEADER].decode("ascii", "replace").replace("#", " ")
    directory = payload[LEADER:end].decode("latin-1")
    tags = [directory[at : at + 3] for at in range(0, len(directory), ENTRY)]
    if len(tags) > MAX_FIELDS:
        raise MarcError(
            mark("The record has {count} fields; at most {limit} are read."),
            field="directory", rule="too-many-fields", count=len(tags), limit=MAX_FIELDS,
        )  # fmt: skip
    findings = [Finding("separators-printable", "note", "record", "# and $", "read by the directory")]
    pieces = bound_fields(_cut_fields(payload[end + 1 :], directory, findings), tags, findings)
    texts: dict[str, list[str]] = {}
    for tag, text in zip(tags, decode_fields(pieces, leader[9], tags, findings), strict=True):
        texts.setdefault(tag, []).append(mark_subfields(tag, text))
    return MarcRecord(leader, tags, texts, findings)


def find_directory_end(payload: bytes) -> int:
    """Where the ``#`` stands that ends the directory; 0 where there is no directory."""
    end = payload.find(END, LEADER)
    if end <= LEADER or (end - LEADER) % ENTRY or not payload[LEADER:end].isalnum():
        return 0
    return end


def read_printable_number(payload: bytes) -> str:
    """The value of 001, or an empty text."""
    try:
        return read_printable(payload).control("001").strip()
    except MarcError:
        return ""


def mark_subfields(tag: str, text: str) -> str:
    """``10$aTitle$cName`` with the separators of ISO 2709; a text without subfields becomes ``$a``."""
    if is_control_tag(tag):
        return text
    if "$" not in text[:3]:
        return f"  {SUBFIELD}a{text.strip()}" if text.strip(" #") else "  "
    head, _, rest = text.partition("$")
    indicators = "".join([sign if sign.isdecimal() else " " for sign in head[:2]]).ljust(2)
    return indicators + _CODE.sub(SUBFIELD, f"  ${rest}")[2:]


def _cut_fields(area: bytes, directory: str, findings: list[Finding]) -> list[bytes]:
    entries = [directory[at : at + ENTRY] for at in range(0, len(directory), ENTRY)]
    pieces = [_cut_entry(area, entry) for entry in entries]
    fitting = [piece for piece in pieces if piece is not None]
    if len(fitting) == len(entries):
        return fitting
    text = area.decode("utf-8", "surrogateescape")
    spelt = [_cut_text(text, entry) for entry in entries]
    found = [piece for piece in spelt if piece is not None]
    if len(found) == len(entries):
        findings.append(Finding("directory-wrong", "note", "directory", "counts characters", "read as characters"))
        return [piece.encode("utf-8", "surrogateescape") for piece in found]
    findings.append(
        Finding("directory-wrong", "error", "directory", f"{len(entries) - len(fitting)} of {len(entries)} entries",
                "fields taken in order, text with a # in it may be cut"),
    )  # fmt: skip
    in_order = area.rstrip(b"#\r\n ").split(END)
    if len(in_order) < len(entries):
        in_order += [b""] * (len(entries) - len(in_order))
    return in_order[: len(entries)]


def _cut_entry(area: bytes, entry: str) -> bytes | None:
    if not entry[3:].isdecimal():
        return None
    start, stop = int(entry[7:]), int(entry[7:]) + int(entry[3:7]) - 1
    whole = stop >= start and area[stop : stop + 1] == END and (not start or area[start - 1 : start] == END)
    return area[start:stop] if whole else None


def _cut_text(area: str, entry: str) -> str | None:
    if not entry[3:].isdecimal():
        return None
    start, stop = int(entry[7:]), int(entry[7:]) + int(entry[3:7]) - 1
    whole = stop >= start and area[stop : stop + 1] == "#" and (not start or area[start - 1] == "#")
    return area[start:stop] if whole else None
