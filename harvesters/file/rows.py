"""Turns a table into raw records: one row is one record, its payload the row as header-to-cell JSON in the order of
the headers' names.

A row is named by its number and column where it cannot be a record: without a title, with more cells than the header
or fewer, with a cell beyond the bounds or bytes of another encoding. Its id is the cell of the id column, else its
first accession number, else a digest of everything but the row's own number (which shifts with every row put in
above), with the finding ``id-missing``.
"""

import re
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import chain

import msgspec

from harvesters.file.csv_table import open_csv
from harvesters.file.folder import DroppedFile
from harvesters.file.iso2709 import RECORD_BYTES
from harvesters.file.piece import FilePiece, Place, build_record, clean_id
from harvesters.file.stays import Stays
from harvesters.file.table import (
    CELL_LENGTH,
    MAX_COLUMNS,
    Header,
    Row,
    Table,
    find_header,
    name_column,
    name_columns,
    read_first_rows,
)
from harvesters.file.workbook import open_workbook
from lienthu.errors import HarvestError
from lienthu.i18n import _, mark
from lienthu.message import Message, build_message, join_messages
from lienthu.partner import Feed
from lienthu.store import Rejection

MAX_ROWS = 1_100_000
_NUMBERS = re.compile(r"[,;\n]")
_SHOWN_HEADERS = 40


def read_row_pieces(
    file: DroppedFile, feed: Feed, partner_id: str, start: Place, *, workbook: bool
) -> Iterator[FilePiece]:
    """Every sheet that has a header. Raises HarvestError where none has."""
    with open_workbook(file) if workbook else nullcontext([open_csv(file, feed.columns)]) as tables:
        opened = [(table, read_first_rows(table)) for table in tables]
        headed = [(table, first, header) for table, first in opened if (header := find_header(first, feed.columns))]
        unread = [(table, first) for table, first in opened if not find_header(first, feed.columns)]
        if not headed:
            raise _name_headless(file, unread)
        remark = _describe_unread(file, unread)
        position = 0
        stays = Stays()
        for table, first, header in headed:
            remark = join_messages((remark, _describe_columns(file, table, header)))
            for piece in _read_table(file, feed, partner_id, table, header, first, position, stays):
                position = piece.place.position
                if position > start.position:
                    yield msgspec.structs.replace(piece, remark=remark)
                    remark = Message()


def _read_table(
    file: DroppedFile,
    feed: Feed,
    partner_id: str,
    table: Table,
    header: Header,
    first: list[Row],
    position: int,
    stays: Stays,
) -> Iterator[FilePiece]:
    for row in chain(first, table.rows):
        if row.number > MAX_ROWS:
            raise HarvestError(mark("{file} has more than {limit} rows: split it."), file=file.name, limit=MAX_ROWS)
        if row.number <= header.row or row.is_empty or _repeats_header(row, header):
            continue
        position += 1
        yield _read_row(file, feed, partner_id, table, header, row, Place(position), stays)


def _repeats_header(row: Row, header: Header) -> bool:
    """A list printed over several pages says its header on each."""
    at = header.names.index(header.columns.of("title")[0])
    return row.cells[at : at + 1] == (header.names[at],) and name_columns(row.cells) == header.names


def _read_row(
    file: DroppedFile, feed: Feed, partner_id: str, table: Table, header: Header, row: Row, place: Place, stays: Stays
) -> FilePiece:
    cells = dict(zip(header.names, (*row.cells, *[""] * len(header.names)), strict=False))
    identifier = _find_identifier(cells, header) if not row.rule else ""
    rule, column = _judge_row(row, header, cells)
    payload = msgspec.json.encode(cells, order="sorted") if rule not in ("encoding-broken",) else b""
    if not rule and len(payload) > RECORD_BYTES:
        rule = "record-too-large"
    if rule:
        reason = _word_rejection(file, table, header, row, rule, column)
        rejection = Rejection(position=place.position, source_id=clean_id(identifier), rule=rule, reason=reason)
        return FilePiece(place, rejection=rejection, cut=rule == "quote-unclosed")
    ordinals = header.columns.of("ordinal")
    kept = {name: cell for name, cell in cells.items() if name not in ordinals}
    record = build_record(
        feed, partner_id, "row", payload, identifier, msgspec.json.encode(kept, order="sorted") if ordinals else None
    )
    rotates = stays.is_further(record.source_id if identifier else "", cells, header.columns)
    return FilePiece(
        place, msgspec.structs.replace(record, findings=(*record.findings, *row.findings), rotates=rotates)
    )


