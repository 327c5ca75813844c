"""What the index holds of an edition: which words can be found under which field, and what it can be filtered by.

title: main title, subtitle, parallel and variant titles, volume and part. author: everyone named. subject: headings
and keywords. publisher: publisher and place. series: series, and the journal or book in which an article stands.
notes: responsibility, edition statement, notes, other related titles, abstract, contents. identifiers: ISBN, ISSN and
the like, call numbers and accession numbers (folded, no spaces).
A series is one value to filter by, however its volumes are numbered. Facets for school, peoples, places and kinds are
the edition's topics.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from indexer.normalise.keys import build_key
from indexer.normalise.places import label_place
from indexer.normalise.series import name_series
from lienthu.edition import NO_TOPICS, Edition
from lienthu.engine.document import FacetTerm, IndexDocument
from lienthu.tables import tables_in_use
from lienthu.tables.variants import VariantTable
from lienthu.text import build_sort_key, join_layers, normalise_number

ACCESS_LIBRARY = "library"
ACCESS_ONLINE = "online"
ACCESS_LOGIN = "login"
MAX_NOTES_LENGTH = 20_000
MAX_IDENTIFIERS = 1_000

_encode = msgspec.json.Encoder().encode
NO_ID = "\x00"
"""Stands for the id of an edition that has none yet: text in a record never holds it."""


def build_index_document(edition: Edition) -> IndexDocument:
    """The one document of an edition, for any engine."""
    publication = edition.publication
    return IndexDocument(
        id=edition.id,
        texts={name: join_layers(values) for name, values in _name_texts(edition).items()},
        identifiers=tuple(dict.fromkeys(_list_identifiers(edition)))[:MAX_IDENTIFIERS],
        facets={
            "partner": _name_codes(edition.partner_ids),
            "language": _name_codes(edition.languages),
            "type": _name_codes([edition.type]),
            "author": _build_terms([(agent.key, agent.name) for agent in edition.agents]),
            "subject": _build_terms([(subject.key, subject.text) for subject in edition.subjects]),
            "publisher": _build_terms(
                [(publication.publisher_key, publication.publisher_label or publication.publisher)]
            ),
            "series": _build_terms([name_series(series) for series in edition.series]),
            "access": _name_codes(list_access(edition)),
            "ddc": _name_codes([number.number[:3] for number in edition.classifications if number.scheme == "ddc"]),
            "publication_place": _build_terms(
                [(publication.place_key, label_place(publication.place_key, publication.place))]
            ),
            **_build_topics(edition),
        },
        year=publication.year,
        year_end=publication.year_end if publication.year_end is not None else publication.year,
        title_key=build_sort_key(edition.title.main, edition.languages[0] if edition.languages else "vi"),
        source=_encode(edition),
    )


def _build_topics(edition: Edition) -> dict[str, tuple[FacetTerm, ...]]:
    """The facets of what was worked out. A heading of a place that the table does not know is a value of its own."""
    topics, tables = edition.topics, tables_in_use()
    own = [_name_place(subject.text) for subject in edition.subjects if subject.kind == "place"]
    own = [(key, label) for key, label in own if key not in topics.places]
    if topics is NO_TOPICS and not own:
        return {}
    return {
        "class": _name_codes(topics.classes),
        "school_subject": _name_terms(topics.school_subjects, tables.school_subjects),
        "textbook_set": _name_terms(topics.textbook_sets, tables.textbook_sets),
        "kind": _name_codes(topics.kinds),
        "people": _name_terms(topics.peoples, tables.peoples),
        "place": (*_name_terms(topics.places, tables.places), *_build_terms(own)),
    }


@lru_cache(maxsize=4_096)
def _name_place(heading: str) -> tuple[str, str]:
    """(key, place) of a heading: what stands before its subdivisions."""
    place = heading.partition(" - ")[0]
    return build_key(place), place


def _name_terms(keys: Iterable[str], table: VariantTable) -> tuple[FacetTerm, ...]:
    return _build_terms([(key, table.entries[key].labels[0] if key in table.entries else key) for key in keys])


def name_document(document: IndexDocument, edition_id: str) -> IndexDocument:
    """The document of an edition that was made with NO_ID, under its id."""
    source = document.source.replace(_encode(NO_ID), _encode(edition_id))
    return msgspec.structs.replace(document, id=edition_id, source=source)


def list_access(edition: Edition) -> tuple[str, ...]:
    """``library``: a copy stands on a shelf; ``online``: anyone can read it; ``login``: with an account."""
    ways: dict[str, None] = {}
    online = []
    for holding in edition.holdings:
        if holding.url:
            online.append(holding.access)
        else:
            ways[ACCESS_LIBRARY] = None
    for access in (*online, *[link.access for link in edition.links]):
        if access == "open":
            ways[ACCESS_ONLINE] = None
        elif access == "login":
            ways[ACCESS_LOGIN] = None
    return tuple(ways)


def _name_texts(edition: Edition) -> dict[str, list[str]]:
    title = edition.title
    publication = edition.publication
    hosts: list[str] = []
    related: list[str] = []
    for relation in edition.relations:
        (hosts if relation.kind == "host" else related).append(relation.title)
    notes = [
        title.responsibility, edition.edition_statement, *edition.notes, *related, edition.abstract, edition.contents,
    ]  # fmt: skip
    return {
        "title": [title.main, title.subtitle, title.volume, title.part, *title.parallel, *title.variants],
        "author": [agent.name for agent in edition.agents],
        "subject": [subject.text for subject in edition.subjects],
        "publisher": [publication.publisher, publication.place, publication.linked, *publication.also],
        "series": [*edition.series, *hosts],
        "notes": _cut(notes, MAX_NOTES_LENGTH),
    }


def _cut(values: list[str], length: int) -> list[str]:
    """As many of the values as *length* characters hold; the last one is cut."""
    kept: list[str] = []
    for value in values:
        if length <= 0:
            break
        kept.append(value[:length])
        length -= len(value)
    return kept


def _list_identifiers(edition: Edition) -> Iterable[str]:
    for identifier in edition.identifiers:
        yield identifier.value
    for holding in edition.holdings:
        for number in (holding.call_number, holding.accession_number):
            if number:
                yield normalise_number(number)


def _build_terms(pairs: Sequence[tuple[str, str]]) -> tuple[FacetTerm, ...]:
    """One term for each value that is there, in order, none twice."""
    if len(pairs) == 1:
        [(value, label)] = pairs
        return (FacetTerm(value, label or value),) if value else ()
    labels: dict[str, str] = {}
    for value, label in pairs:
        if value and value not in labels:
            labels[value] = label or value
    return tuple(map(FacetTerm, labels.keys(), labels.values()))


@lru_cache(maxsize=256)
def _name_code(code: str) -> tuple[FacetTerm, ...]:
    return (FacetTerm(code, code),) if code else ()


def _name_codes(codes: Sequence[str]) -> tuple[FacetTerm, ...]:
    """Terms of which the label says the same as the value: most often one, out of a few."""
    return _name_code(codes[0]) if len(codes) == 1 else _build_terms([(code, code) for code in codes])
