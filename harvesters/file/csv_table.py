"""Reads a table of text: CSV with commas, semicolons or tabs, in UTF-8, UTF-16, GB18030 or Windows-1258.

Rule: a byte order mark decides, else valid UTF-8. What is neither is the older encoding in which a header is
understood; a text that is UTF-8 but for a few bytes is UTF-8 with damaged rows, which are named. The separator is the
one with which most columns are understood.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from harvesters.file.folder import DroppedFile
from harvesters.file.table import HEADER_ROWS, Row, Table, find_header
from harvesters.file.unpack import read_chunks
from lienthu.errors import HarvestError
from lienthu.i18n import mark
from lienthu.message import Message, build_message

SEPARATORS = (",", ";", "\t", "|")
LONGEST_LINE = 4_000_000
_SAMPLE_BYTES = 1_000_000
_LEGACY = ("gb18030", "cp1258")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SHOWN = {"gb18030": "GB18030", "cp1258": "Windows-1258"}


def open_csv(file: DroppedFile, stated: Mapping[str, str]) -> Table:
    """The one table of the file. Raises HarvestError where it is none."""
    sample = _read_sample(file)
    encoding, separator = _choose(sample, stated)
    shown = _SHOWN.get(encoding, "")
    words = mark("{file} was read as {encoding}")
    remark = build_message(words, file=file.name, encoding=shown) if shown else Message()
    return Table("", _read_rows(file, encoding, separator), remark)


def _read_sample(file: DroppedFile) -> bytes:
    sample = bytearray()
    for chunk in read_chunks(file.path):
        sample += chunk
        if len(sample) >= _SAMPLE_BYTES:
            break
    return bytes(sample)


def _choose(sample: bytes, stated: Mapping[str, str]) -> tuple[str, str]:
    """(encoding, separator)."""
    for start, encoding in _MARKS:
        if sample.startswith(start):
            return encoding, _choose_separator(_decode_sample(sample, encoding), stated)[0]
    text = _decode_sample(sample, "utf-8")
    broken = sum("\udc80" <= character <= "\udcff" for character in text)
    beyond = sum(character > "\x7f" for character in text) - broken
    if broken <= beyond // 4:
        return "utf-8", _choose_separator(text, stated)[0]
    for encoding in _LEGACY:
        separator, known = _choose_separator(_decode_sample(sample, encoding), stated)
        if known:
            return encoding, separator
    return "utf-8", _choose_separator(text, stated)[0]


def _decode_sample(sample: bytes, encoding: str) -> str:
    errors = "replace" if encoding == "utf-16" else "surrogateescape"
    return codecs.getincrementaldecoder(encoding)(errors).decode(sample)


def _choose_separator(text: str, stated: Mapping[str, str]) -> tuple[str, int]:
    """(separator, how many columns are understood with it); the commonest sign where none is."""
    lines = text[:200_000].splitlines(keepends=True)[: HEADER_ROWS * 3]
    best, most = "", 0
    for separator in SEPARATORS:
        header = find_header(list(_parse(lines, separator))[:HEADER_ROWS], stated)
        known = sum(len(names) for names in header.columns.fields.values()) if header else 0
        if known > most:
            best, most = separator, known
    return best or max(SEPARATORS, key=text[:10_000].count), most


def _read_rows(file: DroppedFile, encoding: str, separator: str) -> Iterator[Row]:
    lines = _read_lines(file.name, read_chunks(file.path), encoding)
    return _parse(lines, separator)


def _read_lines(name: str, chunks: Iterable[bytes], encoding: str) -> Iterator[str]:
    errors = "replace" if encoding == "utf-16" else "surrogateescape"
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(errors), translate=True)
    rest = ""
    for chunk in chunks:
        rest += decoder.decode(chunk)
        lines = rest.split("\n")
        rest = lines.pop()
        for line in lines:
            yield line + "\n"
        if len(rest) > LONGEST_LINE:
            raise HarvestError(
                mark("{file} is not a table: one of its lines has more than {limit} characters."),
                file=name,
                limit=LONGEST_LINE,
            )
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest


def _parse(lines: Iterable[str], separator: str) -> Iterator[Row]:
    """Rows by number; a row whose quotes do not close, or stand inside a cell, is named and passed over."""
    reader = csv.reader(_skip_separator_line(lines), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            unclosed = "unexpected end" in str(error) or "field larger" in str(error)
            yield Row(number, (), "quote-unclosed" if unclosed else "quotes-wrong")
            continue
        yield _judge(number, cells)


def _skip_separator_line(lines: Iterable[str]) -> Iterator[str]:
    """Excel's own first line ``sep=;`` is a row of its own without cells."""
    for at, line in enumerate(lines):
        yield "\n" if at == 0 and line.lower().startswith("sep=") and len(line) < 8 else line


def _judge(number: int, cells: list[str]) -> Row:
    for at, cell in enumerate(cells):
        if not cell.isascii() and any("\udc80" <= sign <= "\udcff" or sign == "\ufffd" for sign in cell):
            return Row(number, tuple(cells), "encoding-broken", at)
    findings = ("cell-formula",) if any(cell.startswith("=") for cell in cells) else ()
    return Row(number, tuple(cells), findings=findings, exact_width=True)
