"""Cuts MARC written as lines of text (``Ldr …``, ``#245 10 $a…``, ``##``) into records.

A record ends with ``##`` alone on a line, or where the next ``Ldr`` begins. One that the file ends in the middle of is
cut. The payload is the record's lines as they are; what encoding they are in is no business of this reader.
"""

import re
from collections.abc import Iterable, Iterator

from harvesters.file.iso2709 import BYTE_ORDER_MARK, RECORD_BYTES, Piece

_BEGIN = re.compile(rb"(?:[Ll][Dd][Rr][ \t]+[0-9 ]{5}|#[0-9]{3} )")
_LEADER = re.compile(rb"[Ll][Dd][Rr][ \t]")


def looks_like_lines(head: bytes) -> bool:
    """Whether the first bytes of a file (without padding) begin such a record."""
    return _BEGIN.match(head) is not None


def split_lines(chunks: Iterable[bytes], offset: int = 0, record_bytes: int = RECORD_BYTES) -> Iterator[Piece]:
    """The pieces of a file whose bytes from *offset* on come in *chunks*."""
    record = bytearray()
    start = at = offset
    size = 0
    for line in _read_lines(chunks, record_bytes):
        if _LEADER.match(line) and size:
            yield _build_piece(record, start, at, record_bytes, size)
            record, size = bytearray(), 0
        begins = not size and line.strip() and line.strip() != BYTE_ORDER_MARK
        if begins:
            start = at
        at += len(line)
        if size or begins:
            size += len(line)
            record += line if len(record) <= record_bytes else b""
        if size and line.strip() == b"##":
            yield _build_piece(record, start, at, record_bytes, size)
            record, size = bytearray(), 0
    if size and record.strip(b"\x1a\x00\r\n\t "):
        yield Piece(offset=start, end=at, rule="record-cut")


def _build_piece(record: bytearray, start: int, end: int, record_bytes: int, size: int) -> Piece:
    if size > record_bytes:
        return Piece(offset=start, end=end, rule="record-too-large")
    payload = bytes(record).rstrip(b"\r\n").removeprefix(BYTE_ORDER_MARK)
    return Piece(offset=start, end=end, payload=payload)


def _read_lines(chunks: Iterable[bytes], longest: int) -> Iterator[bytes]:
    """Lines with their ends; one without an end in sight comes in parts."""
    rest = b""
    for chunk in chunks:
        lines = (rest + chunk).splitlines(keepends=True)
        rest = lines.pop() if not lines[-1].endswith(b"\n") else b""
        yield from lines
        if len(rest) > longest:
            yield rest
            rest = b""
    if rest:
        yield rest
