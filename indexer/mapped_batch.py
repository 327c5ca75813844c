"""MappedBatch: what a batch of raw records gives without a look at the store, so that any process can work it out.

For each record its outcome, for each mapped one its match key; and for all that lie together within the batch the
document that they make, still without an edition id. Such a document is used where the cluster has no other members,
and made again where it has. It travels between processes as MessagePack: several times faster than pickle.
"""

from collections.abc import Iterable, Mapping

import msgspec

from indexer.crosswalks import map_record
from indexer.index_document import NO_ID, build_index_document
from indexer.matching import build_match_key
from indexer.merging import merge_edition
from lienthu.engine.document import IndexDocument
from lienthu.outcome import Mapped, Outcome
from lienthu.partner import Partner
from lienthu.record import Record
from lienthu.store import StoredRecord


class MappedBatch(msgspec.Struct, frozen=True, kw_only=True):
    """``outcomes`` and ``keys`` are by record number; ``documents`` by match key: the numbers of the records that each
    was made of, ascending, and the document."""

    outcomes: dict[int, Outcome]
    keys: dict[int, bytes]
    documents: dict[bytes, tuple[tuple[int, ...], IndexDocument]] = {}


def map_batch(batch: Iterable[StoredRecord], partners: Mapping[str, Partner]) -> MappedBatch:
    """The one outcome of each raw record, and the keys of those that were understood; no documents."""
    outcomes: dict[int, Outcome] = {}
    keys: dict[int, bytes] = {}
    for stored in batch:
        outcome = outcomes[stored.number] = map_record(stored.raw, partners.get(stored.raw.partner_id))
        if isinstance(outcome, Mapped):
            keys[stored.number] = build_match_key(outcome.record)
    return MappedBatch(outcomes=outcomes, keys=keys)


def map_and_merge(batch: Iterable[StoredRecord], partners: Mapping[str, Partner]) -> MappedBatch:
    """The same, and the document of each cluster as far as it lies within the batch."""
    mapped = map_batch(batch, partners)
    clusters: dict[bytes, dict[int, Record]] = {}
    for number, outcome in sorted(mapped.outcomes.items()):
        if isinstance(outcome, Mapped):
            clusters.setdefault(mapped.keys[number], {})[number] = outcome.record
    documents = {
        key: (tuple(records), build_index_document(merge_edition(NO_ID, list(records.values()))))
        for key, records in clusters.items()
    }
    return MappedBatch(outcomes=mapped.outcomes, keys=mapped.keys, documents=documents)


def pack_batch(mapped: MappedBatch) -> bytes | MappedBatch:
    """As it travels. A batch with half a character somewhere goes as it stands: MessagePack has only whole ones."""
    try:
        return msgspec.msgpack.encode(mapped)
    except UnicodeEncodeError:
        return mapped


def unpack_batch(packed: bytes | MappedBatch) -> MappedBatch:
    """The inverse."""
    return packed if isinstance(packed, MappedBatch) else msgspec.msgpack.decode(packed, type=MappedBatch)
