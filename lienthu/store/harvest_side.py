"""The harvest side: pages come in, each in one transaction with its checkpoint, and what became of them is counted.

The sum that always holds: received = stored + unchanged + deleted + repeated + rejected. Writing what is already here
is a no-op that advances no change number; a deletion keeps the last payload.
"""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, func, select

from lienthu.errors import StoreError
from lienthu.harvest_run import HarvestCounts
from lienthu.i18n import mark
from lienthu.raw_record import RawRecord
from lienthu.store.database import Writing, clean_text, tell_time
from lienthu.store.lookup import Lookup
from lienthu.store.nouns import JudgeWork, Rejection
from lienthu.store.page import Page, clean_id
from lienthu.store.payloads import Payloads
from lienthu.store.runs import Runs, build_counts, build_unknown_run, select_runs
from lienthu.store.schema import records, rejections, runs, siblings

REASON_CHARACTERS = 500
REMOVED_AT_ONCE = 5_000
BELIEVED = 10**12
"""A partner that promises more records promises nothing."""

_RUNNING = select_runs().where(runs.c.id == bindparam("run"), runs.c.verdict == "running")
_ADD_PAGE = runs.update().where(runs.c.id == bindparam("run"))
_NAMED = Lookup(
    select(records.c.number).where(records.c.feed == bindparam("feed"), records.c.sibling.is_(False)),
    records.c.source_id,
)
_ALIVE = Lookup(select(records.c.number).where(records.c.deleted.is_(False)), records.c.number)
_SIBLINGS = Lookup(select(siblings.c.number).where(siblings.c.feed == bindparam("feed")), siblings.c.base_id)


class HarvestSide(Runs):
    """Writes what partners send."""

    payloads: Payloads

    def write_page(
        self,
        run_id: int,
        records: Sequence[RawRecord],
        checkpoint: bytes | None,
        *,
        rejections: Sequence[Rejection] = (),
        promised: int | None = None,
        present: Collection[str] = (),
        withdrawn: Collection[str] = (),
        judge: JudgeWork | None = None,
    ) -> HarvestCounts:
        """One transaction: the records, the rejections, the run's counts and the checkpoint. Returns the page's counts.

        Ids in *present* the partner has, though their records did not come: they count as seen. Those in *withdrawn*
        are not to be kept whatever comes of the run: they become tombstones at once. What *judge* takes for another
        work waits for the end of a staged run.
        Raises StoreError where the run is not running or a record is of another feed; then nothing is written.
        """
        with self.writing() as writing:
            run = read_running(writing.connection, run_id)
            check_feed(records, run["partner_id"], run["feed_id"])
            page = Page(writing, run["feed"], run_id, records, staged=bool(run["staged"]), judge=judge)
            kinds = page.decide()
            page.write(self.payloads)
            mark_present(writing, run["feed"], run_id, present)
            withdraw(writing, run["feed"], withdrawn)
            counts = HarvestCounts(
                promised=promised if promised is not None and 0 <= promised <= BELIEVED else None,
                received=len(records) + len(rejections),
                rejected=len(rejections),
                **kinds,
            )
            before = build_counts(run)
            total = before.plus(counts)
            if not (counts.adds_up and total.adds_up):
                raise StoreError(mark("The counts of run {run} do not add up: {counts}."), run=run_id, counts=total)
            write_rejections(writing, run_id, before.rejected, rejections)
            writing.connection.execute(
                _ADD_PAGE, {"run": run_id, "checkpoint": checkpoint, **msgspec.structs.asdict(total)}
            )
            return counts

    def tombstone_unseen(self, run_id: int, *, except_ids: Collection[str] = ()) -> int:
        """Live records of the feed that this run has not brought become tombstones; returns how many.

        Ids in *except_ids*, and ids that this run rejected, are spared: the partner has them still. The number is
        added to the run's ``removed`` and stays out of its sum, for these records were not received. It goes in
        steps, each one transaction, and may be called again after a kill.
        """
        spared = {clean_id(source_id) for source_id in except_ids}
        with self.reading() as connection:
            spared |= read_rejected_ids(connection, run_id)
        removed, last = 0, 0
        while True:
            with self.writing() as writing:
                run = read_running(writing.connection, run_id)
                found = find_unseen(writing.connection, run["feed"], run_id, last)
                if not found:
                    return removed
                last = found[-1][0]
                numbers = [number for number, *ids in found if spared.isdisjoint(ids)]
                bury_numbers(writing, numbers)
                added = runs.c.removed + len(numbers)
                writing.connection.execute(runs.update().where(runs.c.id == run_id).values(removed=added))
                removed += len(numbers)

    def seen_in_run(self, run_id: int) -> set[str]:
        """The ids, as the partner gave them, of the records that this run has brought so far (tombstones too)."""
        given = func.coalesce(siblings.c.base_id, records.c.source_id)
        statement = (
            select(given)
            .select_from(records)
            .outerjoin(siblings, (siblings.c.feed == records.c.feed) & (siblings.c.number == records.c.number))
            .where(records.c.feed == select(runs.c.feed).where(runs.c.id == run_id).scalar_subquery())
            .where(records.c.seen_run == run_id)
        )
        with self.reading() as connection:
            return set(connection.scalars(statement))

    def rejected_in_run(self, run_id: int) -> set[str]:
        """The ids of what this run rejected so far, where they have one."""
        with self.reading() as connection:
            return read_rejected_ids(connection, run_id)

    def sample_absent(self, run_id: int, most: int) -> list[str]:
        """The ids, as the partner gave them, of some live records that this run has neither brought nor rejected. Which
        ones is as good as chance: they come by their digests."""
        feed = select(runs.c.feed).where(runs.c.id == run_id).scalar_subquery()
        given = func.coalesce(siblings.c.base_id, records.c.source_id)
        rejected = select(rejections.c.source_id).where(rejections.c.run == run_id)
        statement = (
            select(given)
            .select_from(records)
            .outerjoin(siblings, (siblings.c.feed == records.c.feed) & (siblings.c.number == records.c.number))
            .where(records.c.feed == feed, records.c.deleted.is_(False), records.c.seen_run != run_id)
            .where(given.not_in(rejected))
            .order_by(records.c.digest)
            .limit(most)
        )
        with self.reading() as connection:
            return list(connection.scalars(statement))

    def middle_datestamp(self, run_id: int) -> str:
        """The median datestamp of what this run has brought, or the first one behind it that something is older than;
        empty where all that is dated has one date."""
        feed = select(runs.c.feed).where(runs.c.id == run_id).scalar_subquery()
        dated = select(records.c.datestamp).where(
            records.c.feed == feed, records.c.seen_run == run_id, records.c.datestamp != ""
        )
        with self.reading() as connection:
            count = connection.execute(select(func.count()).select_from(dated.subquery())).scalar_one()
            in_order = dated.order_by(records.c.datestamp)
            first = connection.scalar(in_order.limit(1))
            median = connection.scalar(in_order.limit(1).offset(count // 2))
            if first is not None and median == first:
                median = connection.scalar(in_order.where(records.c.datestamp > first).limit(1))
        return median or ""


def read_running(connection: Connection, run_id: int) -> dict[str, Any]:
    row = connection.execute(_RUNNING, {"run": run_id}).one_or_none()
    if row is None:
        raise build_unknown_run(run_id)
    return dict(row._mapping)


def check_feed(arrivals: Sequence[RawRecord], partner_id: str, feed_id: str) -> None:
    for raw in arrivals:
        if raw.partner_id != partner_id or raw.feed_id != feed_id:
            raise StoreError(
                mark(
                    "The record {record} does not belong to the run of {partner}/{feed}: nothing of this page is kept."
                ),
                record=raw.reference,
                partner=partner_id,
                feed=feed_id,
            )


def write_rejections(writing: Writing, run_id: int, before: int, rejected: Sequence[Rejection]) -> None:
    writing.write_many(
        "INSERT INTO rejections (run, place, position, source_id, rule, reason) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                run_id,
                before + place,
                rejection.position,
                clean_id(rejection.source_id),
                clean_text(rejection.rule)[:REASON_CHARACTERS],
                clean_text(rejection.reason)[:REASON_CHARACTERS],
            )
            for place, rejection in enumerate(rejected, start=1)
        ],
    )


