"""How the records of one edition become its description.

The fullest record leads (ties: the smallest reference), so the order of arrival changes nothing. What is single (title,
publication, extent) comes from the lead, or from the next record that has it; what is many (subjects, identifiers,
notes, links, holdings) is put together, each value once, the lead's first. No holding is ever dropped. Its topics are
worked out from all of it.
"""

from collections.abc import Callable, Hashable, Sequence
from operator import attrgetter
from typing import TypeVar

import msgspec

from indexer.topics import find_topics
from lienthu.edition import NO_TOPICS, Edition
from lienthu.record import Record

Value = TypeVar("Value")
Kept = TypeVar("Kept")

MAX_NOTES = 50
_BY_KEY = attrgetter("key")
_BY_NUMBER = attrgetter("scheme", "number")
_BY_VALUE = attrgetter("kind", "value")
_BY_URL = attrgetter("url")
_BY_TITLE = attrgetter("kind", "title")


def merge_edition(edition_id: str, records: Sequence[Record]) -> Edition:
    """One edition out of one or more records that lie together. *records* must not be empty."""
    members = ranked = list(records)
    if len(members) > 1:
        members.sort(key=lambda record: record.reference)
        ranked = sorted(members, key=lambda record: -measure_fullness(record))
    lead = ranked[0]
    merged = Edition(
        id=edition_id,
        members=tuple([record.reference for record in members]),
        title=lead.title,
        type=lead.type,
        agents=_gather([r.agents for r in ranked], _BY_KEY),
        publication=_first([r.publication for r in ranked], lambda p: p.publisher or p.date or p.place),
        edition_statement=_first([r.edition_statement for r in ranked]),
        languages=_gather([r.languages for r in ranked]),
        subjects=_gather([r.subjects for r in ranked], _BY_KEY),
        classifications=_gather([r.classifications for r in ranked], _BY_NUMBER),
        identifiers=_gather([r.identifiers for r in ranked], _BY_VALUE),
        extent=_first([r.extent for r in ranked]),
        audience=_first([r.audience for r in ranked]),
        series=_gather([r.series for r in ranked]),
        abstract=_first([r.abstract for r in ranked]),
        contents=_first([r.contents for r in ranked]),
        notes=_gather([r.notes for r in ranked])[:MAX_NOTES],
        price=_first([r.price for r in ranked]),
        print_run=_first([r.print_run for r in ranked]),
        links=_gather([r.links for r in ranked], _BY_URL),
        relations=_gather([r.relations for r in ranked], _BY_TITLE),
        holdings=tuple([holding for record in members for holding in record.holdings]),
    )
    topics = find_topics(merged)
    return merged if topics is NO_TOPICS else msgspec.structs.replace(merged, topics=topics)


def measure_fullness(record: Record) -> int:
    """How much a record tells: one point for each field that is there, one more for each subject up to five."""
    publication = record.publication
    single = (
        record.title.subtitle,
        record.title.responsibility,
        record.agents,
        publication.place,
        publication.publisher,
        publication.year,
        record.edition_statement,
        record.languages,
        record.classifications,
        record.identifiers,
        record.extent,
        record.series,
        record.abstract,
        record.contents,
        record.notes,
    )
    return sum(1 for value in single if value) + min(len(record.subjects), 5)


def _first(values: Sequence[Value], is_there: Callable[[Value], object] = bool) -> Value:
    """The first value that is there, else the first."""
    for value in values if len(values) > 1 else ():
        if is_there(value):
            return value
    return values[0]


def _gather(groups: Sequence[tuple[Kept, ...]], name: Callable[[Kept], Hashable] | None = None) -> tuple[Kept, ...]:
    """All values of all groups, each once by its name (by itself where none is given), in order."""
    told = groups if len(groups) == 1 else [group for group in groups if group]
    if not told or (len(told) == 1 and len(told[0]) < 2):
        return told[0] if told else ()
    if name is None:
        return tuple(dict.fromkeys([value for group in told for value in group]))
    kept: dict[Hashable, Kept] = {}
    for group in told:
        for value in group:
            kept.setdefault(name(value), value)
    return tuple(kept.values())
