"""ISBN and ISSN. Rule: qualifiers are cut off, ten digits become thirteen, and the check digit must be right.

A wrong number that a book bears in print is still the number a reader types: it stays, as ``other``, with a finding.
A price in 020$a (``17.000đ``) is a price. The check digits are worked out here: hardly a number comes twice.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import mul
from typing import NamedTuple

_CANDIDATE = re.compile(r"(?:97[89][-–—\s.]?)?[0-9](?:[-–—\s.]?[0-9]){8}[-–—\s.]?[0-9Xx](?![0-9])")
_MARKS = re.compile(r"[-–—\s.]")
_THIRTEEN = (1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1)
"""Weights of an ISBN of thirteen digits, whose sum ten divides (ISO 2108)."""
_ELEVEN = (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
"""Those of one of ten digits and, in the last eight, of an ISSN (ISO 3297): eleven divides it, and X is ten."""


class ParsedNumber(NamedTuple):
    """``value`` is the normal form; ``rule`` is empty where the number is right."""

    value: str
    written: str
    rule: str = ""


@lru_cache(maxsize=8_192)
def parse_isbn(written: str) -> ParsedNumber | None:
    """``978-604-64-0154-4 (bìa cứng)`` -> ``9786046401544``. None where nothing looks like a number of this kind."""
    found = _CANDIDATE.search(written)
    if found is None:
        digits = _MARKS.sub("", written.partition("(")[0].partition(":")[0])
        if not 9 <= len(digits) <= 15 or not digits[:-1].isdecimal():
            return None
        return ParsedNumber(digits.upper(), written.strip(), "isbn-invalid")
    text = found[0].strip()
    compact = _MARKS.sub("", text).upper()
    if len(compact) == 10 and _divides(11, compact, _ELEVEN):
        return ParsedNumber(_lengthen(compact), text)
    right = len(compact) == 13 and compact[-1] != "X" and _divides(10, compact, _THIRTEEN)
    return ParsedNumber(compact, text, "" if right else "isbn-invalid")


def _divides(divisor: int, number: str, weights: Sequence[int]) -> bool:
    return _weigh(number, weights) % divisor == 0


def _weigh(number: str, weights: Sequence[int]) -> int:
    return sum(map(mul, [10 if sign == "X" else int(sign) for sign in number], weights))


def _lengthen(ten: str) -> str:
    """Thirteen digits out of ten."""
    stem = f"978{ten[:-1]}"
    return f"{stem}{-_weigh(stem, _THIRTEEN) % 10}"


@lru_cache(maxsize=4_096)
def parse_issn(written: str) -> ParsedNumber | None:
    """``0866-7349 (bản in)`` -> ``0866-7349``."""
    found = re.search(r"(?<![0-9])([0-9]{4})[-–—\s]?([0-9]{3}[0-9Xx])(?![0-9])", written)
    if found is None:
        return None
    ending = found[2].upper()
    right = _divides(11, found[1] + ending, _ELEVEN[-8:])
    return ParsedNumber(f"{found[1]}-{ending}", written.strip(), "" if right else "issn-invalid")