def _judge_row(row: Row, header: Header, cells: dict[str, str]) -> tuple[str, int]:
    """(the rule that keeps the row out, or nothing; the column where)."""
    if row.rule:
        return row.rule, row.column
    width = len(header.names)
    for at, cell in enumerate(row.cells):
        if len(cell) > CELL_LENGTH:
            return "cell-too-large", at
        if at >= width and cell.strip():
            return "row-too-wide", at
    if row.exact_width and len(row.cells) < width:
        return "row-too-short", len(row.cells)
    titles = header.columns.of("title")
    if not any(cells[name].strip() for name in titles):
        return "title-missing", header.names.index(titles[0])
    return "", 0


def _word_rejection(file: DroppedFile, table: Table, header: Header, row: Row, rule: str, column: int) -> str:
    words = {
        "title-missing": _("{place}: row {row}, column {column}: there is no title"),
        "row-too-wide": _("{place}: row {row}, column {column}: more cells than the header has ({count})"),
        "row-too-short": _("{place}: row {row}: {cells} cells, the header has {count}; from column {column} on, none"),
        "encoding-broken": _("{place}: row {row}, column {column}: bytes of another encoding"),
        "cell-too-large": _("{place}: row {row}, column {column}: more than {limit} characters"),
        "record-too-large": _("{place}: row {row}: more than {bytes} bytes"),
        "quotes-wrong": _("{place}: row {row}: a quotation mark stands where none may; double it inside a cell"),
        "quote-unclosed": _("{place}: row {row}: a quotation mark is opened and never closed"),
    }[rule]
    letter = name_column(column)
    name = header.names[column] if column < len(header.names) else letter
    return words.format(
        place=_name_place(file, table), row=row.number, column=letter if name == letter else f"{letter} “{name}”",
        cells=len(row.cells), count=len(header.names), limit=CELL_LENGTH, bytes=RECORD_BYTES,
    )  # fmt: skip


def _find_identifier(cells: dict[str, str], header: Header) -> str:
    for name in header.columns.of("id"):
        if cells[name].strip():
            return cells[name]
    for name in header.columns.of("accession"):
        number = next((part.strip() for part in _NUMBERS.split(cells[name]) if part.strip()), "")
        if number:
            return number
    return ""


def _name_place(file: DroppedFile, table: Table) -> str:
    return f"{file.name}, {table.name}" if table.name else file.name


def _name_headless(file: DroppedFile, unread: list[tuple[Table, list[Row]]]) -> HarvestError:
    headers = []
    for table, first in unread:
        row = next((row for row in first if not row.is_empty), None)
        names = ", ".join(name_columns(row.cells)[:_SHOWN_HEADERS]) if row else ""
        headers.append(f"{table.name}: {names}" if table.name else names)
    return HarvestError(
        mark(
            "{file} has no column of titles that is understood. Its columns: {headers}. Say which is which in "
            'partners.toml: columns = {{title = "…", author = "…"}}.'
        ),
        file=file.name,
        headers="; ".join(headers)[:1_000],
    )


def _describe_unread(file: DroppedFile, unread: list[tuple[Table, list[Row]]]) -> Message:
    names = [f"“{table.name}”" for table, first in unread if not all(row.is_empty for row in first)]
    if not names:
        return Message()
    words = mark("{file}: sheets without a column of titles were not read: {names}")
    return build_message(words, file=file.name, names=", ".join(names))


def _describe_columns(file: DroppedFile, table: Table, header: Header) -> Message:
    """What the run's message tells, so that somebody can confirm or correct it."""
    if len(header.names) > MAX_COLUMNS:
        raise HarvestError(
            mark("{file} has more than {limit} columns: leave only those that describe books."),
            file=file.name,
            limit=MAX_COLUMNS,
        )
    columns = header.columns
    place = _name_place(file, table)
    parts = [table.remark]
    if columns.missing:
        names = ", ".join(f"“{name}”" for name in columns.missing)
        parts.append(build_message(mark("{place}: no column is called {names}"), place=place, names=names))
    if not columns.stated:
        read = ", ".join(
            f"{field} = “{name}”" for field, names in columns.fields.items() if field != "ordinal" for name in names
        )
        parts.append(build_message(mark("{place}: columns read as {read}"), place=place, read=read))
        if columns.unread:
            left = ", ".join(f"“{name}”" for name in columns.unread[:_SHOWN_HEADERS])
            parts.append(build_message(mark("not read: {names}"), names=left))
        parts.append(Message(mark("to confirm or correct it, write columns = {…} in partners.toml")))
    return join_messages(parts)
