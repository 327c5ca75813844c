"""The driver: locks, verdicts, removals, hours. Its harvester here is a script of pages."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harvesters.page import Ending, HarvestContext, Page, PageStream
from harvesters.result import FeedResult, choose_exit_code
from harvesters.run import Harvest, build_agent, harvest_feed
from lienthu.errors import HarvestError, StoreError
from lienthu.message import Message
from lienthu.partner import Feed, Partner
from lienthu.raw_record import RawRecord
from lienthu.store import OpenRun, RecordStore, Rejection, open_store
from tests.harvesters.script import Script, build_page, live, run


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RecordStore]:
    with open_store(f"sqlite:///{tmp_path}/lienthu.db", tmp_path) as opened:
        yield opened


def test_a_complete_full_run_of_snapshots_buries_what_it_has_not_seen(store: RecordStore) -> None:
    run(store, Script(build_page("a", "b", "c")), deletions="snapshot")
    result = run(store, Script(build_page("a", "d")), deletions="snapshot")
    assert (result.verdict, result.removed, live(store)) == ("complete", 2, {"a", "d"})
    assert result.counts.adds_up


@pytest.mark.parametrize(
    "script",
    [
        Script(build_page("a"), ending=Ending(verdict="incomplete", message=Message("cut"))),
        Script(build_page("a"), HarvestError("gone")),
        Script(),
        Script(Page(rejections=(Rejection(1, "a", "record-too-large", "x"),))),
        Script(build_page("a", rejections=(Rejection(2, "", "record-unreadable", "x"),))),
        Script(build_page("a"), ending=Ending(verdict="complete", kept_ids=("b", "c"))),
        Script(build_page("a", rejections=(Rejection(2, "b", "x", "x"), Rejection(3, "c", "x", "x")))),
    ],
)
def test_nothing_is_buried_where_it_may_still_be_there(store: RecordStore, script: Script) -> None:
    run(store, Script(build_page("a", "b", "c")), deletions="snapshot")
    result = run(store, script, deletions="snapshot")
    assert (result.removed, live(store)) == (0, {"a", "b", "c"})


def test_a_sweep_happens_in_a_full_run_only_and_tombstones_never(store: RecordStore) -> None:
    run(store, Script(build_page("a", "b")), deletions="sweep")
    assert run(store, Script(build_page("a")), deletions="sweep").removed == 0
    assert run(store, Script(build_page("a")), deletions="tombstones", full=True).removed == 0
    assert run(store, Script(build_page("a")), deletions="sweep", full=True).removed == 1


@pytest.mark.parametrize("error", [HarvestError("the door is shut"), ValueError("a bug of ours")])
def test_an_error_makes_the_run_incomplete_or_failed_by_what_arrived(store: RecordStore, error: Exception) -> None:
    assert run(store, Script(error)).verdict == "failed"
    result = run(store, Script(build_page("a", promised=9), error))
    assert (result.verdict, result.counts.received) == ("incomplete", 1)
    assert "received 1 of 9" in result.message
    last = store.last_run("p", "f")
    assert last is not None
    assert (last.verdict, str(last.message)) == ("incomplete", result.message)


def test_a_bug_leaves_its_trace_in_the_log_and_only_its_name_on_the_screen(store: RecordStore) -> None:
    result = run(store, Script(ValueError("a bug of ours")))
    assert "ValueError" in result.message
    assert "a bug of ours" in (Path(store.home) / "logs" / "harvest.log").read_text()


def test_a_broken_store_stops_everything(store: RecordStore) -> None:
    stranger = RawRecord(partner_id="q", feed_id="f", source_id="1", format="row", payload=b"1")
    with pytest.raises(StoreError):
        run(store, Script(Page(records=(stranger,))))


def test_a_run_that_was_left_open_is_gone_on_with(store: RecordStore) -> None:
    class Killed(BaseException):
        pass

    class Killer(Script):
        def pages(self, feed: Feed, partner: Partner, run: OpenRun, context: HarvestContext) -> PageStream:
            yield build_page("a")
            yield Page()
            raise Killed

    with pytest.raises(Killed):
        run(store, Killer())
    script = Script(build_page("b"))
    result = run(store, script)
    assert script.checkpoints == [b"a"]
    assert (result.verdict, result.counts.received, len(store.runs("p", "f"))) == ("complete", 2, 1)


def test_changes_are_asked_for_since_the_start_of_the_last_complete_run(store: RecordStore) -> None:
    first = Script(build_page("a"))
    run(store, first)
    complete = store.last_complete("p", "f")
    assert complete is not None
    run(store, Script(build_page("b"), HarvestError("broken")))
    changes, everything = Script(), Script()
    run(store, changes)
    run(store, everything, full=True)
    assert [script.contexts[0].since for script in (first, changes, everything)] == ["", complete.started, ""]


def test_a_full_run_is_not_put_off_by_an_open_run_of_changes(store: RecordStore) -> None:
    run(store, Script(build_page("a")))
    open_run = store.begin_run("p", "f", full=False)
    script = Script(build_page("a"))
    result = run(store, script, full=True)
    assert result.run_id != open_run.id
    assert script.contexts[0].since == ""
    assert [one.verdict for one in store.runs("p", "f")] == ["complete", "incomplete", "complete"]


def test_a_feed_that_is_locked_is_left_alone(store: RecordStore) -> None:
    script = Script(build_page("a"))
    with store.lock("harvest-p-f"):
        result = run(store, script)
    assert (result.verdict, result.exit_code, script.contexts) == ("locked", 5, [])


def test_outside_its_hours_a_feed_is_not_asked(store: RecordStore) -> None:
    script = Script(build_page("a"))
    noon = datetime(2026, 11, 24, 5, tzinfo=UTC)
    result = run(store, script, now=noon, window="22:00-05:00")
    assert (result.verdict, result.not_before) == ("waiting", "2026-11-24T15:00:00Z")
    assert result.message == "its hours are 22:00-05:00, next from 22:00, 24/11/2026"
    assert (script.contexts, store.runs()) == ([], [])


def test_a_run_whose_hours_end_goes_on_in_the_next_night(store: RecordStore) -> None:
    night = datetime(2026, 11, 24, 16, tzinfo=UTC)

    class Slow(Script):
        def pages(self, feed: Feed, partner: Partner, run: OpenRun, context: HarvestContext) -> PageStream:
            yield build_page("a")
            clock.append(datetime(2026, 11, 24, 22, 1, tzinfo=UTC))
            yield build_page("b")
            raise AssertionError("the hours are over")

    clock = [night]
    one = Feed(id="f", protocol="oai-pmh", window="22:00-05:00")
    harvest = Harvest(store=store, home=Path(store.home), open_harvester=lambda protocol: Slow(), now=lambda: clock[-1])
    result = harvest_feed(harvest, Partner(id="p", name={"vi": "P"}, feed=(one,)), one)
    assert (result.verdict, result.not_before) == ("incomplete", "2026-11-25T15:00:00Z")
    script = Script(build_page("c"))
    result = run(store, script, now=datetime(2026, 11, 25, 16, tzinfo=UTC), window="22:00-05:00")
    assert (script.checkpoints, result.verdict, result.counts.received) == ([b"b"], "complete", 3)


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ([], 0),
        (["complete", "complete"], 0),
        (["complete", "held"], 4),
        (["held", "incomplete"], 3),
        (["incomplete", "failed", "held"], 1),
        (["complete", "locked"], 5),
        (["waiting"], 3),
    ],
)
def test_the_most_serious_verdict_decides_the_exit_code(verdicts: list[Any], code: int) -> None:
    assert choose_exit_code(FeedResult(partner_id="p", feed_id="f", verdict=one) for one in verdicts) == code


def test_the_name_that_partners_see_says_where_we_are() -> None:
    assert build_agent("https://thuvien.example.org") == "LienThu/0.1 (+https://thuvien.example.org)"
    assert build_agent("", "a@example.org") == "LienThu/0.1 (+mailto:a@example.org)"
    assert build_agent("") == "LienThu/0.1"
