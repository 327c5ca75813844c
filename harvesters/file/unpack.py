"""Reads a dropped file in chunks, unpacking gzip by its first bytes, whatever its name says.

Nothing is held but one chunk. A packed file that is cut or damaged is an error, and so is one that unpacks to
absurdly more than it is (a bomb): catalogue files shrink five to thirty times, so a hundred is never a catalogue.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path

from lienthu.errors import HarvestError
from lienthu.i18n import mark

CHUNK_BYTES = 256 * 1024
BOMB_RATIO = 100
BOMB_BYTES = 64 * 1024 * 1024
"""A small file is never called a bomb: the ratio counts from here on."""
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WBITS = 31


def read_chunks(path: Path, start: int = 0) -> Iterator[bytes]:
    """The unpacked bytes of the file from *start* on, never an empty chunk. Raises HarvestError and OSError."""
    with path.open("rb") as file:
        packed = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    if packed:
        yield from _skip(_unpack_gzip(path), start)
        return
    with path.open("rb") as file:
        file.seek(start)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _skip(chunks: Iterator[bytes], start: int) -> Iterator[bytes]:
    """A packed stream has no short way to a place in it: unpack and let go."""
    for chunk in chunks:
        if start < len(chunk):
            yield chunk[start:] if start else chunk
        start = max(0, start - len(chunk))


def _unpack_gzip(path: Path) -> Iterator[bytes]:
    packed = unpacked = 0
    with path.open("rb") as file:
        member = zlib.decompressobj(_GZIP_WBITS)
        rest = b""
        while rest or (rest := file.read(CHUNK_BYTES)):
            packed = file.tell() - len(rest)
            if member.eof:  # several members in one file are one stream
                rest = rest.lstrip(b"\x00")
                if not rest:
                    continue
                member = zlib.decompressobj(_GZIP_WBITS)
            chunk, rest = _unpack_chunk(path, member, rest)
            unpacked += len(chunk)
            if unpacked > max(BOMB_BYTES, BOMB_RATIO * max(packed, CHUNK_BYTES)):
                raise HarvestError(
                    mark("{file} unpacks to more than {ratio} times its size and was left: send it unpacked."),
                    file=path.name,
                    ratio=BOMB_RATIO,
                )
            if chunk:
                yield chunk
        while not member.eof and (chunk := _unpack_chunk(path, member, b"")[0]):
            yield chunk
        if not member.eof:
            raise HarvestError(mark("{file} is cut: the packed file has no end. Send it again."), file=path.name)


def _unpack_chunk(path: Path, member: "zlib._Decompress", packed: bytes) -> tuple[bytes, bytes]:
    """At most one chunk unpacked, and the packed bytes that wait."""
    try:
        chunk = member.decompress(packed, CHUNK_BYTES)
    except zlib.error as error:
        raise HarvestError(
            mark("{file} is damaged: it cannot be unpacked ({error}). Send it again."), file=path.name, error=error
        ) from error
    return chunk, member.unused_data if member.eof else member.unconsumed_tail
