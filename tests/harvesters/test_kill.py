"""kill -9 at any moment of a harvest: nothing is lost, nothing counts twice, the next run finishes the job."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from lienthu.harvest_run import HarvestCounts
from lienthu.partner import Feed, Partner
from tests.harvesters.desk import Desk
from tests.servers.oai_server import Handler, Library, build_records, serve_library

REPOSITORY = Path(__file__).resolve().parents[2]
MOMENTS = 50


def start_child(home: Path, url: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.harvesters.kill_child", str(home), url],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=REPOSITORY,
    )


def test_a_harvest_killed_fifty_times_finishes_with_everything_once(tmp_path: Path) -> None:
    library = Library(build_records(1000), page_size=20)
    children: list[subprocess.Popen[str]] = []
    killed: list[int] = []
    asked_before = [0]

    def kill_during_answer(number: int, body: bytes, handler: Handler) -> bool:
        """Each child gets a page through; at its second it dies: before, amid or some moments after the answer."""
        if len(killed) >= MOMENTS or number - asked_before[-1] < 2:
            return False
        moment = len(killed)
        killed.append(moment)
        asked_before.append(number)
        if moment % 4:
            handler.send(body if moment % 4 > 1 else body[: len(body) // 2])
            time.sleep(moment * 0.002)
        children[-1].kill()
        return True

    library.fault = kill_during_answer
    with serve_library(library) as server:
        for _ in range(MOMENTS):
            children.append(start_child(tmp_path, server.url))
            output, _errors = children[-1].communicate(timeout=60)
            assert output == "begun\n"
            assert children[-1].returncode == -9
        last = start_child(tmp_path, server.url)
        output, _errors = last.communicate(timeout=60)
    assert output == "begun\ncomplete\n"
    desk = Desk(tmp_path)
    (run,) = desk.store.runs("tlu", "oai")
    assert (run.verdict, run.counts.received, run.counts.stored, run.counts.promised) == ("complete", 1000, 1000, 1000)
    assert run.counts.adds_up
    assert desk.live_ids() == {record.id for record in library.records}
    changes = [stored.change for stored in desk.store.changes_since(0, 10_000)]
    assert len(changes) == len(set(changes)) == 1000
    desk.store.close()


class StopAfter:
    """Breaks the harvest off behind a page, as a kill would: the run stays open."""

    def __init__(self, pages: int) -> None:
        self.pages = pages

    def show_page(self, partner: Partner, feed: Feed, counts: HarvestCounts) -> None:
        self.pages -= 1
        if not self.pages:
            raise KeyboardInterrupt


def test_a_killed_run_goes_on_behind_its_last_page(desk: Desk) -> None:
    library = Library(build_records(60))
    with serve_library(library) as server:
        desk.watcher = StopAfter(3)
        with pytest.raises(KeyboardInterrupt):
            desk.harvest(server.url, format="marcxml")
        desk.watcher = None
        result = desk.harvest(server.url, format="marcxml")
    asked = [query.get("resumptionToken") for query in library.requests]
    # The page that was asked for while the last one was stored may be asked for twice, and no other.
    assert set(asked) == {None, "10|", "20|", "30|", "40|", "50|"}
    assert len(asked) - len(set(asked)) == asked.count("30|") - 1 <= 1
    assert (result.verdict, result.counts.received, result.counts.repeated) == ("complete", 60, 0)


def test_a_killed_run_whose_token_died_meanwhile_begins_its_list_again(desk: Desk) -> None:
    library = Library(build_records(60))

    def forget_old_tokens(number: int, body: bytes, handler: Handler) -> bool:
        if library.requests[-1].get("resumptionToken", "new").endswith("new"):
            return False
        handler.send(
            b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="badResumptionToken"/></OAI-PMH>'
        )
        return True

    with serve_library(library) as server:
        desk.watcher = StopAfter(3)
        with pytest.raises(KeyboardInterrupt):
            desk.harvest(server.url, format="marcxml")
        desk.watcher = None
        library.fault = forget_old_tokens
        library.make_token = lambda start, arguments: f"{start}|{arguments}&new"
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, result.counts.received, result.counts.repeated) == ("complete", 90, 30)
    assert len(desk.live_ids()) == 60
    assert len(desk.store.runs("tlu", "oai")) == 1


def test_a_killed_run_whose_feed_was_changed_meanwhile_begins_anew(desk: Desk) -> None:
    library = Library(build_records(60))
    with serve_library(library) as server:
        desk.watcher = StopAfter(3)
        with pytest.raises(KeyboardInterrupt):
            desk.harvest(server.url, format="marcxml")
        desk.watcher = None
        asked = len(library.requests)
        result = desk.harvest(server.url, format="oai_dc")
    assert library.requests[asked] == {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    assert result.verdict == "complete"
