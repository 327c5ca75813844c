"""Undoes the faults that XML from servers has most often: characters that XML forbids, HTML's entities, a bare ``&`` or
``<``, an encoding that is not what it says."""

import codecs
import re
from html.entities import html5

_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITY = re.compile(r"&(?:(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));|&")
_BARE_LESS_THAN = re.compile(r"<(?![A-Za-z_/!?])")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def decode_text(body: bytes) -> str:
    """In the encoding that it states; what does not fit becomes a replacement character."""
    declared = _ENCODING.search(body[:300])
    name = declared.group(1).decode() if declared else "utf-8"
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    try:
        return body.decode(name, errors="replace").removeprefix("\ufeff")
    except LookupError:
        return body.decode("utf-8", errors="replace").removeprefix("\ufeff")


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
