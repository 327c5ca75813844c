"""Row and Table: what a CSV file or a sheet of a workbook comes down to, and where its header is.

Rule: schools write a heading above their list, so the header is the first of the first rows in which a column of
titles is understood beside at least one other column (or the only column there is).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from lienthu.columns import Columns, choose_columns
from lienthu.message import Message

HEADER_ROWS = 30
"""So far down the header is looked for."""
MAX_COLUMNS = 500
CELL_LENGTH = 65_536


class Row(msgspec.Struct, frozen=True):
    """``number`` is the row's own, as a spreadsheet shows it. ``rule`` says why it cannot be read, ``column`` (from 0)
    where; ``findings`` are doubts."""

    number: int
    cells: tuple[str, ...]
    rule: str = ""
    column: int = 0
    findings: tuple[str, ...] = ()
    exact_width: bool = False
    """A row of text has as many cells as its header, or it is not what it seems."""

    @property
    def is_empty(self) -> bool:
        return not self.rule and not any(cell.strip() for cell in self.cells)


class Table(msgspec.Struct, frozen=True):
    """``name`` is the sheet's, empty for a text file. ``remark`` is something to tell about how it was read."""

    name: str
    rows: Iterator[Row]
    remark: Message = Message()


class Header(msgspec.Struct, frozen=True):
    """The header's row number, its names (unique, none empty) and what they mean."""

    row: int
    names: tuple[str, ...]
    columns: Columns


def find_header(rows: Sequence[Row], stated: Mapping[str, str]) -> Header | None:
    """The header among the first rows, None where there is none."""
    for row in rows[:HEADER_ROWS]:
        names = name_columns(row.cells)
        columns = choose_columns(names, stated)
        known = sum(len(columns.of(field)) for field in columns.fields)
        if columns.of("title") and (known > 1 or len(names) == 1 or columns.stated):
            return Header(row.number, names, columns)
    return None


def read_first_rows(table: Table) -> list[Row]:
    """The rows in which the header may be; the table goes on behind them."""
    return list(islice(table.rows, HEADER_ROWS))


def name_columns(cells: Sequence[str]) -> tuple[str, ...]:
    """Names without blanks at their ends; an empty one is the column's letter, a second one of a name is numbered."""
    width = max((at + 1 for at, cell in enumerate(cells) if cell.strip()), default=0)
    names: dict[str, None] = {}
    for at, cell in enumerate(cells[:width]):
        name = " ".join(cell.split())[:200] or name_column(at)
        count = 1
        unique = name
        while unique in names:
            count += 1
            unique = f"{name} ({count})"
        names[unique] = None
    return tuple(names)


def name_column(at: int) -> str:
    """0 -> ``A``, 26 -> ``AA``: the letters a spreadsheet shows."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
