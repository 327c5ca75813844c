"""Staging: what a run makes appear or vanish waits for the run's end, then for a person where too much would change.

A staged run is released or held as a whole, in one transaction with its verdict, so that a death leaves nothing half
done. A held run changes nothing for readers; approving releases it later, rejecting forgets what it wanted. A record
that a later run has seen is none of an older run's business any more. The next run of a feed that is released or held
takes the place of a hold that nobody has decided.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from lienthu.errors import NotFound
from lienthu.harvest_run import HarvestRun, Verdict
from lienthu.i18n import mark
from lienthu.message import Message, Told, quote_text
from lienthu.store.database import Writing, clean_text, tell_time
from lienthu.store.harvest_side import (
    REASON_CHARACTERS,
    HarvestSide,
    bury_numbers,
    find_unseen,
    read_rejected_ids,
    read_running,
)
from lienthu.store.message_rows import MESSAGE, REASON, read_message, write_message
from lienthu.store.nouns import Hold, HoldDecision, StagedCounts, StagedKind
from lienthu.store.page import clean_id
from lienthu.store.runs import write_verdict
from lienthu.store.schema import feeds, holds, records, run_messages, runs, staged_changes
from lienthu.store.waiting import forget_waiting, read_waiting, release_waiting

RELEASED_AT_ONCE = 5_000


class Staging(HarvestSide):
    """Counts, releases, holds and decides."""

    def count_live(self, partner_id: str, feed_id: str) -> int:
        """How many records of the feed readers have."""
        statement = (
            select(func.count())
            .select_from(records)
            .join(feeds, feeds.c.id == records.c.feed)
            .where(feeds.c.partner_id == partner_id, feeds.c.feed_id == feed_id, records.c.deleted.is_(False))
        )
        with self.reading() as connection:
            return connection.execute(statement).scalar_one()

    def stage_unseen(self, run_id: int, *, except_ids: Collection[str] = ()) -> None:
        """Live records of the feed that this run has not brought are to vanish; those it names otherwise are spared.
        Calling it again adds nothing."""
        spared = {clean_id(source_id) for source_id in except_ids}
        last = 0
        while True:
            with self.writing() as writing:
                run = read_running(writing.connection, run_id)
                found = find_unseen(writing.connection, run["feed"], run_id, last)
                if not found:
                    return
                rejected = read_rejected_ids(writing.connection, run_id)
                last = found[-1][0]
                rows = [(run_id, number) for number, *ids in found if (spared | rejected).isdisjoint(ids)]
                writing.write_many(
                    "INSERT INTO staged_changes (run, number, kind) VALUES (?, ?, 'unseen') "
                    "ON CONFLICT (run, number) DO NOTHING",
                    rows,
                )

    def count_staged(self, run_id: int) -> StagedCounts:
        """What the run wants, and what readers have."""
        with self.reading() as connection:
            return count_staged(connection, run_id)

    def release_run(self, run_id: int, verdict: Verdict, message: Told = "", not_before: str = "") -> HarvestRun:
        """Ends the run, and what it wanted comes about."""
        with self.writing() as writing:
            run = read_running(writing.connection, run_id)
            release(writing, run_id)
            if verdict == "complete":
                supersede(writing, run["feed"], run_id)
            return write_verdict(writing, run_id, verdict, message, not_before)

    def hold_run(
        self, run_id: int, reason: Told, ending: Verdict, message: Told = "", not_before: str = ""
    ) -> HarvestRun:
        """Ends the run as held: what it wanted waits for a decision. *ending* is the verdict that it has earned."""
        with self.writing() as writing:
            run = read_running(writing.connection, run_id)
            supersede(writing, run["feed"], run_id)
            counts = count_staged(writing.connection, run_id)
            why = quote_text(reason) if isinstance(reason, str) else reason
            write_message(writing, run_id, REASON, why)
            writing.connection.execute(
                holds.insert().values(
                    run=run_id,
                    ending=ending,
                    reason=clean_text(why.tell())[:REASON_CHARACTERS],
                    live=counts.live,
                    appearing=counts.appearing,
                    vanishing=counts.vanishing,
                    created=tell_time(),
                    decision="",
                    decided="",
                    decided_by="",
                )
            )
            return write_verdict(writing, run_id, "held", message, not_before)

    def approve_hold(self, run_id: int, decided_by: str = "") -> Hold:
        """What the run wanted comes about, and it has the verdict that it had earned. Raises NotFound."""
        with self.writing() as writing:
            hold = require_waiting(writing.connection, run_id)
            release(writing, run_id)
            message = Message() if hold.ending == "complete" else hold.reason
            write_message(writing, run_id, MESSAGE, message)
            done = runs.update().where(runs.c.id == run_id).values(verdict=hold.ending, message=message.tell())
            writing.connection.execute(done)
            return decide(writing, run_id, "approved", decided_by)

    def reject_hold(self, run_id: int, decided_by: str = "") -> Hold:
        """What the run wanted is forgotten; its verdict stays, and the next run is compared anew. Raises NotFound."""
        with self.writing() as writing:
            hold = require_waiting(writing.connection, run_id)
            write_message(writing, run_id, MESSAGE, hold.reason)
            told = hold.reason.tell()
            writing.connection.execute(runs.update().where(runs.c.id == run_id).values(message=told))
            return decide(writing, run_id, "rejected", decided_by)

    def holds(self, *, waiting: bool = True) -> list[Hold]:
        """Those that wait for a person, or all that ever were; oldest first."""
        statement = select_holds()
        if waiting:
            statement = statement.where(holds.c.decision == "")
        with self.reading() as connection:
            return [build_hold(row) for row in connection.execute(statement.order_by(holds.c.run))]

    def staged_numbers(self, run_id: int, kinds: Sequence[StagedKind], limit: int) -> list[int]:
        """Numbers of some records that the run wants to change so."""
        statement = (
            select(staged_changes.c.number)
            .where(staged_changes.c.run == run_id, staged_changes.c.kind.in_(kinds))
            .order_by(staged_changes.c.number)
            .limit(limit)
        )
        with self.reading() as connection:
            return list(connection.scalars(statement))

    def read_waiting(self, run_id: int, numbers: Sequence[int]) -> dict[int, tuple[str, bytes]]:
        """Of records that the run turns into other works: number -> the format and the payload that wait."""
        with self.reading() as connection:
            return read_waiting(connection, self.payloads, run_id, numbers)


def count_staged(connection: Connection, run_id: int) -> StagedCounts:
    feed = connection.scalar(select(runs.c.feed).where(runs.c.id == run_id))
    alive = select(func.count()).where(records.c.feed == feed, records.c.deleted.is_(False))
    live = connection.execute(alive).scalar_one()
    seen = connection.execute(alive.where(records.c.seen_run == run_id)).scalar_one()
    by_kind = (
        select(staged_changes.c.kind, func.count())
        .where(staged_changes.c.run == run_id)
        .group_by(staged_changes.c.kind)
    )
    kinds = {row[0]: row[1] for row in connection.execute(by_kind)}
    deleted = kinds.get("deleted", 0)
    return StagedCounts(
        live=live,
        seen=seen - deleted,
        appearing=kinds.get("appears", 0),
        deleted=deleted,
        unseen=kinds.get("unseen", 0),
        becoming=kinds.get("becomes", 0),
    )


def release(writing: Writing, run_id: int) -> None:
    """What the run wants of records that no later run has seen comes about, and is staged no more."""
    removed = 0
    for changes in read_staged(writing.connection, run_id):
        bury_numbers(writing, [number for number, kind in changes if kind in {"deleted", "unseen"}])
        writing.write_many(
            "UPDATE records SET deleted = FALSE, change = ? WHERE number = ?",
            [(writing.next("change"), number) for number, kind in changes if kind == "appears"],
        )
        release_waiting(writing, run_id, [number for number, kind in changes if kind == "becomes"])
        removed += sum(kind == "unseen" for _, kind in changes)
    if removed:
        added = runs.c.removed + removed
        writing.connection.execute(runs.update().where(runs.c.id == run_id).values(removed=added))
    forget_changes(writing, run_id)


def forget_changes(writing: Writing, run_id: int) -> None:
    writing.connection.execute(staged_changes.delete().where(staged_changes.c.run == run_id))
    forget_waiting(writing, run_id)


def read_staged(connection: Connection, run_id: int) -> Iterator[list[tuple[int, str]]]:
    """What is staged and still to be done, in lists of a bounded length."""
    last = 0
    while True:
        statement = (
            select(staged_changes.c.number, staged_changes.c.kind)
            .join(records, records.c.number == staged_changes.c.number)
            .where(staged_changes.c.run == run_id, staged_changes.c.number > last, records.c.seen_run <= run_id)
            .where(records.c.deleted == (staged_changes.c.kind == "appears"))
            .order_by(staged_changes.c.number)
            .limit(RELEASED_AT_ONCE)
        )
        found = [(number, kind) for number, kind in connection.execute(statement)]
        if not found:
            return
        last = found[-1][0]
        yield found


def supersede(writing: Writing, feed: int, run_id: int) -> None:
    """Holds of the feed's earlier runs that nobody has decided are out of date."""
    statement = (
        select(holds.c.run)
        .join(runs, runs.c.id == holds.c.run)
        .where(runs.c.feed == feed, holds.c.decision == "", holds.c.run < run_id)
    )
    for older in list(writing.connection.scalars(statement)):
        decide(writing, older, "superseded", "")


