"""The change feed and the stored records: what an indexer follows, and what anybody may look up."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from lienthu.raw_record import RawRecord, RecordKey
from lienthu.store.database import Database, clean_text
from lienthu.store.lookup import Lookup
from lienthu.store.nouns import StoreCounts, StoredRecord
from lienthu.store.page import clean_id
from lienthu.store.payloads import Payloads
from lienthu.store.schema import counter, feeds, payloads, records, siblings

_RECORDS: Select[Any] = (
    select(
        records.c.number,
        records.c.change,
        feeds.c.partner_id,
        feeds.c.feed_id,
        records.c.source_id,
        records.c.format,
        records.c.datestamp,
        records.c.harvested_at,
        records.c.deleted,
        records.c.findings,
        payloads.c.payload,
        payloads.c.dictionary,
    )
    .join(payloads, payloads.c.number == records.c.number)
    .join(feeds, feeds.c.id == records.c.feed)
)
_BY_NUMBER = Lookup(_RECORDS, records.c.number)


class Changes(Database):
    """Reads stored records. Change numbers grow by one for each real change and become visible in order."""

    payloads: Payloads

    def current_change(self) -> int:
        """The number of the latest change; 0 in an empty store."""
        with self.reading() as connection:
            return int(connection.execute(select(counter.c.change)).scalar_one())

    def changes_since(self, change: int, limit: int, until: int | None = None) -> list[StoredRecord]:
        """Records whose last change is after *change* (and not after *until*), in order, tombstones included."""
        statement = _RECORDS.where(records.c.change > change)
        if until is not None:
            statement = statement.where(records.c.change <= until)
        with self.reading() as connection:
            rows = connection.execute(statement.order_by(records.c.change).limit(limit)).all()
            return [self._build_record(connection, row) for row in rows]

    def scan_records(self, after: int, limit: int, until: int) -> list[StoredRecord]:
        """Live records numbered above *after*, by number, as far as they last changed by *until*: for a rebuild."""
        statement = _RECORDS.where(records.c.number > after, records.c.change <= until, records.c.deleted.is_(False))
        with self.reading() as connection:
            rows = connection.execute(statement.order_by(records.c.number).limit(limit)).all()
            return [self._build_record(connection, row) for row in rows]

    def count_changes_since(self, change: int) -> int:
        """How many records changed after *change*: how far behind an index is that holds all up to it."""
        with self.reading() as connection:
            return connection.execute(select(func.count()).where(records.c.change > change)).scalar_one()

    def read_records(self, numbers: Iterable[int]) -> dict[int, StoredRecord]:
        """The records with these numbers; unknown numbers are absent."""
        found: dict[int, StoredRecord] = {}
        with self.reading() as connection:
            for row in _BY_NUMBER.find(connection, numbers):
                found[row.number] = self._build_record(connection, row)
        return found

    def find_record(self, key: RecordKey) -> StoredRecord | None:
        """The record under this identity, live or deleted; None where there never was one."""
        statement = _RECORDS.where(
            feeds.c.partner_id == clean_text(key.partner_id),
            feeds.c.feed_id == clean_text(key.feed_id),
            records.c.source_id.in_({clean_text(key.source_id), clean_id(key.source_id)}),
        )
        with self.reading() as connection:
            row = connection.execute(statement).first()
            return None if row is None else self._build_record(connection, row)

    def count_records(self) -> StoreCounts:
        statement = (
            select(feeds.c.partner_id, records.c.deleted, func.count())
            .join(feeds, feeds.c.id == records.c.feed)
            .group_by(feeds.c.partner_id, records.c.deleted)
            .order_by(feeds.c.partner_id)
        )
        by_partner: dict[str, tuple[int, int]] = {}
        with self.reading() as connection:
            for partner_id, is_deleted, count in connection.execute(statement):
                live, deleted = by_partner.get(partner_id, (0, 0))
                by_partner[partner_id] = (live, deleted + count) if is_deleted else (live + count, deleted)
        return StoreCounts(
            live=sum(live for live, _ in by_partner.values()),
            deleted=sum(deleted for _, deleted in by_partner.values()),
            by_partner=by_partner,
        )

    def find_siblings(self, key: RecordKey) -> list[StoredRecord]:
        """The further records that came under the identifier of this one, oldest first."""
        named = (
            select(siblings.c.number)
            .join(feeds, feeds.c.id == siblings.c.feed)
            .where(
                feeds.c.partner_id == clean_text(key.partner_id),
                feeds.c.feed_id == clean_text(key.feed_id),
                siblings.c.base_id == clean_id(key.source_id),
            )
        )
        with self.reading() as connection:
            rows = connection.execute(_RECORDS.where(records.c.number.in_(named)).order_by(records.c.number)).all()
            return [self._build_record(connection, row) for row in rows]

    def _build_record(self, connection: Connection, row: Row[Any]) -> StoredRecord:
        raw = RawRecord(
            partner_id=row.partner_id,
            feed_id=row.feed_id,
            source_id=row.source_id,
            format=row.format,
            payload=self.payloads.unpack(connection, row.payload, row.dictionary),
            datestamp=row.datestamp,
            harvested_at=row.harvested_at,
            deleted=row.deleted,
            findings=tuple(row.findings.split()),
        )
        return StoredRecord(row.number, row.change, raw)
