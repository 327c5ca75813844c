"""Undoes the usual faults of XML that is not well-formed, in the bytes, before it is parsed with repairs.

libxml2 gives up everything behind a bare ``&``; so that is escaped, and so is a ``<`` that begins no tag. HTML's named
characters become numbers, and characters that XML forbids are left out. Bytes that are not UTF-8 where nothing else is
stated are kept as characters of Windows-1252 (see :mod:`harvesters.xml_mending`). The bytes come out in slices that end
where a record ends, each with the number of faults in it, so that exactly the mended records can say so.
"""

import re
from collections.abc import Iterable, Iterator
from html.entities import html5

from harvesters.xml_mending import decode_utf8, find_declared_encoding

_FAULT = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,31});)?"
    rb"|<(?![A-Za-z_/!?])"
    rb"|[\x00-\x08\x0b\x0c\x0e-\x1f]"
)
_RECORD_END = re.compile(rb"(?<=>)(?<=record>|....dc>|..mods>)")
_HELD_BACK = 48
"""A fault that a chunk's edge may cut is never longer."""


def mend_chunks(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Slices of mended bytes, each with the number of its faults. Only for encodings that hold ASCII as it is."""
    held = b""
    is_utf8: bool | None = None
    for chunk in chunks:
        text = held + chunk
        if is_utf8 is None:
            is_utf8 = find_declared_encoding(text).lower().replace("-", "") == "utf8"
        edge = max(text.rfind(b"&", len(text) - _HELD_BACK), text.rfind(b"<", len(text) - _HELD_BACK))
        cut = edge if edge >= 0 else text.rfind(b" ") + 1 or len(text)  # never within a letter, if it can be helped
        held = text[cut:]
        yield from _mend_slices(text[:cut], is_utf8)
    yield from _mend_slices(held, bool(is_utf8))


def _mend_slices(text: bytes, is_utf8: bool) -> Iterator[tuple[bytes, int]]:
    for part in _RECORD_END.split(text):
        if part:
            mended, faults = _FAULT.subn(_mend, part)
            kept = decode_utf8(mended).encode() if is_utf8 else mended
            yield kept, faults + (kept != mended)


def _mend(fault: re.Match[bytes]) -> bytes:
    found = fault.group(0)
    if found == b"<":
        return b"&lt;"
    if not found.startswith(b"&"):
        return b""
    character = html5.get(f"{(fault.group(1) or b'').decode('ascii')};", "")
    if fault.group(1) and character:
        return "".join(f"&#{ord(sign)};" for sign in character).encode()
    return b"&amp;" + found[1:]
