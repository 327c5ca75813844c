"""How Vietnamese a word is: whether it can be a syllable at all, and whether it is one that is met all the time.

Rule: stricter than the text analysis, which must take what people type: a syllable that ends in c, ch, p or t bears the
tone sắc or nặng, so that English ``that`` and ``cat`` are none. Capitals stand at the beginning or everywhere.
"""

import re
from functools import lru_cache
from pathlib import Path
from unicodedata import normalize

from lienthu.text.syllable import split_onset, split_tone

LETTERS = re.compile(r"[^\W\d_]+")
_STOPS = ("c", "p", "t", "ch")
_SHARP, _HEAVY = 4, 5


@lru_cache(maxsize=32_768)
def is_strict_syllable(word: str) -> bool:
    """For a word in NFC, in any sound use of capitals."""
    lowered = word.lower()
    if word not in (lowered, lowered.capitalize(), word.upper()):
        return False
    parts = split_tone(lowered)
    if parts is None or split_onset(parts[0]) is None:
        return False
    return parts[1] in (_SHARP, _HEAVY) or not parts[0].endswith(_STOPS)


def is_likely_syllable(word: str) -> bool:
    """Whether a word with marks is one of those that are met all the time."""
    return word.lower() in _read_syllables()


def mend_capitals(word: str) -> str:
    """``VIệN`` -> ``VIỆN``: a set without toned capitals leaves small letters among the great ones."""
    plain = [letter for letter in word if letter.isascii()]
    if len(plain) < 2 or not all(letter.isupper() for letter in plain) or word.isupper():
        return word
    return word.upper() if is_strict_syllable(word.lower()) else word


@lru_cache(maxsize=1)
def _read_syllables() -> frozenset[str]:
    text = Path(__file__).with_name("syllables.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return frozenset(normalize("NFC", "\n".join(lines)).split())
