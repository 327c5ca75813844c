"""UNIMARC and CNMARC in ISO 2709: the same structure as MARC 21, other ways of writing text.

Rule: 100/26-27 is often wrong, so the bytes decide: valid UTF-8 is UTF-8; what is valid GB18030 (GBK, GB2312) and then
mostly Han is that; else ISO 5426, whose marks precede their letters. The decision is made once for the whole record,
and is a finding where it is not UTF-8.
"""

import re
from unicodedata import normalize

from lienthu.finding import Finding
from lienthu.iso2709 import FIELD_END, decode_loosely, read_iso2709
from lienthu.marc import MarcRecord, show_field

_HAN = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")
_MARKS = {
    0xC0: "\u0309", 0xC1: "\u0300", 0xC2: "\u0301", 0xC3: "\u0302", 0xC4: "\u0303", 0xC5: "\u0304", 0xC6: "\u0306",
    0xC7: "\u0307", 0xC8: "\u0308", 0xC9: "\u0308", 0xCA: "\u030a", 0xCB: "\u0315", 0xCC: "\u0312", 0xCD: "\u030b",
    0xCE: "\u031b", 0xCF: "\u030c", 0xD0: "\u0327", 0xD1: "\u031c", 0xD2: "\u0326", 0xD3: "\u0328", 0xD4: "\u0325",
    0xD5: "\u032e", 0xD6: "\u0323", 0xD7: "\u0324", 0xD8: "\u0332", 0xD9: "\u0333", 0xDA: "\u0329", 0xDB: "\u032d",
}  # fmt: skip
_SIGNS = {
    0x88: "", 0x89: "", 0x98: "", 0x9C: "",  # where a word that does not file begins and ends
    0xA1: "¡", 0xA2: "„", 0xA3: "£", 0xA4: "$", 0xA5: "¥", 0xA6: "†", 0xA7: "§", 0xA8: "′", 0xA9: "‘", 0xAA: "“",
    0xAB: "«", 0xAC: "♭", 0xAD: "©", 0xAE: "℗", 0xAF: "®", 0xB0: "ʿ", 0xB1: "ʾ", 0xB2: "‚", 0xB6: "‡", 0xB7: "·",
    0xB8: "″", 0xB9: "’", 0xBA: "”", 0xBB: "»", 0xBC: "♯", 0xBD: "ʹ", 0xBE: "ʺ", 0xBF: "¿",
    0xE1: "Æ", 0xE2: "Đ", 0xE6: "Ĳ", 0xE8: "Ł", 0xE9: "Ø", 0xEA: "Œ", 0xEC: "Þ", 0xF1: "æ", 0xF2: "đ", 0xF3: "ð",
    0xF5: "ı", 0xF6: "ĳ", 0xF8: "ł", 0xF9: "ø", 0xFA: "œ", 0xFB: "ß", 0xFC: "þ",
}  # fmt: skip


def read_unimarc(payload: bytes) -> MarcRecord:
    """One record. Raises MarcError as the reader of ISO 2709 does."""
    return read_iso2709(payload, decode_unimarc)


def decode_unimarc(pieces: list[bytes], scheme: str, tags: list[str], findings: list[Finding]) -> list[str]:
    """The fields as text, all in the encoding that the whole record is in. *scheme* means nothing in UNIMARC."""
    whole = FIELD_END.join(pieces)
    try:
        whole.decode("utf-8")
        return [piece.decode("utf-8") for piece in pieces]
    except UnicodeDecodeError:
        pass
    if _is_mostly_utf8(whole):
        return [decode_loosely(piece, tag, findings) for piece, tag in zip(pieces, tags, strict=True)]
    if is_gb18030(whole):
        findings.append(Finding("encoding-undeclared", "note", "record", "", "read as GB18030"))
        return [_decode_gb(piece, tag, findings) for piece, tag in zip(pieces, tags, strict=True)]
    findings.append(Finding("encoding-undeclared", "note", "record", "", "read as ISO 5426"))
    return [_decode_iso5426(piece, tag, findings) for piece, tag in zip(pieces, tags, strict=True)]


def is_gb18030(text: bytes) -> bool:
    """Valid GB18030 whose signs beyond ASCII are Han or Chinese marks for the greater part."""
    try:
        decoded = text.decode("gb18030")
    except UnicodeDecodeError as error:
        decoded = text.decode("gb18030", "replace")
        if decoded.count("\ufffd") * 20 > sum(sign > "\x7f" for sign in decoded) or error.start == 0:
            return False
    beyond = [sign for sign in decoded if sign > "\x7f"]
    han = sum(_HAN.match(sign) is not None for sign in beyond)
    common = sum(len(sign.encode("gb2312", "ignore")) == 2 for sign in beyond)
    return bool(beyond) and han * 10 >= len(beyond) * 7 and common * 2 >= len(beyond)


def _is_mostly_utf8(text: bytes) -> bool:
    """A few damaged bytes do not make another encoding of it."""
    decoded = text.decode("utf-8", "surrogateescape")
    broken = sum("\udc80" <= sign <= "\udcff" for sign in decoded)
    beyond = sum(sign > "\x7f" for sign in decoded) - broken
    return broken <= beyond // 4


def _decode_gb(piece: bytes, tag: str, findings: list[Finding]) -> str:
    text = piece.decode("gb18030", "replace")
    if "\ufffd" in text:
        findings.append(
            Finding("encoding-broken", "error", tag, show_field(text), "bytes that are not GB18030 replaced")
        )
    return text


def _decode_iso5426(piece: bytes, tag: str, findings: list[Finding]) -> str:
    if piece.isascii():
        return piece.decode("ascii")
    out: list[str] = []
    marks = ""
    broken = False
    for byte in piece:
        if byte in _MARKS:
            marks = marks + _MARKS[byte]
            continue
        if byte < 0x80:
            sign = chr(byte)
        else:
            sign = _SIGNS.get(byte, "\ufffd")
            broken = broken or sign == "\ufffd"
        out.append(sign + marks)
        marks = ""
    text = normalize("NFC", "".join(out) + marks)
    if broken:
        findings.append(
            Finding("encoding-broken", "error", tag, show_field(text), "bytes that are not ISO 5426 replaced")
        )
    return text
