"""Runs: one row for each run of each feed, and how a run that its process left is found again."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from lienthu.errors import StoreError
from lienthu.harvest_run import HarvestCounts, HarvestRun, Verdict
from lienthu.i18n import mark
from lienthu.message import Told, quote_text
from lienthu.store.database import Database, Writing, clean_text, tell_time
from lienthu.store.message_rows import MESSAGE, read_message, write_message
from lienthu.store.nouns import OpenRun, Rejection
from lienthu.store.schema import feeds, rejections, run_messages, run_terms, runs

COUNTED = ("promised", "received", "stored", "unchanged", "deleted", "repeated", "rejected")
MESSAGE_CHARACTERS = 2_000
_RUNS = (
    select(
        runs,
        feeds.c.partner_id,
        feeds.c.feed_id,
        run_terms.c.staged,
        run_terms.c.sweep,
        run_terms.c.fingerprint,
        run_messages.c.content.label("told"),
    )
    .join(feeds, feeds.c.id == runs.c.feed)
    .outerjoin(run_terms, run_terms.c.run == runs.c.id)
    .outerjoin(run_messages, (run_messages.c.run == runs.c.id) & (run_messages.c.kind == MESSAGE))
)


class Runs(Database):
    """Opens, ends and lists runs. That only one process works on a feed is the caller's lock to ensure."""

    def begin_run(
        self,
        partner_id: str,
        feed_id: str,
        full: bool = True,
        *,
        staged: bool = False,
        sweep: bool = False,
        fingerprint: str = "",
    ) -> OpenRun:
        """A new run, or the one that a dead process left, with its checkpoint, its counts and its own terms."""
        with self.writing() as writing:
            feed = ensure_feed(writing, partner_id, feed_id)
            latest = select_runs(partner_id, feed_id).limit(1)
            row = writing.connection.execute(latest).one_or_none()
            if row is not None and row.verdict == "running":
                return build_open_run(dict(row._mapping), resumed=True)
            values: dict[str, Any] = {
                "id": writing.next("run"),
                "feed": feed,
                "verdict": "running",
                "full_run": full,
                "started": tell_time(),
                "checkpoint": None,
            }
            terms: dict[str, Any] = {"staged": staged, "sweep": sweep, "fingerprint": fingerprint}
            writing.connection.execute(runs.insert().values(**values))
            writing.connection.execute(run_terms.insert().values(run=values["id"], **terms))
            return build_open_run(values | terms, resumed=False)

    def end_run(self, run_id: int, verdict: Verdict, message: Told = "", not_before: str = "") -> HarvestRun:
        """Writes the verdict. A *message* that is a text is shown as it is; ``not_before`` is the time before which
        nobody asks this feed again."""
        with self.writing() as writing:
            return write_verdict(writing, run_id, verdict, message, not_before)

    def last_run(self, partner_id: str, feed_id: str) -> HarvestRun | None:
        return next(iter(self.runs(partner_id, feed_id, limit=1)), None)

    def last_complete(self, partner_id: str, feed_id: str) -> HarvestRun | None:
        """The latest run of the feed that proved that it got everything."""
        statement = select_runs(partner_id, feed_id).where(runs.c.verdict == "complete").limit(1)
        with self.reading() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else build_run(row)

    def runs(self, partner_id: str | None = None, feed_id: str | None = None, limit: int = 20) -> list[HarvestRun]:
        """The latest runs, newest first; of one partner or feed where given."""
        with self.reading() as connection:
            return [build_run(row) for row in connection.execute(select_runs(partner_id, feed_id).limit(limit))]

    def rejections(self, run_id: int, limit: int = 100) -> list[Rejection]:
        """What the run rejected, in order of arrival."""
        columns = (rejections.c.position, rejections.c.source_id, rejections.c.rule, rejections.c.reason)
        statement = select(*columns).where(rejections.c.run == run_id).order_by(rejections.c.place).limit(limit)
        with self.reading() as connection:
            return [Rejection(*row) for row in connection.execute(statement)]


def write_verdict(writing: Writing, run_id: int, verdict: Verdict, message: Told, not_before: str) -> HarvestRun:
    told = quote_text(message) if isinstance(message, str) else message
    writing.connection.execute(
        runs.update()
        .where(runs.c.id == run_id)
        .values(
            verdict=verdict,
            message=clean_text(told.tell())[:MESSAGE_CHARACTERS],
            not_before=not_before,
            finished="" if verdict == "running" else tell_time(),
        )
    )
    write_message(writing, run_id, MESSAGE, told)
    row = writing.connection.execute(select_runs().where(runs.c.id == run_id)).one_or_none()
    if row is None:
        raise build_unknown_run(run_id)
    return build_run(row)


def ensure_feed(writing: Writing, partner_id: str, feed_id: str) -> int:
    """The feed's number in this store; a new one where it was never seen."""
    found = find_feed(writing.connection, partner_id, feed_id)
    if found is not None:
        return found
    taken = select(feeds.c.id).order_by(feeds.c.id.desc()).limit(1)
    number = (writing.connection.scalar(taken) or 0) + 1
    writing.connection.execute(feeds.insert().values(id=number, partner_id=partner_id, feed_id=feed_id))
    return number


def find_feed(connection: Connection, partner_id: str, feed_id: str) -> int | None:
    return connection.scalar(select(feeds.c.id).where(feeds.c.partner_id == partner_id, feeds.c.feed_id == feed_id))


def select_runs(partner_id: str | None = None, feed_id: str | None = None) -> Select[Any]:
    statement = _RUNS
    if partner_id is not None:
        statement = statement.where(feeds.c.partner_id == partner_id)
    if feed_id is not None:
        statement = statement.where(feeds.c.feed_id == feed_id)
    return statement.order_by(runs.c.id.desc())


def build_counts(row: Mapping[str, Any]) -> HarvestCounts:
    return HarvestCounts(**{name: row[name] for name in COUNTED if name in row})


def build_open_run(row: Mapping[str, Any], resumed: bool) -> OpenRun:
    return OpenRun(
        id=row["id"],
        full=row["full_run"],
        resumed=resumed,
        checkpoint=row["checkpoint"],
        counts=build_counts(row),
        started=row["started"],
        staged=bool(row["staged"]),
        sweep=bool(row["sweep"]),
        fingerprint=row["fingerprint"] or "",
    )


def build_run(row: Row[Any]) -> HarvestRun:
    found = dict(row._mapping)
    return HarvestRun(
        id=found["id"],
        partner_id=found["partner_id"],
        feed_id=found["feed_id"],
        verdict=found["verdict"],
        counts=build_counts(found),
        started=found["started"],
        finished=found["finished"],
        message=read_message(found["told"], found["message"]),
        full=found["full_run"],
        not_before=found["not_before"],
        removed=found["removed"],
        sweep=bool(found["sweep"]),
        fingerprint=found["fingerprint"] or "",
    )


def build_unknown_run(run_id: int) -> StoreError:
    return StoreError(
        mark("Run {run} is not running in this store: begin a run of the feed, then write its pages."), run=run_id
    )
