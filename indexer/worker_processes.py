"""Worker processes of a rebuild: they turn batches of raw records into MappedBatches, this process does the rest.

Batches come back in the order in which they went, so that a build by many processes is the same as by one. A few more
batches than there are workers are under way at any time: memory does not grow with the store. Workers touch neither
store nor engine, are started afresh (never forked: threads are running here), let everyone else go first, leave Ctrl-C
to this process, and end when it ends, however that happens.
"""

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process

from indexer.mapped_batch import MappedBatch, map_and_merge, pack_batch, unpack_batch
from indexer.rare_collections import collect_rarely_from_now_on
from lienthu.errors import CatalogueError
from lienthu.i18n import mark
from lienthu.partner import Partner
from lienthu.store import StoredRecord
from lienthu.tables import Tables, tables_in_use, use_tables

SMALL_STORE = 20_000
"""Records below which a build is done before the workers are up."""
MOST_WORKERS = 8
"""Of themselves: with some four, putting together and writing in this process is the slower half."""
AHEAD = 2
"""Batches under way beyond one for each worker."""
NICENESS = 5
Batch = list[StoredRecord]
Packed = bytes | MappedBatch

_partners: Mapping[str, Partner] = {}
"""Of a worker, set once when it starts."""


class WorkerFailed(CatalogueError):
    """A worker process of a rebuild died or met what it should not; the serving index is as it was."""

    title = mark("The new index was not finished")


def choose_workers(records: int, asked: int | None = None) -> int:
    """How many workers a build of so many records gets; 0: it is done in this process.

    One worker is none: it would do this process's work while this process waits for it.
    """
    if asked is not None:
        return asked if asked > 1 else 0
    cores = count_cores()
    return min(max(2, cores - 1), MOST_WORKERS) if cores > 1 and records >= SMALL_STORE else 0


def count_cores() -> int:
    """Those that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


@contextlib.contextmanager
def map_batches(
    batches: Iterable[Batch], partners: Mapping[str, Partner], workers: int
) -> Iterator[Iterator[tuple[Batch, MappedBatch]]]:
    """Each batch with what the workers made of it, in order. Raises WorkerFailed. Workers are gone at the end."""
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=start_worker, initargs=(dict(partners), tables_in_use())
    )
    try:
        yield _map_in_order(pool, batches, workers + AHEAD)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _map_in_order(
    pool: ProcessPoolExecutor, batches: Iterable[Batch], ahead: int
) -> Iterator[tuple[Batch, MappedBatch]]:
    waiting: deque[tuple[Batch, Future[Packed]]] = deque()
    try:
        for batch in batches:
            waiting.append((batch, pool.submit(work_batch, batch)))
            if len(waiting) >= ahead:
                yield _take_first(waiting)
        while waiting:
            yield _take_first(waiting)
    except BrokenProcessPool as error:
        raise WorkerFailed(
            mark("A worker process of the rebuild died, perhaps of too little memory. Run: lienthu reindex --workers 1")
        ) from error


def _take_first(waiting: "deque[tuple[Batch, Future[Packed]]]") -> tuple[Batch, MappedBatch]:
    batch, coming = waiting.popleft()
    return batch, unpack_batch(coming.result())


# -- inside a worker ------------------------------------------------------------------------------------------------


def start_worker(partners: Mapping[str, Partner], tables: Tables) -> None:
    """Runs once in each worker, before its first batch."""
    global _partners
    _partners = partners
    collect_rarely_from_now_on()
    use_tables(tables)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for its next batch for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def work_batch(batch: Batch) -> Packed:
    """What a worker does, again and again. Raises CatalogueErrors as they are, anything else as WorkerFailed."""
    try:
        return pack_batch(map_and_merge(batch, _partners))
    except CatalogueError:
        raise
    except Exception as error:
        raise WorkerFailed(
            mark("The records from {first} to {last} could not be worked on: {kind}: {reason}"),
            first=batch[0].raw.reference,
            last=batch[-1].raw.reference,
            kind=type(error).__name__,
            reason=str(error)[:500],
        ) from error
