"""From elements (Dublin Core's, or those of a web page's metadata) to a Record: one function per field.

Rule: the mapping is the same for every source of elements; only where a description's parts stand differs, and that is
settled before: see element_values.py.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from indexer.crosswalks.doubts import doubt_name, doubt_title
from indexer.crosswalks.element_values import Elements
from indexer.crosswalks.marc21_agents import read_people, read_responsible
from indexer.crosswalks.source import RuleBroken, Source
from indexer.normalise.extent import is_media_type, normalise_extent
from indexer.normalise.isbn import parse_isbn, parse_issn
from indexer.normalise.keys import build_key
from indexer.normalise.languages import detect_language, is_bilingual_word, split_languages
from indexer.normalise.links import normalise_url, read_access
from indexer.normalise.material import read_type_words
from indexer.normalise.names import is_acronym, parse_body
from indexer.normalise.places import normalise_place
from indexer.normalise.publishers import NO_PUBLISHER, is_publishing_house, normalise_publisher
from indexer.normalise.responsibility import is_body
from indexer.normalise.subjects import build_subject, split_keywords
from indexer.normalise.text import trim_marks
from indexer.normalise.title import Statement, build_title, split_statement
from indexer.normalise.years import choose_years
from lienthu.finding import Severity
from lienthu.holding import Access, Holding
from lienthu.record import (
    Agent,
    AgentKind,
    DocumentType,
    Identifier,
    Link,
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
_GLUED = re.compile(r"^\s*([^:]{0,40}?)\s*:\s*(\S.*)$", re.DOTALL)
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)


def map_elements(elements: Elements, source: Source, *, online: bool = False, own_address: str = "") -> Record:
    """The Record. *online* says that the record's own address leads to the document, not only to a description;
    *own_address* is that of a page which only describes it, and so is no link to it."""
    statement = _split_title(elements, source)
    title = _read_title(elements, statement)
    doubt_title(title, f"{elements.prefix}title", source)
    for name, value in elements.marked:
        source.note("markup-in-field", elements.prefix + name, value, "markup taken out")
    raw = source.raw
    links = _read_links(elements, source, own_address)
    return Record(
        partner_id=raw.partner_id,
        feed_id=raw.feed_id,
        source_id=raw.source_id,
        title=title,
        type=_read_type(elements),
        agents=_read_agents(elements, source, statement.responsibility),
        publication=_read_publication(elements, source),
        edition_statement=elements.first("edition", "bookedition"),
        languages=_read_languages(elements, source, title),
        subjects=_read_subjects(elements, source, title),
        identifiers=_read_identifiers(elements, source),
        extent=_read_extent(elements),
        series=tuple([trim_marks(value) for value in elements.every("ispartof", "series") if not normalise_url(value)]),
        abstract="\n".join(elements.every("abstract") or elements.every("description")[:1]),
        contents=" ".join(elements.every("tableofcontents")),
        notes=_read_notes(elements),
        links=links,
        holdings=_read_holdings(elements, source, links if online else ()),
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
    """Further titles, and ``alternative``, are other titles to be found by."""
    others = [trim_marks(split_statement(title).main) for title in elements.every("title")[1:]]
    others.extend([trim_marks(title) for title in elements.every("alternative")])
    return build_title(
        statement.main,
        subtitle=statement.subtitle,
        parallel=statement.parallel,
        responsibility=statement.responsibility,
        volumes=tuple(elements.every("volumenumber")),
        variants=tuple(dict.fromkeys([title for title in others if title and title != statement.main])),
    )


def _read_agents(elements: Elements, source: Source, responsibility: str) -> tuple[Agent, ...]:
    """creator, then contributor; where neither names anybody, what stood after the slash of the title."""
    agents: dict[str, Agent] = {}
    for name, roles in _AGENT_ELEMENTS:
        for value in elements.every(name):
            for agent in _read_agent(value, elements.prefix + name, source):
                every = tuple(dict.fromkeys([*agent.roles, *roles]))
                agents.setdefault(
                    agent.key, Agent(name=agent.name, key=agent.key, kind=agent.kind, roles=every, dates=agent.dates)
                )
    if not agents and responsibility:
        for agent in read_responsible(responsibility):
            agents.setdefault(agent.key, agent)
    return tuple(agents.values())


def _read_agent(value: str, field: str, source: Source) -> Iterable[Agent]:
    if is_publishing_house(value):
        source.note("publisher-as-author", field, value, "not taken for an author")
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
    """The first word that means a type; ``no type provided`` means none."""
    for value in elements.every("type"):
        kind = read_type_words(value)
        if kind is not None:
            return kind
    return "book"


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
            for text in split_keywords(value):
                subject = build_subject(text, kind)
                if subject is None:
                    continue
                if subject.key == title_key:
                    source.note("subject-repeats-title", elements.prefix + name, text, "dropped")
                    continue
                found.setdefault(subject.key, subject)
    return tuple(found.values())


def _read_identifiers(elements: Elements, source: Source) -> tuple[Identifier, ...]:
    """ISBN, ISSN and DOI among the identifiers, whatever prefix they bear. The others are the partner's own
    business."""
    found: dict[str, Identifier] = {}
    for name in ("isbn", "issn", "doi", "identifier", "source"):
        for value in elements.every(name):
            doi = _DOI.search(value) if "10." in value else None
            if doi is not None:
                number = doi[1].rstrip(".,;").lower()
                found.setdefault(number, Identifier(kind="doi", value=number, written=value))
            elif name != "source" and not value.startswith(("http:", "https:")):
                _add_number(found, name, value, source, elements.prefix)
    return tuple(found.values())


def _add_number(found: dict[str, Identifier], name: str, value: str, source: Source, prefix: str) -> None:
    lowered = value.lower()
    if name == "issn" or "issn" in lowered:
        issn = parse_issn(value)
        if issn is not None:
            found.setdefault(
                issn.value, Identifier(kind="other" if issn.rule else "issn", value=issn.value, written=value)
            )
        return
    isbn = parse_isbn(lowered.replace("urn:", "").replace("isbn", "").strip(" :"))
    if isbn is None or (isbn.rule and name != "isbn" and "isbn" not in lowered):
        return
    if isbn.rule:
        source.note(isbn.rule, prefix + name, value, "kept as written")
    found.setdefault(
        isbn.value, Identifier(kind="other" if isbn.rule else "isbn", value=isbn.value, written=isbn.written)
    )


def _read_extent(elements: Elements) -> str:
    """extent and format; a media type or a number of bytes is no extent."""
    for value in elements.every("extent", "format", "numberofpages"):
        if not is_media_type(value):
            extent = normalise_extent([value])
            if extent:
                return f"{extent} tr." if extent.isdecimal() else extent
    return ""


def _read_notes(elements: Elements) -> tuple[str, ...]:
    """The descriptions that were not taken for the abstract, and the statement of rights."""
    left = elements.every("description")
    left = left if elements.every("abstract") else left[1:]
    return tuple(dict.fromkeys([*left, *elements.every("bibliographiccitation", "provenance")]))[:100]


def _read_links(elements: Elements, source: Source, own_address: str) -> tuple[Link, ...]:
    """Addresses among the identifiers and relations; what the rights say about access holds for all of them."""
    access: Access = read_access(" ".join(elements.every("accessrights", "rights")))
    links: dict[str, Link] = {}
    for value in elements.every("url", "identifier", "pdf_url"):
        url = normalise_url(value)
        if url and url != normalise_url(own_address):
            links.setdefault(url, Link(url=url, access=access))
    return tuple(links.values())[:100]


def _read_holdings(elements: Elements, source: Source, online: tuple[Link, ...]) -> tuple[Holding, ...]:
    """A record of a repository is had online, at its own addresses; any other is a document that the partner has."""
    raw = source.raw
    if online:
        return tuple([_build_online_holding(link, source) for link in online])
    return (
        Holding(
            partner_id=raw.partner_id,
            record=source.reference,
            as_of=raw.harvested_at,
            call_number=elements.first("callnumber", "shelfmark"),
        ),
    )


def _build_online_holding(link: Link, source: Source) -> Holding:
    raw = source.raw
    return Holding(
        partner_id=raw.partner_id,
        record=source.reference,
        as_of=raw.harvested_at,
        url=link.url,
        access=link.access,
    )


FIELD_RULES: Mapping[str, Callable[..., Any]] = {
    "title": _read_title, "type": _read_type, "agents": _read_agents, "publication": _read_publication,
    "languages": _read_languages, "subjects": _read_subjects, "identifiers": _read_identifiers, "extent": _read_extent,
    "notes": _read_notes, "links": _read_links, "holdings": _read_holdings,
}  # fmt: skip
"""Field of a Record -> its rule, for those who want it told."""
