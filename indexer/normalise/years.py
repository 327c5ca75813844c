"""Years out of what people write where a date should stand. Never a guess.

Rules, in this order:
* ``1985 [i.e. 1986]`` is the corrected year; ``1963-65``, ``2002 - 2003``, ``1998/1999`` are ranges; otherwise the
  first
  four digits that stand alone and are plausible (1000 up to the latest year the caller allows) are the year, whatever
  stands around them (``c2004``, ``[1985?]``, ``Quý III/2004``, ``2006._Tủ sách``, ``2004`` and 180 spaces and ``dd``).
* A decade that is stated as one (``197-?``, ``[198-]``, ``199u``) is the range of its ten years: that much is known.
* A century that is stated as one (``[19--?]``, ``18--``): unknown, and no fault of anybody's.
* Two digits (``19?``), five (``20003``), three (``c005.``), a year to come: unknown, with a finding.
* 008 speaks where the field says nothing: its type of date tells a range from a year.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from indexer.normalise.numerals import parse_roman

EARLIEST = 1000


class Years(NamedTuple):
    """Both ends included; ``last`` is None for one year or an open end. ``rule`` names a doubt, or is empty."""

    first: int | None = None
    last: int | None = None
    rule: str = ""


UNKNOWN = Years()
_YEAR = re.compile(r"(?<![0-9])([12][0-9]{3})(?![0-9])")
_CORRECTED = re.compile(r"(?:i\.\s?e\.|tức là|recte)[,\s]*([12][0-9]{3})(?![0-9])", re.IGNORECASE)
_RANGE = re.compile(r"(?<![0-9])([12][0-9]{3})\]?\s*[-–—/]\s*\[?c?([12][0-9]{3}|[0-9]{2})(?![0-9])")
_DECADE = re.compile(r"(?<![0-9])([12][0-9]{2})[-?ux_](?![0-9])")
_CENTURY = re.compile(r"(?<![0-9])[12][0-9](?:--|uu)(?![0-9])")
_ISO = re.compile(r"([12][0-9]{3})(?:-[0-9]{2}(?:-[0-9]{2})?)?(?:[T ][0-9:.+Z-]*)?")


@lru_cache(maxsize=8_192)
def parse_years(written: str, latest: int) -> Years:
    """The years of a 260$c, 264$c or the like. *latest* is the last plausible year."""
    text = written.strip()
    if len(text) == 4 and text.isdecimal() and EARLIEST <= int(text) <= latest:
        return Years(int(text))
    if not text.strip(" .,:;[]()/-"):
        return UNKNOWN
    corrected = _CORRECTED.search(text)
    if corrected and EARLIEST <= int(corrected[1]) <= latest:
        return Years(int(corrected[1]))
    years = _read_range(text, latest) or _read_single(text, latest) or _read_decade(text, latest)
    if years:
        return years
    if any(map(str.isdigit, text)):
        return Years(rule="year-uncertain" if _CENTURY.search(text) else "year-impossible")
    roman = parse_roman("".join(character for character in text if character.isalpha()))
    if roman and EARLIEST <= roman <= latest:
        return Years(roman)
    return Years(rule="year-missing")


def _read_range(text: str, latest: int) -> Years | None:
    found = _RANGE.search(text)
    if found is None:
        return None
    first, ending = int(found[1]), found[2]
    last = int(ending) if len(ending) == 4 else first // 100 * 100 + int(ending)
    if EARLIEST <= first < last <= latest:
        return Years(first, last)
    return None


def _read_single(text: str, latest: int) -> Years | None:
    for found in _YEAR.finditer(text):
        year = int(found[1])
        if EARLIEST <= year <= latest:
            return Years(year, rule="year-uncertain" if text[found.end() : found.end() + 1] == "?" else "")
    return None


def _read_decade(text: str, latest: int) -> Years | None:
    found = _DECADE.search(text)
    if found is None:
        return None
    first = int(found[1]) * 10
    if EARLIEST <= first <= latest:
        return Years(first, first + 9, "year-uncertain")
    return None


@lru_cache(maxsize=8_192)
def parse_fixed_years(field: str, latest: int) -> Years:
    """008/06-14: the type of date and two dates. ``u`` in the last place is a decade, in two places nothing."""
    if len(field) < 15 or field[6] in "bn|":
        return UNKNOWN
    first, last = _read_fixed(field[7:11]), _read_fixed(field[11:15])
    if first is None or not EARLIEST <= first[0] <= latest:
        return UNKNOWN
    if field[6] in "cdikmqu" and last is not None and first[0] < last[1] <= latest:
        return Years(first[0], last[1])
    return Years(first[0], first[1] if first[1] != first[0] else None)


def _read_fixed(digits: str) -> tuple[int, int] | None:
    if digits.isdecimal():
        return int(digits), int(digits)
    if digits[:3].isdecimal() and digits[3] in "u?-x":
        return int(digits[:3]) * 10, int(digits[:3]) * 10 + 9
    return None


def choose_years(dates: list[str], latest: int) -> tuple[str, Years]:
    """The date of a document among several ``dc:date``: the shortest that is plausible, and of these the earliest.

    A repository repeats when it received and when it opened a document, to the second; the year of publication is
    the short one. The end of an embargo is no date of the document. Gives what was written and what it means.
    """
    candidates = []
    doubt = UNKNOWN
    for written in dates:
        if "embargo" in written.lower():
            continue
        years = _parse_date(written, latest)
        if years.first is not None:
            candidates.append((len(written), years.first, written, years))
        elif years.rule and not doubt.rule:
            doubt = years
    if not candidates:
        return (dates[0] if dates else ""), doubt
    _, _, written, years = min(candidates)
    return written, years


def _parse_date(written: str, latest: int) -> Years:
    """ISO 8601 first: ``2010-11`` is a month here, not a range."""
    iso = _ISO.fullmatch(written.strip())
    if iso and EARLIEST <= int(iso[1]) <= latest:
        return Years(int(iso[1]))
    return parse_years(written, latest)
