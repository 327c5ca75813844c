"""A rebuild by several processes: the same index as by one, nothing swallowed, nothing left running."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from indexer import worker_processes
from indexer.build import build_generation
from indexer.index_document import NO_ID, build_index_document, name_document
from indexer.mapped_batch import MappedBatch, map_and_merge, pack_batch, unpack_batch
from indexer.merging import merge_edition
from indexer.worker_processes import AHEAD, SMALL_STORE, WorkerFailed, choose_workers, map_batches, work_batch
from lienthu.errors import SettingsError
from lienthu.outcome import Failed, Mapped
from lienthu.partner import Partner
from lienthu.store import Fate, StoredRecord
from tests.indexer.library import Library, build_raw, open_library

PARTNERS = {"laocai": Partner(id="laocai", name={"vi": "Lào Cai"})}


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.build.REBUILD_BATCH", 50)


def build_batch(*titles: str) -> list[StoredRecord]:
    return [StoredRecord(number, number, build_raw(str(number), title)) for number, title in enumerate(titles, 1)]


def fill(library: Library) -> None:
    """Editions of one record, of several in one batch, and of several in batches far apart; some that fail."""
    library.receive(
        *(build_raw(f"a{n}", f"Sách số {n}", author="Vi Hồng", accession=f"A{n}") for n in range(120)),
        *(build_raw(f"b{n}", "Truyện Kiều", author="Nguyễn Du", accession=f"B{n}") for n in range(5)),
        build_raw("empty", ""),
    )
    library.receive(
        *(build_raw(f"c{n}", f"Sách số {n}", author="Vi Hồng", partner_id="yenbai") for n in range(0, 120, 3))
    )


def read_index(library: Library, generation: str) -> tuple[dict[str, bytes], dict[int, Fate]]:
    return dict(library.engine.scan(generation)), library.store.fates(generation, range(1, 200))


def test_many_processes_make_the_same_index_as_one(tmp_path: Path, small_batches: None) -> None:
    with open_library(tmp_path / "one") as library:
        fill(library)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    with open_library(tmp_path / "one") as one, open_library(tmp_path / "two") as two:
        by_one = build_generation(one.store, one.engine, one.partners, workers=1)
        by_two = build_generation(two.store, two.engine, two.partners, workers=2)
        assert by_two.tally == by_one.tally
        assert by_two.tally["failed"] == 1
        assert by_two.editions == by_one.editions == 121
        assert read_index(two, by_two.generation) == read_index(one, by_one.generation)


def test_what_is_hidden_stays_hidden_when_processes_made_its_document(tmp_path: Path, small_batches: None) -> None:
    with open_library(tmp_path) as library:
        library.receive(build_raw("1", "Truyện Kiều"), build_raw("2", "Truyện Kiều"), build_raw("3", "Lục Vân Tiên"))
        library.rebuild()
        library.store.hide("laocai/oai/1", "the library asked", keys=[build_raw("1").key])
        built = build_generation(library.store, library.engine, library.partners, workers=2)
        members = [msgspec.json.decode(source)["members"] for _, source in library.engine.scan(built.generation)]
        assert sorted(members) == [["laocai/oai/2"], ["laocai/oai/3"]]


def test_a_document_made_without_an_id_is_the_one_made_with_it() -> None:
    (outcome,) = map_and_merge(build_batch("Truyện Kiều"), PARTNERS).outcomes.values()
    assert isinstance(outcome, Mapped)
    unnamed = build_index_document(merge_edition(NO_ID, [outcome.record]))
    for edition_id in ("lt000001", 'with "quotes"'):
        assert name_document(unnamed, edition_id) == build_index_document(merge_edition(edition_id, [outcome.record]))


def test_a_batch_arrives_as_it_left_half_a_character_or_not() -> None:
    whole = map_and_merge(build_batch("Truyện Kiều", "", "Truyện Kiều"), PARTNERS)
    assert isinstance(pack_batch(whole), bytes)
    assert unpack_batch(pack_batch(whole)) == whole
    half = MappedBatch(outcomes={1: Failed("a/b/c", "245", "title-missing", "\ud800")}, keys={})
    assert unpack_batch(pack_batch(half)) == half


def test_no_more_batches_are_under_way_than_stated() -> None:
    read = 0

    def read_batches() -> Iterator[list[StoredRecord]]:
        nonlocal read
        for _ in range(12):
            read += 1
            yield build_batch("Truyện Kiều")

    with map_batches(read_batches(), PARTNERS, 2) as mapped:
        for taken, _ in enumerate(mapped, 1):
            assert read - taken < 2 + AHEAD
    assert read == taken == 12


def test_what_goes_wrong_in_a_worker_names_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> MappedBatch:
        raise RecursionError("too deep")

    monkeypatch.setattr(worker_processes, "map_and_merge", break_down)
    with pytest.raises(WorkerFailed, match=r"from laocai/oai/1 to laocai/oai/2 .* RecursionError: too deep"):
        work_batch(build_batch("Truyện Kiều", "Lục Vân Tiên"))


def test_an_error_of_ours_comes_out_of_a_worker_in_the_same_words() -> None:
    wrong = {"laocai": Partner(id="laocai", name={"vi": "Lào Cai"}, practice={"no-such-practice": 1})}
    with pytest.raises(SettingsError) as here:
        map_and_merge(build_batch("Truyện Kiều"), wrong)
    with pytest.raises(SettingsError) as there, map_batches([build_batch("Truyện Kiều")], wrong, 2) as mapped:
        next(mapped)
    assert str(there.value) == str(here.value)


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_a_worker_that_is_killed_is_told_as_such() -> None:
    from multiprocessing import active_children

    before = set(active_children())
    with map_batches((build_batch("Truyện Kiều") for _ in range(500)), PARTNERS, 2) as mapped:
        next(mapped)
        for worker in set(active_children()) - before:
            assert worker.pid is not None
            os.kill(worker.pid, signal.SIGKILL)
        with pytest.raises(WorkerFailed, match="--workers 1"):
            list(mapped)
    assert set(active_children()) <= before


CHILD = """
import sys, time
from multiprocessing import active_children
from indexer.worker_processes import map_batches
from tests.indexer.test_workers import PARTNERS, build_batch

if __name__ == "__main__":
    with map_batches((build_batch("Kiều") for _ in range(9)), PARTNERS, 2) as mapped:
        next(mapped)
        print(*(child.pid for child in active_children()), flush=True)
        time.sleep(600)
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "child.py"
    script.write_text(CHILD, encoding="utf-8")
    root = str(Path(__file__).resolve().parent.parent.parent)
    child = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root}
    )
    with child:
        assert child.stdout is not None
        workers = [int(pid) for pid in child.stdout.readline().split()]
        assert len(workers) == 2
        child.kill()
    deadline = time.monotonic() + 30
    while any(is_running(pid) for pid in workers):
        assert time.monotonic() < deadline, "a worker outlived its parent"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """A zombie is not: it waits for whoever adopted it to look."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_small_stores_and_a_single_core_are_done_in_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, workers in ((1, 0), (2, 2), (3, 2), (8, 7), (64, 8)):
        monkeypatch.setattr(worker_processes, "count_cores", lambda cores=cores: cores)
        assert choose_workers(SMALL_STORE) == workers
        assert choose_workers(SMALL_STORE - 1) == 0
    assert [choose_workers(10, asked) for asked in (0, 1, 2, 5)] == [0, 0, 2, 5]
