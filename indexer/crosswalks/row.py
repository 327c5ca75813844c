"""A row of a table (CSV, Excel) to a Record.

Rule: which column says what is told by the feed's settings or understood from the headers (see ``lienthu.columns``).
Several authors, subjects and languages in one cell are parted by semicolons; accession numbers by commas, semicolons or
line breaks, and each is a copy. A row with a number of copies and fewer accession numbers has one holding that says
how many. Books of a bookcase that rotates stand where the bookcase is, from the first to the last day of its stay;
where the round is told by places, these are the note. A finding names the column that the partner wrote.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from indexer.crosswalks.element_values import Elements
from indexer.crosswalks.elements import map_elements
from indexer.crosswalks.marc21_holdings import MAX_HOLDINGS, read_status_words
from indexer.crosswalks.source import RuleBroken, Source
from indexer.normalise.days import read_day
from indexer.normalise.prices import normalise_price, read_print_run
from indexer.normalise.text import clean_text, strip_markup
from lienthu.columns import Columns, choose_columns
from lienthu.finding import Finding
from lienthu.holding import Holding
from lienthu.outcome import Skipped
from lienthu.practice import find_withheld_row
from lienthu.record import Classification, Record

ELEMENTS = {
    "title": "title", "parallel_title": "alternative", "author": "creator", "editor": "editor",
    "translator": "translator", "publisher": "publisher", "place": "place", "year": "issued", "edition": "edition",
    "volume": "volumenumber", "language": "language", "isbn": "isbn", "issn": "issn", "subject": "subject",
    "keyword": "keywords", "series": "series", "abstract": "abstract", "note": "note", "type": "type",
    "url": "url",
}  # fmt: skip
"""Field of a table -> name of an element."""
OWN_FIELDS: Mapping[str, tuple[str, ...]] = {
    "price": ("price",), "extent": ("extent", "pages", "size"), "classifications": ("classification",),
    "holdings": ("accession", "call_number", "location", "bookcase", "copies", "status", "from", "to"),
}  # fmt: skip
"""Field of a Record -> the fields of a table that only it looks at."""
_NUMBERS = re.compile(r"\s*[,;\n]\s*")
_DDC = re.compile(r"([0-9]{3}(?:\.[0-9]+)?)(?![0-9])")
_CLC = re.compile(r"[A-Z]{1,2}[0-9][0-9./-]*")
MAX_COPIES = 10_000


def map_row(payload: bytes, source: Source, stated: Mapping[str, str] | None = None) -> Record | Skipped:
    """Raises RuleBroken where the row has no title, or is no row."""
    cells = _read_cells(payload)
    withheld = find_withheld_row(source.practice, cells) if source.practice.withheld else None
    if withheld is not None:
        return Skipped(source.reference, "withheld", f"withheld by the partner's practice ({withheld})")
    return map_cells(cells, choose_columns(tuple(cells), stated or {}), source)


def map_cells(cells: Mapping[str, str], columns: Columns, source: Source) -> Record:
    """The same from cells whose columns are understood already."""
    row = Row(cells, columns)
    if not row.first("title"):
        partner_id, _, source_id = source.raw.key
        column = columns.of("title")[0] if columns.of("title") else "title"
        raise RuleBroken(column, "title-missing", f"{partner_id}, record {source_id}: there is no title in “{column}”")
    elements = _fill_elements(row)
    record = map_elements(elements, source)
    record = msgspec.structs.replace(
        record,
        extent=_read_extent(row),
        price=_read_price(row) or record.price,
        print_run=read_print_run(row.first("price")) or record.print_run,
        classifications=_read_classifications(row),
        holdings=_read_holdings(row, source),
    )
    findings = tuple([_name_column(finding, columns) for finding in source.findings])
    return msgspec.structs.replace(record, findings=findings)


class Row:
    """The cells of a row by what they say."""

    def __init__(self, cells: Mapping[str, str], columns: Columns) -> None:
        self.cells = cells
        self.columns = columns

    def every(self, field: str) -> list[str]:
        return [text for header in self.columns.of(field) if (text := self.cells.get(header, "").strip())]

    def first(self, field: str) -> str:
        return next((clean_text(text) for text in self.every(field)), "")


def _read_cells(payload: bytes) -> dict[str, str]:
    try:
        return msgspec.json.decode(payload, type=dict[str, str])
    except (msgspec.DecodeError, RecursionError) as error:
        raise RuleBroken("row", "row-broken", f"the row is not a table of header and cell: {error}") from error


def _fill_elements(row: Row) -> Elements:
    elements = Elements("row:")
    for field, name in ELEMENTS.items():
        for value in row.every(field):
            several = field in ("language", "isbn", "url", "subject", "keyword", "series")
            for part in value.split(";") if several else [value]:
                elements.add(name, part)
    subtitle = row.first("subtitle")
    if subtitle:
        elements.values["title"][0] = f"{elements.values['title'][0]} : {strip_markup(subtitle)}"
    volume = row.first("volume")
    if volume.isdecimal():
        elements.values["volumenumber"] = [f"Tập {volume}"]
    grade = row.first("grade")
    if grade:
        elements.add("keywords", f"Lớp {grade}" if grade.isdecimal() else grade)
    return elements


def _read_price(row: Row) -> str:
    """The column of prices; a bare number is in đồng."""
    return normalise_price(_name_currency(row.first("price")))


def _read_extent(row: Row) -> str:
    """The column of physical description, else pages and size."""
    pages, size = row.first("pages"), row.first("size")
    parts = [
        row.first("extent") or (f"{pages} tr." if pages.isdecimal() else pages),
        f"{size} cm" if re.fullmatch(r"[0-9][0-9.,x ×]*", size) else size,
    ]
    return " ; ".join([part for part in parts if part])[:300]


def _name_currency(price: str) -> str:
    return f"{price} đ" if re.fullmatch(r"[0-9][0-9.,\s]*", price) and not price.endswith(".00") else price


def _read_classifications(row: Row) -> tuple[Classification, ...]:
    """Numbers parted by semicolons: three digits begin a Dewey number, a letter and digits one of the Chinese
    scheme."""
    found: dict[str, Classification] = {}
    for value in row.every("classification"):
        for part in re.split(r"[;\n]", value):
            text = clean_text(part).strip(" .,")[:60]
            dewey = _DDC.match(text)
            scheme = "ddc" if dewey else "clc" if _CLC.fullmatch(text) else "other"
            number = dewey[1] if dewey else text
            if number:
                found.setdefault(number, Classification(scheme=scheme, number=number))
    return tuple(found.values())


def _read_holdings(row: Row, source: Source) -> tuple[Holding, ...]:
    """One for each accession number; without any, one that says how many copies there are. Where it stands: the store
    or place, and the bookcase with the first and last day of its stay."""
    numbers = [clean_text(part) for value in row.every("accession") for part in _NUMBERS.split(value) if part.strip()]
    numbers = list(dict.fromkeys(numbers))
    first, last = read_day(row.first("from")), read_day(row.first("to"), last=True)
    note = "" if first or last else _read_round(row)
    copies = _read_copies(row, source)
    if numbers and copies is not None and copies != len(numbers) and not any(" - " in number for number in numbers):
        source.note("copies-differ", "row:copies", f"{copies}: {len(numbers)} numbers", "the numbers counted", "note")
    if not numbers and copies is not None and copies > 1:
        note = f"{note}; × {copies}" if note else f"× {copies}"
    location = _read_location(row, source)
    status = read_status_words(row.first("status"))
    return tuple([
        Holding(
            partner_id=source.raw.partner_id,
            record=source.reference,
            location=location,
            call_number=row.first("call_number") or row.first("classification"),
            accession_number=number,
            status=status,
            as_of=source.raw.harvested_at,
            note=note,
            bookcase=_read_bookcase(row),
            from_day=first,
            to_day=last,
        )
        for number in (numbers or [""])[:MAX_HOLDINGS]
    ])  # fmt: skip


def _read_copies(row: Row, source: Source) -> int | None:
    written = row.first("copies")
    if not written:
        return None
    digits = re.match(r"0*([0-9]{1,6})(?![0-9])", written)
    if digits is None or int(digits[1]) > MAX_COPIES:
        source.note("copies-impossible", "row:copies", written, "passed over")
        return None
    return int(digits[1])


def _read_location(row: Row, source: Source) -> str:
    """The store or place; where the round is told by places, it stands at the last."""
    places = [source.practice.name_location(clean_text(value)) for value in row.every("location")]
    until = row.first("to")
    if not places and until and not until[:1].isdigit():
        places = [until]
    return ", ".join(dict.fromkeys([text for text in places if text]))[:300]


def _read_bookcase(row: Row) -> str:
    bookcase = row.first("bookcase")
    return f"Tủ sách {bookcase}" if bookcase.isdecimal() else bookcase[:300]


def _read_round(row: Row) -> str:
    """``Bản Phố → Cốc Ly``: where places stand, or days that nobody can read."""
    first, last = row.first("from"), row.first("to")
    return f"{first} → {last}".strip()[:300] if first or last else ""


@lru_cache(maxsize=1)
def _name_fields() -> dict[str, str]:
    return {"row:date": "year", **{f"row:{element}": field for field, element in ELEMENTS.items()}}


def _name_column(finding: Finding, columns: Columns) -> Finding:
    """The partner's own header in place of our name for it."""
    if not finding.field.startswith("row:"):
        return finding
    field = _name_fields().get(finding.field, finding.field.removeprefix("row:"))
    headers = columns.of(field)
    return msgspec.structs.replace(finding, field=headers[0]) if headers else finding


FIELD_RULES: Mapping[str, Callable[..., Any]] = {
    "price": _read_price, "extent": _read_extent, "classifications": _read_classifications, "holdings": _read_holdings,
}  # fmt: skip
"""Those fields whose rule is not that of all elements."""
