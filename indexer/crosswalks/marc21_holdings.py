"""MARC 21 links and holdings: 856, 852, 952 (Koha), 949, 876, 866-868, 999 (Sirsi), AVA (Alma), HLD, and the call
numbers of 090, 082, 050.

Rule: each copy is a holding; a record without any copy still says that the partner has the document, so it gets one
holding, unless it can only be read online. What is not said about a copy is unknown, never "available".
"""

from functools import lru_cache

import msgspec

from indexer.crosswalks.doubts import doubt_link
from indexer.crosswalks.source import Source
from indexer.normalise.days import read_day
from indexer.normalise.links import normalise_url, read_access
from indexer.normalise.text import clean_text, trim_marks
from lienthu.holding import Access, Holding, Status
from lienthu.marc import MarcField, MarcRecord
from lienthu.practice import FieldPlace, Practice
from lienthu.record import Link

MAX_HOLDINGS = 5_000
MAX_LINKS = 100
MAX_STATUS_WORDS = 30
"""A longer public note is a note, whatever words it holds."""
_STATUS_WORDS: tuple[tuple[str, Status], ...] = (
    ("đang mượn", "on_loan"), ("đã mượn", "on_loan"), ("bận", "on_loan"), ("on loan", "on_loan"),
    ("checked out", "on_loan"), ("đọc tại chỗ", "reference"), ("tại chỗ", "reference"), ("not for loan", "reference"),
    ("library use", "reference"), ("in-library", "reference"), ("sẵn sàng", "available"), ("rỗi", "available"),
    ("còn", "available"), ("available", "available"), ("on shelf", "available"),
)  # fmt: skip
_RELATED = "2"
_LINK_WORDS = "3yzn7"
_ITEM_CODES = "pocyi7"
"""Koha's barcode, call number, shelf, kind, inventory number, not for loan: an item has one of them."""
_RUN_TAGS = ("866", "867", "868")
_ONLINE = frozenset("osq")


def read_links(record: MarcRecord, source: Source) -> tuple[Link, ...]:
    """856 $u with $y, $3 or $z as its label; $7 (0, 1) and words tell access. Those whose second indicator is not 2
    (something related) lead to the document itself: they are kept for the holdings."""
    if not record.has("856"):
        return ()
    links: dict[str, Link] = {}
    for field in record.get("856"):
        for value in field.every("u"):
            url = normalise_url(value)
            if not url:
                if value.strip():
                    source.note("link-refused", "856$u", value, "no link made")
                continue
            if url not in links:
                doubt_link(url, "856$u", source)
                label, access = _describe_link(tuple([said for said in field.subfields if said[0] in _LINK_WORDS]))
                link = links[url] = Link(url=url, label=label, access=access)
                if field.ind2 != _RELATED:
                    source.online.append(link)
    return tuple(links.values())[:MAX_LINKS]


@lru_cache(maxsize=2_048)
def _describe_link(said: tuple[tuple[str, str], ...]) -> tuple[str, Access]:
    """(label, access) of a link: the addresses differ, the words beside them are the same again and again."""
    words = MarcField("856", subfields=said)
    return trim_marks(clean_text(words.join("3y") or words.join("z")))[:200], _read_access(words)


def _read_access(field: MarcField) -> Access:
    code = field.first("7").strip()
    if code in ("0", "1"):
        return "open" if code == "0" else "login"
    return read_access(field.join("z3yn"))


def read_holdings(record: MarcRecord, source: Source) -> tuple[Holding, ...]:
    """Copies from the first of these that has any: the partner's own accession field, 852, 952, 949, 876, 999 (Sirsi),
    AVA (Alma), HLD. Then one for each online way to the document itself. What a library has of a serial, its
    supplements and indexes (866, 867, 868) is the note of its holding."""
    call_number = read_call_number(record, source.practice)
    online = [_build_online_holding(link, source) for link in source.online[:MAX_LINKS]]
    copies = _read_copies(record, source, call_number)
    if not copies and not (online and _is_online_only(record)):
        copies = [_build_holding(source, call_number=call_number)]
    runs = [field.join("az") for tag in record.having(_RUN_TAGS) for field in record.get(tag)]
    if copies and runs:
        note = clean_text("; ".join([text for text in runs if text]))[:500]
        if note:
            copies[0] = _with_note(copies[0], note)
    return tuple((*copies, *online)[:MAX_HOLDINGS])


def _build_holding(
    source: Source,
    *,
    location: str = "",
    call_number: str = "",
    accession_number: str = "",
    status: Status = "unknown",
    note: str = "",
) -> Holding:
    return Holding(
        partner_id=source.raw.partner_id,
        record=source.reference,
        location=location,
        call_number=call_number,
        accession_number=accession_number,
        status=status,
        as_of=source.raw.harvested_at,
        note=note,
    )


