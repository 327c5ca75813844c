"""ISBN and ISSN. Rule: qualifiers are cut off, ten digits become thirteen, and the check digit must be right.

A wrong number that a book bears in print is still the number a reader types: it stays, as ``other``, with a finding.
A price in 020$a (``17.000đ``) is a price.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from stdnum import isbn as stdnum_isbn
from stdnum import issn as stdnum_issn

_CANDIDATE = re.compile(r"(?:97[89][-–—\s.]?)?[0-9](?:[-–—\s.]?[0-9]){8}[-–—\s.]?[0-9Xx](?![0-9])")
_MARKS = re.compile(r"[-–—\s.]")


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
    if stdnum_isbn.is_valid(compact):
        return ParsedNumber(stdnum_isbn.to_isbn13(compact), text)
    return ParsedNumber(compact, text, "isbn-invalid")


@lru_cache(maxsize=4_096)
def parse_issn(written: str) -> ParsedNumber | None:
    """``0866-7349 (bản in)`` -> ``0866-7349``."""
    found = re.search(r"(?<![0-9])([0-9]{4})[-–—\s]?([0-9]{3}[0-9Xx])(?![0-9])", written)
    if found is None:
        return None
    value = f"{found[1]}-{found[2].upper()}"
    return ParsedNumber(value, written.strip(), "" if stdnum_issn.is_valid(value) else "issn-invalid")
