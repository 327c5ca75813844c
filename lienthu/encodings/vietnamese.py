"""How Vietnamese a word is: whether it can be a syllable at all, and whether it is one that is met all the time.

Rule: stricter than the text analysis, which must take what people type: a syllable that ends in c, ch, p or t bears the
tone sắc or nặng, so that English ``that`` and ``cat`` are none; the tone sits where one of the two ways of writing puts
it; capitals stand at the beginning or everywhere.
"""

import re
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import normalize

from lienthu.text.syllable import TONES, spell_syllable, split_onset, split_tone

LETTERS = re.compile(r"[^\W\d_]+")
_ALPHABET = re.compile("[a-eghiklm-vxyàáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]+")
_TONES = frozenset(TONES)
_OLD_STYLE = re.compile("(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])$")
"""``hoà``, ``khoẻ``, ``thuỷ``: as right as ``hòa``."""
_STOPS = ("c", "p", "t", "ch")
_WORDS_OF_OTHERS = frozenset(("hmông", "mnông", "xtiêng", "lôgic", "lênin", "êđê", "bana", "chơro"))
"""No syllables, yet met in titles as single words."""
_SHARP, _HEAVY = 4, 5


@lru_cache(maxsize=32_768)
def is_strict_syllable(word: str) -> bool:
    """For a word in NFC, in any sound use of capitals."""
    lowered = word.lower()
    if lowered in _WORDS_OF_OTHERS:
        return True
    if word not in (lowered, lowered.capitalize(), word.upper()):
        return False
    if _ALPHABET.fullmatch(lowered) is None:
        return False
    parts = split_tone(lowered)
    if parts is None or split_onset(parts[0]) is None:
        return False
    if parts[1] not in (_SHARP, _HEAVY) and parts[0].endswith(_STOPS):
        return False
    if not parts[1]:
        return True
    spelled = spell_syllable(lowered)
    return spelled == lowered or _find_tone(lowered) == _find_tone(spelled) or _OLD_STYLE.search(lowered) is not None


def _find_tone(word: str) -> int:
    """Which letter bears the tone."""
    return next((at for at, letter in enumerate(word) if set(normalize("NFD", letter)) & _TONES), -1)


@lru_cache(maxsize=32_768)
def is_likely_syllable(word: str) -> bool:
    """Whether a word is one of those that are met all the time, in any spelling of it."""
    lowered = word.lower()
    return any(spell_syllable(lowered) in syllables for syllables in _read_syllables()) or lowered in _WORDS_OF_OTHERS


@lru_cache(maxsize=32_768)
def is_everyday_syllable(word: str) -> bool:
    """Whether it is one of those of which titles, names and imprints are made. Only words with marks are."""
    return spell_syllable(word.lower()) in _read_syllables()[0]


def mend_capitals(word: str) -> str:
    """``VIệN`` -> ``VIỆN``: a set without toned capitals leaves small letters among the great ones."""
    plain = [letter for letter in word if letter.isascii() or letter in "ĐƯƠÂÊÔĂ"]
    if len(plain) < 2 or not all(letter.isupper() for letter in plain) or word.isupper():
        return word
    return word.upper() if is_strict_syllable(word.lower()) else word


@cache
def _read_syllables() -> tuple[frozenset[str], frozenset[str]]:
    """Everyday syllables and the other likely ones."""
    text = normalize("NFC", Path(__file__).with_name("syllables.txt").read_text(encoding="utf-8"))
    everyday, _, likely = text.partition("\n[everyday]\n")[2].partition("\n[likely]\n")
    return frozenset(map(spell_syllable, everyday.split())), frozenset(map(spell_syllable, likely.split()))
