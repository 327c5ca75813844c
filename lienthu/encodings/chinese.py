"""Chinese in GB18030 (GBK, GB2312) or Big5 that was read as Latin-1 or Windows-1252: ``ÖÐ¹ú`` is 中国.

Rule: turned back into bytes, the text must be valid in the set and come out as Han, mostly of the characters of the
set's first level; at least two in a row. A single accented letter of a European text never fulfils that.
"""

import re

from lienthu.encodings.legacy import WINDOWS_1252

_HIGH_RUN = re.compile(r"[\x80-\xff]{2}")
_TWO_HAN = re.compile("[\u4e00-\u9fff]{2}")
_HAN = re.compile("[\u4e00-\u9fff]")
_BESIDE = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef“”‘’…—·0-9\\s!-/:-@\\[-`{-~]")
_TO_1252 = str.maketrans(WINDOWS_1252)


def mend_chinese(text: str) -> tuple[str, str] | None:
    """(the text as it was meant, ``gb18030`` or ``big5``), or None."""
    undone = text.translate(_TO_1252)
    if _HIGH_RUN.search(undone) is None or max(undone) > "\xff":
        return None
    written = undone.encode("latin-1")
    found: list[tuple[float, str, str]] = []
    for encoding in ("gb18030", "big5"):
        try:
            decoded = written.decode(encoding)
        except UnicodeDecodeError:
            continue
        score = _score(decoded, encoding)
        if score >= 0.7:
            found.append((score, decoded, encoding))
    if not found:
        return None
    _, decoded, encoding = max(found, key=lambda answer: answer[0])
    return decoded, encoding


def _score(decoded: str, encoding: str) -> float:
    """The share of everyday Han among all that is not ASCII; 0 where no two stand together."""
    if _TWO_HAN.search(decoded) is None:
        return 0.0
    beyond = [sign for sign in decoded if sign > "\x7f"]
    han = [sign for sign in beyond if _HAN.match(sign)]
    common = sum(_is_common(sign, encoding) for sign in han)
    beside = sum(_BESIDE.match(sign) is not None for sign in beyond)
    if beside < len(beyond) or common * 10 < len(han) * 7:
        return 0.0
    letters = sum(sign.isascii() and sign.isalpha() for sign in decoded)
    if encoding == "big5" and letters > len(han):
        return 0.0
    return common / len(han)


def _is_common(sign: str, encoding: str) -> bool:
    first = sign.encode(encoding)[0]
    return 0xB0 <= first <= 0xD7 if encoding == "gb18030" else 0xA4 <= first <= 0xC6
