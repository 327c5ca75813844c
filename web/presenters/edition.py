"""The page of one edition: where it is, first of all; then what is known of it, each value a way to more."""

from collections.abc import Iterable, Mapping

import msgspec

from lienthu.edition import Edition
from lienthu.i18n import mark
from lienthu.record import Agent, Relation
from search_api.answer import Asked
from search_api.labels import label_facet
from web.presenters.facets import FACET_TITLES
from web.presenters.holdings import (
    LIBRARIES_SHOWN,
    LibraryHoldings,
    OnlineCopy,
    Reader,
    list_other_links,
    present_libraries,
    present_online,
)
from web.presenters.links import build_partner_record_address, first_known, split_reference
from web.presenters.rows import find_title_tag, join_volume
from web.presenters.words import describe_kind, name_language, name_roles, name_type

SCHEMES: Mapping[str, str] = {
    "ddc": mark("Classification number (DDC)"),
    "bbk": mark("Classification number (BBK)"),
    "udc": mark("Classification number (UDC)"),
    "lcc": mark("Classification number (LCC)"),
    "clc": mark("Classification number (CLC)"),
    "other": mark("Classification number"),
}
IDENTIFIERS: Mapping[str, str] = {"isbn": "ISBN", "issn": "ISSN", "ismn": "ISMN", "doi": "DOI", "lccn": "LCCN"}
RELATIONS: Mapping[str, str] = {
    "host": mark("Published in"),
    "constituent": mark("Contains"),
    "parent": mark("Belongs to"),
    "supplement": mark("Supplement"),
    "original": mark("Translation of"),
    "translation": mark("Translated as"),
    "edition": mark("Other edition"),
    "form": mark("Other format"),
    "together": mark("Issued with"),
    "earlier": mark("Continues"),
    "later": mark("Continued by"),
    "source": mark("Source"),
    "other": mark("Related title"),
}
FIELD_WORDS: Mapping[str, Mapping[str, str]] = {
    "author": {"vi": "tác giả", "en": "author", "zh": "著者"},
    "subject": {"vi": "chủ đề", "en": "subject", "zh": "主题"},
    "publisher": {"vi": "nhà xuất bản", "en": "publisher", "zh": "出版社"},
}
"""What the query language understands, in the reader's language: it stands in the box afterwards. Series have none."""
CITED_AUTHORS = 3


class Value(msgspec.Struct, frozen=True):
    """One value of a description; with an ``address`` it is a link that searches for more of the same."""

    text: str
    address: str = ""
    after: str = ""


class Fact(msgspec.Struct, frozen=True):
    """A line of the description: its name and its values."""

    name: str
    values: tuple[Value, ...]


class Source(msgspec.Struct, frozen=True):
    """The record of one library that lies in this edition."""

    library: str
    record_id: str
    home_address: str
    raw_address: str


class EditionPage(msgspec.Struct, frozen=True, kw_only=True):
    """``tag`` is the language of the title where that is known and not the page's."""

    title: str
    subtitle: str
    volume: str
    parallel: tuple[str, ...]
    tag: str
    responsibility: str
    kind: str
    libraries_words: str
    libraries: tuple[LibraryHoldings, ...]
    more_libraries: tuple[LibraryHoldings, ...]
    more_words: str
    online: tuple[OnlineCopy, ...]
    facts: tuple[Fact, ...]
    abstract: str
    contents: str
    citation: str
    sources: tuple[Source, ...]


def present_edition(edition: Edition, reader: Reader) -> EditionPage:
    libraries = present_libraries(edition, reader)
    language = reader.language
    hidden = libraries[LIBRARIES_SHOWN:]
    shown = libraries if len(hidden) == 1 else libraries[:LIBRARIES_SHOWN]
    hidden = libraries[len(shown) :]
    return EditionPage(
        title=edition.title.main,
        subtitle=edition.title.subtitle,
        volume=join_volume(edition.title),
        parallel=edition.title.parallel,
        tag=find_title_tag(edition, language),
        responsibility=edition.title.responsibility or "; ".join(agent.name for agent in edition.agents),
        kind=describe_kind(edition.type, edition.languages, language),
        libraries_words=language.say_many("{n} library has it", "{n} libraries have it", len(libraries)),
        libraries=shown,
        more_libraries=hidden,
        more_words=language.say_many("See {n} more library", "See {n} more libraries", len(hidden)),
        online=present_online(edition, reader),
        facts=tuple(_list_facts(edition, reader)),
        abstract=edition.abstract,
        contents=edition.contents,
        citation=build_citation(edition),
        sources=tuple(_list_sources(edition, reader)),
    )


def build_citation(edition: Edition) -> str:
    """*Nguyễn Thị Lành (2013). Lễ cưới của người Pa Dí. Hà Nội: Thời đại.* Names stand as written, never inverted."""
    names = [agent.name for agent in edition.agents if not agent.roles or "aut" in agent.roles]
    names = names or [agent.name for agent in edition.agents]
    authors = ", ".join(names[:CITED_AUTHORS]) + (" …" if len(names) > CITED_AUTHORS else "")
    publication = edition.publication
    year = str(publication.year) if publication.year else publication.date
    title = ": ".join(part for part in (edition.title.main, edition.title.subtitle) if part)
    published = ": ".join(part for part in (publication.place, publication.publisher) if part)
    head = f"{authors} ({year})" if authors and year else authors
    parts = [head, title, join_volume(edition.title), edition.edition_statement, published]
    if edition.type == "article":
        hosts = [relation for relation in edition.relations if relation.kind == "host"]
        parts.extend([", ".join(part for part in (host.title, host.place) if part) for host in hosts[:1]])
    if year and not authors:
        parts.append(year)
    return " ".join(f"{part.rstrip('.')}." for part in parts if part)


