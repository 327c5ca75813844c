"""The index side: for each generation, the fate of every live record and the change up to which it holds all.

A step of the index is written here after the engine's commit, so replaying one is harmless.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from lienthu.errors import StoreError
from lienthu.finding import Finding
from lienthu.i18n import mark
from lienthu.raw_record import RecordKey
from lienthu.store.database import Database, Writing, clean_text, tell_time
from lienthu.store.edition_id import build_edition_id
from lienthu.store.finding_rows import forget_findings, write_findings
from lienthu.store.ledger import require_serial
from lienthu.store.lookup import Lookup
from lienthu.store.nouns import Fate, FateOutcome, GenerationState
from lienthu.store.schema import (
    fates,
    feeds,
    findings,
    generation_tables,
    generations,
    generations_with_findings,
    isbn_titles,
    records,
)

UPSERT_FATE = (
    "INSERT INTO fates (generation, number, outcome, rule, reason, match_key, edition) VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (generation, number) DO UPDATE SET outcome = excluded.outcome, rule = excluded.rule, "
    "reason = excluded.reason, match_key = excluded.match_key, edition = excluded.edition"
)
_OF_GENERATION = fates.c.generation == bindparam("generation")
_FATES = Lookup(
    select(
        fates.c.number, fates.c.outcome, fates.c.rule, fates.c.reason, fates.c.match_key, fates.c.edition
    ).where(_OF_GENERATION),
    fates.c.number,
)  # fmt: skip
_BY_MATCH_KEY = Lookup(select(fates.c.match_key, fates.c.number).where(_OF_GENERATION), fates.c.match_key)


class IndexSide(Database):
    """Generations and fates."""

    def register_generation(self, name: str, tables: str = "") -> None:
        """A new generation that holds nothing yet; one that is registered already stays as it is. *tables* is the
        digest of the tables of names that it is begun with."""
        with self.writing() as writing:
            if find_generation(writing.connection, name) is not None:
                return
            number = (writing.connection.scalar(select(func.max(generations.c.id))) or 0) + 1
            writing.connection.execute(
                generations.insert().values(id=number, name=name, change=0, created=tell_time(), promoted="")
            )
            writing.connection.execute(generations_with_findings.insert().values(generation=number))
            writing.connection.execute(generation_tables.insert().values(generation=number, digest=tables))

    def generation(self, name: str) -> GenerationState | None:
        return next((state for state in self.generations() if state.name == name), None)

    def generations(self) -> list[GenerationState]:
        """All that are registered, oldest first."""
        columns = (
            generations.c.name, generations.c.change, generations.c.created, generations.c.promoted,
            func.coalesce(generation_tables.c.digest, ""),
        )  # fmt: skip
        joined = generations.outerjoin(generation_tables, generation_tables.c.generation == generations.c.id)
        query = select(*columns).select_from(joined).order_by(generations.c.id)
        with self.reading() as connection:
            return [GenerationState(*row) for row in connection.execute(query)]

    def mark_promoted(self, name: str) -> None:
        with self.writing() as writing:
            number = require_generation(writing.connection, name)
            writing.connection.execute(
                generations.update().where(generations.c.id == number).values(promoted=tell_time())
            )

    def drop_generation(self, name: str) -> None:
        """Forgets the generation, its fates and findings; the ledger stays. Unknown names are no error."""
        with self.writing() as writing:
            number = find_generation(writing.connection, name)
            if number is not None:
                for table in (fates, findings, isbn_titles, generations_with_findings, generation_tables):
                    writing.connection.execute(table.delete().where(table.c.generation == number))
                writing.connection.execute(generations.delete().where(generations.c.id == number))

    def fates(self, generation: str, numbers: Iterable[int]) -> dict[int, Fate]:
        """The fates of these records; those without one are absent."""
        found: dict[int, Fate] = {}
        with self.reading() as connection:
            known = require_generation(connection, generation)
            for number, outcome, rule, reason, key, serial in _FATES.find(connection, numbers, generation=known):
                edition_id = "" if serial is None else build_edition_id(serial)
                found[number] = Fate(number, outcome, rule, reason, key or b"", edition_id)
        return found

    def numbers_by_match_key(self, generation: str, keys: Iterable[bytes]) -> dict[bytes, list[int]]:
        """For each key the mapped records that have it, in ascending order; keys of none are absent."""
        found: dict[bytes, list[int]] = {}
        with self.reading() as connection:
            known = require_generation(connection, generation)
            for key, number in _BY_MATCH_KEY.find(connection, dict.fromkeys(keys), generation=known):
                found.setdefault(key, []).append(number)
        for numbers in found.values():
            numbers.sort()
        return found

    def write_index_step(
        self,
        generation: str,
        *,
        fates: Sequence[Fate],
        gone: Sequence[int],
        tombstones: Mapping[str, bytes | None],
        change: int,
        findings: Mapping[int, Sequence[Finding]] | None = None,
        isbns: Mapping[int, Mapping[int, bytes]] | None = None,
    ) -> None:
        """One transaction, after the engine's commit: upserts *fates* with the *findings* of these records and the
        title that each gives to its ISBNs, forgets those of *gone*, writes or clears the ledger's *tombstones*, and
        notes that the generation holds all changes up to *change*."""
        with self.writing() as writing:
            known = require_generation(writing.connection, generation)
            writing.write_many(UPSERT_FATE, [build_fate_row(known, fate) for fate in fates])
            write_findings(writing, known, [fate.number for fate in fates], findings or {}, isbns or {})
            forget_fates(writing, known, gone)
            writing.write_many(
                "UPDATE ledger SET tombstone = ? WHERE serial = ?",
                [(tombstone, require_serial(edition_id)) for edition_id, tombstone in tombstones.items()],
            )
            writing.write_many("UPDATE generations SET change = ? WHERE id = ?", [(change, known)])

    def tally(self, generation: str) -> dict[str, dict[str, int]]:
        """Partner -> outcome -> how many live records."""
        statement = (
            select(feeds.c.partner_id, fates.c.outcome, func.count())
            .join(records, records.c.number == fates.c.number)
            .join(feeds, feeds.c.id == records.c.feed)
            .group_by(feeds.c.partner_id, fates.c.outcome)
            .order_by(feeds.c.partner_id)
        )
        tally: dict[str, dict[str, int]] = {}
        with self.reading() as connection:
            known = require_generation(connection, generation)
            statement = statement.where(fates.c.generation == known, records.c.deleted.is_(False))
            for partner_id, outcome, count in connection.execute(statement):
                tally.setdefault(partner_id, {})[outcome] = count
        return tally

    def fate_examples(
        self, generation: str, outcome: FateOutcome, partner_id: str | None = None, limit: int = 20
    ) -> list[tuple[RecordKey, str, str]]:
        """Some live records of this fate with rule and reason, by record number."""
        columns = (feeds.c.partner_id, feeds.c.feed_id, records.c.source_id, fates.c.rule, fates.c.reason)
        statement = (
            select(*columns)
            .select_from(fates)
            .join(records, records.c.number == fates.c.number)
            .join(feeds, feeds.c.id == records.c.feed)
            .where(fates.c.outcome == outcome, records.c.deleted.is_(False))
        )
        if partner_id is not None:
            statement = statement.where(feeds.c.partner_id == partner_id)
        with self.reading() as connection:
            known = require_generation(connection, generation)
            statement = statement.where(fates.c.generation == known).order_by(fates.c.number).limit(limit)
            return [(RecordKey(*row[:3]), row[3], row[4]) for row in connection.execute(statement)]


def build_fate_row(generation: int, fate: Fate) -> tuple[Any, ...]:
    serial = require_serial(fate.edition_id) if fate.edition_id else None
    rule, reason = clean_text(fate.rule), clean_text(fate.reason)
    return (generation, fate.number, fate.outcome, rule, reason, fate.match_key or None, serial)


def forget_fates(writing: Writing, generation: int, numbers: Sequence[int]) -> None:
    writing.write_many(
        "DELETE FROM fates WHERE generation = ? AND number = ?", [(generation, number) for number in numbers]
    )
    forget_findings(writing, generation, numbers)


def find_generation(connection: Connection, name: str) -> int | None:
    return connection.scalar(select(generations.c.id).where(generations.c.name == name))


def require_generation(connection: Connection, name: str) -> int:
    found = find_generation(connection, name)
    if found is None:
        raise StoreError(
            mark("The store knows no generation {name} of the index: build one with `lienthu reindex`."), name=name
        )
    return found
