"""Decoders of the old Vietnamese character sets, one word (a chunk between blanks) at a time.

Rule: a damaged text is what an old set's bytes look like when they are read as Windows-1252, Latin-1 or Windows-1258.
That reading is undone first; then each set gives what the bytes may have meant. A character that a set does not have
means that the text is not in it: no answer.
"""

from collections.abc import Callable, Iterator, Mapping
from unicodedata import normalize

from lienthu.encodings.tables import (
    ANSEL,
    ANSEL_MARKS,
    BK,
    BK_PAIRS,
    CP1258,
    CP1258_MARKS,
    TCVN3,
    TCVN5712,
    VISCII,
    VNI,
    VNI_PAIRS,
)

WINDOWS_1252 = {bytes([code]).decode("cp1252"): chr(code) for code in range(0x80, 0xA0) if code not in
                (0x81, 0x8D, 0x8F, 0x90, 0x9D)}  # fmt: skip
"""``€`` -> ``\\x80``."""
QUOTES = "“”‘’–—…•‚„‹›«»"
_TO_1252 = str.maketrans(WINDOWS_1252)


def undo_reading(chunk: str) -> Iterator[str]:
    """The bytes of a chunk as characters up to ``\\xff``, for each reading that may have given it."""
    undone = chunk.translate(_TO_1252)
    if undone.isascii() and undone.isprintable():
        return
    if max(undone) <= "\xff":
        yield undone
        return
    try:
        yield "".join([_undo_1258(character) for character in chunk])
    except UnicodeEncodeError:
        return


def _undo_1258(character: str) -> str:
    if character < "\x80":
        return character
    try:
        return character.encode("cp1258").decode("latin-1")
    except UnicodeEncodeError:
        if "\x80" <= character < "\xa0":
            return character
        parts = normalize("NFD", character)
        letter = normalize("NFC", parts[:-1])
        return (letter + parts[-1]).encode("cp1258").decode("latin-1")


def decode_tcvn3(chunk: str) -> str | None:
    return _compose(_translate(chunk, TCVN3, "\xa0\x85\x91\x92\x93\x94\x95\x96\x97"))


def decode_tcvn5712(chunk: str) -> str | None:
    return _compose(_translate(chunk, TCVN5712, "\xa0"))


def decode_viscii(chunk: str) -> str | None:
    return _translate(chunk, VISCII, "")


def decode_vni(chunk: str) -> str | None:
    return _decode_pairs(chunk, VNI_PAIRS, VNI)


def decode_bk(chunk: str) -> str | None:
    return _decode_pairs(chunk, BK_PAIRS, BK)


def decode_cp1258(chunk: str) -> str | None:
    """The tones follow their letter; most other letters are where Windows-1252 has them."""
    return _compose("".join([CP1258_MARKS.get(sign) or CP1258.get(sign, sign) for sign in chunk]))


def decode_ansel(chunk: str) -> str | None:
    """MARC-8: marks before their letter, in any order."""
    signs: list[str] = []
    marks: list[str] = []
    for sign in chunk:
        if sign in ANSEL_MARKS:
            marks.append(ANSEL_MARKS[sign])
        elif sign in ANSEL or sign < "\x80":
            signs.extend([ANSEL.get(sign, sign), *sorted(marks, key=lambda mark: mark in "\u0302\u0306", reverse=True)])
            marks.clear()
        else:
            return None
    return None if marks else normalize("NFC", "".join(signs))


def _translate(chunk: str, table: Mapping[str, str], kept: str) -> str | None:
    """Letter for letter; None where a character is none of the set's. Control characters count only in words."""
    decoded = []
    for sign in chunk:
        letter = table.get(sign)
        if letter is None:
            if sign >= "\x80" and sign not in kept:
                return None
            letter = sign
        decoded.append(letter)
    return "".join(decoded)


def _decode_pairs(chunk: str, pairs: Mapping[str, str], singles: Mapping[str, str]) -> str | None:
    decoded = []
    place = 0
    while place < len(chunk):
        pair = pairs.get(chunk[place : place + 2])
        sign = chunk[place]
        if pair is not None:
            decoded.append(pair)
            place += 2
            continue
        if sign in singles:
            sign = singles[sign]
        elif sign >= "\xc0" or (sign >= "\x80" and sign not in "\xa0\xab\xbb\x85\x91\x92\x93\x94\x96\x97"):
            return None
        decoded.append(sign)
        place += 1
    return "".join(decoded)


def _compose(text: str | None) -> str | None:
    return None if text is None else normalize("NFC", text)


DECODERS: Mapping[str, tuple[Callable[[str], str | None], ...]] = {
    "tcvn3": (decode_tcvn3, decode_tcvn5712),
    "vni": (decode_vni,),
    "viscii": (decode_viscii,),
    "bkhcm2": (decode_bk,),
    "windows-1258": (decode_cp1258,),
    "marc-8": (decode_ansel,),
}
"""Encoding -> its decoders, the usual one first."""
_FROM_1252 = str.maketrans({code: sign for sign, code in WINDOWS_1252.items()})


def restore_quotes(text: str) -> str:
    """What is left of the control characters are the quotes and dashes of Windows-1252."""
    return text.translate(_FROM_1252) if any("\x80" <= sign < "\xa0" for sign in text) else text
