"""How the records of one edition become its description.

The fullest record leads (ties: the smallest reference), so the order of arrival changes nothing. What is single (title,
publication, extent) comes from the lead, or from the next record that has it; what is many (subjects, identifiers,
notes, links, holdings) is put together, each value once, the lead's first. No holding is ever dropped.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from lienthu.edition import Edition
from lienthu.record import Record

Value = TypeVar("Value")
Kept = TypeVar("Kept")

MAX_NOTES = 50


def merge_edition(edition_id: str, records: Sequence[Record]) -> Edition:
    """One edition out of one or more records that lie together. *records* must not be empty."""
    members = sorted(records, key=lambda record: record.reference)
    ranked = sorted(members, key=lambda record: (-measure_fullness(record), record.reference))
    lead = ranked[0]
    return Edition(
        id=edition_id,
        members=tuple(record.reference for record in members),
        title=lead.title,
        type=lead.type,
        agents=_gather((r.agents for r in ranked), lambda agent: agent.key),
        publication=_first((r.publication for r in ranked), lambda p: p.publisher or p.date or p.place),
        edition_statement=_first((r.edition_statement for r in ranked), bool),
        languages=_gather((r.languages for r in ranked), lambda code: code),
        subjects=_gather((r.subjects for r in ranked), lambda subject: subject.key),
        classifications=_gather((r.classifications for r in ranked), lambda c: (c.scheme, c.number)),
        identifiers=_gather((r.identifiers for r in ranked), lambda i: (i.kind, i.value)),
        extent=_first((r.extent for r in ranked), bool),
        series=_gather((r.series for r in ranked), lambda text: text),
        abstract=_first((r.abstract for r in ranked), bool),
        contents=_first((r.contents for r in ranked), bool),
        notes=_gather((r.notes for r in ranked), lambda text: text)[:MAX_NOTES],
        price=_first((r.price for r in ranked), bool),
        links=_gather((r.links for r in ranked), lambda link: link.url),
        holdings=tuple(holding for record in members for holding in record.holdings),
    )


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


def _first(values: Iterable[Value], is_there: Callable[[Value], object]) -> Value:
    """The first value that is there, else the first."""
    ranked = list(values)
    return next((value for value in ranked if is_there(value)), ranked[0])


def _gather(groups: Iterable[Sequence[Kept]], name: Callable[[Kept], Hashable]) -> tuple[Kept, ...]:
    """All values of all groups, each once by its name, in order."""
    kept: dict[Hashable, Kept] = {}
    for group in groups:
        for value in group:
            kept.setdefault(name(value), value)
    return tuple(kept.values())
