"""The driver: one run of one feed, whatever its protocol.

It holds the feed's lock, begins a run or goes on with one that a dead process left, writes each page with its
checkpoint in one transaction, and ends the run with a verdict. ``complete`` is the harvester's proof and no less; an
error makes the run incomplete, or failed where nothing had arrived. What the run would take from readers is judged at
its end (see ``conclusion``). A feed that was pointed elsewhere since its last complete run is harvested in full.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol as Interface

import msgspec

from harvesters.conclusion import Closing, fingerprint_feed, is_other_feed, is_run_staged
from harvesters.hours import find_opening, format_moment, is_sweep_due, parse_moment, tell_moment
from harvesters.log import HarvestLog
from harvesters.page import Ending, HarvestContext, Harvester, PageStream, tell_share
from harvesters.registry import open_harvester
from harvesters.result import FeedResult
from lienthu.errors import CatalogueError, LockHeld, StoreError
from lienthu.harvest_run import HarvestCounts
from lienthu.i18n import _, mark
from lienthu.message import Message, build_message, join_messages, quote_text
from lienthu.partner import Feed, Partner, Protocol
from lienthu.store import OpenRun, RecordStore
from lienthu.store.nouns import JudgeWork

AGENT = "LienThu/0.1"
_SHOWN_REJECTIONS = 5
_RECENT_RUNS = 200


class Interrupted(BaseException):
    """The harvest was asked to stop. The run stays open behind its last page, and the next process goes on with it."""


class Watcher(Interface):
    """Sees a run as it goes, to show it to people."""

    def show_page(self, partner: Partner, feed: Feed, counts: HarvestCounts) -> None:
        """After each page: the counts of the run so far."""
        ...


class Harvest(msgspec.Struct, frozen=True, kw_only=True):
    """What every run of this command shares. ``full`` asks for everything, whatever was complete before; once ``stop``
    is set, runs end behind the page that they are at. ``judge`` says what is another work (None: nothing is)."""

    store: RecordStore
    home: Path
    agent: str = AGENT
    full: bool = False
    environment: Mapping[str, str] = {}
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    open_harvester: Callable[[Protocol], Harvester] = open_harvester
    watcher: Watcher | None = None
    judge: JudgeWork | None = None
    stop: threading.Event = msgspec.field(default_factory=threading.Event)


def build_agent(public_url: str, contact: str = "") -> str:
    """``LienThu/0.1 (+https://…)``: a partner who wonders who asks can find us."""
    where = public_url or (f"mailto:{contact}" if "@" in contact else contact)
    return f"{AGENT} (+{where})" if where else AGENT


def harvest_feed(harvest: Harvest, partner: Partner, feed: Feed) -> FeedResult:
    """One feed's turn. Raises StoreError where the store itself is broken, Interrupted where it was asked to stop;
    everything else is a result."""
    waiting = _find_wait(harvest, partner, feed)
    if waiting is not None:
        return waiting
    try:
        with harvest.store.lock(f"harvest-{partner.id}-{feed.id}"):
            return FeedRun(harvest, partner, feed).work()
    except LockHeld as error:
        return FeedResult(partner_id=partner.id, feed_id=feed.id, verdict="locked", message=error.tell(_))


def _find_wait(harvest: Harvest, partner: Partner, feed: Feed) -> FeedResult | None:
    """The reason not to ask now, None where there is none."""
    now = harvest.now()
    last = harvest.store.last_run(partner.id, feed.id)
    if last is not None and last.not_before and parse_moment(last.not_before) > now:
        opening, message = parse_moment(last.not_before), _("the partner asks to be left alone until {time}")
    else:
        found = find_opening(feed, now)
        if found is None:
            return None
        opening, message = found, _("its hours are {window}, next from {time}")
    return FeedResult(
        partner_id=partner.id,
        feed_id=feed.id,
        verdict="waiting",
        message=message.format(time=tell_moment(opening, feed), window=feed.window),
        not_before=format_moment(opening),
    )


class FeedRun:
    """One run, under the feed's lock."""

    def __init__(self, harvest: Harvest, partner: Partner, feed: Feed) -> None:
        self._harvest = harvest
        self._store = harvest.store
        self._partner = partner
        self._feed = feed
        self._log = HarvestLog(harvest.home, harvest.now)
        self._name = f"{partner.id}/{feed.id}"
        self._last = self._store.last_complete(partner.id, feed.id)
        self._run, self._since = self._begin()
        self._counts = self._run.counts
        self._checkpoint = self._run.checkpoint

    def _begin(self) -> tuple[OpenRun, str]:
        """The run, and since when it asks for changes (empty: everything)."""
        last = self._last
        by_changes = self._feed.protocol == "oai-pmh" and self._feed.deletions != "snapshot"
        is_other = last is not None and is_other_feed(last.fingerprint, self._feed)
        full = self._harvest.full or last is None or not by_changes or is_other
        run = self._open(full)
        if run.resumed and ((full and not run.full) or is_other_feed(run.fingerprint, self._feed)):
            given_up = Ending(verdict="incomplete", message=Message(mark("given up for a full run")))
            Closing(self._store, self._feed, run, last).end(given_up, run.counts)
            run = self._open(full=True)
        return run, "" if run.full or last is None else last.started

    def _open(self, full: bool) -> OpenRun:
        partner_id, feed = self._partner.id, self._feed
        recent = self._store.runs(partner_id, feed.id, limit=_RECENT_RUNS) if feed.deletions == "sweep" else []
        return self._store.begin_run(
            partner_id,
            feed.id,
            full=full,
            staged=is_run_staged(self._store, partner_id, feed, self._last),
            sweep=not full and is_sweep_due(feed, recent, self._harvest.now()),
            fingerprint=fingerprint_feed(feed),
        )

    def work(self) -> FeedResult:
        """Harvests to the end, whatever happens on the way. Only a broken store is raised."""
        try:
            ending = self._write_pages()
        except StoreError:
            raise
        except CatalogueError as error:
            ending = self._end_by_error(error.keep(), getattr(error, "not_before", None))
        except Exception as error:  # noqa: BLE001 - one feed's bug must not stop the other feeds
            self._log.write_traceback(self._name, self._run.id, error)
            words = Message(mark("an unexpected error, see logs/harvest.log"))
            ending = self._end_by_error(join_messages((words, quote_text(type(error).__name__)), ": "))
        if ending is None:
            return self._pause()
        done = Closing(self._store, self._feed, self._run, self._last).end(ending, self._counts)
        self._log.write_ending(self._name, self._run.id, done.verdict, done.message.tell())
        return FeedResult(
            partner_id=self._partner.id,
            feed_id=self._feed.id,
            verdict=done.verdict,
            counts=self._counts,
            message=done.message.tell(),
            removed=done.removed,
            not_before=ending.not_before,
            run_id=self._run.id,
            rejections=tuple(self._store.rejections(self._run.id, limit=_SHOWN_REJECTIONS)),
        )

    def _write_pages(self) -> Ending | None:
        """The ending; None where the feed's hours ended first."""
        harvester = self._harvest.open_harvester(self._feed.protocol)
        context = HarvestContext(
            home=self._harvest.home,
            agent=self._harvest.agent,
            since=self._since,
            seen=lambda: self._store.seen_in_run(self._run.id),
            rejected=lambda: self._store.rejected_in_run(self._run.id),
            middle=lambda: self._store.middle_datestamp(self._run.id),
            absent=lambda most: self._store.sample_absent(self._run.id, most),
            environment=self._harvest.environment,
            now=self._harvest.now,
            counts=lambda: self._counts,
        )
        number = 0
        with closing(harvester.pages(self._feed, self._partner, self._run, context)) as pages:
            while True:
                ending = self._write_next_page(pages, number := number + 1)
                if ending is not None:
                    return ending
                if self._harvest.stop.is_set():
                    raise Interrupted
                if find_opening(self._feed, self._harvest.now()) is not None:
                    return None

    def _write_next_page(self, pages: PageStream, number: int) -> Ending | None:
        try:
            page = next(pages)
        except StopIteration as stop:
            ending: Ending = stop.value
            return ending
        if page.checkpoint is not None:
            self._checkpoint = page.checkpoint
        counts = self._store.write_page(
            self._run.id,
            page.records,
            self._checkpoint,
            rejections=page.rejections,
            promised=page.promised,
            present=page.present,
            withdrawn=page.withdrawn,
            judge=self._harvest.judge,
        )
        self._counts = self._counts.plus(counts)
        self._log.write_page(self._name, self._run.id, number, page)
        if self._harvest.watcher is not None:
            self._harvest.watcher.show_page(self._partner, self._feed, self._counts)
        return None

    def _end_by_error(self, reason: Message, not_before: datetime | None = None) -> Ending:
        counts = self._counts
        distinct = counts.received - counts.repeated
        return Ending(
            verdict="incomplete" if counts.received or not_before else "failed",
            message=tell_share(distinct, counts.promised, reason) if counts.received else reason,
            not_before=format_moment(not_before) if not_before else "",
        )

    def _pause(self) -> FeedResult:
        """The run stays open with its checkpoint; the next process goes on with it when the hours begin again."""
        opening = find_opening(self._feed, self._harvest.now()) or self._harvest.now()
        words = mark("its hours are over; it goes on from {time}")
        message = build_message(words, time=tell_moment(opening, self._feed))
        self._store.end_run(self._run.id, "running", message)
        self._log.write_ending(self._name, self._run.id, "running", message.tell())
        return FeedResult(
            partner_id=self._partner.id,
            feed_id=self._feed.id,
            verdict="incomplete",
            counts=self._counts,
            message=message.tell(),
            not_before=format_moment(opening),
            run_id=self._run.id,
        )
