"""Records and whole runs for the tests of the store, from plain strings."""

from collections.abc import Sequence

from lienthu.harvest_run import HarvestCounts
from lienthu.raw_record import RawRecord
from lienthu.store import RecordStore


def build_record(
    source_id: str, payload: str = "", datestamp: str = "", deleted: bool = False, form: str = "marcxml"
) -> RawRecord:
    return RawRecord(
        partner_id="laocai",
        feed_id="oai",
        source_id=source_id,
        format=form,
        payload=payload.encode(),
        datestamp=datestamp,
        deleted=deleted,
    )


def bury(source_id: str, datestamp: str = "") -> RawRecord:
    return build_record(source_id, "", datestamp, deleted=True)


def harvest(store: RecordStore, *pages: Sequence[RawRecord], sweep: bool = False) -> HarvestCounts:
    """One whole run; its counts. *sweep*: what it did not bring becomes tombstones."""
    run = store.begin_run("laocai", "oai")
    for page in pages:
        store.write_page(run.id, page, b"")
    if sweep:
        store.tombstone_unseen(run.id)
    ended = store.end_run(run.id, "complete")
    assert ended.counts.adds_up
    return ended.counts


def live(store: RecordStore) -> dict[str, str]:
    found = store.changes_since(0, 10_000)
    return {entry.raw.source_id: entry.raw.payload.decode() for entry in found if not entry.raw.deleted}


def tell(counts: HarvestCounts) -> dict[str, int]:
    names = ("stored", "unchanged", "deleted", "repeated", "rejected")
    return {name: getattr(counts, name) for name in names if getattr(counts, name)}
