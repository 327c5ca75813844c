"""A whole build, from stored raw records to a searchable generation, beside a bare loop.

Run: ``python -m benchmarks.whole_build [RECORDS]``. The bare loop does the same crosswalk and makes the same index
documents from payloads in memory, and feeds them to tantivy with no store, no editions put together, no ledger, no
checks. The ratio is our share: 1 would be free. Real records repeated where more are wanted (``real_records.py``).
"""

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


def build_ours(folder: Path) -> tuple[float, int]:
    engine = TantivyEngine(folder / "index")
    try:
        with open_store(f"sqlite:///{(folder / 'lienthu.db').as_posix()}", folder) as store:
            began = time.perf_counter()
            built = build_generation(store, engine, {"bench": PARTNER})
            return time.perf_counter() - began, built.editions
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


def main(wanted: int) -> None:
    records = [
        RawRecord(partner_id="bench", feed_id="file", source_id=number, format="marc21", payload=payload)
        for number, payload in repeat_payloads(wanted)
    ]
    bare = ours = float("inf")
    editions = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stored = fill_store(folder, records)
        for turn in range(ROUNDS):
            place = folder / f"bare{turn}"
            place.mkdir()
            bare = min(bare, build_bare_with_crosswalk(records, place))
            seconds, editions = build_ours(folder)
            ours = min(ours, seconds)
    print(f"{len(records)} real MARC records (repeated), {editions} editions, best of {ROUNDS} rounds")
    print(f"store, write          {stored:6.2f} s  {len(records) / stored:8.0f} records/s")
    print(f"bare loop + crosswalk {bare:6.2f} s  {len(records) / bare:8.0f} records/s  (baseline)")
    print(
        f"whole build           {ours:6.2f} s  {len(records) / ours:8.0f} records/s  {bare / ours:.2f} of the baseline"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30_000)
