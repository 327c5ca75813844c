"""A whole build, from stored raw records to a searchable generation, by one process and by several, beside a bare loop.

Run: ``python -m benchmarks.whole_build [RECORDS [WORKERS]]``. The bare loop does the same crosswalk and makes the same
index documents from payloads in memory, and feeds them to tantivy with no store, no editions put together, no ledger,
no checks. The ratio is our share: 1 would be free. Real records repeated where more are wanted (``real_records.py``).

Processor seconds of this process are shown beside those of the clock: what is left to it when workers do the rest
bounds how many of them can help, whatever else the machine does.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.index_build import build_bare
from benchmarks.real_records import repeat_payloads
from indexer.build import build_generation
from indexer.crosswalks import map_record
from indexer.index_document import build_index_document
from indexer.merging import merge_edition
from lienthu.engine.tantivy import TantivyEngine
from lienthu.outcome import Mapped
from lienthu.partner import Partner
from lienthu.raw_record import RawRecord
from lienthu.store import open_store

PARTNER = Partner(id="bench", name={"en": "Benchmark"})
PAGE = 1_000
ROUNDS = 2


def fill_store(folder: Path, records: list[RawRecord]) -> float:
    began = time.perf_counter()
    with open_store(f"sqlite:///{(folder / 'lienthu.db').as_posix()}", folder) as store:
        run = store.begin_run("bench", "file", full=True)
        for start in range(0, len(records), PAGE):
            store.write_page(run.id, records[start : start + PAGE], None)
        store.end_run(run.id, "complete")
    return time.perf_counter() - began


def build_ours(folder: Path, workers: int) -> tuple[float, float, int]:
    """Seconds of the clock, seconds of processors in this process, editions."""
    engine = TantivyEngine(folder / "index")
    try:
        with open_store(f"sqlite:///{(folder / 'lienthu.db').as_posix()}", folder) as store:
            began, worked = time.perf_counter(), time.process_time()
            built = build_generation(store, engine, {"bench": PARTNER}, workers=workers)
            return time.perf_counter() - began, time.process_time() - worked, built.editions
    finally:
        engine.close()


def build_bare_with_crosswalk(records: list[RawRecord], folder: Path) -> float:
    began = time.perf_counter()
    documents = []
    for number, raw in enumerate(records):
        outcome = map_record(raw, PARTNER)
        if isinstance(outcome, Mapped):
            documents.append(build_index_document(merge_edition(f"e{number}", [outcome.record])))
    mapped = time.perf_counter() - began
    return mapped + build_bare(documents, folder)


def main(wanted: int, workers: int) -> None:
    records = [
        RawRecord(partner_id="bench", feed_id="file", source_id=number, format="marc21", payload=payload)
        for number, payload in repeat_payloads(wanted)
    ]
    bare = float("inf")
    by_one = by_many = (float("inf"), float("inf"), 0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stored = fill_store(folder, records)
        for turn in range(ROUNDS):
            place = folder / f"bare{turn}"
            place.mkdir()
            bare = min(bare, build_bare_with_crosswalk(records, place))
            by_one = min(by_one, build_ours(folder, 1))
            by_many = min(by_many, build_ours(folder, workers))
    print(f"{len(records)} real MARC records (repeated), {by_one[2]} editions, best of {ROUNDS} rounds")
    print(f"store, write          {stored:6.2f} s  {len(records) / stored:8.0f} records/s")
    print(f"bare loop + crosswalk {bare:6.2f} s  {len(records) / bare:8.0f} records/s  (baseline)")
    for name, (clock, worked, _) in (("by one process", by_one), (f"by {workers} workers", by_many)):
        rate = len(records) / clock
        share = f"{bare / clock:.2f} of the baseline; {worked:.2f} s of processors in this process"
        print(f"build {name:15} {clock:6.2f} s  {rate:8.0f} records/s  {share}")
    print(f"{workers} workers: {by_one[0] / by_many[0]:.2f} times as fast as one process, on {os.cpu_count()} cores")


if __name__ == "__main__":
    wanted, workers = (*map(int, sys.argv[1:]), *(30_000, max(2, os.cpu_count() or 1))[len(sys.argv) - 1 :])
    main(wanted, workers)
