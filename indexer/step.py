"""One step of the indexer: a batch of changed raw records becomes changed editions.

Order of writing, so that a death between any two does no harm and replaying does nothing twice: edition ids to the
store's ledger, documents to the engine, the engine's commit, then fates, tombstones and the change number to the store
in one transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from indexer.changed_works import ReadEditions, find_changed_works, read_nothing, tell_changed_work
from indexer.clusters import Clusters, gather_members, name_clusters
from indexer.crosswalks import map_record
from indexer.findings import list_findings, list_isbns
from indexer.index_document import build_index_document, name_document
from indexer.mapped_batch import MappedBatch, map_batch
from indexer.matching import build_match_key
from indexer.merging import merge_edition
from lienthu.edition import Edition
from lienthu.engine.document import IndexDocument
from lienthu.finding import Finding
from lienthu.outcome import Deleted, Failed, Mapped, Outcome, Skipped
from lienthu.partner import Partner
from lienthu.raw_record import RawRecord, RecordKey
from lienthu.record import Description, Record
from lienthu.store import HIDDEN_RULE, Fate, Hidden, RecordStore, StoredRecord

Partners = Mapping[str, Partner]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch changes: documents to write, ids to take out, and what the store then has to know."""

    documents: Sequence[IndexDocument]
    gone_editions: Sequence[str]
    fates: Sequence[Fate]
    gone_records: Sequence[int]
    tombstones: Mapping[str, bytes | None]
    tally: Mapping[str, int]
    findings: Mapping[int, Sequence[Finding]]
    isbns: Mapping[int, Mapping[int, bytes]]


