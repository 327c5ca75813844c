"""Undoes the faults that XML from servers has most often: characters that XML forbids, HTML's entities, a bare ``&`` or
``<``, an encoding that is not what it says.

Bytes that are not UTF-8 where UTF-8 is stated become the characters of Windows-1252, one for one, so that nothing of
them is lost: what they really were (TCVN3, GB18030…), the record as a whole will tell.
"""

import codecs
import re
from html.entities import html5

_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITY = re.compile(r"&(?:(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));|&")
_BARE_LESS_THAN = re.compile(r"<(?![A-Za-z_/!?])")
_STRAY = {0xDC00 + code: bytes([code]).decode("cp1252", errors="ignore") or chr(code) for code in range(0x80, 0x100)}
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def decode_text(body: bytes) -> str:
    """In the encoding that it states."""
    name = find_declared_encoding(body)
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    try:
        if name.lower().replace("-", "") != "utf8":
            return body.decode(name, errors="replace").removeprefix("\ufeff")
    except LookupError:
        pass
    return decode_utf8(body).removeprefix("\ufeff")


def find_declared_encoding(body: bytes) -> str:
    """What the XML declaration states; ``utf-8`` where there is none, and where it states one in which it could not be
    read like this: .NET writes UTF-8 and calls it UTF-16."""
    declared = _ENCODING.search(body[:300])
    name = declared.group(1).decode() if declared else "utf-8"
    return "utf-8" if name.lower().startswith(("utf-16", "utf16", "utf-32", "ucs", "iso-10646-ucs")) else name


def decode_utf8(body: bytes) -> str:
    """Bytes that are no UTF-8 become characters of Windows-1252; all of them do, where most are none."""
    text = body.decode("utf-8", errors="surrogateescape")
    stray = sum("\udc80" <= sign <= "\udcff" for sign in text) if not text.isascii() else 0
    if not stray:
        return text
    if stray > sum(sign > "\x7f" for sign in text) - stray:
        text = body.decode("ascii", errors="surrogateescape")
    return text.translate(_STRAY)


def escape_faults(text: str) -> str:
    """Undoes what is wrong most often; text that was right stays as it is."""
    return _BARE_LESS_THAN.sub("&lt;", _ENTITY.sub(_write_entity, _FORBIDDEN.sub("", text)))


def _write_entity(match: re.Match[str]) -> str:
    number, name = match.group(1), match.group(2)
    if number:
        code = int(number[2:], 16) if number[1] in "xX" else int(number[1:])
        fine = code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF and not _FORBIDDEN.match(chr(code))
        return match.group(0) if fine else ""
    if name in _XML_ENTITIES:
        return match.group(0)
    character = html5.get(f"{name};") if name else None
    return character if character and character not in "<&" else "&amp;" + match.group(0)[1:]
