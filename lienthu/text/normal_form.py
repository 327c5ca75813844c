"""The normal form of characters: marks in one order, NFKC, lower case, one đ.

Text arrives composed and decomposed, and with the tone before the circumflex (``xuá̂t``), which NFC leaves alone. So
marks are ordered first: those that shape a letter (circumflex, breve, horn), then the others as they came.
"""

import unicodedata
from functools import lru_cache

APOSTROPHES = frozenset("'’‘ʼʻ`´′＇‛ʹ")
APOSTROPHE = "'"
_SHAPES = "\u0302\u0306\u031b"
_LOOK_ALIKES = str.maketrans({"ð": "đ", "ɖ": "đ"} | dict.fromkeys(APOSTROPHES, APOSTROPHE))
_JOINS_BEFORE = frozenset("\uff9e\uff9f")  # half-width voicing marks of kana
_ZERO_WIDTH_SPACE = "\u200b"
_MARK_LIMIT = 16

_LETTERS_OF_OTHERS = str.maketrans(
    {
        "đ": "d", "ð": "d", "ɖ": "d", "ɗ": "d", "ƌ": "d", "ø": "o", "ɔ": "o", "ɵ": "o", "ł": "l", "ƚ": "l", "ß": "ss",
        "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ı": "i", "ɨ": "i", "ŋ": "ng", "ɲ": "nh", "ə": "e", "ɛ": "e",
        "ɓ": "b", "ƀ": "b", "ǥ": "g", "ɣ": "g", "ƒ": "f", "ƙ": "k", "ĸ": "k", "ŧ": "t", "ƭ": "t", "ʉ": "u", "ʊ": "u",
        "ƶ": "z", "ƴ": "y", "ȷ": "j", "ɉ": "j", "ꞌ": "",
    }
)  # fmt: skip
_FOLDED_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x064B, 0x065F), (0x0670, 0x0670), (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F),
)  # fmt: skip


def continues_cluster(character: str) -> bool:
    """Whether the character belongs to the one before it: a mark, or a vowel or final of Hangul taken apart."""
    if character < "\u0300":
        return False
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff" or character in _JOINS_BEFORE


@lru_cache(maxsize=16_384)
def normalise_cluster(cluster: str) -> str:
    """One character with its marks -> its normal form, perhaps of several characters or of none. An apostrophe of
    any kind gives ``'``; an invisible character (soft hyphen, joiner, direction mark) gives nothing."""
    first = cluster[0]
    if first in APOSTROPHES:
        return APOSTROPHE
    if unicodedata.category(first) == "Cf" and first != _ZERO_WIDTH_SPACE:
        return ""
    text = cluster[: _MARK_LIMIT + 1]
    for _ in range(4):
        before = text
        text = unicodedata.normalize("NFKC", order_marks(text)).casefold()
        text = unicodedata.normalize("NFKC", order_marks(text)).translate(_LOOK_ALIKES)
        if text == before:
            break
    return text


def order_marks(text: str) -> str:
    """NFC with the shaping marks of a letter before its other marks: ``xuá̂t`` -> ``xuất``."""
    decomposed = unicodedata.normalize("NFD", text)
    ordered: list[str] = []
    marks: list[str] = []
    for character in decomposed:
        if unicodedata.combining(character):
            marks.append(character)
            continue
        ordered.extend(sorted(marks, key=_rank_mark))
        marks.clear()
        ordered.append(character)
    ordered.extend(sorted(marks, key=_rank_mark))
    return unicodedata.normalize("NFC", "".join(ordered))


def fold_letters(word: str) -> str:
    """A word in normal form without marks, in plain letters: ``đường`` -> ``duong``, ``łódź`` -> ``lodz``."""
    if word.isascii():
        return word
    kept = "".join(
        character for character in unicodedata.normalize("NFD", word) if not _is_folded_mark(ord(character))
    ).translate(_LETTERS_OF_OTHERS)
    if not kept.isascii():
        kept = "".join(str(unicodedata.decimal(character, character)) for character in kept)
    return unicodedata.normalize("NFC", kept)


def _rank_mark(mark: str) -> int:
    return 0 if mark in _SHAPES else 1


def _is_folded_mark(code: int) -> bool:
    return code >= 0x0300 and any(first <= code <= last for first, last in _FOLDED_MARKS)
