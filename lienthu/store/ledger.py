"""The ledger of edition ids, over all generations: an id is allotted once and never used again.

Each id stands for a founder, the record for which it was allotted. The oldest id of a cluster survives, the others
become its aliases; an edition that is gone leaves a tombstone.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select

from lienthu.errors import StoreError
from lienthu.i18n import mark
from lienthu.store.database import Database
from lienthu.store.edition_id import build_edition_id, parse_edition_id
from lienthu.store.lookup import Lookup
from lienthu.store.nouns import LedgerEntry
from lienthu.store.schema import ledger

_BY_FOUNDER = Lookup(select(ledger), ledger.c.founder)


class Ledger(Database):
    """Allots, moves and resolves edition ids."""

    def ledger_of_founders(self, numbers: Iterable[int]) -> dict[int, list[LedgerEntry]]:
        """For each of these records the ids it founded, oldest first; records that founded none are absent."""
        found: dict[int, list[LedgerEntry]] = {}
        with self.reading() as connection:
            for row in _BY_FOUNDER.find(connection, dict.fromkeys(numbers)):
                found.setdefault(row.founder, []).append(build_entry(row))
        for entries in found.values():
            entries.sort(key=lambda entry: entry.serial)
        return found

    def allot_editions(self, founders: Sequence[int]) -> dict[int, str]:
        """A new id for each of these records, in their order. An id is never given twice, whatever happens after.

        A record that has founded one meanwhile (an update and a rebuild may run side by side) keeps its oldest.
        """
        with self.writing() as writing:
            serials: dict[int, int] = {}
            for row in _BY_FOUNDER.find(writing.connection, dict.fromkeys(founders)):
                serials[row.founder] = min(row.serial, serials.get(row.founder, row.serial))
            new = {founder: writing.next("edition") for founder in dict.fromkeys(founders) if founder not in serials}
            writing.write_many(
                "INSERT INTO ledger (serial, founder) VALUES (?, ?)",
                [(serial, founder) for founder, serial in new.items()],
            )
        return {founder: build_edition_id(serial) for founder, serial in (serials | new).items()}

    def change_ledger(
        self, *, founders: Mapping[str, int] | None = None, aliases: Mapping[str, str | None] | None = None
    ) -> None:
        """Moves ids to other founders; makes ids aliases of others, or (None) ids of their own again."""
        moves = [(founder, require_serial(edition_id)) for edition_id, founder in (founders or {}).items()]
        turns = []
        for edition_id, target in (aliases or {}).items():
            if target == edition_id:
                raise StoreError(mark("Edition {edition} cannot be an alias of itself."), edition=edition_id)
            turns.append((None if target is None else require_serial(target), require_serial(edition_id)))
        with self.writing() as writing:
            writing.write_many("UPDATE ledger SET founder = ? WHERE serial = ?", moves)
            writing.write_many("UPDATE ledger SET alias_of = ? WHERE serial = ?", turns)

    def resolve_edition(self, edition_id: str) -> LedgerEntry | None:
        """The entry at the end of the aliases of this id; None where the id was never allotted."""
        serial = parse_edition_id(edition_id)
        passed: set[int] = set()
        entry: LedgerEntry | None = None
        with self.reading() as connection:
            while serial is not None and serial not in passed:
                passed.add(serial)
                row = connection.execute(select(ledger).where(ledger.c.serial == serial)).one_or_none()
                if row is None:
                    break
                entry, serial = build_entry(row), row.alias_of
        return entry


def build_entry(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry(
        edition_id=build_edition_id(row.serial),
        serial=row.serial,
        founder=row.founder,
        alias_of=None if row.alias_of is None else build_edition_id(row.alias_of),
        tombstone=row.tombstone,
    )


def require_serial(edition_id: str) -> int:
    serial = parse_edition_id(edition_id)
    if serial is None:
        raise StoreError(mark("“{edition}” is no edition id of this catalogue."), edition=edition_id)
    return serial
