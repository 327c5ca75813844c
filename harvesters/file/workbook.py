"""Reads the sheets of an Excel workbook (.xlsx): values only, row by row, nothing computed, nothing fetched.

Before openpyxl sees it, the packed file is looked through once: how much it unpacks to, whether any part declares a
document type (entities could be expanded), and whether there are formulas. A formula gives the value that Excel left
beside it, with a finding; no formula is ever worked out here.
"""

import math
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

import msgspec
from openpyxl import load_workbook

from harvesters.file.folder import DroppedFile
from harvesters.file.table import Row, Table
from harvesters.file.unpack import BOMB_BYTES, BOMB_RATIO
from lienthu.errors import HarvestError
from lienthu.i18n import mark

UNPACKED_BYTES = 512 * 1024 * 1024
MAX_PARTS = 2_000
_CHUNK = 256 * 1024
_TAIL = 16
_WIDE_TEXT = (b"\xff\xfe", b"\xfe\xff")
_ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!"))


class _Contents(msgspec.Struct, frozen=True):
    formulas: bool


@contextmanager
def open_workbook(file: DroppedFile) -> Iterator[list[Table]]:
    """The visible sheets. Raises HarvestError for what is no workbook, or a dangerous one."""
    formulas = _inspect(file).formulas
    try:
        book = load_workbook(file.path, read_only=True, data_only=True, keep_links=False)
        written = load_workbook(file.path, read_only=True, keep_links=False) if formulas else None
    except Exception as error:
        raise HarvestError(
            mark("{file} is no Excel workbook that can be read ({reason}): open it in Excel, save it again as .xlsx."),
            file=file.name,
            reason=type(error).__name__,
        ) from error
    try:
        yield [
            Table(sheet.title, _read_rows(file, sheet, written[sheet.title] if written else None))
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        ]
    finally:
        book.close()
        if written:
            written.close()


def _inspect(file: DroppedFile) -> _Contents:
    """Unpacks every part once, keeping nothing."""
    formulas = False
    unpacked = 0
    size = file.path.stat().st_size
    try:
        with zipfile.ZipFile(file.path) as packed:
            parts = packed.infolist()
            if len(parts) > MAX_PARTS or "xl/workbook.xml" not in packed.namelist():
                raise HarvestError(
                    mark("{file} is no Excel workbook: save it as .xlsx and send it again."), file=file.name
                )
            for part in parts:
                for chunk in _read_part(packed, part):
                    unpacked += len(chunk)
                    if unpacked > UNPACKED_BYTES or unpacked > max(BOMB_BYTES, BOMB_RATIO * size):
                        raise HarvestError(
                            mark("{file} unpacks to more than {ratio} times its size and was left."),
                            file=file.name,
                            ratio=BOMB_RATIO,
                        )
                    if part.filename.endswith((".xml", ".rels")):
                        _refuse_declarations(file, chunk)
                        formulas = formulas or b"<f>" in chunk or b"<f " in chunk
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise HarvestError(
            mark("{file} is damaged or locked with a password: send it again."), file=file.name
        ) from error
    return _Contents(formulas)


def _read_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Chunks, each with the end of the one before it."""
    tail = b""
    with packed.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-_TAIL:]


def _refuse_declarations(file: DroppedFile, chunk: bytes) -> None:
    if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk or chunk.startswith(_WIDE_TEXT) or b"\x00" in chunk[:4]:
        raise HarvestError(mark("{file} declares entities, which no workbook needs, and was not read."), file=file.name)


def _read_rows(file: DroppedFile, sheet: Any, written: Any) -> Iterator[Row]:
    """Rows by the number Excel shows. *written* is the same sheet with its formulas, where there are any."""
    for one in (sheet, written):
        if one is not None:
            one.reset_dimensions()  # what a sheet says of its own size is often wrong
    formulas = written.iter_rows(values_only=True) if written is not None else None
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            yield _build_row(number, values, next(formulas, ()) if formulas else ())
    except Exception as error:
        raise HarvestError(
            mark("The sheet “{sheet}” of {file} cannot be read on ({reason}): open it in Excel and save it again."),
            file=file.name,
            sheet=sheet.title,
            reason=type(error).__name__,
        ) from error


def _build_row(number: int, values: tuple[Any, ...], formulas: tuple[Any, ...]) -> Row:
    cells = tuple([_write_cell(value) for value in values])
    findings: list[str] = []
    if any(isinstance(value, str) and value.startswith("=") for value in (*formulas, *values)):
        findings.append("cell-formula")
    if any(cell in _ERRORS for cell in cells):
        findings.append("cell-error")
        cells = tuple(["" if cell in _ERRORS else cell for cell in cells])
    return Row(number, cells, findings=tuple(findings))


def _write_cell(value: Any) -> str:
    """As a person reads it: whole numbers without a point, days in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
