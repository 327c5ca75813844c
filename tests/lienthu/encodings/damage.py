"""Damage: correct Vietnamese written in an old character set and read as another, as libraries' programs did it.

The encoders are written from the definition of each set, not from the decoders' tables, wherever a program does not do
it: ``iconv`` writes TCVN, VISCII and Windows-1258, ``recode`` writes VNI and VIQR.
"""

import re
import subprocess
import unicodedata
from collections.abc import Callable, Mapping, Sequence

GRAVE, HOOK, TILDE, ACUTE, DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
MARKS = GRAVE + HOOK + TILDE + ACUTE + DOT
SHAPES = "\u0302\u0306\u031b"


def convert(texts: Sequence[str], program: str, encoding: str) -> list[bytes]:
    """The texts (without line ends) in the encoding, by one run of the program."""
    command = ["iconv", "-f", "UTF-8", "-t", encoding] if program == "iconv" else ["recode", f"UTF-8..{encoding}"]
    joined = "\n".join(unicodedata.normalize("NFC", text) for text in texts)
    written = subprocess.run(command, input=joined.encode(), capture_output=True, check=True).stdout
    return written.split(b"\n")


def split_letter(letter: str) -> tuple[str, str, str]:
    """``ậ`` -> ``("a", circumflex, dot)``."""
    base, shape, tone = "", "", ""
    for sign in unicodedata.normalize("NFD", letter):
        if sign in MARKS:
            tone = sign
        elif sign in SHAPES:
            shape = sign
        else:
            base += sign
    return base, shape, tone


def read_1252(written: bytes) -> str:
    """As Windows reads it: the five free bytes come through as control characters."""
    return "".join([bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in written])


_BK_SHAPES = {
    ("a", "\u0302"): "ê", ("e", "\u0302"): "ï", ("o", "\u0302"): "ö", ("o", "\u031b"): "ú", ("u", "\u031b"): "û",
    ("a", "\u0306"): "ù",
}  # fmt: skip
_BK_PLAIN = dict(zip(MARKS, "âãäáå", strict=True))
_BK_CIRCUMFLEX = dict(zip(MARKS, "ìíîëå", strict=True))
_BK_BREVE = dict(zip(MARKS, "çèéæå", strict=True))
_BK_I = dict(zip(MARKS, "òóôñõ", strict=True))


def write_bk(text: str) -> str:
    out = []
    for letter in unicodedata.normalize("NFC", text):
        base, shape, tone = split_letter(letter)
        if letter in "đĐ":
            out.append("à" if letter == "đ" else "À")
            continue
        low = base.lower()
        if low == "i" and tone:
            written = _BK_I[tone]
        else:
            written = _BK_SHAPES.get((low, shape), low)
            tones = _BK_CIRCUMFLEX if shape == "\u0302" else _BK_BREVE if shape == "\u0306" else _BK_PLAIN
            written += tones[tone] if tone else ""
        out.append(written.upper() if base.isupper() else written)
    return "".join(out)


_ANSEL = {HOOK: 0xE0, GRAVE: 0xE1, ACUTE: 0xE2, "\u0302": 0xE3, TILDE: 0xE4, "\u0306": 0xE6, DOT: 0xF2}
_ANSEL_LETTERS = {"đ": 0xB3, "Đ": 0xA3, "ơ": 0xBC, "Ơ": 0xAC, "ư": 0xBD, "Ư": 0xAD}


def write_marc8(text: str) -> str:
    out = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        base, shape, tone = split_letter(letter)
        if shape == "\u031b":
            base, shape = unicodedata.normalize("NFC", base + shape), ""
        out += bytes([_ANSEL[mark] for mark in (shape, tone) if mark])
        out += bytes([_ANSEL_LETTERS[base]]) if base in _ANSEL_LETTERS else base.encode("ascii", "replace")
    return read_1252(bytes(out))


def double(text: str) -> str:
    return read_1252(unicodedata.normalize("NFC", text).encode())


def double_as_latin1(text: str) -> str:
    return unicodedata.normalize("NFC", text).encode().decode("latin-1")


def disorder_marks(text: str) -> str:
    """The tone before the circumflex or breve, which NFC leaves so."""
    out = []
    for letter in unicodedata.normalize("NFC", text):
        base, shape, tone = split_letter(letter)
        out.append(base + tone + shape if shape in ("\u0302", "\u0306") and tone and tone != DOT else letter)
    return "".join(out)


def lose_u(text: str) -> str:
    """ư before ơ is gone, as when a soft hyphen is stripped."""
    return re.sub("ư(?=[ơờớởỡợ])", "", unicodedata.normalize("NFC", text))


def _by(program: str, encoding: str, read: Callable[[bytes], str]) -> Callable[[Sequence[str]], list[str]]:
    return lambda texts: [read(written) for written in convert(texts, program, encoding)]


def _each(write: Callable[[str], str]) -> Callable[[Sequence[str]], list[str]]:
    return lambda texts: [write(text) for text in texts]


def write_tcvn3(texts: Sequence[str]) -> list[str]:
    """The fonts of ABC: a capital with a tone is the code of the small letter."""
    small = ["".join([s.lower() if split_letter(s)[2] else s for s in unicodedata.normalize("NFC", t)]) for t in texts]
    return [read_1252(written) for written in convert(small, "iconv", "TCVN")]


DAMAGES: Mapping[str, Callable[[Sequence[str]], list[str]]] = {
    "tcvn3": write_tcvn3,
    "tcvn3 as Latin-1": lambda texts: [
        text.encode("cp1252", "replace").decode("latin-1") for text in write_tcvn3(texts)
    ],
    "tcvn3, soft hyphen as minus": lambda texts: [text.replace("\xad", "−") for text in write_tcvn3(texts)],
    "tcvn3, soft hyphen as hyphen": lambda texts: [text.replace("\xad", "-") for text in write_tcvn3(texts)],
    "tcvn3, soft hyphen as bullet": lambda texts: [text.replace("\xad", "•") for text in write_tcvn3(texts)],
    "tcvn 5712": _by("iconv", "TCVN", read_1252),
    "vni": _by("recode", "VNI", read_1252),
    "viscii": _by("iconv", "VISCII", read_1252),
    "bk hcm 2": _each(write_bk),
    "windows-1258": _by("iconv", "CP1258", read_1252),
    "windows-1258 as Latin-1": _by("iconv", "CP1258", lambda written: written.decode("latin-1")),
    "marc-8": _each(write_marc8),
    "utf-8 twice": _each(double),
    "utf-8 twice by Latin-1": _each(double_as_latin1),
    "utf-8 three times": _each(lambda text: double(double(text))),
    "viqr": _by("recode", "VIQR", lambda written: written.decode("ascii")),
    "mark order": _each(disorder_marks),
}
