"""The filters of a page of results: one plain form, a checkbox for each value, the exact count in its label.

Within a facet any chosen value may match; all facets must. A number beside a value is the number of documents that the
reader sees after choosing it alone.
"""

from collections.abc import Mapping, Sequence

import msgspec

from lienthu.i18n import mark
from lienthu.partner import Partner
from lienthu.search import UNKNOWN, FacetValue
from search_api.answer import Asked
from search_api.labels import label_facet
from web.language import Language
from web.presenters.links import PAGE_FACETS, Links, replace, without_filter
from web.presenters.numbers import format_number

SHOWN_FIRST = 6
SHOWN_FIRST_OF = {"class": 12}
"""All classes stand in sight."""
MOST_CHOICES = 12
"""Of one facet, so that a page stays light on a slow line. Chosen ones and libraries always stand there."""
FACET_TITLES: Mapping[str, str] = {
    "partner": mark("Library"),
    "type": mark("Document type"),
    "language": mark("Language"),
    "author": mark("Author"),
    "subject": mark("Subject"),
    "publisher": mark("Publisher"),
    "access": mark("Access"),
    "class": mark("Class"),
    "school_subject": mark("School subject"),
    "textbook_set": mark("Textbook set"),
    "kind": mark("Kind of book"),
    "people": mark("People (ethnic group)"),
    "place": mark("About the place"),
    "publication_place": mark("Place of publication"),
    "series": mark("Series"),
    "ddc": mark("Classification (DDC)"),
}


class Choice(msgspec.Struct, frozen=True):
    """One checkbox. ``count`` is written in the reader's language."""

    value: str
    label: str
    count: str
    checked: bool


class Facet(msgspec.Struct, frozen=True):
    """``more`` are folded behind ``more_words``; a chosen value is never among them."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...]
    more_words: str


class YearChoice(msgspec.Struct, frozen=True):
    """A button that asks for one span of years."""

    value: str
    label: str
    count: str
    chosen: bool


class Years(msgspec.Struct, frozen=True):
    """The two fields hold ``first`` and ``last``; ``unknown`` is the checkbox for documents without a year."""

    first: str
    last: str
    choices: tuple[YearChoice, ...]
    more: tuple[YearChoice, ...]
    more_words: str
    unknown: Choice | None


class Chip(msgspec.Struct, frozen=True):
    """An active filter; ``address`` is the search without it."""

    words: str
    address: str


def present_facets(
    asked: Asked,
    facets: Mapping[str, Sequence[FacetValue]],
    partners: Mapping[str, Partner],
    language: Language,
    total: int = 0,
) -> tuple[Facet, ...]:
    """The facets that have something to choose, in the order of the page. One whose only value is that of all *total*
    documents would narrow nothing and is left out."""
    shown = []
    for name in PAGE_FACETS:
        chosen = asked.filters.get(name, ())
        choices = [
            Choice(
                value=value.value,
                label=label_facet(name, value.value, value.label, language.code, partners),
                count=format_number(value.count, language.code),
                checked=value.selected or value.value in chosen,
            )
            for value in facets.get(name, ())
            if value.count or value.selected or value.value in chosen
        ]
        if name != "partner":
            choices = [choice for place, choice in enumerate(choices) if place < MOST_CHOICES or choice.checked]
        if name == "class":
            choices.sort(key=lambda choice: int(choice.value) if choice.value.isdecimal() else 0)
        if choices and not _narrows_nothing(name, facets[name], choices, total):
            shown.append(_fold_choices(name, choices, language))
    return tuple(shown)


def _narrows_nothing(name: str, values: Sequence[FacetValue], choices: Sequence[Choice], total: int) -> bool:
    """Libraries are always told."""
    return len(choices) == 1 and not choices[0].checked and values[0].count == total and name != "partner"


def present_years(asked: Asked, values: Sequence[FacetValue], language: Language) -> Years:
    """The fields, filled with the years asked for, and the spans that have documents, newest first."""
    first, dash, last = asked.year.partition("-")
    spans = sorted((value for value in values if value.value != UNKNOWN), key=_read_first_year, reverse=True)
    choices = [
        YearChoice(
            value=value.value,
            label=value.value.replace("-", "–"),
            count=format_number(value.count, language.code),
            chosen=value.value == asked.year,
        )
        for value in spans
        if value.count
    ]
    unknown = next((value for value in values if value.value == UNKNOWN), None)
    hidden = len(choices) - SHOWN_FIRST
    return Years(
        first="" if asked.year == UNKNOWN else first,
        last="" if asked.year == UNKNOWN else last if dash else first,
        choices=tuple(choices[:SHOWN_FIRST]),
        more=tuple(choices[SHOWN_FIRST:]),
        more_words=say_more(hidden, language),
        unknown=_present_unknown_year(unknown, asked, language),
    )


def present_chips(
    asked: Asked,
    facets: Mapping[str, Sequence[FacetValue]],
    partners: Mapping[str, Partner],
    links: Links,
    language: Language,
) -> tuple[Chip, ...]:
    """What narrows this search, each with the way to be rid of it."""
    chips = []
    for facet, values in asked.filters.items():
        labels = {value.value: value.label for value in facets.get(facet, ())}
        for value in values:
            label = label_facet(facet, value, labels.get(value, value), language.code, partners)
            title = language.say(FACET_TITLES[facet])
            named = facet == "partner"  # a library's name says itself that it is one
            words = label if named else language.say("{name}: {value}", name=title, value=label)
            chips.append(Chip(words, links.results(without_filter(asked, facet, value))))
    if asked.year:
        words = language.say("{name}: {value}", name=language.say("Year"), value=describe_years(asked.year, language))
        chips.append(Chip(words, links.results(replace(asked, year="", page=1))))
    return tuple(chips)


def describe_years(year: str, language: Language) -> str:
    """``1990-`` -> *từ 1990*."""
    if year == UNKNOWN:
        return language.say("year not known")
    first, dash, last = year.partition("-")
    if not dash:
        return first
    if not first:
        return language.say("until {year}", year=last)
    if not last:
        return language.say("from {year}", year=first)
    return f"{first}–{last}"


def say_more(hidden: int, language: Language) -> str:
    return language.say_many("See {n} more", "See {n} more", max(hidden, 0))


def _fold_choices(name: str, choices: Sequence[Choice], language: Language) -> Facet:
    """The first few and all chosen ones in sight. One value alone is never folded: its summary would be as long."""
    first = SHOWN_FIRST_OF.get(name, SHOWN_FIRST)
    in_sight = [choice for place, choice in enumerate(choices) if place < first or choice.checked]
    folded = [choice for choice in choices if choice not in in_sight]
    if len(folded) == 1:
        in_sight, folded = list(choices), []
    return Facet(
        name=name,
        title=language.say(FACET_TITLES[name]),
        choices=tuple(in_sight),
        more=tuple(folded),
        more_words=say_more(len(folded), language),
    )


def _present_unknown_year(value: FacetValue | None, asked: Asked, language: Language) -> Choice | None:
    chosen = asked.year == UNKNOWN
    if not chosen and (value is None or not value.count):
        return None
    count = format_number(value.count if value else 0, language.code)
    return Choice(value=UNKNOWN, label=language.say("Year not known"), count=count, checked=chosen)


def _read_first_year(value: FacetValue) -> int:
    first = value.value.partition("-")[0]
    return int(first) if first.isdecimal() else 0
