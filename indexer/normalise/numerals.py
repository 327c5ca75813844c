"""Numerals as volumes and editions write them: digits, Roman, Vietnamese words, Chinese characters."""

import re

_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
WORDS = {
    "một": 1, "nhất": 1, "hai": 2, "nhì": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_HAN_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def parse_roman(text: str) -> int | None:
    """``XIV`` -> 14; None where it is no Roman numeral in its usual form."""
    text = text.upper()
    if not text or _ROMAN.fullmatch(text) is None:
        return None
    total = 0
    for letter, following in zip(text, [*text[1:], "I"], strict=True):
        value = _ROMAN_VALUES[letter]
        total += -value if value < _ROMAN_VALUES[following] else value
    return total


def parse_han(text: str) -> int | None:
    """``十二`` -> 12, up to ninety-nine."""
    tens, ten, units = text.rpartition("十") if "十" in text else ("", "", text)
    if any(part and part not in _HAN_DIGITS for part in (tens, units)) or not (ten or units):
        return None
    return (_HAN_DIGITS.get(tens, 1) * 10 if ten else 0) + _HAN_DIGITS.get(units, 0)


def parse_numeral(text: str) -> int | None:
    """Any of them, or None."""
    text = text.strip()
    if text.isdecimal():
        return int(text) if len(text) <= 9 else None
    word = WORDS.get(text.lower())
    if word is not None:
        return word
    return parse_roman(text) if text.isascii() else parse_han(text)
