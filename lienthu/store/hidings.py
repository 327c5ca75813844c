"""Hidings: a librarian's or the law's decision that a record or an edition is not shown.

A decision names records as their partner does, so that it outlives harvests, rebuilds and a record that goes and comes
back. A hidden edition also keeps the match key of its records, so that a copy which arrives later is hidden as well.
Deciding gives every record concerned a new change number: each index meets it again and takes it out, or in.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from lienthu.errors import NotFound
from lienthu.i18n import mark
from lienthu.raw_record import RecordKey
from lienthu.store.database import Database, Writing, clean_text, tell_time
from lienthu.store.edition_id import build_edition_id
from lienthu.store.harvest_side import REASON_CHARACTERS
from lienthu.store.ledger import require_serial
from lienthu.store.lookup import Lookup
from lienthu.store.nouns import HIDDEN_RULE, Hidden, Hiding
from lienthu.store.page import clean_id
from lienthu.store.runs import find_feed
from lienthu.store.schema import fates, feeds, hidden_editions, hidden_records, hidings, records

_BY_ID = Lookup(select(records.c.number).where(records.c.feed == bindparam("feed")), records.c.source_id)


class Hidings(Database):
    """Decides, lifts and tells what is hidden."""

    def hide(
        self,
        name: str,
        reason: str,
        *,
        keys: Iterable[RecordKey] = (),
        editions: Mapping[str, Collection[bytes]] | None = None,
        decided_by: str = "",
    ) -> Hiding:
        """Hides the records of *keys*, and *editions* (id -> match keys of their records), under one *name*."""
        with self.writing() as writing:
            number = (writing.connection.scalar(select(func.max(hidings.c.id))) or 0) + 1
            writing.connection.execute(
                hidings.insert().values(
                    id=number,
                    name=clean_text(name),
                    reason=clean_text(reason)[:REASON_CHARACTERS],
                    decided=tell_time(),
                    decided_by=clean_text(decided_by),
                    lifted="",
                    lifted_by="",
                )
            )
            named = [RecordKey(key.partner_id, key.feed_id, clean_id(key.source_id)) for key in dict.fromkeys(keys)]
            writing.write_many(
                "INSERT INTO hidden_records (hiding, partner_id, feed_id, source_id) VALUES (?, ?, ?, ?)",
                [(number, *key) for key in named],
            )
            rows = [
                (number, require_serial(edition_id), match_key)
                for edition_id, match_keys in (editions or {}).items()
                for match_key in dict.fromkeys(match_keys)
            ]
            writing.write_many("INSERT INTO hidden_editions (hiding, edition, match_key) VALUES (?, ?, ?)", rows)
            stir(writing, find_numbers(writing, named))
            return build_hiding(writing.connection.execute(select(hidings).where(hidings.c.id == number)).one())

    def unhide(self, name: str, lifted_by: str = "") -> list[Hiding]:
        """Lifts every standing decision of this name. Raises NotFound where none stands."""
        with self.writing() as writing:
            standing = select(hidings).where(hidings.c.name == clean_text(name), hidings.c.lifted == "")
            lifted = [build_hiding(row) for row in writing.connection.execute(standing)]
            if not lifted:
                raise NotFound(mark("{name} is not hidden. What is: lienthu hide --list"), name=name)
            numbers = [hiding.id for hiding in lifted]
            writing.connection.execute(
                update(hidings)
                .where(hidings.c.id.in_(numbers))
                .values(lifted=tell_time(), lifted_by=clean_text(lifted_by))
            )
            named = select(hidden_records).where(hidden_records.c.hiding.in_(numbers))
            keys = [RecordKey(row.partner_id, row.feed_id, row.source_id) for row in writing.connection.execute(named)]
            skipped = select(fates.c.number).where(fates.c.rule == HIDDEN_RULE).distinct()
            stir(writing, {*find_numbers(writing, keys), *writing.connection.scalars(skipped)})
            return lifted

    def hidings(self, *, standing: bool = True) -> list[Hiding]:
        """The decisions that stand, or all that were ever made; oldest first."""
        statement = select(hidings).order_by(hidings.c.id)
        if standing:
            statement = statement.where(hidings.c.lifted == "")
        with self.reading() as connection:
            return [build_hiding(row) for row in connection.execute(statement)]

    def hidden(self) -> Hidden:
        """All that is hidden now."""
        with self.reading() as connection:
            standing = select(hidings.c.id).where(hidings.c.lifted == "")
            named = select(hidden_records).where(hidden_records.c.hiding.in_(standing))
            whole = select(hidden_editions).where(hidden_editions.c.hiding.in_(standing))
            editions = connection.execute(whole).all()
            return Hidden(
                records=frozenset(RecordKey(row[1], row[2], row[3]) for row in connection.execute(named)),
                editions=frozenset(build_edition_id(row.edition) for row in editions),
                match_keys=frozenset(row.match_key for row in editions),
            )

    def hidden_numbers(self) -> list[int]:
        """Numbers of the records that are hidden by name, or that some index knows to be hidden."""
        with self.reading() as connection:
            standing = select(hidings.c.id).where(hidings.c.lifted == "")
            found = (
                select(records.c.number)
                .join(feeds, feeds.c.id == records.c.feed)
                .join(
                    hidden_records,
                    (hidden_records.c.partner_id == feeds.c.partner_id)
                    & (hidden_records.c.feed_id == feeds.c.feed_id)
                    & (hidden_records.c.source_id == records.c.source_id),
                )
                .where(hidden_records.c.hiding.in_(standing))
            )
            skipped = select(fates.c.number).where(fates.c.rule == HIDDEN_RULE)
            return sorted({*connection.scalars(found), *connection.scalars(skipped)})


def find_numbers(writing: Writing, keys: Iterable[RecordKey]) -> set[int]:
    """The numbers of those of these records that the store has."""
    by_feed: dict[tuple[str, str], list[str]] = {}
    for key in keys:
        by_feed.setdefault((key.partner_id, key.feed_id), []).append(key.source_id)
    numbers: set[int] = set()
    for (partner_id, feed_id), source_ids in by_feed.items():
        feed = find_feed(writing.connection, partner_id, feed_id)
        if feed is not None:
            found = _BY_ID.find(writing.connection, source_ids, feed=feed)
            numbers.update(row.number for row in found)
    return numbers


def stir(writing: Writing, numbers: Iterable[int]) -> None:
    """Gives these records new change numbers, though nothing of them changed."""
    writing.write_many(
        "UPDATE records SET change = ? WHERE number = ?",
        [(writing.next("change"), number) for number in sorted(numbers)],
    )


def build_hiding(row: Row[Any]) -> Hiding:
    return Hiding(**dict(row._mapping))
