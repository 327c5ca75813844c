"""From elements (Dublin Core's, or those of a web page's metadata) to a Record: one function per field.

Rule: the mapping is the same for every source of elements; only where a description's parts stand differs, and that is
settled before: see element_values.py.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from indexer.crosswalks.doubts import doubt_languages, doubt_name, doubt_title
from indexer.crosswalks.element_links import read_holdings, read_links
from indexer.crosswalks.element_numbers import (
    CLASS,
    PRICED,
    read_classifications,
    read_identifiers,
    read_price,
    read_run,
)
from indexer.crosswalks.element_relations import is_series, read_relations
from indexer.crosswalks.element_values import Elements
from indexer.crosswalks.marc21_agents import build_publisher, read_people, read_responsible
from indexer.crosswalks.source import RuleBroken, Source
from indexer.normalise.audience import read_audience_words
from indexer.normalise.extent import is_media_type, normalise_extent
from indexer.normalise.keys import build_key
from indexer.normalise.languages import detect_language, is_bilingual_word, split_languages
from indexer.normalise.links import normalise_url, read_access
from indexer.normalise.material import read_type_words
from indexer.normalise.names import is_acronym, parse_body
from indexer.normalise.places import normalise_place
from indexer.normalise.prices import split_price
from indexer.normalise.publishers import NO_PUBLISHER, is_publishing_house, normalise_publisher
from indexer.normalise.responsibility import is_body
from indexer.normalise.subjects import build_subject, split_keywords
from indexer.normalise.text import trim_marks
from indexer.normalise.title import Statement, build_title, split_statement
from indexer.normalise.years import choose_years
from lienthu.finding import Severity
from lienthu.record import (
    Agent,
    AgentKind,
    Audience,
    DocumentType,
    Publication,
    Record,
    Subject,
    SubjectKind,
    Title,
)

_AGENT_ELEMENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("creator", ()), ("author", ()), ("editor", ("edt",)), ("translator", ("trl",)), ("contributor", ()),
    ("advisor", ("ths",)),
)  # fmt: skip
_SUBJECT_ELEMENTS: tuple[tuple[str, SubjectKind], ...] = (
    ("subject", "topic"), ("keywords", "keyword"), ("spatial", "place"), ("coverage", "place"), ("temporal", "period"),
)  # fmt: skip
_ORCID = re.compile(
    r"[\s,;(\[]*(?:orcid[:\s]*)?(?:https?://orcid\.org/)?[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X][)\]]?\s*$",
    re.IGNORECASE,
)
MAX_ACCESS_WORDS = 40
_CODED = ("info:eu-repo/", "urn:")
_GLUED = re.compile(r"^\s*([^:]{0,40}?)\s*:\s*(\S.*)$", re.DOTALL)


def map_elements(elements: Elements, source: Source, *, online: bool = False, own_address: str = "") -> Record:
    """The Record. *online* says that the record's own address leads to the document, not only to a description;
    *own_address* is that of a page which only describes it, and so is no link to it."""
    statement = _split_title(elements, source)
    title = _read_title(elements, statement)
    doubt_title(title, f"{elements.prefix}title", source)
    for name, value in elements.marked:
        source.note("markup-in-field", elements.prefix + name, value, "markup taken out")
    raw = source.raw
    links = read_links(elements, source, own_address)
    return Record(
        partner_id=raw.partner_id,
        feed_id=raw.feed_id,
        source_id=raw.source_id,
        title=title,
        type=_read_type(elements),
        agents=_read_agents(elements, source, statement.responsibility),
        publication=_read_publication(elements, source),
        edition_statement=_read_edition(elements),
        languages=_read_languages(elements, source, title),
        subjects=_read_subjects(elements, source, title),
        classifications=read_classifications(elements),
        identifiers=read_identifiers(elements, source),
        extent=_read_extent(elements),
        audience=_read_audience(elements),
        series=_read_series(elements),
        abstract=_read_abstract(elements),
        contents=_read_contents(elements),
        notes=_read_notes(elements),
        price=read_price(elements),
        print_run=read_run(elements),
        links=links,
        relations=read_relations(elements),
        holdings=read_holdings(elements, source, links if online else ()),
        findings=tuple(source.findings),
    )


def _split_title(elements: Elements, source: Source) -> Statement:
    """The first title in its parts. None: the record fails."""
    for written in elements.every("title"):
        statement = split_statement(written)
        if build_key(statement.main):
            return statement
    partner_id, _, source_id = source.raw.key
    field = f"{elements.prefix}title"
    raise RuleBroken(field, "title-missing", f"{partner_id}, record {source_id}: there is no title in {field}")


def _read_title(elements: Elements, statement: Statement) -> Title:
    """The first title, its parts parted by `` / ``, `` : `` and `` = ``; the same in another language is a parallel
    title; further titles, and ``alternative``, are other titles to be found by."""
    others = [trim_marks(split_statement(title).main) for title in elements.every("title")[1:]]
    others.extend([trim_marks(title) for title in elements.every("alternative")])
    return build_title(
        statement.main,
        subtitle=statement.subtitle,
        parallel=(*statement.parallel, *[trim_marks(title) for title in elements.every("paralleltitle")]),
        responsibility=statement.responsibility,
        volumes=tuple(elements.every("volumenumber")),
        variants=tuple(dict.fromkeys([title for title in others if title and title != statement.main])),
    )


def _read_agents(elements: Elements, source: Source, responsibility: str) -> tuple[Agent, ...]:
    """creator, then contributor (an ORCID is no part of a name); where neither names anybody, what stood after the
    slash of the title."""
    agents: dict[str, Agent] = {}
    for name, roles in _AGENT_ELEMENTS:
        for value in elements.every(name):
            for agent in _read_agent(value, elements.prefix + name, source):
                every = agent.roles if agent.is_publisher else tuple(dict.fromkeys([*agent.roles, *roles]))
                agents.setdefault(
                    agent.key, Agent(name=agent.name, key=agent.key, kind=agent.kind, roles=every, dates=agent.dates)
                )
    if responsibility and all(agent.is_publisher for agent in agents.values()):
        for agent in read_responsible(responsibility):
            agents.setdefault(agent.key, agent)
    return tuple(agents.values())


def _read_agent(value: str, field: str, source: Source) -> Iterable[Agent]:
    value = _ORCID.sub("", value)
    if not value:
        return
    if is_publishing_house(value):
        source.note("publisher-as-author", field, value, "not taken for an author")
        yield build_publisher(value)
        return
    if is_body(value):
        body = parse_body(value)
        if body.key:
            yield Agent(name=body.name, key=body.key, kind="corporate")
        return
    if rule := doubt_name(value):
        source.note(rule, field, value, "set aside", "note")
    for name in read_people(value):
        if name.rule:
            source.note(name.rule, field, name.name, "not taken for a name")
        else:
            kind: AgentKind = "corporate" if is_acronym(name.name) else "person"
            yield Agent(name=name.name, key=name.key, kind=kind, roles=name.roles, dates=name.dates)


def _read_publication(elements: Elements, source: Source) -> Publication:
    """publisher, perhaps with the place glued before it (``H.:Đại học Kinh tế Quốc dân,``); the year among several
    dates is that of the shortest."""
    place = place_key = ""
    publisher = NO_PUBLISHER
    for value in elements.every("publisher"):
        text = value
        glued = _GLUED.match(value)
        if glued and not normalise_url(value):
            place, place_key = normalise_place(glued[1])
            text = glued[2]
        publisher = normalise_publisher(text)
        if publisher.key:
            break
    for value in elements.every("place", "publisherplace"):
        if not place_key:
            place, place_key = normalise_place(value)
    dates = elements.every("issued", "publicationdate", "datepublished") or elements.every("date", "created")
    written, years = choose_years(dates, source.latest)
    if years.rule:
        done = "year unknown" if years.first is None else ""
        severity: Severity = "warning" if years.rule == "year-impossible" else "note"
        source.note(years.rule, f"{elements.prefix}date", written, done, severity)
    elif years.first is None:
        source.note("year-missing", f"{elements.prefix}date", written, "year unknown", "note")
    return Publication(
        place=place,
        place_key=place_key,
        publisher=publisher.shown,
        publisher_key=publisher.key,
        publisher_label=publisher.label,
        date=trim_marks(written),
        year=years.first,
        year_end=years.last,
    )


def _read_type(elements: Elements) -> DocumentType:
    """The first word that means a type more special than a book (``Text`` may stand before ``Thesis``); ``no type
    provided`` means none."""
    kinds = [kind for value in elements.every("type") if (kind := read_type_words(value)) is not None]
    return next((kind for kind in kinds if kind != "book"), "book")


def _read_languages(elements: Elements, source: Source, title: Title) -> tuple[str, ...]:
    """Codes and words; without any, what the title is written in, with a finding."""
    found: list[str] = []
    field = f"{elements.prefix}language"
    for value in elements.every("language"):
        codes = split_languages(value)
        found.extend(codes)
        if not codes:
            rule = "language-word" if is_bilingual_word(value) else "language-unknown"
            source.note(rule, field, value, "passed over", "note")
    if found:
        doubt_languages(tuple(found), title, field, source)
        return tuple(dict.fromkeys(found))
    detected = detect_language(title.main)
    if not detected:
        return ()
    source.note("language-missing", field, "", f"the title is in {detected}", "note")
    return (detected,)


def _read_subjects(elements: Elements, source: Source, title: Title) -> tuple[Subject, ...]:
    """subject and keywords; coverage and spatial are places. One that only repeats the title is dropped."""
    found: dict[str, Subject] = {}
    title_key = build_key(title.main)
    for name, kind in _SUBJECT_ELEMENTS:
        for value in elements.every(name):
            if value.startswith(_CODED) or CLASS.match(value):
                continue
            for text in split_keywords(value):
                subject = build_subject(text, kind)
                if subject is None:
                    continue
                if subject.key == title_key:
                    source.note("subject-repeats-title", elements.prefix + name, text, "dropped")
                    continue
                found.setdefault(subject.key, subject)
    return tuple(found.values())


def _read_edition(elements: Elements) -> str:
    """The statement of edition, as written."""
    return elements.first("edition", "bookedition")


def _read_series(elements: Elements) -> tuple[str, ...]:
    """isPartOf and isPartOfSeries, but no addresses; and a relation that is written as a series with its number
    (``Working papers;ERS-2003-021``)."""
    numbered = [value for value in elements.every("relation") if is_series(value)]
    stated = [value for value in elements.every("ispartof", "series") if not normalise_url(value)]
    return tuple(dict.fromkeys([trim_marks(value) for value in (*stated, *numbered)]))


def _read_abstract(elements: Elements) -> str:
    """The abstract; without one, the longest of the descriptions."""
    stated = elements.every("abstract")
    return "\n".join(stated) if stated else max(elements.every("description"), key=len, default="")


def _read_contents(elements: Elements) -> str:
    """tableOfContents."""
    return " ".join(elements.every("tableofcontents"))


def _read_extent(elements: Elements) -> str:
    """extent and format; a media type or a number of bytes is no extent."""
    sizes = [value for value in elements.every("format") if not value.isdecimal()]
    for value in (*elements.every("extent"), *sizes, *elements.every("numberofpages")):
        if not (is_media_type(value) or is_media_type(value.partition(" ")[0])):
            extent = split_price(normalise_extent([value]))[0]
            if extent:
                return f"{extent} tr." if extent.isdecimal() else extent
    return ""


def _read_audience(elements: Elements) -> Audience:
    """audience, in words (``juvenile``, ``Thiếu nhi``, an age)."""
    return next((found for words in elements.every("audience") if (found := read_audience_words(words))), "")


def _read_notes(elements: Elements) -> tuple[str, ...]:
    """The descriptions that were not taken for the abstract, citations, and what is said of audience and rights in
    words."""
    abstract = _read_abstract(elements)
    left = [value for value in elements.every("description") if value != abstract]
    citations = [value for value in elements.every("identifier") if _is_citation(value)]
    others = elements.every("bibliographiccitation", "note", "audience", "rights", "accessrights")
    words = [value for value in others if not (value.startswith(_CODED) or normalise_url(value) or _is_access(value))]
    return tuple(dict.fromkeys([*left, *citations, *words]))[:100]


def _is_access(words: str) -> bool:
    """Short words that say no more than the access of the links does."""
    return len(words) <= MAX_ACCESS_WORDS and read_access(words) != "unknown"


def _is_citation(identifier: str) -> bool:
    """Some repositories write how the document is cited where an identifier belongs: words, not a number."""
    return identifier.count(" ") >= 4 and not identifier.startswith(("http:", "https:"))


FIELD_RULES: Mapping[str, Callable[..., Any]] = {
    "title": _read_title, "edition_statement": _read_edition, "type": _read_type,
    "agents": _read_agents, "publication": _read_publication,
    "languages": _read_languages, "subjects": _read_subjects, "classifications": read_classifications,
    "identifiers": read_identifiers, "extent": _read_extent, "audience": _read_audience,
    "series": _read_series, "abstract": _read_abstract,
    "contents": _read_contents, "notes": _read_notes, "price": read_price, "print_run": read_run,
    "links": read_links, "relations": read_relations,
    "holdings": read_holdings,
}  # fmt: skip
"""Field of a Record -> its rule, for those who want it told."""
SOURCES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "paralleltitle", "alternative", "volumenumber"), "edition_statement": ("edition", "bookedition"),
    "type": ("type",), "agents": tuple([name for name, _roles in _AGENT_ELEMENTS]),
    "publication": ("publisher", "place", "publisherplace", "issued", "publicationdate", "datepublished", "date",
        "created"),
    "languages": ("language",), "subjects": tuple([name for name, _kind in _SUBJECT_ELEMENTS]),
    "classifications": ("ddc", "lcc", "udc", "clc", "classification", "subject"),
    "identifiers": ("isbn", "issn", "doi", "identifier", "source", "relation", "url"),
    "extent": ("extent", "format", "numberofpages"), "audience": ("audience",), "series": ("ispartof", "series"),
    "abstract": ("abstract", "description"), "contents": ("tableofcontents",),
    "notes": ("description", "identifier", "bibliographiccitation", "note", "audience", "rights", "accessrights"),
    "links": ("url", "identifier", "pdf_url", "relation", "rights", "accessrights"),
    "relations": ("source", "host", "edition-of", "form-of", "contains", "earlier", "later", "relation"),
    "holdings": ("identifier", "url", "format", "callnumber", "shelfmark"), "price": ("price", *PRICED),
    "print_run": ("price", *PRICED),
}  # fmt: skip
"""Field of a Record -> the elements that its rule looks at."""
