"""Whoever only published a document is its publisher, not an author of it.

Rule: names whose only role is that of a publisher (``$4 pbl``, *nhà xuất bản*), and publishing houses that stand where
an author belongs, leave the authors. Where no publisher is named otherwise the first of them is it; the others are kept
beside it, to be found by.
"""

import msgspec

from indexer.normalise.publishers import normalise_publisher
from lienthu.record import Record


def settle_publishers(record: Record) -> Record:
    """The record itself where nobody is concerned."""
    named = [agent.name for agent in record.agents if agent.is_publisher]
    if not named:
        return record
    publication = record.publication
    houses = {house.key: house for name in named if (house := normalise_publisher(name)).key}
    if houses and not publication.publisher_key:
        first = next(iter(houses.values()))
        publication = msgspec.structs.replace(
            publication, publisher=first.shown, publisher_key=first.key, publisher_label=first.label
        )
    others = tuple([house.shown for key, house in houses.items() if key != publication.publisher_key])
    return msgspec.structs.replace(
        record,
        agents=tuple([agent for agent in record.agents if not agent.is_publisher]),
        publication=msgspec.structs.replace(publication, also=others) if others else publication,
    )
