"""An indexer killed at any moment loses nothing and does nothing twice: the next one finishes the job."""

import random
import subprocess
import sys
import time
from pathlib import Path

from indexer.build import build_generation
from indexer.promotion import promote_generation
from lienthu.engine import open_engine
from lienthu.store import open_store
from tests.indexer.library import Library, build_raw, open_library

RECORDS = 6_000
KILLS = 20
CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import indexer.build as build
build.UPDATE_BATCH = 200
build.REBUILD_BATCH = 300
from tests.indexer.library import open_library
with open_library(Path(sys.argv[1])) as library:
    print("ready", flush=True)
    if build.is_rebuild_needed(library.store, library.engine):
        library.rebuild(force=True)
    else:
        library.update()
    print("done", flush=True)
"""


def start_child(folder: Path) -> "subprocess.Popen[str]":
    root = str(Path(__file__).resolve().parent.parent.parent)
    return subprocess.Popen([sys.executable, "-c", CHILD, str(folder), root], stdout=subprocess.PIPE, text=True)


def fill(library: Library, first: int, last: int, edition: str = "") -> None:
    library.receive(*(build_raw(f"r{n}", f"Sách số {n % (RECORDS // 2)} {edition}") for n in range(first, last)))


def read_state(folder: Path) -> tuple[set[frozenset[str]], int]:
    with open_library(folder) as library:
        return library.groups(), library.store.count_records().live


def test_twenty_kills_during_indexing_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(20)
    with open_library(tmp_path) as library:
        fill(library, 0, RECORDS)
    kills = 0
    for attempt in range(200):
        child = start_child(tmp_path)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.25))
        if kills < KILLS:
            child.kill()
            kills += 1
        finished = child.stdout.read() == "done\n"
        child.wait()
        child.stdout.close()
        if finished and kills == KILLS:
            break
        if kills in (8, 14):
            with open_library(tmp_path) as library:
                if library.engine.serving() is None:
                    library.rebuild(force=True)
                fill(library, (kills - 8) * 100, RECORDS // 2, f"lần {attempt}")
    groups, live = read_state(tmp_path)
    assert live == RECORDS
    assert sum(len(group) for group in groups) == RECORDS
    assert len(set().union(*groups)) == RECORDS
    engine = open_engine(f"tantivy:{(tmp_path / 'index').as_posix()}")
    with open_store(f"sqlite:///{(tmp_path / 'lienthu.db').as_posix()}", tmp_path) as store:
        library = Library(store, engine)
        built = build_generation(store, engine, library.partners)
        promote_generation(store, engine, built.generation, library.partners, force=True)
        assert library.groups() == groups
    engine.close()
