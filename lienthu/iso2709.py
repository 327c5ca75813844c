"""ISO 2709: the bytes of one MARC record, read by its directory in plain Python.

Rule: the directory gives the tags; the field terminators give the fields. In a sound record both agree, and then the
data area is split at the terminators in one go. Where they do not agree, whatever still fits the directory is taken
from it, the rest in the order of the terminators, and each repair is a finding. The record's stated length and base
address are never needed: the end of the directory is its terminator.

Text: leader/09 ``a`` is UTF-8. Otherwise it is MARC-8, except that bytes that are valid UTF-8 and not plain ASCII are
UTF-8 (no MARC-8 text of that kind exists in practice: its marks precede their letters), and bytes that are surely in an
old Vietnamese set or in Chinese GB18030 or Big5 are left as characters of Latin-1, to be mended by what reads the text.
"""

import contextlib
import io
from collections.abc import Callable

from pymarc.marc8 import marc8_to_unicode

from lienthu.encodings import find_encoding
from lienthu.finding import Finding
from lienthu.i18n import mark
from lienthu.marc import MAX_FIELD, MAX_FIELDS, MAX_RECORD, MarcError, MarcRecord, show_field

FIELD_END = b"\x1e"
RECORD_END = b"\x1d"
ESCAPE = b"\x1b"
_SOUND_END = FIELD_END + RECORD_END
LEADER = 24
ENTRY = 12
Decoder = Callable[[list[bytes], str, list[str], list[Finding]], list[str]]
"""(fields, leader/09, tags, findings) -> texts."""


def read_control_number(payload: bytes) -> str:
    """The value of 001, or an empty text where there is none or the bytes cannot be read."""
    end = payload.find(FIELD_END)
    if end > LEADER and (end - LEADER) % ENTRY == 0 and payload[LEADER : LEADER + 3] == b"001":
        stop = payload.find(FIELD_END, end + 1)
        first = payload[end + 1 : stop if stop > 0 else None]
        if payload[LEADER + 7 : LEADER + 12] == b"00000" and len(first) <= MAX_FIELD:
            return first.decode("utf-8", "replace").strip("\x1d \t\r\n")
    try:
        return read_iso2709(payload).control("001").strip()
    except MarcError:
        return ""


def read_iso2709(payload: bytes, decode: Decoder | None = None) -> MarcRecord:
    """One record. Raises MarcError where there is no directory at all, or the bounds are passed. *decode* reads the
    text of other formats than MARC 21."""
    if len(payload) > MAX_RECORD:
        raise MarcError(
            mark("The record has {size} bytes; at most {limit} are read."),
            field="leader", rule="record-too-long", size=len(payload), limit=MAX_RECORD,
        )  # fmt: skip
    end = payload.find(FIELD_END)
    if end < LEADER:
        raise MarcError(
            mark("There is no directory: no field terminator follows the leader."),
            field="leader", rule="directory-missing",
        )  # fmt: skip
    findings: list[Finding] = []
    if (end - LEADER) % ENTRY or not payload[:LEADER].isascii():
        start, directory = _find_directory(payload, end, findings)
    else:
        start, directory = LEADER, payload[LEADER:end].decode("latin-1")
    leader = payload[:start].decode("utf-8", "replace")[:LEADER].ljust(LEADER)
    if payload[12:17] != b"%05d" % (end + 1):
        findings.append(
            Finding("base-address-wrong", "note", "leader/12-16", leader[12:17], "found the directory's end")
        )
    tags = [directory[at : at + 3] for at in range(0, len(directory), ENTRY)]
    if len(tags) > MAX_FIELDS:
        raise MarcError(
            mark("The record has {count} fields; at most {limit} are read."),
            field="directory", rule="too-many-fields", count=len(tags), limit=MAX_FIELDS,
        )  # fmt: skip
    area = payload[end + 1 :]
    fields = _read_sound(area, directory, leader[9], len(tags)) if decode is None else None
    if fields is None:
        chunks = _cut_fields(area, directory, tags, findings)
        fields = (decode or decode_fields)(chunks, leader[9], tags, findings)
    texts: dict[str, list[str]] = {}
    for tag, text in zip(tags, fields, strict=True):
        if tag in texts:
            texts[tag].append(text)
        else:
            texts[tag] = [text]
    return MarcRecord(leader, tags, texts, findings)


def _read_sound(area: bytes, directory: str, scheme: str, count: int) -> list[str] | None:
    """The text of each field where nothing at all is wrong, which is nearly always: one decoding and one cut. None
    where a closer look is needed."""
    if len(area) > MAX_FIELD or not area.endswith(_SOUND_END):
        return None
    if scheme != "a" and (ESCAPE in area or not area.isascii()):
        return None
    if not _lie_in_order(directory) or not _fit_offsets(directory, len(area) - 1):
        return None
    try:
        fields = area[:-2].decode("utf-8").split("\x1e")
    except UnicodeDecodeError:
        return None
    return fields if len(fields) == count else None


