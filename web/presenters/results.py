"""The page of results: what was understood, what narrows it, the rows, and from every dead end a way on."""

from collections.abc import Mapping, Sequence

import msgspec

from lienthu.i18n import mark
from lienthu.search import MAX_WINDOW, FacetValue, Sort
from search_api.answer import Answer, Asked
from web.presenters.facets import (
    Chip,
    Facet,
    Years,
    present_chips,
    present_facets,
    present_years,
)
from web.presenters.holdings import Reader
from web.presenters.links import PAGE_SIZE, Links, build_telephone_address, replace
from web.presenters.numbers import format_number
from web.presenters.rows import Row, present_row

SORTS: Mapping[Sort, str] = {
    Sort.RELEVANCE: mark("Relevance"),
    Sort.NEWEST: mark("Newest"),
    Sort.OLDEST: mark("Oldest"),
    Sort.TITLE: mark("Title A–Z"),
}
FIELDS: Mapping[str, str] = {
    "title": mark("Looked for “{text}” among titles."),
    "author": mark("Looked for “{text}” among authors."),
    "subject": mark("Looked for “{text}” among subjects."),
    "publisher": mark("Looked for “{text}” among publishers."),
    "series": mark("Looked for “{text}” among series."),
}
CUT = mark("The question was very long: only its beginning was used.")
READ_AS: Mapping[str, str] = {
    "phrase": mark("Looked for “{text}” as one phrase."),
    "not": mark("Left out what has “{text}”."),
    "isbn": mark("Read as the ISBN {text}."),
    "issn": mark("Read as the ISSN {text}."),
    "isbn-invalid": mark(
        "{text} looks like an ISBN, but its check digit is wrong: compare it with the one printed on the book."
    ),
    "or": mark("OR was read as “either of these”."),
    "no-words": mark("“{text}” has no word to look for: type letters or numbers."),
    "cut": CUT,
    **{f"field:{name}": words for name, words in FIELDS.items()},
}
WORDS_TO_DROP = 6


class Link(msgspec.Struct, frozen=True):
    words: str
    address: str


class SortChoice(msgspec.Struct, frozen=True):
    value: str
    label: str
    chosen: bool


class PageLink(msgspec.Struct, frozen=True):
    """A page in the paging; ``address`` is empty for the one that is open and for a gap (``…``)."""

    label: str
    address: str
    current: bool = False


class Paging(msgspec.Struct, frozen=True):
    previous: str
    next: str
    pages: tuple[PageLink, ...]
    words: str


class Hidden(msgspec.Struct, frozen=True):
    """A parameter that a form carries along."""

    name: str
    value: str


class ResultsPage(msgspec.Struct, frozen=True, kw_only=True):
    """``title`` is the page's; ``summary`` what was understood; ``widened`` is empty unless the search was."""

    title: str
    heading: str
    summary: str
    widened: str
    strict_address: str
    loosen_address: str
    explanations: tuple[str, ...]
    corrections: tuple[Link, ...]
    chips: tuple[Chip, ...]
    clear_address: str
    filters_words: str
    facets: tuple[Facet, ...]
    years: Years
    sorts: tuple[SortChoice, ...]
    hidden: tuple[Hidden, ...]
    first_number: int
    rows: tuple[Row, ...]
    fewer_words: tuple[Link, ...]
    paging: Paging | None
    phone: str
    phone_address: str
    library: str


def present_results(answer: Answer, reader: Reader, cut: bool = False) -> ResultsPage:
    """``cut`` says that the question was longer than can be asked and only its beginning was used."""
    asked, language = answer.asked, reader.language
    chips = present_chips(asked, answer.facets, reader.partners, reader.links, language)
    home = next(iter(reader.partners.values()), None)
    return ResultsPage(
        title=_name_page(answer, reader),
        heading=language.say("“{q}”", q=asked.q) if asked.q else language.say("All documents"),
        summary=_summarise(answer, reader),
        widened=_explain_widening(answer, reader),
        strict_address=reader.links.results(replace(asked, strict=True, page=1)),
        loosen_address=reader.links.results(replace(asked, strict=False, page=1)) if asked.strict else "",
        explanations=_explain_reading(answer, reader, cut),
        corrections=tuple(Link(words, reader.links.words(words)) for words in answer.corrections),
        chips=chips,
        clear_address=reader.links.results(replace(asked, filters={}, year="", page=1)),
        filters_words=_count_filters(len(chips), reader),
        facets=present_facets(asked, answer.facets, reader.partners, language, answer.total),
        years=present_years(asked, answer.facets.get("year", ()), language),
        sorts=tuple(SortChoice(str(sort), language.say(words), sort == asked.sort) for sort, words in SORTS.items()),
        hidden=_list_hidden(asked),
        first_number=(asked.page - 1) * asked.size + 1,
        rows=tuple(present_row(found, reader) for found in answer.found),
        fewer_words=() if answer.found else _drop_words(asked, reader.links),
        paging=present_paging(answer, reader),
        phone=home.phone if home else "",
        phone_address=build_telephone_address(home.phone) if home else "",
        library=home.name_in(language.code) if home else "",
    )


