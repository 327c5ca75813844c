"""MARC 21 extent, audience, notes, abstract, contents and price: 300, 008/22, 255, 3XX, 5XX, 020 $c.

Rule: what a reader may want to know is a note, in the script of the record and of its 880. Left out are what only
librarians use (588 source of description, 541, 583, 59X: acquisition, processing, local) and coded forms (306, 34X).
"""

from functools import lru_cache

from indexer.crosswalks.doubts import doubt_extent, strip_noted
from indexer.crosswalks.marc21_title import linked_fields
from indexer.crosswalks.source import Source
from indexer.normalise.audience import FIXED, read_audience_words
from indexer.normalise.extent import normalise_extent
from indexer.normalise.prices import is_price, normalise_price, read_print_run, split_price
from indexer.normalise.text import clean_text, has_markup, trim_marks
from lienthu.marc import MarcField, MarcRecord
from lienthu.record import Audience

_NOTE_TAGS = (
    "500", "501", "502", "504", "506", "507", "508", "511", "513", "515", "516", "518", "521", "522", "525", "530",
    "532", "533", "534", "535", "536", "538", "540", "544", "545", "546", "547", "550", "555", "556", "561", "562",
    "563", "567", "580", "581", "585", "586", "255", "257", "310", "321", "351", "362",
)  # fmt: skip
_NOTE_CODES = {"502": "abcdgo", "255": "abc", "310": "ab", "321": "ab", "362": "a"}
_USUAL_NOTE_CODES = "abcdefgnpu3"
_ABOUT_THE_COPY = frozenset(("561", "562", "563"))
_EXTENT_MARKS = {"b": ":", "c": ";", "e": "+"}
_EXTENT_ENDS = (":", ";", "+", ",")
MAX_NOTES = 100
_NO_AUDIENCE = frozenset("efp")
"""Leader/06 of those whose 008/22 means something else: maps, and papers of mixed kinds."""
_CONTINUING = frozenset("bis")
"""Leader/07 of the like: serials say there in what form the original is."""


def read_extent(record: MarcRecord, source: Source) -> str:
    """300 $a $b $c $e as written, with the marks between them where they are left out; nothing where no number is in
    it (``tr.;``)."""
    fields = record.get("300")
    for field in fields:
        pages = field.first("a")
        if not pages[:1].isdigit():
            doubt_extent(clean_text(pages), "300$a", source)
    if not fields:
        return ""
    return " ; ".join([text for field in fields if (text := _read_extent(field))])


@lru_cache(maxsize=4_096)
def _read_extent(field: MarcField) -> str:
    return split_price(normalise_extent(_mark_parts(field)))[0]


def _mark_parts(field: MarcField) -> list[str]:
    """``345 S.``, ``: Ill.``, ``; 24 cm``, ``+ 1 CD``."""
    parts: list[str] = []
    for code, value in field.subfields:
        text = clean_text(value) if code in "abcef" else ""
        if text:
            mark = _EXTENT_MARKS.get(code, "")
            stated = not parts or parts[-1].endswith(_EXTENT_ENDS) or text.startswith(_EXTENT_ENDS)
            parts.append(text if stated or not mark else f"{mark} {text}")
    return parts


def read_audience(record: MarcRecord, source: Source) -> Audience:
    """008/22 (a, b, c and j children, d young people) where that place tells of readers: not of maps and serials; else
    the words of 521 $a, or the age that its first indicator 1 says to be one."""
    leader = record.leader
    if leader[6:7] not in _NO_AUDIENCE and leader[7:8] not in _CONTINUING:
        coded = FIXED.get(record.control("008")[22:23])
        if coded:
            return coded
    for field in record.get("521"):
        words = clean_text(field.join("a"))
        found = read_audience_words(f"ages {words}" if field.ind1 == "1" else words)
        if found:
            return found
    return ""


def read_notes(record: MarcRecord, source: Source) -> tuple[str, ...]:
    """The 5XX that are for readers, the scale of a map (255), frequency and numbering of a serial (310, 321, 362), and
    the same in another script (880). Provenance (561) only where it is not marked as private. Notes about processing
    (541, 583, 588, 59X) and the 9XX are the library's own business."""
    notes: list[str] = []
    for tag in record.having(_NOTE_TAGS):
        notes.extend([_read_note(field, tag, source) for field in record.get(tag)])
    if record.has("880"):
        notes.extend([
            _read_note(field, field.first("6")[:3], source) for field in linked_fields(record, _NOTE_TAGS)
        ])  # fmt: skip
    return tuple(dict.fromkeys([note for note in notes if note]))[:MAX_NOTES] if notes else ()


def _read_note(field: MarcField, tag: str, source: Source) -> str:
    written, note = _read_known_note(field, tag)
    if note is None:
        note = _drop_marks(strip_noted(written, tag, source))
    return note


@lru_cache(maxsize=8_192)
def _read_known_note(field: MarcField, tag: str) -> tuple[str, str | None]:
    """(as it stands there, clean): the same notes come again and again. None where markup is to be told of."""
    if tag in _ABOUT_THE_COPY and field.ind1 == "0":
        return "", ""
    written = field.join(_NOTE_CODES.get(tag, _USUAL_NOTE_CODES))
    return written, None if has_markup(written) else _drop_marks(clean_text(written))


def _drop_marks(note: str) -> str:
    """Nothing where only marks are left."""
    return note if note.strip(" .,:;-") else ""


def read_abstract(record: MarcRecord, source: Source) -> str:
    """520 $a $b, of several one after the other, then the same in another script (880)."""
    return _join_fields(record, "520", "ab", source)


def read_contents(record: MarcRecord, source: Source) -> str:
    """505 in all its subfields, of several one after the other, then the same in another script (880)."""
    return _join_fields(record, "505", "agrtu", source)


def _join_fields(record: MarcRecord, tag: str, codes: str, source: Source) -> str:
    fields = [*record.get(tag), *linked_fields(record, (tag,))]
    return strip_noted(" ".join([field.join(codes) for field in fields]), tag, source) if fields else ""


def read_price(record: MarcRecord, source: Source) -> str:
    """020 $c, else a price that stands in 020 $a, else 365 $b, else one at the end of 300 (``21 cm. - 89000đ``)."""
    for field in record.get("020"):
        for value in field.every("c"):
            price = normalise_price(clean_text(value))
            if price:
                return price
    for field in record.get("020"):
        for value in field.every("a"):
            if is_price(clean_text(value)):
                return normalise_price(clean_text(value))
    for field in record.get("365"):
        price = trim_marks(clean_text(field.join("bc")))
        if price:
            return normalise_price(price)
    return next((price for field in record.get("300") if (price := split_price(field.join("abce"))[1])), "")


def read_print_run_note(record: MarcRecord, source: Source) -> str:
    """020 $d, or what stands after the price in 020 $c or at the end of 300: ``1000b``."""
    for field in record.get("020"):
        for value in field.every("cd"):
            run = read_print_run(clean_text(value))
            if run:
                return run
    return next((run for field in record.get("300") if (run := split_price(field.join("abce"))[2])), "")