def _with_note(holding: Holding, note: str) -> Holding:
    return msgspec.structs.replace(holding, note="; ".join([text for text in (holding.note, note) if text]))


def read_call_number(record: MarcRecord, practice: Practice) -> str:
    """The partner's own field, else 090, else 082 or 092 with its cutter, else 050."""
    if practice.call_number is not None:
        for field in record.get(practice.call_number.tag):
            number = clean_text(field.join(practice.call_number.codes) or field.value)
            if number:
                return number
    for tag in ("090", "082", "092", "050"):
        if record.has(tag):
            number = clean_text(record.get(tag)[0].join("ab"))
            if number.strip(" .,"):
                return number.replace("/", "") if tag == "082" else number
    return ""


def _read_copies(record: MarcRecord, source: Source, call_number: str) -> list[Holding]:
    place = source.practice.accession
    if place is not None and place.tag not in ("852", "952", "949"):
        return _read_accession_field(record, source, place, call_number)
    for tag, read in _COPY_READERS:
        if record.has(tag):
            copies = [
                holding
                for field in record.get(tag)
                for holding in _add_stay(read(field, source, call_number), field, source.practice)
            ]
            if copies:
                return copies
    return []


def _add_stay(copies: list[Holding], field: MarcField, practice: Practice) -> list[Holding]:
    """The bookcase and the days, where the partner's practice says which subfields tell them."""
    if not practice.tells_stays:
        return copies
    bookcase, first, last = [
        clean_text(field.join(place.codes)) if place is not None and place.tag == field.tag else ""
        for place in (practice.bookcase, practice.first_day, practice.last_day)
    ]
    days = read_day(first), read_day(last, last=True)
    name = practice.name_location(bookcase)
    return [msgspec.structs.replace(copy, bookcase=name, from_day=days[0], to_day=days[1]) for copy in copies]


def _read_accession_field(record: MarcRecord, source: Source, place: FieldPlace, call_number: str) -> list[Holding]:
    """Each value of the partner's own field is a copy; all stand where 852 says."""
    stores = record.get("852")
    location = _read_location(stores[0], "bc", source.practice) if stores else ""
    return [
        _build_holding(source, location=location, call_number=call_number, accession_number=clean_text(value))
        for field in record.get(place.tag)
        for value in (field.every(place.codes) if place.codes else [field.value])
        if value.strip()
    ]


def _read_location(field: MarcField, codes: str, practice: Practice) -> str:
    names = [practice.name_location(clean_text(value)) for value in field.every(codes) if value.strip()]
    return ", ".join(dict.fromkeys(names))


def _read_place(field: MarcField, codes: str, practice: Practice) -> str:
    """Library before shelf, whichever was written first."""
    names = [name for code in codes if (name := _read_location(field, code, practice))]
    return ", ".join(dict.fromkeys(names))


def _is_hidden(field: MarcField, codes: str, practice: Practice) -> bool:
    return bool(practice.hidden_locations) and any(v.strip() in practice.hidden_locations for v in field.every(codes))


def _read_852(field: MarcField, source: Source, call_number: str) -> list[Holding]:
    """$b store and $c shelf (else $a, the library); $k $h $i $m call number; $j accession number, else barcode $p; one
    copy for each number. A short $z that says a status (``Còn trong kho``) is one; any other is a note."""
    practice = source.practice
    if _is_hidden(field, "abc", practice):
        return []
    location = _read_location(field, "bc", practice) or _read_location(field, "a", practice)
    own = clean_text(field.join("khim"))
    codes = practice.accession.codes if practice.accession is not None and practice.accession.tag == "852" else ""
    numbers = field.every(codes) if codes else field.every("j") or field.every("p")
    words = clean_text(field.join("z"))[:500]
    status = read_status_words(words)
    note = "" if status != "unknown" and len(words) <= MAX_STATUS_WORDS else words
    return [
        _build_holding(
            source,
            location=location,
            call_number=own or call_number,
            accession_number=number,
            status=status if len(words) <= MAX_STATUS_WORDS else "unknown",
            note=note,
        )
        for number in [clean_text(value) for value in numbers if value.strip()] or [""]
    ]