class Tombstone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stays known of an edition that no library has any more."""

    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    partner_ids: tuple[str, ...] = ()


def plan_step(
    store: RecordStore,
    generation: str,
    batch: Sequence[StoredRecord],
    partners: Partners,
    mapped: MappedBatch | None = None,
    read_editions: ReadEditions = read_nothing,
) -> Step:
    """Works out everything that *batch* changes in *generation*; writes only to the ledger of ids. *mapped* is what
    other processes already made of the batch; *read_editions* gives what readers see before it."""
    hidden = store.hidden()
    mapped = mapped or map_batch(batch, partners)
    outcomes = hide_outcomes(mapped.outcomes, hidden)
    records = {number: outcome.record for number, outcome in outcomes.items() if isinstance(outcome, Mapped)}
    keys = {number: mapped.keys[number] for number in records}
    fates = store.fates(generation, list(outcomes))
    touched = set(keys.values()) | {fate.match_key for fate in fates.values() if fate.match_key}
    standing = store.numbers_by_match_key(generation, touched)
    members = gather_members(standing, outcomes, ((key, number) for number, key in keys.items()))
    changed_works = find_changed_works(read_editions, records, keys, fates)
    findings = {number: found for number, outcome in outcomes.items() if (found := list_findings(outcome))}
    for number, old in changed_works.items():
        findings[number] = [*findings.get(number, ()), tell_changed_work(old, records[number])]
    unchanged = sorted({number for numbers in members.values() for number in numbers} - records.keys())
    if unchanged:
        fates.update(store.fates(generation, unchanged))
        records.update(_read_mapped(store, unchanged, partners, hidden))
    clusters = name_clusters(store, members, fates, changed_works)
    gone_editions = sorted({fate.edition_id for fate in fates.values() if fate.edition_id} - set(clusters.ids.values()))
    return Step(
        documents=build_documents(clusters, records, mapped),
        gone_editions=gone_editions,
        fates=_build_fates(outcomes, keys, clusters),
        gone_records=[number for number, outcome in outcomes.items() if isinstance(outcome, Deleted)],
        tombstones=_build_tombstones(
            [stored for stored in batch if stored.number not in records and not _is_hidden(stored, outcomes, hidden)],
            fates,
            clusters,
            gone_editions,
            partners,
            changed_works,
        ),
        tally=count_outcomes(outcomes.values()),
        findings=findings,
        isbns={
            number: own
            for number, outcome in outcomes.items()
            if isinstance(outcome, Mapped) and (own := list_isbns(outcome.record))
        },
    )


def build_documents(clusters: Clusters, records: Mapping[int, Record], mapped: MappedBatch) -> list[IndexDocument]:
    """One document for each cluster whose members were all understood; what was made ahead is used where it fits."""
    documents = []
    for key, numbers in clusters.members.items():
        made_of, document = mapped.documents.get(key, ((), None))
        if document is not None and made_of == numbers:
            documents.append(name_document(document, clusters.ids[key]))
            continue
        described = [records[number] for number in numbers if number in records]
        if described:
            documents.append(build_index_document(merge_edition(clusters.ids[key], described)))
    return documents


def count_outcomes(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """``mapped``, ``deleted``, ``skipped``, ``failed`` -> how many."""
    tally = {"mapped": 0, "deleted": 0, "skipped": 0, "failed": 0}
    for outcome in outcomes:
        tally[type(outcome).__name__.lower()] += 1
    return tally


def hide_outcomes(outcomes: Mapping[int, Outcome], hidden: Hidden) -> dict[int, Outcome]:
    """The same, but what is hidden by a decision is skipped: named records, and all that lie in a hidden edition."""
    if not hidden:
        return dict(outcomes)
    return {number: _hide(outcome, hidden) for number, outcome in outcomes.items()}


def _hide(outcome: Outcome, hidden: Hidden) -> Outcome:
    if not isinstance(outcome, Mapped):
        return outcome
    record = outcome.record
    key = RecordKey(record.partner_id, record.feed_id, record.source_id)
    if key in hidden.records:
        return Skipped("/".join(key), HIDDEN_RULE, "hidden by a decision")
    if hidden.match_keys and build_match_key(record) in hidden.match_keys:
        return Skipped("/".join(key), HIDDEN_RULE, "hidden by a decision about its edition")
    return outcome


def _read_mapped(store: RecordStore, numbers: Sequence[int], partners: Partners, hidden: Hidden) -> dict[int, Record]:
    outcomes = hide_outcomes(map_batch(store.read_records(numbers).values(), partners).outcomes, hidden)
    return {number: outcome.record for number, outcome in outcomes.items() if isinstance(outcome, Mapped)}


def _build_fates(outcomes: Mapping[int, Outcome], keys: Mapping[int, bytes], clusters: Clusters) -> list[Fate]:
    fates = []
    for number, outcome in outcomes.items():
        match outcome:
            case Mapped():
                key = keys[number]
                fates.append(Fate(number, "mapped", "", "", key, clusters.ids[key]))
            case Skipped(rule=rule, reason=reason):
                fates.append(Fate(number, "skipped", rule, reason, b"", ""))
            case Failed(rule=rule, reason=reason):
                fates.append(Fate(number, "failed", rule, reason, b"", ""))
            case Deleted():
                pass
    return fates


def _build_tombstones(
    batch: Sequence[StoredRecord],
    fates: Mapping[int, Fate],
    clusters: Clusters,
    gone_editions: Sequence[str],
    partners: Partners,
    changed_works: Mapping[int, Edition],
) -> dict[str, bytes | None]:
    """A tombstone for every edition that goes, from the last record of the *batch* (all that is no longer understood)
    or from what readers saw of a changed work; none for those that came back."""
    tombstones: dict[str, bytes | None] = dict.fromkeys(clusters.revived)
    gone = set(gone_editions)
    for old in changed_works.values():
        if old.id in gone:
            tombstones[old.id] = msgspec.json.encode(describe_gone(old, old.partner_ids))
    for stored in batch:
        fate = fates.get(stored.number)
        if fate is None or fate.edition_id not in gone or fate.edition_id in tombstones:
            continue
        outcome = map_record(_revive(stored.raw), partners.get(stored.raw.partner_id))
        if isinstance(outcome, Mapped):
            tombstones[fate.edition_id] = msgspec.json.encode(
                describe_gone(outcome.record, (outcome.record.partner_id,))
            )
    return tombstones


def _is_hidden(stored: StoredRecord, outcomes: Mapping[int, Outcome], hidden: Hidden) -> bool:
    """Nothing is told of it, not even by a tombstone."""
    outcome = outcomes[stored.number]
    return stored.raw.key in hidden.records or (isinstance(outcome, Skipped) and outcome.rule == HIDDEN_RULE)


def describe_gone(last: Description, partner_ids: tuple[str, ...]) -> Tombstone:
    """What a tombstone tells, from the edition or its last record."""
    return Tombstone(
        title=last.title.main,
        authors=tuple(agent.name for agent in last.agents[:3]),
        year=last.publication.year,
        partner_ids=partner_ids,
    )


def _revive(raw: RawRecord) -> RawRecord:
    return msgspec.structs.replace(raw, deleted=False)


Progress = Callable[[int], None]
"""Called with the number of records done since the last call."""
