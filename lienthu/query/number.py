"""Numbers of books in a query: ISBN (ten or thirteen digits, hyphens and spaces anywhere) and ISSN.

A number is one only if its check digit is right; what only looks like one is said to be wrong and searched as it is
written as well.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from stdnum import isbn, issn

from lienthu.query.tree import Number
from lienthu.text import normalise_number

_DASHES = r"\-‐‑‒–—"
_CANDIDATE = re.compile(
    rf"(?<![\w{_DASHES}])(?P<label>(?:isbn|issn)(?:[-\s]?1[03])?[:：.\s]*)?"
    rf"(?P<number>[0-9](?:[{_DASHES}\s.]{{0,3}}[0-9]){{6,12}}(?:[{_DASHES}\s.]{{0,3}}[0-9xX])?)(?![\w{_DASHES}])",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(rf"[{_DASHES}\s.]")
_CODE = re.compile(r"[0-9]\.[0-9]|[^\W\d_][0-9]|[0-9][^\W\d_]")
_MAX_CODE = 40


class FoundNumber(NamedTuple):
    """Where a number stands in the text, as it is written there, what to look for, and what it is: ``isbn``,
    ``isbn-invalid`` or ``issn``. ``sure``: it can be nothing else, so its digits are no words."""

    start: int
    end: int
    written: str
    kind: str
    shown: str
    number: Number
    sure: bool


def find_numbers(text: str) -> Iterator[FoundNumber]:
    """The numbers in a text, in order. Spaces inside count only in a number that fills the text or has thirteen
    digits: *1945 1975 12* is three numbers."""
    for match in _CANDIDATE.finditer(text):
        written = match["number"]
        compact = _SEPARATORS.sub("", written).upper()
        whole = not (text[: match.start()].strip() or text[match.end() :].strip())
        spaced = any(character.isspace() for character in written)
        label = (match["label"] or "").lower()
        found = _read_isbn(compact, loose=whole or bool(label) or not spaced) if len(compact) in {10, 13} else None
        if found is None and len(compact) == 8 and not spaced:
            found = _read_issn(compact, written, labelled=label.startswith("issn"))
        if found is not None:
            yield FoundNumber(match.start(), match.end(), written, *found)


def read_isbn_field(text: str) -> tuple[str, str, Number] | None:
    """What stands after ``isbn:``, as (kind, shown, number); None where there is nothing."""
    compact = normalise_number(text).upper()
    if not compact:
        return None
    if isbn.is_valid(compact):
        thirteen = isbn.to_isbn13(compact)
        return "isbn", thirteen, Number((thirteen,))
    return "isbn-invalid", compact, _either_case(compact)


def read_code(text: str) -> Number | None:
    """The text as a call number or accession number (``398.8 TH459C``, ``HK000001``), where it looks like one."""
    if len(text) > _MAX_CODE or not _CODE.search(text):
        return None
    code = normalise_number(text)
    return Number((code,)) if code else None


def _read_isbn(compact: str, loose: bool) -> tuple[str, str, Number, bool] | None:
    book = len(compact) == 13 and compact.startswith(("978", "979"))
    if (book or (loose and len(compact) == 10)) and isbn.is_valid(compact):
        thirteen = isbn.to_isbn13(compact)
        return "isbn", thirteen, Number((thirteen,)), True
    if book or loose:
        return "isbn-invalid", compact, _either_case(compact), False
    return None


def _either_case(compact: str) -> Number:
    return Number(tuple(dict.fromkeys((compact, compact.lower()))))


def _read_issn(compact: str, written: str, labelled: bool) -> tuple[str, str, Number, bool] | None:
    if not (labelled or re.fullmatch(rf"\d{{4}}[{_DASHES}]\d{{3}}[\dxX]", written)) or not issn.is_valid(compact):
        return None
    shown = f"{compact[:4]}-{compact[4:]}"
    return "issn", shown, Number((shown, compact)), labelled