def _find_directory(payload: bytes, end: int, findings: list[Finding]) -> tuple[int, str]:
    """Where the directory begins, and its entries, if it is not 24 bytes of leader and then whole entries."""
    if payload[LEADER : LEADER + ENTRY].isdigit() and payload[LEADER + 7 : LEADER + ENTRY] == b"00000":
        return LEADER, _mend_entries(payload[LEADER:end].decode("latin-1"))
    start = LEADER + (end - LEADER) % ENTRY
    before = payload[start - ENTRY : start]
    if start >= LEADER + ENTRY // 2 and before[3:].isdigit():
        start -= ENTRY
    shown = repr(payload[:LEADER])[2:-1]
    findings.append(Finding("leader-length-wrong", "warning", "leader", shown, "read all the same"))
    return start, payload[start:end].decode("latin-1")


def _mend_entries(directory: str) -> str:
    """An entry with a length of five digits (a field beyond 9,999 bytes) becomes one of twelve, its length unknown."""
    entries = []
    at = 0
    expected = 0
    while at < len(directory):
        entry = directory[at : at + ENTRY]
        wide = directory[at : at + ENTRY + 1]
        if not entry.endswith(f"{expected:05d}") and wide.endswith(f"{expected:05d}") and wide[3:8].isdecimal():
            entries.append(wide[:3] + "0000" + wide[8:])
            expected += int(wide[3:8])
            at += ENTRY + 1
        else:
            entries.append(entry.ljust(ENTRY))
            expected += int(entry[3:7]) if entry[3:7].isdecimal() else 0
            at += ENTRY
    return "".join(entries)


def _cut_fields(area: bytes, directory: str, tags: list[str], findings: list[Finding]) -> list[bytes]:
    """The bytes of each field without its terminator, in the order of the directory."""
    pieces = area.split(FIELD_END)
    last = pieces.pop()
    if last.strip(b"\x1d\r\n\x00 "):
        pieces.append(last.rstrip(b"\x1d\r\n\x00"))
        findings.append(
            Finding("terminator-missing", "note", tags[-1] if tags else "", "", "the field ends with the record")
        )
    if len(pieces) != len(tags) or not _lie_in_order(directory):
        pieces = _repair_fields(area, pieces, directory, tags, findings)
    elif tags and not _fit_offsets(directory, len(area) - len(last)):
        findings.append(Finding("directory-wrong", "warning", "directory", "offsets", "fields taken in order"))
    return bound_fields(pieces, tags, findings)


def _lie_in_order(directory: str) -> bool:
    """The fields follow one another as their entries do. Five digits compare as text."""
    starts = [directory[at : at + 5] for at in range(7, len(directory), ENTRY)]
    return starts == sorted(starts)


def _fit_offsets(directory: str, end: int) -> bool:
    """The first entry begins at the beginning and the last ends at the end. With as many terminators as entries, and
    the fields in order, what lies between is where it should be."""
    first, last = directory[:ENTRY], directory[-ENTRY:]
    return first.endswith("00000") and last[3:].isdecimal() and int(last[3:7]) + int(last[7:]) == end


def _repair_fields(
    area: bytes, pieces: list[bytes], directory: str, tags: list[str], findings: list[Finding]
) -> list[bytes]:
    """Directory and terminators disagree: the entries that fit, else the order, else what lies where the entry says."""
    slices = [_cut_entry(area, directory[at : at + ENTRY]) for at in range(0, len(directory), ENTRY)]
    fitting = sum(found is not None for found in slices)
    if fitting == len(tags):
        return [found for found in slices if found is not None]
    if len(pieces) == len(tags):
        findings.append(
            Finding("directory-wrong", "warning", "directory", f"{len(tags) - fitting} of {len(tags)} entries",
                    "fields taken in order"),
        )  # fmt: skip
        return pieces
    findings.append(
        Finding("directory-wrong", "error", "directory", f"{len(tags)} entries, {len(pieces)} fields",
                "fields that fit the directory taken from it, the others in order"),
    )  # fmt: skip
    if fitting * 2 < len(tags):
        return (pieces + [b""] * len(tags))[: len(tags)]
    return [
        found if found is not None else _cut_loosely(area, directory[at * ENTRY : at * ENTRY + ENTRY])
        for at, found in enumerate(slices)
    ]


