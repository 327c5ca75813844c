"""MARC bytes to the document that an engine indexes (crosswalk, match key, edition, text analysis), beside other tools.

Run: ``python benchmarks/crosswalk_and_analysis.py [RECORDS] [--workers N] [--previous CHECKOUT]``.

The records are real ones, repeated, from files that every tool here can read. Each tool reads the same file of ISO 2709
in a process of its own: seconds by the clock, processor seconds of it and its children, peak memory of the largest
process. Beside us: rmarc and pymarc that read and do nothing more, Catmandu with a mapping like ours (which analyses
no text), an earlier checkout, and the engine's own indexing time: tantivy's ``add_document`` and ``commit`` of
documents that are ready. Not all of them do the same work; what each does is said in its name.
"""

import argparse
import contextlib
import importlib.util
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

REPOSITORY = Path(__file__).resolve().parent.parent
BATCH = 2_000
READY = 20_000
"""Documents that are made ready for the engine at once; its time for each does not depend on it."""


class Measured(NamedTuple):
    """Of a whole process. ``seconds`` by the clock, ``peak`` in megabytes."""

    seconds: float
    processor: float
    peak: float
    done: int


# -- what a process of its own does ----------------------------------------------------------------------------------


def read_raw_records(path: Path) -> Iterator[Any]:
    from lienthu.raw_record import RawRecord

    waiting = b""
    number = 0
    with path.open("rb") as source:
        while block := source.read(1 << 20):
            *whole, waiting = (waiting + block).split(b"\x1d")
            for piece in whole:
                number += 1
                yield RawRecord(
                    partner_id="bench", feed_id="file", source_id=str(number), format="marc21",
                    payload=piece + b"\x1d", harvested_at="2026-11-24T00:00:00Z",
                )  # fmt: skip


def read_batches(path: Path) -> Iterator[list[Any]]:
    from lienthu.store import StoredRecord

    batch: list[Any] = []
    for number, raw in enumerate(read_raw_records(path), start=1):
        batch.append(StoredRecord(number, number, raw))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def make_documents(path: Path) -> Iterator[Any]:
    """What an engine gets, one for each record that was understood."""
    from indexer.mapped_batch import map_and_merge

    with contextlib.suppress(ImportError):  # as every build does; an earlier checkout may not know it
        from indexer.rare_collections import collect_rarely_from_now_on

        collect_rarely_from_now_on()
    for batch in read_batches(path):
        for _numbers, document in map_and_merge(batch, {}).documents.values():
            yield document


def run_here(path: Path, number: int) -> int:
    return sum(1 for _ in make_documents(path))


def run_crosswalk(path: Path, number: int) -> int:
    from indexer.crosswalks import map_record
    from lienthu.outcome import Mapped

    return sum(isinstance(map_record(raw, None), Mapped) for raw in read_raw_records(path))


def run_by_workers(path: Path, workers: int) -> int:
    from indexer.worker_processes import map_batches

    with map_batches(read_batches(path), {}, workers) as mapped:
        return sum(len(found.documents) for _batch, found in mapped)


def run_rmarc(path: Path, number: int) -> int:
    import rmarc

    with path.open("rb") as source:
        return sum(record is not None for record in rmarc.MARCReader(source))


def run_pymarc(path: Path, number: int) -> int:
    import pymarc

    with path.open("rb") as source:
        return sum(record is not None for record in pymarc.MARCReader(source))


def run_engine(path: Path, number: int) -> int:
    """Prints for each document the processor seconds to make tantivy's of ours, those to add and commit it, and the
    seconds by the clock of the latter."""
    from itertools import islice

    import tantivy

    from lienthu.engine.facet_dictionary import FacetDictionary
    from lienthu.engine.tantivy_schema import DocumentBuilder, build_schema
    from lienthu.engine.tantivy_writer import DEFAULT_HEAP

    with tempfile.TemporaryDirectory() as folder:
        index = tantivy.Index(build_schema(), path=folder)
        builder = DocumentBuilder(FacetDictionary(Path(folder)))
        writer = index.writer(DEFAULT_HEAP, 1)
        documents = list(islice(make_documents(path), READY))
        started = process_time()
        ready = [builder.build(document) for document in documents]
        built, clock = process_time(), perf_counter()
        for document in ready:
            writer.add_document(document)
        writer.commit()
        added, clock = process_time() - built, perf_counter() - clock
        print((built - started) / len(ready), added / len(ready), clock / len(ready))
        return len(ready)


