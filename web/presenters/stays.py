"""Stays: a book of a bookcase that rotates, or of a mobile library, stands somewhere from one day to another.

Rule: of each copy the stay of today is shown, with its last day and where it goes next. Without one, the next stay is
told as what is to come, or the last one as what was: neither is a place where the book can be had now. Copies without
days are where they are. What day it is decides the page, not when the index was built.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import msgspec

from lienthu.holding import Holding
from web.language import Language
from web.presenters.dates import format_day, read_day

_EVER, _NEVER = date.max, date.min


def place_copies(copies: Sequence[Holding], today: date | None, language: Language) -> list[Holding]:
    """Each copy once, its location and note as they are to be read today. Without *today*, days are not looked at."""
    if not any(copy.bookcase or copy.from_day or copy.to_day for copy in copies):
        return list(copies)
    if today is None:
        return [_show(copy, copy.note) for copy in copies]
    dated = [copy for copy in copies if copy.from_day or copy.to_day]
    placed = [_show(copy, copy.note) for copy in copies if not (copy.from_day or copy.to_day)]
    for _name, stays in groupby(sorted(dated, key=_name_copy), key=_name_copy):
        placed.append(_place_copy(sorted(stays, key=lambda stay: (_first_day(stay), _last_day(stay))), today, language))
    return placed


def _place_copy(stays: Sequence[Holding], today: date, language: Language) -> Holding:
    """The stay of today (of several, the one that began last), else the next, else the last."""
    coming = [stay for stay in stays if _first_day(stay) > today]
    present = [stay for stay in stays if _first_day(stay) <= today <= _last_day(stay)]
    if present:
        stay = present[-1]
        until = language.say("until {date}", date=format_day(_last_day(stay), language.code)) if stay.to_day else ""
        after = _say_next(coming[0], language) if coming else ""
        return _show(stay, "; ".join([text for text in (until, after, stay.note) if text]))
    if coming:
        stay = coming[0]
        note = "; ".join([text for text in (_say_next(stay, language), stay.note) if text])
    else:
        stay = stays[-1]
        day = format_day(_last_day(stay), language.code)
        was = language.say("was in {place} until {date}", place=_name_place(stay), date=day)
        note = "; ".join([text for text in (was, stay.note) if text])
    return msgspec.structs.replace(stay, location="", bookcase="", note=note, status="unknown")


def _say_next(stay: Holding, language: Language) -> str:
    day = format_day(_first_day(stay), language.code)
    return language.say("from {date} in {place}", date=day, place=_name_place(stay))


def _show(copy: Holding, note: str) -> Holding:
    return msgspec.structs.replace(copy, location=_name_place(copy), bookcase="", note=note)


def _name_place(copy: Holding) -> str:
    return ", ".join(dict.fromkeys([text for text in (copy.bookcase, copy.location) if text]))


def _name_copy(copy: Holding) -> tuple[str, str, str, str]:
    """What tells one copy from another: its number, else the bookcase that it belongs to."""
    return (
        copy.partner_id,
        copy.accession_number,
        "" if copy.accession_number else copy.bookcase or copy.location,
        copy.call_number,
    )


def _first_day(copy: Holding) -> date:
    return read_day(copy.from_day, None) or _NEVER


def _last_day(copy: Holding) -> date:
    return read_day(copy.to_day, None) or _EVER