def _cut_entry(area: bytes, entry: str) -> bytes | None:
    """The field of one entry, if a terminator stands right before it and at its end."""
    if not entry[3:].isdecimal():
        return None
    length, start = int(entry[3:7]), int(entry[7:12])
    if start and area[start - 1 : start] != FIELD_END:
        return None
    if length < 1 or area[start + length - 1 : start + length] != FIELD_END:
        return None
    return area[start : start + length - 1]


def _cut_loosely(area: bytes, entry: str) -> bytes:
    """From where the entry says, or the nearest terminator before it, to the next terminator."""
    if not entry[7:].isdecimal():
        return b""
    start = min(int(entry[7:12]), len(area))
    begin = area.rfind(FIELD_END, 0, start) + 1
    stop = area.find(FIELD_END, start)
    return area[begin : stop if stop >= 0 else None].rstrip(RECORD_END)


def bound_fields(pieces: list[bytes], tags: list[str], findings: list[Finding]) -> list[bytes]:
    if max(map(len, pieces), default=0) <= MAX_FIELD:
        return pieces
    for at, piece in enumerate(pieces):
        if len(piece) > MAX_FIELD:
            findings.append(Finding("field-too-long", "error", tags[at], f"{len(piece)} bytes", f"cut to {MAX_FIELD}"))
            end = MAX_FIELD
            while end > MAX_FIELD - 4 and 0x80 <= piece[end] < 0xC0:  # not in the middle of a character
                end -= 1
            pieces[at] = piece[:end]
    return pieces


def decode_fields(pieces: list[bytes], scheme: str, tags: list[str], findings: list[Finding]) -> list[str]:
    """The fields as text. One decoding for all of them where nothing is wrong, which is nearly always."""
    whole = FIELD_END.join(pieces)
    embedded = whole.count(FIELD_END) != len(pieces) - 1
    if scheme != "a":
        if not whole.isascii():
            try:
                text = whole.decode("utf-8")
            except UnicodeDecodeError:
                return _read_old_set(pieces, whole) or _decode_marc8(pieces, tags, findings)
            findings.append(Finding("encoding-undeclared", "note", "leader/09", scheme, "read as UTF-8"))
            return text.split("\x1e") if not embedded else [piece.decode("utf-8") for piece in pieces]
        if ESCAPE in whole:
            return _decode_marc8(pieces, tags, findings)
    if not pieces or embedded:
        return [decode_loosely(piece, tag, findings) for piece, tag in zip(pieces, tags, strict=True)]
    try:
        return whole.decode("utf-8").split("\x1e")
    except UnicodeDecodeError:
        return _read_old_set(pieces, whole) or [
            decode_loosely(piece, tag, findings) for piece, tag in zip(pieces, tags, strict=True)
        ]


def _read_old_set(pieces: list[bytes], whole: bytes) -> list[str] | None:
    """Where the bytes are surely in an old set of Vietnam or China, whatever leader/09 says: the bytes as characters
    of Latin-1, for those who mend such text. None for MARC-8, and where only a few bytes of UTF-8 are broken."""
    if ESCAPE in whole:
        return None
    decoded = whole.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= sign <= "\udcff" for sign in decoded)
    if broken * 4 <= sum(sign > "\x7f" for sign in decoded) - broken:
        return None
    if find_encoding(whole) in (None, "marc-8"):
        return None
    return [piece.decode("latin-1") for piece in pieces]


def decode_loosely(piece: bytes, tag: str, findings: list[Finding]) -> str:
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        text = piece.decode("utf-8", "replace")
        findings.append(Finding("encoding-broken", "error", tag, show_field(text), "bytes that are not UTF-8 replaced"))
        return text


def _decode_marc8(pieces: list[bytes], tags: list[str], findings: list[Finding]) -> list[str]:
    return [
        piece.decode("ascii") if piece.isascii() and ESCAPE not in piece else _decode_marc8_field(piece, tag, findings)
        for piece, tag in zip(pieces, tags, strict=True)
    ]


def _decode_marc8_field(piece: bytes, tag: str, findings: list[Finding]) -> str:
    """A subfield at a time: each begins in the basic set again, so that a lost escape spoils one subfield only."""
    texts = []
    for part in piece.split(b"\x1f"):
        complaints = io.StringIO()
        with contextlib.redirect_stderr(complaints):
            try:
                text = marc8_to_unicode(part)
            except (IndexError, KeyError, ValueError, UnicodeError):
                text, _ = part.decode("ascii", "replace"), complaints.write("broken")
        if complaints.getvalue():
            findings.append(
                Finding("encoding-broken", "error", tag, show_field(text), "bytes that are not MARC-8 replaced")
            )
        texts.append(text)
    return "\x1f".join(texts)
