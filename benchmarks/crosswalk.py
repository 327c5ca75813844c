"""MARC bytes to Record: ours, beside pymarc's reading alone, our mapping on pymarc's objects, and Catmandu.

Run: ``python benchmarks/crosswalk.py [--records 30000] [--rounds 2] [--previous CHECKOUT] [FOLDER_OF_MRC_FILES]``.

Trust the ratios, not the absolutes. The records are the real ones of the folder, repeated until there are enough of
them; with repeated records the caches of the normalisers answer more often than in one library's file, so the first
pass over the distinct records, with empty caches, is timed too, in a process of its own. Times are CPU seconds of one
process, the least of the rounds, the candidates taking turns.
"""

import argparse
import gzip
import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

import pymarc

from benchmarks import catmandu
from benchmarks.crosswalk_and_analysis import run_leg
from indexer.crosswalks import map_record
from indexer.crosswalks.marc21 import map_marc
from indexer.crosswalks.source import Source
from lienthu.marc import MarcField, MarcRecord, build_record
from lienthu.outcome import Mapped
from lienthu.practice import USUAL
from lienthu.raw_record import RawRecord

REPOSITORY = Path(__file__).resolve().parent.parent
FILES = ("uva_001-200.mrc", "bu_bibs.mrc", "folio_100.mrc", "gpo_nbs_monograph_utf8.mrc", "gpo_7542_utf8.mrc.gz")


def read_payloads(folder: Path) -> list[bytes]:
    """The distinct records of the folder, each with its terminator."""
    payloads = []
    for name in FILES:
        path = folder / name
        if path.is_file():
            content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            payloads.extend([piece + b"\x1d" for piece in content.split(b"\x1d") if piece.strip()])
    return payloads


def build_raw_records(payloads: list[bytes]) -> list[RawRecord]:
    return [
        RawRecord(
            partner_id="bench", feed_id="file", source_id=str(at), format="marc21", payload=payload,
            harvested_at="2026-11-24T00:00:00Z",
        )
        for at, payload in enumerate(payloads)
    ]  # fmt: skip


def map_ours(raws: list[RawRecord]) -> int:
    return sum(isinstance(map_record(raw, None), Mapped) for raw in raws)


def read_with_pymarc(raws: list[RawRecord]) -> int:
    return sum(record is not None for record in iterate_pymarc(raws))


def iterate_pymarc(raws: list[RawRecord]) -> Iterator[pymarc.Record | None]:
    for raw in raws:
        yield next(pymarc.MARCReader(raw.payload, to_unicode=True, permissive=True, utf8_handling="replace"), None)


def map_on_pymarc(raws: list[RawRecord]) -> int:
    """The same field rules on pymarc's objects."""
    mapped = 0
    for raw, record in zip(raws, iterate_pymarc(raws), strict=True):
        if record is not None:
            map_marc(adapt(record), Source(raw, USUAL))
            mapped += 1
    return mapped


def adapt(record: pymarc.Record) -> MarcRecord:
    fields = [
        MarcField(field.tag, " ", " ", (), field.data)
        if field.is_control_field()
        else MarcField(field.tag, field.indicators[0], field.indicators[1], tuple([tuple(s) for s in field.subfields]))
        for field in record.fields
    ]
    return build_record(str(record.leader), fields, [])


def time_once(run: Callable[[list[RawRecord]], int], raws: list[RawRecord]) -> tuple[float, int]:
    started = process_time()
    count = run(raws)
    return process_time() - started, count


def time_cold(folder: Path, answers: "multiprocessing.SimpleQueue[float]") -> None:
    raws = build_raw_records(read_payloads(folder))
    seconds, _ = time_once(map_ours, raws)
    answers.put(len(raws) / seconds)


def compare_with_catmandu(folder: Path, records: int) -> Iterator[str]:
    """Ours on the records that Catmandu reads, and its two mappings on the same, by processor time for each record
    done (its start, a sixth of a second, is in it)."""
    if not catmandu.is_installed():
        yield "Catmandu is not installed (Debian: libcatmandu-marc-perl): not compared."
        return
    distinct = catmandu.read_payloads(folder)
    raws = build_raw_records([distinct[at % len(distinct)] for at in range(records)])
    with tempfile.TemporaryDirectory() as place:
        source = Path(place, "in.mrc")
        source.write_bytes(b"".join([raw.payload for raw in raws]))
        ours, done = time_once(map_ours, raws)
        yield f"{records} records, of {len(distinct)} distinct ones that Catmandu reads: ours {done / ours:,.0f}/s"
        for name, fix in (("17 fields", catmandu.SHORT), ("a mapping like ours", catmandu.LIKE)):
            run = catmandu.run_catmandu(fix, source)
            rate = run.done / run.processor
            yield f"Catmandu, {name:20} {rate:9,.0f} records/s  {run.done:6} done  ours: x{done / ours / rate:.2f}"


def compare_with_previous(raws: list[RawRecord], previous: Path) -> Iterator[str]:
    """The crosswalk of another checkout over the same records, each in a process of its own (start included)."""
    with tempfile.TemporaryDirectory() as place:
        source = Path(place, "in.mrc")
        source.write_bytes(b"".join([raw.payload for raw in raws]))
        ours, before = [run_leg("crosswalk", source, checkout=checkout) for checkout in (REPOSITORY, previous)]
    for name, run in (("this checkout", ours), (f"checkout {previous.name}", before)):
        yield f"{name:24} {run.processor:7.2f} s  {run.done / run.processor:9,.0f} records/s  {run.done:6} done"
    yield f"this checkout: x{before.processor / ours.processor:.2f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=catmandu.find_folder())
    parser.add_argument("--records", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--previous", type=Path, help="another checkout of this repository, to be compared with")
    options = parser.parse_args()
    distinct = read_payloads(options.folder)
    if not distinct:
        print(f"No MARC files at {options.folder}: give a folder, or set LIENTHU_SHARED.", file=sys.stderr)
        return 2
    answers: multiprocessing.SimpleQueue[float] = multiprocessing.get_context("spawn").SimpleQueue()
    cold = multiprocessing.get_context("spawn").Process(target=time_cold, args=(options.folder, answers))
    cold.start()
    cold_rate = answers.get()
    cold.join()
    payloads = [distinct[at % len(distinct)] for at in range(options.records)]
    raws = build_raw_records(payloads)
    size = sum(map(len, payloads)) / len(payloads)
    print(f"{len(raws)} records of {size:.0f} bytes on average: {len(distinct)} distinct real ones, repeated.")
    print(f"ours, distinct records once with empty caches: {cold_rate:,.0f} records/s")
    candidates = {"ours": map_ours, "pymarc, reading alone": read_with_pymarc, "our mapping on pymarc": map_on_pymarc}
    best: dict[str, float] = {}
    counts: dict[str, int] = {}
    for _ in range(options.rounds):
        for name, run in candidates.items():
            seconds, counts[name] = time_once(run, raws)
            best[name] = min(seconds, best.get(name, seconds))
    for name, seconds in best.items():
        rate = counts[name] / seconds
        ratio = counts["ours"] / best["ours"] / rate if rate else float("inf")
        print(f"{name:24} {seconds:7.2f} s  {rate:9,.0f} records/s  {counts[name]:6} done  ours: x{ratio:.2f}")
    for line in compare_with_catmandu(options.folder, options.records):
        print(line)
    if options.previous:
        for line in compare_with_previous(raws, options.previous):
            print(line)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