def write_records(path: Path, records: int) -> int:
    """The file that all the others read; prints how many distinct records are in it."""
    from benchmarks import catmandu

    distinct = catmandu.read_payloads(catmandu.find_folder())
    with path.open("wb") as target:
        for at in range(records):
            target.write(distinct[at % len(distinct)])
    return len(distinct)


LEGS: dict[str, Callable[[Path, int], int]] = {
    "write": write_records,
    "engine": run_engine,
    "crosswalk": run_crosswalk,
    "here": run_here,
    "workers": run_by_workers,
    "rmarc": run_rmarc,
    "pymarc": run_pymarc,
}


# -- the comparison --------------------------------------------------------------------------------------------------


def run_leg(leg: str, path: Path, number: int = 0, checkout: Path = REPOSITORY) -> Measured:
    """*number* is that of workers, or of records to write."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = perf_counter()
    process = subprocess.Popen(
        [sys.executable, __file__, "--leg", leg, str(path), str(number)],
        stdout=subprocess.PIPE, text=True, cwd=checkout, env=os.environ | {"PYTHONPATH": str(checkout)},
    )  # fmt: skip
    out, _ = process.communicate()
    seconds = perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise SystemExit(f"{leg} in {checkout} failed")
    done, peak = out.split()[-2:]
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(seconds, processor, int(peak) / 1024, int(done))


def tell_peak() -> int:
    """Kilobytes of the largest process: this one, or a worker that has ended."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status = Path("/proc/self/status")
    if status.is_file():  # there, ru_maxrss still counts what the process was before it became this program
        own = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def run_all(path: Path, workers: int, previous: Path | None) -> Iterator[tuple[str, Measured]]:
    from benchmarks import catmandu

    yield "ours, one process", run_leg("here", path)
    yield f"ours, {workers} worker processes", run_leg("workers", path, workers)
    if previous is not None:
        yield "earlier checkout, one process", run_leg("here", path, checkout=previous)
        yield f"earlier checkout, {workers} workers", run_leg("workers", path, workers, previous)
    if importlib.util.find_spec("rmarc") is not None:
        yield "rmarc, reading alone", run_leg("rmarc", path)
    else:
        print("rmarc is not installed (pip install rmarc): not compared.")
    yield "pymarc, reading alone", run_leg("pymarc", path)
    if catmandu.is_installed():
        yield "Catmandu, a like mapping, no analysis", Measured(*catmandu.run_catmandu(catmandu.LIKE, path))
    else:
        print("Catmandu is not installed (Debian: libcatmandu-marc-perl): not compared.")


def compare(records: int, workers: int, previous: Path | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "records.mrc")
        distinct = run_leg("write", path, records).done
        size = path.stat().st_size / records
        print(f"{records} records of {size:.0f} bytes on average: {distinct} real ones, repeated.")
        making, adding, clock = time_engine(path)
        found = dict(run_all(path, workers, previous))
    ours = found[f"ours, {workers} worker processes"].seconds
    for name, run in found.items():
        print(
            f"{name:38} {records / run.seconds:8,.0f} records/s  processor {run.processor:6.1f} s  "
            f"peak {run.peak:5.0f} MB  {run.done:6} done  workers: x{run.seconds / ours:.2f}"
        )
    one, many = found["ours, one process"], found[f"ours, {workers} worker processes"]
    used, waited = one.processor / records, many.seconds / records
    print(
        f"the engine: {adding * 1e6:.0f} µs of processors to add and commit a document, {clock * 1e6:.0f} by the clock,"
    )
    print(f"{making * 1e6:.0f} µs to make it of ours")
    print(
        f"ours, one process: {used * 1e6:.0f} µs of processors a record, x{used / adding:.2f} of adding and committing,"
    )
    print(f"x{used / (adding + making):.2f} of making, adding and committing")
    print(
        f"ours, {workers} workers: {waited * 1e6:.0f} µs by the clock, x{waited / clock:.2f} of adding and committing"
    )


def time_engine(path: Path) -> tuple[float, float, float]:
    """What run_engine prints."""
    command = [sys.executable, __file__, "--leg", "engine", str(path), "0"]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    out = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.split()
    return float(out[0]), float(out[1]), float(out[2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", nargs="?", type=int, default=80_000)
    parser.add_argument("--workers", type=int, default=max(2, os.cpu_count() or 1))
    parser.add_argument("--previous", type=Path, help="another checkout of this repository, to be compared with")
    parser.add_argument("--leg", nargs=3, metavar=("NAME", "FILE", "NUMBER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.leg:
        print(LEGS[options.leg[0]](Path(options.leg[1]), int(options.leg[2])), tell_peak())
    else:
        compare(options.records, options.workers, options.previous)


if __name__ == "__main__":
    main()