def _list_facts(edition: Edition, reader: Reader) -> Iterable[Fact]:
    """The lines of the description, those that have something to say."""
    for name, values in (*_describe_people(edition, reader), *_describe_document(edition, reader)):
        kept = tuple(value for value in values if value.text)
        if kept:
            yield Fact(reader.language.say(name), kept)


def _describe_people(edition: Edition, reader: Reader) -> Iterable[tuple[str, list[Value]]]:
    people = [agent for agent in edition.agents if agent.kind == "person"]
    bodies = [agent for agent in edition.agents if agent.kind != "person"]
    yield mark("Parallel title"), [Value(title) for title in edition.title.parallel]
    yield mark("Author"), [_present_agent(agent, reader) for agent in people]
    yield mark("Corporate author"), [_present_agent(agent, reader) for agent in bodies]


def _describe_document(edition: Edition, reader: Reader) -> Iterable[tuple[str, list[Value]]]:
    publication = edition.publication
    year = publication.date or (str(publication.year) if publication.year else "")
    yield mark("Edition"), [Value(edition.edition_statement)]
    yield mark("Place of publication"), [Value(publication.place)]
    publishers = [_search_field("publisher", name, reader) for name in (publication.publisher, *publication.also)]
    yield mark("Publisher"), [*publishers, Value(publication.linked)]
    yield mark("Year of publication"), [Value(year)]
    yield mark("Physical description"), [Value(edition.extent)]
    yield mark("Series"), [_search_field("series", series, reader) for series in edition.series]
    yield from _describe_relations(edition, reader)
    yield mark("Document type"), [Value(name_type(edition.type, reader.language))]
    yield from _describe_topics(edition, reader)
    yield mark("Language"), [Value(name_language(code, reader.language)) for code in edition.languages]
    yield (
        mark("Subject"),
        [_search_field("subject", subject.text, reader) for subject in edition.subjects if subject.kind != "keyword"],
    )
    yield (
        mark("Keyword"),
        [_search_field("subject", subject.text, reader) for subject in edition.subjects if subject.kind == "keyword"],
    )
    for scheme, name in SCHEMES.items():
        yield name, [Value(number.number) for number in edition.classifications if number.scheme == scheme]
    for kind, name in IDENTIFIERS.items():
        found = [identifier for identifier in edition.identifiers if identifier.kind == kind]
        yield name, [Value(identifier.value, reader.links.words(identifier.value)) for identifier in found]
    yield mark("Price"), [Value(edition.price)]
    yield mark("Print run"), [Value(edition.print_run)]
    yield mark("Notes"), [Value(note) for note in edition.notes]
    yield mark("Links"), [Value(words, address) for words, address in list_other_links(edition, reader)]
    yield mark("Other titles"), [Value(title) for title in edition.title.variants]


def _describe_relations(edition: Edition, reader: Reader) -> Iterable[tuple[str, list[Value]]]:
    """Other documents, each a search for its title: we do not know which of our editions it is."""
    for kind, name in RELATIONS.items():
        yield name, [_present_relation(relation, reader) for relation in edition.relations if relation.kind == kind]


def _present_relation(relation: Relation, reader: Reader) -> Value:
    numbers = [f"{IDENTIFIERS.get(number.kind, '')} {number.value}".strip() for number in relation.numbers]
    after = ", ".join(part for part in (relation.author, relation.place, *numbers, relation.label) if part)
    return msgspec.structs.replace(_search_field("relation", relation.title, reader), after=after)


def _describe_topics(edition: Edition, reader: Reader) -> Iterable[tuple[str, list[Value]]]:
    """Each value leads to all that share it."""
    topics = edition.topics
    for facet, keys in (
        ("class", topics.classes),
        ("school_subject", topics.school_subjects),
        ("textbook_set", topics.textbook_sets),
        ("kind", topics.kinds),
        ("people", topics.peoples),
        ("place", topics.places),
    ):
        labels = [(key, label_facet(facet, key, key, reader.language.code, reader.partners)) for key in keys]
        yield (
            FACET_TITLES[facet],
            [Value(label, reader.links.results(Asked(filters={facet: (key,)}))) for key, label in labels],
        )


def _present_agent(agent: Agent, reader: Reader) -> Value:
    roles = name_roles(agent.roles, reader.language)
    after = ", ".join(part for part in (agent.dates, roles) if part)
    return msgspec.structs.replace(_search_field("author", agent.name, reader), after=after)


def _search_field(field: str, text: str, reader: Reader) -> Value:
    """A value that searches for itself as a phrase, in its own field if the query language knows one."""
    if not text:
        return Value("")
    quoted = text.replace('"', " ").strip()
    name = FIELD_WORDS.get(field, {}).get(reader.language.code, "")
    asked = f'{name}:"{quoted}"' if name else f'"{quoted}"'
    return Value(text, reader.links.words(asked)) if quoted else Value(text)


def _list_sources(edition: Edition, reader: Reader) -> Iterable[Source]:
    for member in edition.members:
        partner_id, feed_id, source_id = split_reference(member)
        partner = reader.partners.get(partner_id)
        yield Source(
            library=partner.name_in(reader.language.code) if partner else partner_id,
            record_id=first_known((source_id, feed_id)),
            home_address=build_partner_record_address(partner.record_url, source_id) if partner else "",
            raw_address=reader.links.record(member),
        )
