"""Turns a book into the MARC fields that each demo library would write.

The provincial library writes one record per copy, as Libol-type systems do: no 008, blank indicators, ``H.:``, prices
in 020, its own fields 900 to 927 (911 and 912 are invented staff names, 926 is the access level). The school writes one
record per title with all copies in 876, an 008 and full place names.
"""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from lienthu.demo.book import Book
from lienthu.demo.marc_writer import Field, build_field, parse_field

_STAFF = ("Cán bộ mẫu Một", "Cán bộ mẫu Hai", "Cán bộ mẫu Ba")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
AVAILABLE, ON_LOAN, READY = "Còn trong kho", "Đang mượn", "Sẵn sàng"
RESTRICTED = "M"


class Copy(NamedTuple):
    """One copy: its record's control number, its accession number and whether it is on loan."""

    control_number: str
    accession_number: str
    on_loan: bool


def compose_provincial_fields(book: Book, copy: Copy) -> list[Field]:
    """One record for one copy."""
    fields = [Field("001", value=copy.control_number), *_describe(book, gap=""), *_hold_provincial(book, copy)]
    return [_respell(field, book.marks) for field in replace_fields(fields, book.marc)]


def compose_school_fields(book: Book, copies: Sequence[Copy]) -> list[Field]:
    """One record for all copies of a title."""
    year = book.year if book.year.isdigit() and len(book.year) == 4 else "uuuu"
    coded = f"260901s{year}    vm {'|' * 17}{book.lang:3.3}| "
    holdings = [
        build_field("876", l="Kho sách", p=copy.accession_number, j=ON_LOAN if copy.on_loan else READY)
        for copy in copies
    ]
    fields = [
        Field("001", value=copies[0].control_number),
        Field("008", value=coded),
        *_describe(book, gap=" "),
        *holdings,
    ]
    return replace_fields(fields, book.marc)


def replace_fields(composed: Sequence[Field], lines: Sequence[str]) -> list[Field]:
    """The composed fields, in order of tags; those of a tag named in *lines* replaced or, for a bare tag, left out."""
    written = [parse_field(line) for line in lines if " " in line]
    named = {line[:3] for line in lines}
    return sorted([field for field in composed if field.tag not in named] + written, key=lambda field: field.tag)


def _describe(book: Book, gap: str) -> list[Field]:
    """The fields that say what the book is. *gap* stands before ISBD marks: Libol writes none."""
    fields = [
        build_field("020", a=book.isbn, c=book.price),
        build_field("041", a=book.lang),
        build_field("082", a=book.ddc),
        build_field("090", a=book.ddc if book.cutter else "", b=book.cutter),
        build_field("100", a=book.author),
        build_field("110", a=book.body),
        _title(book, gap),
        build_field("250", a=book.ed),
        _imprint(book, gap),
        _extent(book, gap),
        build_field("490", a=book.series),
        build_field("500", a=book.note),
        build_field("520", a=book.abstract),
        *(build_field("650", "#4", a=heading) for heading in book.about),
        *(build_field("653", a=keywords) for keywords in book.words),
        *(build_field("700", a=name) for name in book.more),
        build_field("856", "40", u=book.link, z="Đọc trực tuyến" if book.link else ""),
    ]
    return [field for field in fields if field.subfields]


def _title(book: Book, gap: str) -> Field:
    """``Title :$bsubtitle.$nT.1,$ppart /$cresponsibility``: each mark stands at the end of the subfield before it."""
    parts = [("a", book.title)]
    if book.sub:
        parts = _append(parts, f"{gap}:", "b", book.sub)
    if book.vol:
        parts = _append(parts, ".", "n", book.vol)
    if book.part:
        parts = _append(parts, "," if book.vol else ".", "p", book.part)
    if book.by:
        parts = _append(parts, f"{gap}/", "c", book.by)
    return Field("245", "  ", tuple(parts))


def _append(parts: list[tuple[str, str]], mark: str, code: str, text: str) -> list[tuple[str, str]]:
    *before, (last_code, last) = parts
    return [*before, (last_code, last + mark), (code, text)]


def _imprint(book: Book, gap: str) -> Field:
    if not (book.pub or book.year):
        return Field("260")
    place = book.place if not gap else {"H.": "Hà Nội", "Tp.HCM": "Thành phố Hồ Chí Minh"}.get(book.place, book.place)
    publisher = f"{book.pub}," if book.pub and book.year else book.pub
    return build_field("260", a=f"{place}{gap}:" if place else "", b=publisher, c=book.year)


def _extent(book: Book, gap: str) -> Field:
    pages, mark, height = book.size.partition(";")
    return build_field("300", a=pages + (f"{gap};" if mark else ""), c=height.strip())


def _hold_provincial(book: Book, copy: Copy) -> list[Field]:
    staff = _STAFF[sum(map(ord, book.key)) % len(_STAFF)]
    room = "Kho_ThieuNhi" if "thieu_nhi" in book.sets else "Kho_DiaChi" if "dia_chi" in book.sets else "Kho_Muon"
    return [
        build_field("852", a="TVLC", b=room, j=copy.accession_number, z=ON_LOAN if copy.on_loan else AVAILABLE),
        build_field("900", a="0"),
        build_field("911", a=staff),
        build_field("912", a=staff),
        build_field("925", a="G"),
        build_field("926", a=RESTRICTED if book.restricted else "0"),
        build_field("927", a=book.kind),
    ]


def _respell(field: Field, marks: str) -> Field:
    if marks == "nfc":
        return field
    respell = _decompose if marks == "nfd" else put_tone_first
    return field._replace(subfields=tuple((code, respell(text)) for code, text in field.subfields))


def _decompose(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def put_tone_first(text: str) -> str:
    """The order of marks of older MARC-8 systems: the tone, then circumflex, breve or horn. NFC does not undo it."""
    clusters: list[str] = []
    for character in unicodedata.normalize("NFD", text):
        if clusters and unicodedata.combining(character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return "".join(c[0] + "".join(sorted(c[1:], key=lambda mark: mark not in _TONES)) for c in clusters)
