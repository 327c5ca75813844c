"""The store among processes: writers and a follower, writers killed between and inside pages, upgrades at once."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lienthu.errors import LockHeld, StoreError
from lienthu.store import RecordStore, open_store
from lienthu.store.upgrade import STEPS
from tests.contracts.store_child import PAGE_RECORDS, PAGES

REPOSITORY = Path(__file__).resolve().parents[2]
KILLS = 20


def start_child(*words: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.contracts.store_child", *map(str, words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )


def wait_for_end(child: "subprocess.Popen[str]") -> None:
    child.communicate(timeout=120)
    assert child.returncode == 0


def test_three_writers_and_a_follower_miss_nothing_and_see_nothing_twice(
    store: RecordStore, store_address: str, tmp_path: Path
) -> None:
    pages = 15
    children = [start_child("write", store_address, tmp_path, partner_id, pages) for partner_id in "abc"]
    last = 0
    followed: list[tuple[int, str]] = []
    expected = 3 * pages * PAGE_RECORDS
    end = time.monotonic() + 120
    while len(followed) < expected and time.monotonic() < end:
        for entry in store.changes_since(last, 70):
            followed.append((entry.change, entry.raw.reference))
            last = entry.change
    for child in children:
        wait_for_end(child)
    assert [change for change, _ in followed] == list(range(1, expected + 1))
    assert len({reference for _, reference in followed}) == expected
    assert store.changes_since(last, 10) == []


@pytest.mark.slow
def test_a_writer_killed_twenty_times_loses_no_page_and_writes_none_twice(
    store: RecordStore, store_address: str, tmp_path: Path
) -> None:
    chance = random.Random(20)  # the moments at which it is killed
    kills = 0
    while kills < KILLS:
        child = start_child("write", store_address, tmp_path, "laocai", PAGES)
        assert child.stdout is not None
        for _ in range(chance.randrange(1, 6)):
            child.stdout.readline()
        time.sleep(chance.random() * 0.004)
        child.kill()
        child.communicate()
        kills += 1
        run = store.begin_run("laocai", "oai")
        pages = int(run.checkpoint or b"0")
        assert run.resumed
        assert 0 < pages < PAGES
        assert run.counts.received == run.counts.stored == pages * PAGE_RECORDS
        assert store.count_records().live == store.current_change() == pages * PAGE_RECORDS
        assert len(store.seen_in_run(run.id)) == pages * PAGE_RECORDS
    wait_for_end(start_child("write", store_address, tmp_path, "laocai", PAGES))
    ended = store.last_complete("laocai", "oai")
    assert ended is not None
    assert ended.counts.stored == ended.counts.received == ended.counts.promised == PAGES * PAGE_RECORDS
    assert len(store.runs()) == 1
    assert [entry.change for entry in store.changes_since(0, 10_000)] == list(range(1, PAGES * PAGE_RECORDS + 1))


def test_a_lock_dies_with_its_process(store: RecordStore, store_address: str, tmp_path: Path) -> None:
    child = start_child("lock", store_address, tmp_path, "index")
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(LockHeld), store.lock("index"):
        pass
    child.kill()
    child.communicate()
    end = time.monotonic() + 60
    while True:
        try:
            with store.lock("index"):
                return
        except LockHeld:  # a server needs a moment to see that its client is gone
            assert time.monotonic() < end
            time.sleep(0.05)


def test_a_step_of_the_schema_runs_once_though_two_processes_open_at_once(
    store: RecordStore, store_address: str, tmp_path: Path
) -> None:
    run = store.begin_run("laocai", "oai")
    log = tmp_path / "steps.log"
    children = [start_child("upgrade", store_address, tmp_path, log) for _ in range(2)]
    for child in children:
        wait_for_end(child)
    assert log.read_text() == "ran\n"
    with RecordStore(store_address, tmp_path, steps=(*STEPS, lambda _: None)) as upgraded:
        assert upgraded.schema_number == len(STEPS) + 1
        assert upgraded.begin_run("laocai", "oai").id == run.id
    with pytest.raises(StoreError, match="newer"):
        open_store(store_address, tmp_path)


def test_two_processes_may_make_the_same_store_at_once(store_address: str, tmp_path: Path) -> None:
    children = [start_child("write", store_address, tmp_path, partner_id, 2) for partner_id in "ab"]
    for child in children:
        wait_for_end(child)
    with open_store(store_address, tmp_path) as store:
        assert store.count_records().live == 4 * PAGE_RECORDS


def test_a_step_that_fails_leaves_the_store_as_it_was(store: RecordStore, store_address: str, tmp_path: Path) -> None:
    def break_midway(connection: object) -> None:
        connection.exec_driver_sql("CREATE TABLE half_done (id INTEGER)")  # type: ignore[attr-defined]
        connection.exec_driver_sql("SELECT 1 FROM nowhere")  # type: ignore[attr-defined]

    with pytest.raises(StoreError, match="nowhere"):
        RecordStore(store_address, tmp_path, steps=(*STEPS, break_midway))
    with open_store(store_address, tmp_path) as same:
        assert same.schema_number == len(STEPS)
        with pytest.raises(StoreError, match="half_done"), same.reading() as connection:
            connection.exec_driver_sql("SELECT * FROM half_done")
