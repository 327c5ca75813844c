"""Cuts a stream of ISO 2709 with printable separators (``#``, ``##``, ``$``) into records.

A ``##`` may stand inside a record (an empty field), so the leader's length is asked first, then the directory; it is
right where ``##`` stands there and another record or nothing follows. Only where neither is, the next ``##`` before
something like a leader ends the record. What ends without ``##`` is cut.
"""

import re
from collections.abc import Iterable, Iterator

from harvesters.file.iso2709 import PADDING, RECORD_BYTES, ByteWindow, Piece, skip_padding
from lienthu.iso2709 import ENTRY, LEADER
from lienthu.marc_printable import find_directory_end

RECORD_END = b"##"
_LEADER = re.compile(rb"[0-9]{5}[a-z# ][a-z# ]")
_NEXT = re.compile(rb"##(?=[\s\x1a\x00]*(?:\xef\xbb\xbf)?[0-9]{5}[a-z# ][a-z# ])")
_HEAD_BYTES = 4_096
_AHEAD_BYTES = 64
_LEADER_BYTES = 7


def looks_printable(head: bytes) -> bool:
    """Whether the first bytes of a file (without padding) are a leader and a directory that ends with ``#``."""
    return _LEADER.match(head) is not None and find_directory_end(head) > 0


def split_printable(chunks: Iterable[bytes], offset: int = 0, record_bytes: int = RECORD_BYTES) -> Iterator[Piece]:
    """The pieces of a file whose bytes from *offset* on come in *chunks*."""
    window = ByteWindow(chunks, offset)
    while skip_padding(window):
        start = window.offset
        length = _find_length(window, record_bytes)
        if length > 0:
            payload = window.drop(length)
            yield Piece(offset=start, end=window.offset, payload=payload)
        else:
            terminated = _pass_over(window)
            yield Piece(offset=start, end=window.offset, rule="record-too-large" if terminated else "record-cut")


def _find_length(window: ByteWindow, record_bytes: int) -> int:
    """How many bytes the record at the window's start has; 0 where no end is in reach."""
    _grow_to(window, _HEAD_BYTES)
    told = (_read_stated(window), _read_directory(window))
    for length in told:
        if length and _ends_at(window, length):
            return length
    searched = LEADER
    while True:
        found = _NEXT.search(window.read, searched)
        if found:
            return found.end() if found.end() <= record_bytes else 0
        searched = max(LEADER, len(window.read) - _AHEAD_BYTES)
        if len(window.read) > record_bytes or not window.grow():
            break
    rest = bytes(window.read).rstrip(PADDING)
    if min(told) > len(rest):  # leader and directory both tell of more than there is
        return 0
    return len(rest) if rest.endswith(RECORD_END) and len(rest) <= record_bytes else 0


def _read_stated(window: ByteWindow) -> int:
    stated = bytes(window.read[:5])
    return int(stated) if stated.isdigit() else 0


def _read_directory(window: ByteWindow) -> int:
    """Where the last field of the directory ends, its ``##`` included."""
    while not (end := find_directory_end(bytes(window.read[:200_000]))):
        if b"#" in window.read[LEADER:] or len(window.read) > _HEAD_BYTES * 32 or not window.grow():
            return 0
    entries = [bytes(window.read[at : at + ENTRY]) for at in range(LEADER, end, ENTRY)]
    if not all(entry[3:].isdigit() for entry in entries):
        return 0
    return end + 1 + max(int(entry[3:7]) + int(entry[7:]) for entry in entries) + 1


def _ends_at(window: ByteWindow, length: int) -> bool:
    _grow_to(window, length + _AHEAD_BYTES)
    if length <= LEADER or window.read[length - 2 : length] != RECORD_END:
        return False
    following = bytes(window.read[length : length + _AHEAD_BYTES]).lstrip(PADDING + b"\xef\xbb\xbf")
    return len(following) < _LEADER_BYTES or _LEADER.match(following) is not None


def _grow_to(window: ByteWindow, size: int) -> None:
    while len(window.read) < size and window.grow():
        pass


def _pass_over(window: ByteWindow) -> bool:
    """Leaves everything up to the next record behind; False where the file ends first."""
    while True:
        found = _NEXT.search(window.read)
        if found:
            window.drop(found.end())
            return True
        window.drop(max(0, len(window.read) - _AHEAD_BYTES))
        if not window.grow():
            window.drop(len(window.read))
            return False
