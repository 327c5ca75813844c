"""Corrections: what a reader may have meant who typed without an input method or pasted spoilt text.

Rule: suggestions only; whoever searches tries them and offers those that find more. Telex and VNI are read where at
least one word becomes a syllable by it and all others are Vietnamese, too (Hmong in RPA and English are not); numbers,
and words that hold a number (an ISBN, ``T.1``), stay as they are. Spoilt text is read in the old encodings.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from lienthu.encodings import guess_repairs
from lienthu.encodings.typed import decode_telex, decode_vni
from lienthu.encodings.vietnamese import is_strict_syllable

MAX_CORRECTIONS = 3
MAX_LENGTH = 200
"""Longer queries are pasted texts: nobody typed them."""
_WORD = re.compile(r"[^\W_]+")
_LEAST_SHARE = 0.75


@lru_cache(maxsize=2_048)
def suggest_corrections(text: str) -> tuple[str, ...]:
    """Other readings of a query, the likeliest first; at most MAX_CORRECTIONS."""
    if len(text) > MAX_LENGTH:
        return ()
    found = dict.fromkeys(correction for correction in _suggest(text) if correction != text)
    return tuple(found)[:MAX_CORRECTIONS]


def _suggest(text: str) -> Iterator[str]:
    yield from guess_repairs(text)
    for decode in (decode_telex, decode_vni):
        correction = _decode_words(text, decode)
        if correction is not None:
            yield correction


def _decode_words(text: str, decode: Callable[[str], str | None]) -> str | None:
    """The text with every word decoded that can be; None where none can, or the text is not Vietnamese then."""
    words = legal = changed = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal words, legal, changed
        word = match[0]
        lowered = word.lower()
        if lowered.isdecimal():
            return word
        decoded = decode(lowered) if lowered.isascii() else None
        words += 1
        changed += decoded is not None
        legal += is_strict_syllable(decoded or lowered)
        if decoded is None:
            return word
        return (
            decoded.upper()
            if word.isupper() and len(word) > 1
            else decoded.capitalize()
            if word[0].isupper()
            else decoded
        )

    corrected = _WORD.sub(replace, text)
    if not changed or legal < words * (_LEAST_SHARE if changed > 1 else 1):
        return None
    return corrected
