"""Removal: a partner leaves, and everything it ever sent leaves with it.

First its records become tombstones, so that every index that follows the changes lets them go; when the indexes have,
its rows are deleted. Both go in steps and may be done again after a death. What stays are the ledger's ids of editions,
for no id is used twice, and decisions to hide, for they may be the law's.
"""

from sqlalchemy import Select, case, delete, func, select

from lienthu.store.database import Database
from lienthu.store.harvest_side import bury_numbers
from lienthu.store.index_side import find_generation, forget_fates
from lienthu.store.schema import (
    fates,
    feeds,
    generations,
    holds,
    quality_days,
    records,
    rejections,
    run_messages,
    run_terms,
    runs,
    siblings,
    staged_changes,
    staged_contents,
)

REMOVED_AT_ONCE = 2_000


class Removal(Database):
    """Takes a partner out."""

    def list_feeds(self, partner_id: str) -> list[str]:
        """The feeds of the partner that the store knows."""
        statement = select(feeds.c.feed_id).where(feeds.c.partner_id == partner_id).order_by(feeds.c.feed_id)
        with self.reading() as connection:
            return list(connection.scalars(statement))

    def count_editions_of(self, generation: str, partner_id: str) -> tuple[int, int]:
        """How many editions of the generation hold a record of the partner, and how many hold no other."""
        with self.reading() as connection:
            known = find_generation(connection, generation)
            # One pass over the generation: a join of its fates by edition has no index to go by.
            is_own = records.c.feed.in_(select_feed_numbers(partner_id))
            editions = (
                select(
                    func.max(case((is_own, 1), else_=0)).label("own"),
                    func.min(case((is_own, 1), else_=0)).label("only"),
                )
                .select_from(fates)
                .join(records, records.c.number == fates.c.number)
                .where(fates.c.generation == known, fates.c.edition.is_not(None))
                .group_by(fates.c.edition)
                .subquery()
            )
            row = connection.execute(select(func.sum(editions.c.own), func.sum(editions.c.only))).one()
        return int(row[0] or 0), int(row[1] or 0)

    def bury_partner(self, partner_id: str) -> int:
        """All live records of the partner become tombstones; returns how many."""
        buried = 0
        while True:
            with self.writing() as writing:
                statement = (
                    select(records.c.number)
                    .where(records.c.feed.in_(select_feed_numbers(partner_id)), records.c.deleted.is_(False))
                    .order_by(records.c.number)
                    .limit(REMOVED_AT_ONCE)
                )
                numbers = list(writing.connection.scalars(statement))
                if not numbers:
                    return buried
                bury_numbers(writing, numbers)
                buried += len(numbers)

    def numbers_of(self, partner_id: str, after: int, limit: int) -> list[int]:
        """Numbers above *after* of the partner's records, tombstones too, ascending."""
        statement = (
            select(records.c.number)
            .where(records.c.feed.in_(select_feed_numbers(partner_id)), records.c.number > after)
            .order_by(records.c.number)
            .limit(limit)
        )
        with self.reading() as connection:
            return list(connection.scalars(statement))

    def forget_partner(self, partner_id: str) -> int:
        """Deletes every row of the partner; returns how many records there were. Its records must be buried, and every
        index must have let them go."""
        forgotten = 0
        while numbers := self.numbers_of(partner_id, 0, REMOVED_AT_ONCE):
            with self.writing() as writing:
                listed = [(number,) for number in numbers]
                for generation in list(writing.connection.scalars(select(generations.c.id))):
                    forget_fates(writing, generation, numbers)
                writing.write_many("DELETE FROM payloads WHERE number = ?", listed)
                writing.write_many("DELETE FROM records WHERE number = ?", listed)
            forgotten += len(numbers)
        with self.writing() as writing:
            own_feeds = select_feed_numbers(partner_id)
            own_runs = select(runs.c.id).where(runs.c.feed.in_(own_feeds))
            for table in (rejections, run_terms, run_messages, staged_changes, staged_contents, holds):
                writing.connection.execute(delete(table).where(table.c.run.in_(own_runs)))
            for table in (runs, siblings):
                writing.connection.execute(delete(table).where(table.c.feed.in_(own_feeds)))
            writing.connection.execute(delete(quality_days).where(quality_days.c.partner_id == partner_id))
            writing.connection.execute(delete(feeds).where(feeds.c.partner_id == partner_id))
        return forgotten


def select_feed_numbers(partner_id: str) -> Select[tuple[int]]:
    return select(feeds.c.id).where(feeds.c.partner_id == partner_id)
