"""The body of an answer, never larger than a page may be, packed or not.

It is unpacked here and not by the HTTP library, because only here can it be stopped: a small gzip may unpack to
anything. Servers also send gzip without saying so, so the first bytes decide.
"""

import re
import time
import zlib

import requests
from urllib3.exceptions import HTTPError

from harvesters.faults import PassingFault
from lienthu.errors import HarvestError
from lienthu.i18n import mark

LARGEST_PAGE = 64 * 1024 * 1024
ACCEPTED_PACKING = "gzip, deflate"

_CHUNK = 256 * 1024
_PROLOGUE = 4096
_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]*)")
_GZIP_START = b"\x1f\x8b"
_NOT_ASKED_FOR = frozenset({"br", "zstd", "compress", "x-compress"})


def read_body(response: requests.Response, deadline: float, largest: int = LARGEST_PAGE) -> bytes:
    """The unpacked bytes. Raises PassingFault where the answer was cut or too slow, HarvestError where it is too large.

    ``deadline`` is on the monotonic clock; *response* was asked for with ``stream=True``.
    """
    chunks: list[bytes] = []
    size = 0
    packing = response.headers.get("Content-Encoding", "")
    try:
        # read1 gives what has arrived: a server that drips byte by byte is noticed.
        while chunk := response.raw.read1(_CHUNK, decode_content=False):
            chunks.append(chunk)
            size += len(chunk)
            if size > largest:
                raise _build_too_large(largest)
            if time.monotonic() > deadline:
                raise PassingFault(mark("the answer took too long"))
    except (HTTPError, OSError) as error:
        body = _unpack_whole(b"".join(chunks), packing, largest)
        if not body:
            raise PassingFault(mark("the connection broke in the middle of an answer")) from error
        return body
    return unpack(b"".join(chunks), packing, largest)


def _unpack_whole(packed: bytes, packing: str, largest: int) -> bytes:
    """The body where its root element ends: then only the stated length was wrong. Else nothing."""
    try:
        body = unpack(packed, packing, largest).rstrip()
    except PassingFault:
        return b""
    root = _ROOT.search(body, 0, _PROLOGUE)
    return body if root is not None and body.endswith(b"</%b>" % root[1]) else b""


def unpack(packed: bytes, packing: str = "", largest: int = LARGEST_PAGE) -> bytes:
    """Undoes gzip and deflate, wherever they are; stops at *largest* bytes."""
    if packed.startswith(_GZIP_START):
        unpacked = _inflate(packed, zlib.MAX_WBITS | 16, largest)
        # A proxy that packs does not always see that it was packed already.
        return _inflate(unpacked, zlib.MAX_WBITS | 16, largest) if unpacked.startswith(_GZIP_START) else unpacked
    # Some proxies unpack and leave the name of the packing: then it is plain.
    is_plain = packed[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    if packing.strip().lower() == "deflate" and packed and not is_plain:
        # deflate means zlib by the standard and a bare stream at many servers.
        bits = zlib.MAX_WBITS if packed[0] & 0x0F == 8 else -zlib.MAX_WBITS
        return _inflate(packed, bits, largest)
    if packing.strip().lower() in _NOT_ASKED_FOR and not is_plain:
        raise PassingFault(mark("the answer is packed as {packing}, which was not asked for"), packing=packing.strip())
    return packed


def _inflate(packed: bytes, bits: int, largest: int) -> bytes:
    unpacked = bytearray()
    while packed:
        inflater = zlib.decompressobj(bits)
        try:
            unpacked += inflater.decompress(packed, largest + 1 - len(unpacked))
        except zlib.error as error:
            raise PassingFault(mark("the answer is packed and cannot be unpacked")) from error
        if len(unpacked) > largest:
            raise _build_too_large(largest)
        if not inflater.eof:
            raise PassingFault(mark("the answer was cut off"))
        packed = inflater.unused_data if inflater.unused_data.startswith(_GZIP_START) else b""
    return bytes(unpacked)


def _build_too_large(largest: int) -> HarvestError:
    return HarvestError(
        mark("One page is larger than {largest} MB. Ask the partner for smaller pages."),
        largest=largest // 1024 // 1024,
    )