def _read_952(field: MarcField, source: Source, call_number: str) -> list[Holding]:
    """Koha's item: $b branch (else $a), $c shelf, $o call number, $p barcode, $q due date, $7 not for loan. Withdrawn
    ($0) and lost ($1) copies are no holdings. $7 = 0 without a due date says that it stands on the shelf."""
    practice = source.practice
    if not any(code in _ITEM_CODES for code, _value in field.subfields):
        return []  # another system's 952
    if any(field.first(code).strip() not in ("", "0") for code in "01") or _is_hidden(field, "abc", practice):
        return []
    status: Status = "unknown"
    restricted = field.first("7").strip()
    if field.first("q").strip():
        status = "on_loan"
    elif restricted not in ("", "0"):
        status = "reference"
    elif restricted == "0":
        status = "available"
    location = _read_location(field, "b" if field.first("b") else "a", practice)
    shelf = _read_location(field, "c", practice)
    codes = practice.accession.codes if practice.accession is not None and practice.accession.tag == "952" else "p"
    return [
        _build_holding(
            source,
            location=f"{location}, {shelf}" if location and shelf else location or shelf,
            call_number=clean_text(field.first("o")) or call_number,
            accession_number=clean_text(field.join(codes)),
            status=status,
        )
    ]


def _read_949(field: MarcField, source: Source, call_number: str) -> list[Holding]:
    """Local items: $m library and $l shelf, $a call number, barcode in $i, $p or the partner's own subfield. A field
    that begins with ``*`` is a loader's command."""
    practice = source.practice
    if field.first("a").startswith("*") or _is_hidden(field, "lm", practice):
        return []
    codes = practice.accession.codes if practice.accession is not None and practice.accession.tag == "949" else ""
    number = clean_text(field.join(codes) if codes else field.first("i") or field.first("p"))
    if not number and not (field.first("l") or field.first("m")):
        return []
    return [
        _build_holding(
            source,
            location=_read_place(field, "ml", practice),
            call_number=clean_text(field.first("a")) or call_number,
            accession_number=number,
        )
    ]


def _read_876(field: MarcField, source: Source, call_number: str) -> list[Holding]:
    """$p barcode, else $a; $l shelf; $j and $h status in words."""
    number = clean_text(field.first("p") or field.first("a"))
    location = _read_location(field, "l", source.practice)
    if not number and not location:
        return []
    status = read_status_words(clean_text(field.join("jh")))
    return [_build_holding(source, location=location, call_number=call_number, accession_number=number, status=status)]


def _read_999(field: MarcField, source: Source, call_number: str) -> list[Holding]:
    """An item of Sirsi (it states a barcode $i and a scheme $w): $m library, $l place, $k where it is now, $a call
    number. What else calls itself 999 is the library's own business."""
    practice = source.practice
    number = clean_text(field.first("i"))
    if not number or not field.first("w").strip() or _is_hidden(field, "lmk", practice):
        return []
    status: Status = "on_loan" if field.first("k").strip().upper() == "CHECKEDOUT" else "unknown"
    location = _read_place(field, "ml", practice)
    shelf = clean_text(field.first("a")) or call_number
    return [_build_holding(source, location=location, call_number=shelf, accession_number=number, status=status)]


def _read_ava(field: MarcField, source: Source, call_number: str) -> list[Holding]:
    """What Alma publishes of a place: $q (else $b) library, $c place, $d call number, $e availability."""
    practice = source.practice
    location = _read_location(field, "qc" if field.first("q") else "bc", practice)
    if not location or _is_hidden(field, "bcj", practice):
        return []
    status: Status = "available" if field.first("e").strip().lower() == "available" else "unknown"
    return [
        _build_holding(
            source, location=location, call_number=clean_text(field.first("d")) or call_number, status=status
        )
    ]


@lru_cache(maxsize=1_024)
def read_status_words(words: str) -> Status:
    """What a status means that is written in words; silence is unknown."""
    lowered = words.lower()
    for word, status in _STATUS_WORDS:
        if word in lowered:
            return "unknown" if f"not {word}" in lowered or f"không {word}" in lowered else status
    return "unknown"


def _build_online_holding(link: Link, source: Source) -> Holding:
    return Holding(
        partner_id=source.raw.partner_id,
        record=source.reference,
        as_of=source.raw.harvested_at,
        url=link.url,
        label=link.label,
        access=link.access,
    )


def _is_online_only(record: MarcRecord) -> bool:
    """008/23 (or 29) says online, leader/06 says computer file, or 338 says online resource."""
    kind = record.leader[6:7]
    fixed = record.control("008")
    at = 29 if kind in "efgk" else 23
    if fixed[at : at + 1] in _ONLINE and len(fixed) > at:
        return True
    if any(field.value[:2] == "cr" for field in record.get("007")):
        return True
    if any(field.first("b") == "cr" for field in record.get("338")):
        return True
    return kind == "m" or "electronic resource" in " ".join([field.first("h") for field in record.get("245")])


_COPY_READERS = (
    ("852", _read_852), ("952", _read_952), ("949", _read_949), ("876", _read_876), ("999", _read_999),
    ("AVA", _read_ava), ("HLD", _read_852),
)  # fmt: skip
