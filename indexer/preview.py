"""Preview: what the rules and tables as they are now would change in the serving index. Nothing is written.

Every record that the index holds is mapped anew, the records of an edition are put together as they lie now, and the
result is compared with what the index has. Records that changed since the index saw them are left out: what they
change is their library's doing. Told are fates, editions that would part or join, and each field with examples.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from indexer.mapped_batch import map_batch
from indexer.matching import build_match_key
from indexer.merging import merge_edition
from indexer.step import Partners, Progress, hide_outcomes
from lienthu.edition import Edition, Topics
from lienthu.engine.protocol import SearchEngine
from lienthu.errors import EngineUnavailable
from lienthu.i18n import mark
from lienthu.outcome import Deleted, Failed, Mapped, Outcome, Skipped
from lienthu.record import Publication, Record, Title
from lienthu.store import Fate, Hidden, RecordStore, StoredRecord

BATCH = 1_000
EXAMPLES = 5
MAX_SHOWN = 200
_NOT_COMPARED = frozenset(("id", "members"))
_NAMES = ("name", "title", "text", "number", "value", "url", "main", "accession_number", "call_number")
_decode_edition = msgspec.json.Decoder(Edition).decode


class Change(msgspec.Struct, frozen=True):
    """One value of one edition (or the fate of one record), before and after."""

    name: str
    title: str
    before: str
    after: str


class Preview(msgspec.Struct):
    """``fields``, ``fates`` count editions and records; ``examples`` are some of each, by the same names. ``parting``
    are editions whose records would no longer lie together, ``joining`` those that would come to lie with another."""

    records: int = 0
    editions: int = 0
    changed: int = 0
    parting: int = 0
    joining: int = 0
    waiting: int = 0
    fields: Counter[str] = msgspec.field(default_factory=Counter)
    fates: Counter[str] = msgspec.field(default_factory=Counter)
    examples: dict[str, list[Change]] = msgspec.field(default_factory=dict)

    def tell(self, field: str, change: Change) -> None:
        examples = self.examples.setdefault(field, [])
        if len(examples) < EXAMPLES:
            examples.append(change)


def preview_changes(
    store: RecordStore,
    engine: SearchEngine,
    partners: Partners,
    *,
    partner_id: str | None = None,
    limit: int | None = None,
    progress: Progress = lambda n: None,
) -> Preview:
    """Looks at every record that the serving index holds, or at the *limit* first ones, or at one partner's. Raises
    EngineUnavailable where nothing serves."""
    serving = engine.serving()
    state = store.generation(serving) if serving else None
    if serving is None or state is None:
        raise EngineUnavailable(mark("There is no index yet. Run: lienthu reindex"))
    preview = Preview(waiting=store.count_changes_since(state.change))
    hidden = store.hidden()
    keys: dict[bytes, set[str]] = {}
    for batch in _scan(store, state.change, partner_id, limit):
        _look_at(store, engine, serving, partners, hidden, batch, partner_id, preview, keys)
        progress(len(batch))
    preview.joining = _count_joining(store, serving, keys)
    return preview


def _scan(store: RecordStore, until: int, partner_id: str | None, limit: int | None) -> Iterator[list[StoredRecord]]:
    number, left = 0, limit
    while (left is None or left > 0) and (batch := store.scan_records(number, BATCH, until)):
        number = batch[-1].number
        own = [stored for stored in batch if partner_id is None or stored.raw.partner_id == partner_id]
        own = own if left is None else own[:left]
        if left is not None:
            left -= len(own)
        if own:
            yield own


def _look_at(
    store: RecordStore,
    engine: SearchEngine,
    serving: str,
    partners: Partners,
    hidden: Hidden,
    batch: Sequence[StoredRecord],
    partner_id: str | None,
    preview: Preview,
    keys: dict[bytes, set[str]],
) -> None:
    """One batch: the fates of its records, and every edition whose first record (of those asked for) is in it."""
    fates = store.fates(serving, [stored.number for stored in batch])
    outcomes = hide_outcomes(map_batch(batch, partners).outcomes, hidden)
    for stored in batch:
        fate = fates.get(stored.number)
        if fate is not None:
            preview.records += 1
            _compare_fates(stored, fate, outcomes[stored.number], preview)
    standing = store.numbers_by_match_key(serving, {fate.match_key for fate in fates.values() if fate.match_key})
    first, own = batch[0].number, {stored.number for stored in batch}
    others = store.read_records([number for numbers in standing.values() for number in numbers if number not in own])
    outcomes.update(hide_outcomes(map_batch(others.values(), partners).outcomes, hidden))
    before = {
        number for number, stored in others.items()
        if number < first and (partner_id is None or stored.raw.partner_id == partner_id)
    }  # fmt: skip
    ids = {fate.match_key: fate.edition_id for fate in fates.values() if fate.match_key}
    looked_at = {key: numbers for key, numbers in standing.items() if before.isdisjoint(numbers)}
    sources = engine.get([ids[key] for key in looked_at])
    for key, numbers in looked_at.items():
        records = [outcome.record for number in numbers if isinstance(outcome := outcomes.get(number), Mapped)]
        source = sources.get(ids[key])
        if source is not None and records:
            _compare_editions(_decode_edition(source), key, records, preview, keys)


def _compare_fates(stored: StoredRecord, fate: Fate, outcome: Outcome, preview: Preview) -> None:
    after = type(outcome).__name__.lower()
    if isinstance(outcome, Deleted) or after == fate.outcome:
        return
    name = f"{fate.outcome} → {after}"
    preview.fates[name] += 1
    reason = outcome.reason if isinstance(outcome, Skipped | Failed) else ""
    preview.tell(name, Change(stored.raw.reference, "", fate.reason, reason))


def _compare_editions(
    before: Edition, key: bytes, records: Sequence[Record], preview: Preview, keys: dict[bytes, set[str]]
) -> None:
    preview.editions += 1
    by_key: dict[bytes, list[Record]] = {}
    for record in records:
        by_key.setdefault(build_match_key(record), []).append(record)
    preview.parting += len(by_key) > 1
    for found in by_key.keys() - {key}:
        keys.setdefault(found, set()).add(before.id)
    after = merge_edition(before.id, max(by_key.values(), key=len) if len(by_key) > 1 else records)
    changes = list(compare(before, after))
    preview.changed += bool(changes)
    for field, old, new in changes:
        preview.fields[field] += 1
        preview.tell(field, Change(before.id, before.title.main, old, new))


def compare(before: Edition, after: Edition) -> Iterator[tuple[str, str, str]]:
    """(field, before, after) of every field in which they differ, readable."""
    for name in Edition.__struct_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if name in _NOT_COMPARED or old == new:
            continue
        if isinstance(old, Title | Publication | Topics):
            for part in old.__struct_fields__:
                one, other = getattr(old, part), getattr(new, part)
                if one != other:
                    yield f"{name}.{part}", show_value(one), show_value(other)
        else:
            one, other = show_value(old), show_value(new)
            if one == other:
                one, other = _show_all(old), _show_all(new)
            yield name, one, other


def show_value(value: object) -> str:
    """A value in a line: names of what has one, several parted by semicolons."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "; ".join(map(show_value, value))[:MAX_SHOWN]
    if isinstance(value, msgspec.Struct):
        return next((str(found) for name in _NAMES if (found := getattr(value, name, ""))), _show_all(value))
    return str(value)[:MAX_SHOWN]


def _show_all(value: object) -> str:
    return msgspec.json.encode(value).decode()[: 2 * MAX_SHOWN]


def _count_joining(store: RecordStore, serving: str, keys: Mapping[bytes, set[str]]) -> int:
    """How many of the changed keys are those of several editions, or of records that lie elsewhere."""
    standing = store.numbers_by_match_key(serving, keys)
    return sum(1 for key, editions in keys.items() if len(editions) > 1 or key in standing)