def decide(writing: Writing, run_id: int, decision: HoldDecision, decided_by: str) -> Hold:
    values = {"decision": decision, "decided": tell_time(), "decided_by": clean_text(decided_by)}
    writing.connection.execute(holds.update().where(holds.c.run == run_id).values(**values))
    forget_changes(writing, run_id)
    return build_hold(writing.connection.execute(select_holds().where(holds.c.run == run_id)).one())


def require_waiting(connection: Connection, run_id: int) -> Hold:
    row = connection.execute(select_holds().where(holds.c.run == run_id, holds.c.decision == "")).one_or_none()
    if row is None:
        raise NotFound(mark("Nothing waits under the number {run}. Look at: lienthu holds"), run=run_id)
    return build_hold(row)


def select_holds() -> Select[Any]:
    return (
        select(holds, feeds.c.partner_id, feeds.c.feed_id, run_messages.c.content.label("told"))
        .join(runs, runs.c.id == holds.c.run)
        .join(feeds, feeds.c.id == runs.c.feed)
        .outerjoin(run_messages, (run_messages.c.run == holds.c.run) & (run_messages.c.kind == REASON))
    )


def build_hold(row: Row[Any]) -> Hold:
    found = dict(row._mapping)
    reason = read_message(found.pop("told"), found.pop("reason"))
    return Hold(run_id=found.pop("run"), reason=reason, **found)