def count_pages(total: int) -> int:
    """How many pages can be asked for: the engine answers no further than MAX_WINDOW."""
    return max(1, -(-min(total, MAX_WINDOW) // PAGE_SIZE))


def present_paging(answer: Answer, reader: Reader) -> Paging | None:
    """First, last and the neighbours of this page; None where one page is all."""
    last = count_pages(answer.total)
    here = answer.asked.page
    if last == 1:
        return None
    numbers = sorted({1, last, *(page for page in range(here - 1, here + 2) if 1 <= page <= last)})
    pages: list[PageLink] = []
    for place, page in enumerate(numbers):
        if place and page - numbers[place - 1] > 1:
            pages.append(PageLink("…", ""))
        label = format_number(page, reader.language.code)
        pages.append(PageLink(label, "" if page == here else _address_page(page, answer.asked, reader), page == here))
    return Paging(
        previous=_address_page(here - 1, answer.asked, reader) if here > 1 else "",
        next=_address_page(here + 1, answer.asked, reader) if here < last else "",
        pages=tuple(pages),
        words=reader.language.say(
            "Page {page} of {last}",
            page=format_number(here, reader.language.code),
            last=format_number(last, reader.language.code),
        ),
    )


def count_libraries(asked: Asked, values: Sequence[FacetValue]) -> int:
    """How many libraries have what is shown: the chosen ones, or all. Chosen ones with nothing do not count."""
    chosen = asked.filters.get("partner")
    return sum(1 for value in values if value.count and (not chosen or value.value in chosen))


def _summarise(answer: Answer, reader: Reader) -> str:
    """*14 tài liệu, ở 5 thư viện*"""
    language = reader.language
    if not answer.total:
        return language.say("No matching documents")
    documents = language.say_many("{n} document", "{n} documents", answer.total)
    libraries = count_libraries(answer.asked, answer.facets.get("partner", ()))
    if not libraries:
        return documents
    held = language.say_many("in {n} library", "in {n} libraries", libraries)
    return language.say("{documents}, {libraries}", documents=documents, libraries=held)


def _name_page(answer: Answer, reader: Reader) -> str:
    asked, language = answer.asked, reader.language
    name = asked.q[:80] if asked.q else language.say("All documents")
    if asked.page > 1:
        page = format_number(asked.page, language.code)
        return language.say("{name} (page {page})", name=name, page=page)
    return name


def _explain_widening(answer: Answer, reader: Reader) -> str:
    if not answer.widened:
        return ""
    if not answer.strict_total:
        return reader.language.say("No document has all the words: these have most of them.")
    return reader.language.say_many(
        "Only {n} document has all the words, so the search was widened.",
        "Only {n} documents have all the words, so the search was widened.",
        answer.strict_total,
    )


def _explain_reading(answer: Answer, reader: Reader, cut: bool) -> tuple[str, ...]:
    """What operators were read, in words; the kinds that need no words are left out."""
    read = [("cut", ""), *answer.read_as] if cut else answer.read_as
    words = [reader.language.say(READ_AS[kind], text=text) for kind, text in read if kind in READ_AS]
    return tuple(dict.fromkeys(words))


def _count_filters(active: int, reader: Reader) -> str:
    if not active:
        return reader.language.say("Filter results")
    return reader.language.say_many("Filter results ({n} active)", "Filter results ({n} active)", active)


def _list_hidden(asked: Asked) -> tuple[Hidden, ...]:
    """What the form of filters carries along besides its own fields."""
    kept = [Hidden("q", asked.q)] if asked.q else []
    return (*kept, Hidden("strict", "1")) if asked.strict else tuple(kept)


def _drop_words(asked: Asked, links: Links) -> tuple[Link, ...]:
    """From a search that found nothing: the same with one word less."""
    words = asked.q.split()
    if not 1 < len(words) <= WORDS_TO_DROP:
        return ()
    shorter = [" ".join((*words[:place], *words[place + 1 :])) for place in range(len(words))]
    return tuple(Link(q, links.results(replace(asked, q=q, page=1))) for q in dict.fromkeys(shorter))


def _address_page(page: int, asked: Asked, reader: Reader) -> str:
    return reader.links.results(replace(asked, page=page))
