"""Cuts a stream of ISO 2709 into records.

A record ends at the record terminator (1D). The leader's length is never trusted: one wrong leader would hide all that
follows. It is a hint in one case only, a 1D that stands inside a field: the record then ends where its leader says, if
the first field terminator (1E) followed by 1D lies exactly there and what follows the stray 1D is not a leader.
Between records, line ends, NUL, blanks, the end-of-file mark of DOS, a byte order mark and a doubled terminator are
passed over. What ends without a terminator, or is larger than a record may be, is named instead of handed over.
"""

from collections.abc import Iterable, Iterator

import msgspec

RECORD_BYTES = 1_000_000
RECORD_END = b"\x1d"
FIELD_END = b"\x1e"
PADDING = b"\r\n\t \x00\x1a" + RECORD_END
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LENGTH_DIGITS = 5


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a file as it stands there, or what could not be one.

    ``offset`` and ``end`` are bytes of the unpacked file. ``rule`` is empty, ``record-cut`` (the file ends before the
    record does) or ``record-too-large``; the payload is then empty and ``size`` says how much was passed over.
    """

    offset: int
    end: int
    payload: bytes = b""
    rule: str = ""

    @property
    def size(self) -> int:
        return self.end - self.offset


class ByteWindow:
    """The bytes that were read and not yet handed over; ``offset`` is where they begin in the file."""

    def __init__(self, chunks: Iterable[bytes], offset: int) -> None:
        self._chunks = iter(chunks)
        self.read = bytearray()
        self.offset = offset

    def grow(self) -> bool:
        """Reads one chunk more; False at the end of the file."""
        chunk = next(self._chunks, b"")
        self.read += chunk
        return bool(chunk)

    def drop(self, count: int) -> bytes:
        """Takes the first *count* bytes out."""
        taken = bytes(self.read[:count])
        del self.read[:count]
        self.offset += count
        return taken


def split_records(chunks: Iterable[bytes], offset: int = 0, record_bytes: int = RECORD_BYTES) -> Iterator[Piece]:
    """The pieces of a file whose bytes from *offset* on come in *chunks* (none of them empty before the last)."""
    window = ByteWindow(chunks, offset)
    while skip_padding(window):
        start = window.offset
        length = _find_end(window, record_bytes)
        if 0 < length <= record_bytes:
            payload = window.drop(length)
            yield Piece(offset=start, end=window.offset, payload=payload)
        else:
            terminated = _pass_over(window)
            yield Piece(offset=start, end=window.offset, rule="record-too-large" if terminated else "record-cut")


def skip_padding(window: ByteWindow) -> bool:
    """Stands at the first byte of a record afterwards; False where only padding was left."""
    while True:
        kept = window.read.lstrip(PADDING)
        if kept.startswith(BYTE_ORDER_MARK):
            window.drop(len(window.read) - len(kept) + len(BYTE_ORDER_MARK))
            continue
        window.drop(len(window.read) - len(kept))
        if len(window.read) >= len(BYTE_ORDER_MARK):
            return True
        if not window.grow():
            return bool(window.read)


def _find_end(window: ByteWindow, record_bytes: int) -> int:
    """How many bytes the record at the window's start has, its terminator included; 0 where no end is in reach."""
    searched = 0
    while True:
        found = window.read.find(RECORD_END, searched)
        if found >= 0:
            return _ask_leader(window, found + 1)
        searched = len(window.read)
        if searched > record_bytes or not window.grow():
            return 0


def _ask_leader(window: ByteWindow, length: int) -> int:
    """*length*, or the leader's length where the terminator found stands inside a field."""
    stated = bytes(window.read[:_LENGTH_DIGITS])
    ends_a_field = window.read[length - 2 : length - 1] == FIELD_END
    if ends_a_field or len(stated) < _LENGTH_DIGITS or not stated.isdigit() or int(stated) <= length:
        return length
    while len(window.read) < int(stated) and window.grow():
        pass
    following = window.read[length : length + 64].lstrip(PADDING)[:_LENGTH_DIGITS]
    proper_end = window.read.find(FIELD_END + RECORD_END) + 2
    return proper_end if proper_end == int(stated) and not following.isdigit() else length


def _pass_over(window: ByteWindow) -> bool:
    """Leaves everything up to the next terminator behind; False where the file ends first."""
    while True:
        found = window.read.find(RECORD_END)
        if found >= 0:
            window.drop(found + 1)
            return True
        window.drop(len(window.read))
        if not window.grow():
            return False
