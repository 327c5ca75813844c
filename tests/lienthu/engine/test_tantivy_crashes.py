"""The tantivy engine killed, swapped and dropped while at work."""

import multiprocessing
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from lienthu.engine.facet_dictionary import FILE_NAME, FacetDictionary
from lienthu.engine.tantivy import TantivyEngine
from lienthu.errors import EngineError
from lienthu.query.tree import Everything
from tests.conftest import REPOSITORY
from tests.index_documents import ask, count_values, fill, find, make_document, search
from tests.lienthu.engine.writing_child import BATCH


def kill_while_writing(folder: Path, generation: str, first: int, lines: int, pause: float) -> int:
    """Starts a writer, kills it *pause* seconds after its so-many-th line; returns the last batch it said was
    committed."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.lienthu.engine.writing_child", str(folder), generation, str(first)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    said = [child.stdout.readline() for _ in range(lines)]
    time.sleep(pause)
    child.kill()
    said += child.stdout.readlines()
    child.wait()
    child.stdout.close()
    committed = [int(line.split()[1]) for line in said if line.startswith("committed") and line.endswith("\n")]
    return max(committed, default=first - 1)


def test_twenty_kills_lose_nothing_and_leave_no_unknown_value(tmp_path: Path) -> None:
    chance = random.Random(11)
    engine = TantivyEngine(tmp_path)
    generation = fill(engine, [])
    following = 0
    for _ in range(20):
        committed = kill_while_writing(tmp_path, generation, following, chance.randint(1, 4), chance.random() * 0.05)
        fresh = TantivyEngine(tmp_path)
        held = fresh.count()
        assert held % BATCH == 0
        assert held // BATCH >= committed + 1
        result = search(fresh, Everything(), facets=("author",), facet_size=1000)
        counted = count_values(result, "author")
        expected = Counter({"author of all": held, "author of -1": BATCH if held else 0})
        for batch in range(held // BATCH):
            expected[f"author of {batch}"] += BATCH
            if batch:
                expected[f"author of {batch - 1}"] += BATCH
        assert counted == dict(+expected)
        following = held // BATCH
    assert engine.count() == fresh.count()
    with engine.open_writer(generation) as writer:
        writer.upsert([make_document("last", "sách", facets={"author": ("a new one",)})])
        writer.commit()
    assert (
        count_values(search(engine, ask("sach"), facets=("author",), filters={"author": ("a new one",)}), "author")[
            "a new one"
        ]
        == 1
    )
    numbers = [line.split(b",")[1] for line in (tmp_path / generation / FILE_NAME).read_bytes().splitlines()]
    assert len(numbers) == len(set(numbers)), "a value has two numbers"


def test_a_swap_shows_the_old_or_the_new_and_nothing_else(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    names = {
        fill(engine, [make_document(f"{n}", "sách", facets={"author": (f"of {n}",)}) for n in range(size)]): size
        for size in (3, 7)
    }
    wrong: list[object] = []
    stop = threading.Event()

    def search_all_the_time() -> None:
        reader = TantivyEngine(tmp_path)
        while not stop.is_set():
            for one in (reader, engine):
                try:
                    result = search(one, ask("sach"), facets=("author",))
                    size = names[result.generation]
                    if not size == result.total == len(result.hits) == len(result.facets["author"]):
                        wrong.append(result)
                except BaseException as error:  # noqa: BLE001 - whatever it is, it is wrong
                    wrong.append(error)

    threads = [threading.Thread(target=search_all_the_time) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(25):
            for name in names:
                engine.promote(name)
                assert search(engine, ask("sach")).generation == name
                time.sleep(0.01)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_a_generation_dropped_under_a_reader_answers_to_the_end(tmp_path: Path) -> None:
    engine, other = TantivyEngine(tmp_path), TantivyEngine(tmp_path)
    old = fill(engine, [make_document(f"a{n:05d}", "sách") for n in range(3_000)])
    assert other.count() == 3_000
    scan = other.scan()
    first = next(scan)
    new = fill(engine, [make_document("b", "sách")])
    engine.drop_generation(old)
    assert [first, *scan] == [(f"a{n:05d}", f"source of a{n:05d}".encode()) for n in range(3_000)]
    while search(other, ask("sach")).generation != new:
        time.sleep(0.05)
    assert not list(tmp_path.glob(f"{old}*"))


def test_another_reader_sees_a_commit_without_being_told(tmp_path: Path) -> None:
    engine, other = TantivyEngine(tmp_path), TantivyEngine(tmp_path)
    generation = fill(engine, [make_document("a", "sách")])
    assert other.count() == 1
    with engine.open_writer(generation) as writer:
        writer.upsert([make_document("b", "sách", facets={"author": ("mới",)})])
        writer.commit()
    while other.count() != 2:
        time.sleep(0.05)
    assert count_values(search(other, Everything(), facets=("author",)), "author") == {"mới": 1}
    assert find(other, Everything(), filters={"author": ("mới",)}) == ["b"]


def follow_in_child(engine: TantivyEngine, seen: "multiprocessing.Queue[int]") -> None:
    while engine.count() != 2:
        time.sleep(0.05)
    seen.put(search(engine, ask("sach")).total)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_reader_follows_commits(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    generation = fill(engine, [make_document("a", "sách")])
    assert search(engine, ask("sach")).total == 1
    forking = multiprocessing.get_context("fork")
    seen = forking.Queue()
    with engine._shelf._lock:  # as if another thread were just looking at the files
        child = forking.Process(target=follow_in_child, args=(engine, seen))
        child.start()
    with engine.open_writer(generation) as writer:
        writer.upsert([make_document("b", "sách")])
        writer.commit()
    assert seen.get(timeout=60) == 2
    child.join()


def test_a_torn_last_line_of_the_dictionary_is_no_value(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    generation = fill(engine, [make_document("a", facets={"author": ("một",)})])
    with (tmp_path / generation / FILE_NAME).open("ab") as file:
        file.write(b'["author","hai","ha')
    with engine.open_writer(generation) as writer:
        writer.upsert([make_document("b", facets={"author": ("ba",)})])
        writer.commit()
    reopened = TantivyEngine(tmp_path)
    assert count_values(search(reopened, Everything(), facets=("author",)), "author") == {"một": 1, "ba": 1}


def test_a_damaged_dictionary_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b'["author","a","A"]\nnonsense\n')
    with pytest.raises(EngineError, match="line 2"):
        FacetDictionary(tmp_path)


def test_a_dictionary_of_many_values_gives_each_its_own_number(tmp_path: Path) -> None:
    written = FacetDictionary(tmp_path)
    numbers = [written.allot("author", f"tác giả {n}", f"Tác giả {n}") for n in range(60_000)]
    assert len(set(numbers)) == 60_000
    written.write()
    read = FacetDictionary(tmp_path)
    assert len(read) == 60_000
    assert read.find_number("author", "tác giả 59999") == numbers[-1]
    assert read.find_term(numbers[-1]) == ("tác giả 59999", "Tác giả 59999")
    assert read.find_number("subject", "tác giả 1") is None