def read_rejected_ids(connection: Connection, run_id: int) -> set[str]:
    statement = select(rejections.c.source_id).where(rejections.c.run == run_id, rejections.c.source_id != "")
    return set(connection.scalars(statement))


def find_unseen(connection: Connection, feed: int, run_id: int, last: int) -> list[tuple[int, str, str]]:
    """Numbers above *last* of live records that the run has not brought, with their id and the id as given."""
    given = func.coalesce(siblings.c.base_id, records.c.source_id)
    statement = (
        select(records.c.number, records.c.source_id, given)
        .select_from(records)
        .outerjoin(siblings, (siblings.c.feed == records.c.feed) & (siblings.c.number == records.c.number))
        .where(records.c.feed == feed, records.c.deleted.is_(False), records.c.seen_run != run_id)
        .where(records.c.number > last)
        .order_by(records.c.number)
        .limit(REMOVED_AT_ONCE)
    )
    return [(number, source_id, base_id) for number, source_id, base_id in connection.execute(statement)]


def mark_present(writing: Writing, feed: int, run_id: int, ids: Collection[str]) -> None:
    """All records under these ids, as the partner gives them, are seen by the run."""
    given = [clean_id(source_id) for source_id in ids]
    writing.write_many(
        "UPDATE records SET seen_run = ? WHERE feed = ? AND source_id = ? AND sibling = FALSE",
        [(run_id, feed, source_id) for source_id in given],
    )
    numbers = find_siblings(writing.connection, feed, given)
    writing.write_many("UPDATE records SET seen_run = ? WHERE number = ?", [(run_id, number) for number in numbers])


def withdraw(writing: Writing, feed: int, ids: Collection[str]) -> None:
    """All live records under these ids, as the partner gives them, become tombstones."""
    if not ids:
        return
    given = [clean_id(source_id) for source_id in ids]
    numbers = [row.number for row in _NAMED.find(writing.connection, given, feed=feed)]
    numbers += find_siblings(writing.connection, feed, given)
    bury_numbers(writing, [row.number for row in _ALIVE.find(writing.connection, numbers)])


def find_siblings(connection: Connection, feed: int, base_ids: Collection[str]) -> list[int]:
    return [row.number for row in _SIBLINGS.find(connection, base_ids, feed=feed)]


def bury_numbers(writing: Writing, numbers: Sequence[int]) -> None:
    now = tell_time()
    writing.write_many(
        "UPDATE records SET deleted = TRUE, change = ?, harvested_at = ? WHERE number = ?",
        [(writing.next("change"), now, number) for number in numbers],
    )
