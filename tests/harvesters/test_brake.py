"""The change brake: what is held, what passes, and what readers have meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harvesters.brake import Evidence, find_hold
from harvesters.conclusion import fingerprint_feed
from harvesters.hours import format_moment, is_sweep_due
from harvesters.page import Ending, HarvestContext, Page, PageStream
from harvesters.selection import select_due
from lienthu.errors import HarvestError, NotFound
from lienthu.harvest_run import HarvestCounts, HarvestRun
from lienthu.message import Message
from lienthu.partner import Feed, Partner
from lienthu.raw_record import RawRecord
from lienthu.store import OpenRun, RecordStore, Rejection, StagedCounts, open_store
from tests.harvesters.script import Script, build_page, live, run

HUNDRED = tuple(f"r{number}" for number in range(100))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RecordStore]:
    with open_store(f"sqlite:///{tmp_path}/lienthu.db", tmp_path) as opened:
        yield opened


def build_deletions(*ids: str) -> Page:
    return Page(
        records=tuple(RawRecord(partner_id="p", feed_id="f", source_id=one, format="row", deleted=True) for one in ids)
    )


def judge(feed: Feed, *, live: int, seen: int = 0, new: int = 0, gone: int = 0, came: int = 0, before: int = 0) -> str:
    staged = StagedCounts(live=live, seen=seen, appearing=new, deleted=0, unseen=gone)
    return str(find_hold(feed, Evidence(staged=staged, arrived=came, baseline=before, whole=True)))


OAI = Feed(id="f", protocol="oai-pmh", deletions="snapshot")
SPIDER = Feed(id="f", protocol="spider")
DROP = Feed(id="f", protocol="file")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (judge(OAI, live=1_000, seen=899, gone=101, came=899), "101 of 1000 records would vanish (10 %)"),
        (judge(OAI, live=1_000, seen=900, gone=100, came=900), ""),
        (judge(OAI, live=50, seen=31, gone=19, came=31), ""),
        (judge(OAI, live=30, seen=14, gone=16, came=14), "16 of 30"),
        (
            judge(OAI, live=1_000, gone=1_000, new=1_000, came=1_000),
            "1000 of 1000 known records did not come, and 1000",
        ),
        (judge(OAI, live=1_000, seen=1_000, new=8_000, came=9_000, before=1_000), ""),
        (judge(SPIDER, live=1_000, seen=400, came=400, before=1_000), "brought 400 records; the last complete run"),
        (judge(SPIDER, live=1_000, seen=600, came=600, before=1_000), ""),
        (judge(SPIDER, live=250, came=0, before=250), "brought 0"),
        (judge(DROP, live=1_000, seen=0, new=300, came=300, before=1_000), ""),
        (judge(DROP, live=1_000, seen=300, came=300, before=1_000), "brought 300"),
        (judge(Feed(id="f", protocol="oai-pmh", brake_share=0.5), live=100, seen=60, gone=40, came=60), ""),
    ],
)
def test_losses_other_identifiers_and_a_poor_yield_are_held_and_growth_passes(reason: str, words: str) -> None:
    assert words in reason
    assert bool(words) == bool(reason)


def test_a_loss_of_a_third_is_held_and_readers_keep_everything(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)), deletions="snapshot")
    before = store.current_change()
    result = run(store, Script(build_page(*HUNDRED[:70], "new")), deletions="snapshot")
    assert (result.verdict, result.exit_code, result.removed) == ("held", 4, 0)
    assert "30 of 100 records would vanish (30 %)" in result.message
    assert live(store) == set(HUNDRED)
    assert [stored for stored in store.changes_since(before, 1_000) if not stored.raw.deleted] == []
    (hold,) = store.holds()
    assert (hold.live, hold.vanishing, hold.appearing, hold.ending) == (100, 30, 1, "complete")
    assert len(store.staged_numbers(hold.run_id, ["unseen"], 1_000)) == 30


def test_an_approved_hold_comes_about_and_is_the_new_measure(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)), deletions="snapshot")
    held = run(store, Script(build_page(*HUNDRED[:70], "new")), deletions="snapshot")
    hold = store.approve_hold(held.run_id, "Lan")
    assert (hold.decision, hold.decided_by) == ("approved", "Lan")
    assert live(store) == {*HUNDRED[:70], "new"}
    complete = store.last_complete("p", "f")
    assert complete is not None
    assert (complete.id, complete.removed) == (held.run_id, 30)
    assert run(store, Script(build_page(*HUNDRED[:70], "new")), deletions="snapshot").verdict == "complete"
    with pytest.raises(NotFound):
        store.approve_hold(held.run_id)


def test_a_rejected_hold_is_forgotten_and_the_next_run_is_compared_anew(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)), deletions="snapshot")
    held = run(store, Script(build_page(*HUNDRED[:70])), deletions="snapshot")
    store.reject_hold(held.run_id)
    assert (live(store), store.holds()) == (set(HUNDRED), [])
    again = run(store, Script(build_page(*HUNDRED[:70])), deletions="snapshot")
    assert (again.verdict, live(store)) == ("held", set(HUNDRED))
    healed = run(store, Script(build_page(*HUNDRED, "new")), deletions="snapshot")
    assert (healed.verdict, live(store), store.holds()) == ("complete", {*HUNDRED, "new"}, [])
    assert [hold.decision for hold in store.holds(waiting=False)] == ["rejected", "superseded"]


@pytest.mark.parametrize("deletions", ["snapshot", "tombstones"])
def test_other_identifiers_are_held_and_replace_the_old_ones_when_approved(store: RecordStore, deletions: str) -> None:
    renumbered = tuple(f"new{number}" for number in range(100))
    run(store, Script(build_page(*HUNDRED)), deletions=deletions, full=True)
    held = run(store, Script(build_page(*renumbered)), deletions=deletions, full=True)
    assert (held.verdict, live(store)) == ("held", set(HUNDRED))
    store.approve_hold(held.run_id)
    assert live(store) == set(renumbered)


def test_many_deletions_by_the_partners_word_are_held_and_few_are_not(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)))
    assert run(store, Script(build_deletions(*HUNDRED[:10]))).verdict == "complete"
    assert live(store) == set(HUNDRED[10:])
    held = run(store, Script(build_deletions(*HUNDRED[10:50]), build_page("new")))
    assert (held.verdict, held.counts.deleted, live(store)) == ("held", 40, set(HUNDRED[10:]))
    store.approve_hold(held.run_id)
    assert live(store) == {*HUNDRED[50:], "new"}


def test_a_deletion_and_its_undoing_in_one_run_leave_nothing_to_hold(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)))
    result = run(store, Script(build_deletions(*HUNDRED[:40]), build_page(*HUNDRED[:40])))
    assert (result.verdict, live(store), result.counts.adds_up) == ("complete", set(HUNDRED), True)


def test_growth_by_nine_times_passes_and_is_seen_at_the_end_of_the_run(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)), deletions="snapshot")
    more = tuple(f"more{number}" for number in range(800))
    assert run(store, Script(build_page(*HUNDRED, *more)), deletions="snapshot").verdict == "complete"
    assert live(store) == {*HUNDRED, *more}


def test_corrections_reach_readers_even_from_a_held_run(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)), deletions="snapshot")
    corrected = RawRecord(partner_id="p", feed_id="f", source_id="r0", format="row", payload=b"better")
    held = run(store, Script(Page(records=(corrected,)), build_page(*HUNDRED[1:50])), deletions="snapshot")
    assert held.verdict == "held"
    (first,) = [stored.raw for stored in store.changes_since(0, 1_000) if stored.raw.source_id == "r0"]
    assert (first.payload, first.deleted) == (b"better", False)


def test_an_incomplete_run_adds_what_came_and_takes_nothing_away(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)), deletions="snapshot")
    result = run(store, Script(build_page("new"), HarvestError("cut")), deletions="snapshot")
    assert (result.verdict, live(store)) == ("incomplete", {*HUNDRED, "new"})


@pytest.mark.parametrize(
    "ending", [Ending(verdict="complete"), Ending(verdict="incomplete", message=Message("no records"))]
)
def test_a_spider_that_finds_nothing_any_more_is_held(store: RecordStore, ending: Ending) -> None:
    run(store, Script(build_page(*HUNDRED)), protocol="spider", deletions="snapshot")
    result = run(store, Script(ending=ending), protocol="spider", deletions="snapshot")
    assert (result.verdict, live(store)) == ("held", set(HUNDRED))
    assert "brought 0 records; the last complete run brought 100" in result.message


def test_a_killed_run_goes_on_and_is_held_all_the_same(store: RecordStore) -> None:
    class Killed(BaseException):
        pass

    class Killer(Script):
        def pages(self, feed: Feed, partner: Partner, run: OpenRun, context: HarvestContext) -> PageStream:
            yield build_page(*HUNDRED[:30], "new")
            yield build_deletions(*HUNDRED[60:])
            raise Killed

    run(store, Script(build_page(*HUNDRED)))
    with pytest.raises(Killed):
        run(store, Killer())
    assert live(store) == set(HUNDRED)
    result = run(store, Script(build_page(*HUNDRED[30:60], "new", "newer")))
    assert (result.verdict, result.counts.repeated, live(store)) == ("held", 1, set(HUNDRED))
    store.approve_hold(result.run_id)
    assert live(store) == {*HUNDRED[:60], "new", "newer"}


def test_what_a_later_run_has_seen_is_not_taken_by_an_older_approval(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)), deletions="snapshot")
    held = run(store, Script(build_page(*HUNDRED[:70])), deletions="snapshot")
    run(store, Script(build_page("r99"), HarvestError("cut")), deletions="snapshot")
    store.approve_hold(held.run_id)
    assert live(store) == {*HUNDRED[:70], "r99"}


def test_a_feed_pointed_elsewhere_runs_in_full_and_what_is_not_there_goes(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)), url="https://a.example/oai")
    same, other = Script(build_page()), Script(build_page(*HUNDRED[5:]))
    run(store, same, url="https://a.example/oai")
    result = run(store, other, url="https://a.example/oai", set="books")
    assert bool(same.contexts[0].since)
    assert (other.contexts[0].since, result.verdict, result.removed) == ("", "complete", 5)


def test_an_open_run_of_a_feed_that_was_pointed_elsewhere_is_given_up(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)), url="https://a.example/oai")
    feed = Feed(id="f", protocol="oai-pmh", url="https://a.example/oai")
    opened = store.begin_run("p", "f", full=False, staged=True, fingerprint=fingerprint_feed(feed))
    result = run(store, Script(build_page(*HUNDRED)), url="https://b.example/oai")
    assert (result.run_id != opened.id, result.verdict) == (True, "complete")


def give_again(count: int) -> Page:
    """The first records of the hundred say something else now; the others too, but about the same."""
    records = tuple(
        RawRecord(
            partner_id="p",
            feed_id="f",
            source_id=one,
            format="row",
            payload=f"{'x' if place < count else one}!".encode(),
        )
        for place, one in enumerate(HUNDRED)
    )
    return Page(records=records)


def is_other(shown: RawRecord, arrived: RawRecord) -> bool:
    return shown.payload[:1] != arrived.payload[:1]


@pytest.mark.parametrize("deletions", ["tombstones", "snapshot"])
def test_a_run_that_gives_old_identifiers_to_other_works_is_held(store: RecordStore, deletions: str) -> None:
    run(store, Script(build_page(*HUNDRED)), deletions=deletions)
    result = run(store, Script(give_again(30)), deletions=deletions, judge=is_other)
    assert (result.verdict, result.counts.stored) == ("held", 100)
    assert "30 of 100 identifiers now stand for other works (30 %)" in result.message
    said = {stored.raw.source_id: stored.raw.payload for stored in store.changes_since(0, 1_000)}
    assert [said[one] for one in ("r0", "r29", "r30")] == [b"r0", b"r29", b"r30!"]
    (hold,) = store.holds()
    store.approve_hold(hold.run_id)
    said = {stored.raw.source_id: stored.raw.payload for stored in store.changes_since(0, 1_000)}
    assert [said[one] for one in ("r0", "r29", "r30")] == [b"x!", b"x!", b"r30!"]
    assert run(store, Script(give_again(30)), deletions=deletions, judge=is_other).counts.unchanged == 100


def test_fewer_other_works_come_about_and_are_counted(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)))
    result = run(store, Script(give_again(5)), judge=is_other)
    assert (result.verdict, result.message) == ("complete", "5 of 100 identifiers now stand for other works (5 %)")
    last = store.last_run("p", "f")
    assert last is not None
    assert str(last.message) == result.message
    assert {stored.raw.payload for stored in store.changes_since(0, 1_000) if stored.raw.source_id < "r2"} >= {b"x!"}


def test_a_feed_without_a_brake_takes_other_works(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)), brake_share=1.0)
    assert run(store, Script(give_again(90)), brake_share=1.0, judge=is_other).verdict == "complete"


def test_a_record_that_moves_into_an_excluded_set_goes_at_once(store: RecordStore) -> None:
    run(store, Script(build_page(*HUNDRED)))
    moved = tuple(Rejection(number, one, "set-excluded", "x") for number, one in enumerate(HUNDRED[:50], 1))
    result = run(store, Script(Page(rejections=moved, withdrawn=HUNDRED[:50])))
    assert (result.verdict, live(store), result.counts.adds_up) == ("complete", set(HUNDRED[50:]), True)


def test_a_sweep_takes_what_the_list_of_identifiers_does_not_hold(store: RecordStore) -> None:
    week = timedelta(days=8)
    run(store, Script(build_page(*HUNDRED)), deletions="sweep")
    listed = Page(present=HUNDRED[3:])
    assert run(store, Script(listed), deletions="sweep").removed == 0
    later = datetime.now(UTC) + week
    assert run(store, Script(Page()), deletions="sweep", now=later).removed == 0
    result = run(store, Script(listed), deletions="sweep", now=later)
    assert (result.verdict, result.removed, live(store)) == ("complete", 3, set(HUNDRED[3:]))


def test_a_sweep_is_due_a_week_after_the_last_whole_list() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)

    def build_run(days: int, verdict: str = "complete", *, full: bool = False, sweep: bool = False) -> HarvestRun:
        return HarvestRun(
            id=1,
            partner_id="p",
            feed_id="f",
            verdict=verdict,  # type: ignore[arg-type]
            counts=HarvestCounts(),
            started=format_moment(now - timedelta(days=days)),
            full=full,
            sweep=sweep,
        )

    feed = Feed(id="f", protocol="oai-pmh", deletions="sweep")
    assert is_sweep_due(feed, [build_run(1), build_run(8, full=True)], now)
    assert not is_sweep_due(feed, [build_run(1), build_run(3, sweep=True), build_run(30, full=True)], now)
    assert is_sweep_due(feed, [build_run(1, "incomplete", sweep=True), build_run(8, full=True)], now)
    assert not is_sweep_due(Feed(id="f", protocol="oai-pmh"), [build_run(8, full=True)], now)


def test_a_feed_that_failed_or_is_held_is_not_asked_again_at_once(store: RecordStore) -> None:
    feed = Feed(id="f", protocol="oai-pmh", deletions="snapshot")
    chosen = [(Partner(id="p", name={"vi": "P"}, feed=(feed,)), feed)]

    def is_due(after: timedelta) -> bool:
        return bool(list(select_due(chosen, store, datetime.now(UTC) + after)))

    assert is_due(timedelta(0))
    run(store, Script(HarvestError("shut")), deletions="snapshot")
    assert (is_due(timedelta(minutes=5)), is_due(timedelta(hours=1))) == (False, True)
    run(store, Script(build_page(*HUNDRED)), deletions="snapshot")
    run(store, Script(build_page(*HUNDRED[:50])), deletions="snapshot")
    assert (is_due(timedelta(hours=1)), is_due(timedelta(days=1))) == (False, True)
