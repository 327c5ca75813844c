"""Keeping an index: following the change feed, and building a new generation beside the old one.

An update commits after every batch, so that readers see changes soon. A rebuild fills a generation that nobody reads
yet and commits seldom; :mod:`indexer.promotion` swaps it in. One that was interrupted or refused is thrown away by the
next. Both do the same step over batches of raw records, and no commit is far off, so their memory does not grow with
the harvest.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec

from indexer.changed_works import ReadEditions, read_nothing
from indexer.mapped_batch import MappedBatch
from indexer.rare_collections import collect_rarely
from indexer.step import Partners, Progress, plan_step
from indexer.worker_processes import choose_workers, map_batches
from lienthu.engine.protocol import IndexWriter, SearchEngine
from lienthu.errors import EngineUnavailable
from lienthu.i18n import mark
from lienthu.store import RecordStore, StoredRecord
from lienthu.tables import tables_in_use

UPDATE_BATCH = 2_000
"""Records between two commits: each costs the engine a file."""
REBUILD_BATCH = 500
"""Records of one step. A few batches are in memory at any time, some 80 kB for each record."""
REBUILD_COMMIT = 1_000
"""Batches between two commits. The engine keeps in mind what it was given since the last one; a commit more often would
cut the index into more parts, which makes searches slower."""


class Indexed(msgspec.Struct, frozen=True, kw_only=True):
    """What an index run did: the generation, how many records met which fate, and how many editions it now holds."""

    generation: str
    tally: Mapping[str, int]
    editions: int
    rebuilt: bool = False
    reason: str = ""


def is_rebuild_needed(store: RecordStore, engine: SearchEngine) -> str:
    """Why the serving generation cannot be updated, in a few words; empty where it can."""
    serving = engine.serving()
    if serving is None:
        return mark("there is no index yet")
    if not next((generation.current for generation in engine.generations() if generation.name == serving), False):
        return mark("the index was made by another version of the program")
    state = store.generation(serving)
    if state is None:
        return mark("the store does not know this index")
    if state.tables and state.tables != tables_in_use().digest:
        return mark("the tables of names were changed since the index was built")
    return ""


def update_index(
    store: RecordStore, engine: SearchEngine, partners: Partners, progress: Progress = lambda n: None
) -> Indexed:
    """Brings the serving generation up to date. Raises EngineUnavailable where there is none, LockHeld where another
    process writes it."""
    serving = engine.serving()
    if serving is None:
        raise EngineUnavailable(mark("There is no index yet. Run: lienthu reindex"))
    tally = follow_changes(store, engine, serving, partners, progress)
    return Indexed(generation=serving, tally=tally, editions=engine.count(serving))


def follow_changes(
    store: RecordStore, engine: SearchEngine, generation: str, partners: Partners, progress: Progress
) -> Counter[str]:
    """Applies every change that *generation* has not seen yet; returns the tally."""
    tally: Counter[str] = Counter()
    state = store.generation(generation)
    change = state.change if state else 0
    until = store.current_change()
    if change >= until:
        return tally
    with collect_rarely(), engine.open_writer(generation) as writer:
        while batch := store.changes_since(change, UPDATE_BATCH, until):
            change = batch[-1].change
            tally.update(
                apply_step(store, writer, generation, batch, partners, change, commit=True, read_editions=engine.get)
            )
            progress(len(batch))
    return tally


def apply_step(
    store: RecordStore,
    writer: IndexWriter,
    generation: str,
    batch: list[StoredRecord],
    partners: Partners,
    change: int,
    *,
    commit: bool,
    mapped: MappedBatch | None = None,
    read_editions: ReadEditions = read_nothing,
) -> Mapping[str, int]:
    """Plans and writes one step; *change* is how far the generation is afterwards."""
    step = plan_step(store, generation, batch, partners, mapped, read_editions)
    writer.delete(step.gone_editions)
    writer.upsert(step.documents)
    if commit:
        writer.commit()
    store.write_index_step(
        generation,
        fates=step.fates,
        gone=step.gone_records,
        tombstones=step.tombstones,
        change=change,
        findings=step.findings,
        isbns=step.isbns,
    )
    return step.tally


def build_generation(
    store: RecordStore,
    engine: SearchEngine,
    partners: Partners,
    progress: Progress = lambda n: None,
    *,
    workers: int | None = None,
) -> Indexed:
    """Fills a new generation with all live records and returns it, not yet promoted. It is dropped if that fails.

    *workers* are the processes that map records: None takes the cores there are, 0 or 1 does all in this process.
    """
    sweep_unfinished(store, engine)
    generation = engine.create_generation()
    store.register_generation(generation, tables_in_use().digest)
    try:
        tally = _fill(store, engine, generation, partners, progress, workers)
    except BaseException:
        store.drop_generation(generation)
        engine.drop_generation(generation)
        raise
    return Indexed(generation=generation, tally=tally, editions=engine.count(generation), rebuilt=True)


def _fill(
    store: RecordStore,
    engine: SearchEngine,
    generation: str,
    partners: Partners,
    progress: Progress,
    workers: int | None,
) -> Counter[str]:
    tally: Counter[str] = Counter()
    until = store.current_change()
    with (
        collect_rarely(),
        engine.open_writer(generation) as writer,
        _open_batches(store, until, partners, workers) as batches,
    ):
        for place, (batch, mapped) in enumerate(batches, 1):
            commit = place % REBUILD_COMMIT == 0
            # The change number stays 0 until all is in: a build that was cut short is never mistaken for a whole one.
            tally.update(apply_step(store, writer, generation, batch, partners, 0, commit=commit, mapped=mapped))
            progress(len(batch))
        writer.commit()
    store.write_index_step(generation, fates=[], gone=[], tombstones={}, change=until)
    return tally


@contextmanager
def _open_batches(
    store: RecordStore, until: int, partners: Partners, asked: int | None
) -> Iterator[Iterable[tuple[list[StoredRecord], MappedBatch | None]]]:
    """All batches, each with what worker processes made of it where there are any."""
    workers = choose_workers(store.count_records().live, asked)
    scanned = _scan_batches(store, until)
    if not workers:
        yield ((batch, None) for batch in scanned)
        return
    with map_batches(scanned, partners, workers) as mapped:
        yield mapped


def _scan_batches(store: RecordStore, until: int) -> Iterable[list[StoredRecord]]:
    """Live records in order of their number (founders of edition ids come first), as of change *until*."""
    number = 0
    while batch := store.scan_records(number, REBUILD_BATCH, until):
        number = batch[-1].number
        yield batch


def apply_again(
    store: RecordStore, engine: SearchEngine, generation: str, numbers: Sequence[int], partners: Partners
) -> None:
    """Brings these records up to date in *generation*, whatever else it has not seen yet."""
    state = store.generation(generation)
    if state is None or not numbers:
        return
    with engine.open_writer(generation) as writer:
        for start in range(0, len(numbers), UPDATE_BATCH):
            batch = list(store.read_records(numbers[start : start + UPDATE_BATCH]).values())
            apply_step(store, writer, generation, batch, partners, state.change, commit=True)


def sweep_unfinished(store: RecordStore, engine: SearchEngine) -> None:
    """Drops generations that never served: a killed rebuild left them behind, or they were refused."""
    promoted = {state.name for state in store.generations() if state.promoted}
    for generation in engine.generations():
        if not generation.serving and generation.name not in promoted:
            store.drop_generation(generation.name)
            engine.drop_generation(generation.name)
