"""What an index keeps in the store: fates, generations and the ledger of ids; on SQLite and on PostgreSQL."""

import pytest

from lienthu.errors import StoreError
from lienthu.raw_record import RecordKey
from lienthu.store import Fate, RecordStore
from tests.contracts.store_desk import build_record, harvest

# --- the index side ---------------------------------------------------------------------------------------------------


def test_an_index_step_is_kept_whole_and_replaying_it_is_harmless(store: RecordStore) -> None:
    harvest(store, [build_record(str(number), "A") for number in range(1, 5)])
    store.register_generation("g1")
    store.register_generation("g1")
    store.register_generation("g2")
    ids = store.allot_editions([1, 2])
    fates = [
        Fate(1, "mapped", match_key=b"k1", edition_id=ids[1]),
        Fate(2, "mapped", match_key=b"k1", edition_id=ids[1]),
        Fate(3, "skipped", "authority", "no bibliographic record"),
        Fate(4, "failed", "leader", "too short\0"),
    ]
    for _ in range(2):
        store.write_index_step("g1", fates=fates, gone=[], tombstones={ids[2]: b"was"}, change=4)
    assert store.fates("g1", [1, 2, 3, 99]) == {1: fates[0], 2: fates[1], 3: fates[2]}
    assert store.fates("g2", [1]) == {}
    assert store.numbers_by_match_key("g1", [b"k1", b"k2"]) == {b"k1": [1, 2]}
    assert store.tally("g1") == {"laocai": {"mapped": 2, "skipped": 1, "failed": 1}}
    assert store.fate_examples("g1", "skipped") == [
        (RecordKey("laocai", "oai", "3"), "authority", "no bibliographic record")
    ]
    assert store.fate_examples("g1", "failed", "son-la") == []
    state = store.generation("g1")
    assert state is not None
    assert (state.change, state.promoted) == (4, "")
    store.mark_promoted("g1")
    assert [(known.name, bool(known.promoted)) for known in store.generations()] == [("g1", True), ("g2", False)]


def test_a_fate_goes_with_its_record_and_a_tombstone_may_be_lifted(store: RecordStore) -> None:
    harvest(store, [build_record("1", "A"), build_record("2", "B")])
    store.register_generation("g1")
    ids = store.allot_editions([1])
    mapped = [Fate(number, "mapped", match_key=b"k", edition_id=ids[1]) for number in (1, 2)]
    store.write_index_step("g1", fates=mapped, gone=[], tombstones={}, change=2)
    store.write_index_step("g1", fates=[], gone=[1], tombstones={ids[1]: b"known"}, change=3)
    assert set(store.fates("g1", [1, 2])) == {2}
    entry = store.resolve_edition(ids[1])
    assert entry is not None
    assert entry.tombstone == b"known"
    store.write_index_step("g1", fates=mapped, gone=[], tombstones={ids[1]: None}, change=4)
    entry = store.resolve_edition(ids[1])
    assert entry is not None
    assert entry.tombstone is None
    store.drop_generation("g1")
    assert store.generation("g1") is None
    with pytest.raises(StoreError, match="reindex"):
        store.tally("g1")
    with pytest.raises(StoreError, match="reindex"):
        store.write_index_step("g1", fates=[], gone=[], tombstones={}, change=5)


# --- the ledger -------------------------------------------------------------------------------------------------------


def test_ids_are_allotted_in_order_and_never_twice(store: RecordStore) -> None:
    assert store.allot_editions([7, 3, 7]) == {7: "lt000001", 3: "lt000002"}
    store.change_ledger(founders={"lt000001": 8})
    assert store.allot_editions([7]) == {7: "lt000003"}
    assert store.allot_editions([3]) == {3: "lt000002"}
    founded = store.ledger_of_founders([3, 7, 8, 9])
    assert {founder: [entry.serial for entry in entries] for founder, entries in founded.items()} == {
        3: [2],
        7: [3],
        8: [1],
    }


def test_a_founder_of_several_ids_lists_the_oldest_first(store: RecordStore) -> None:
    store.allot_editions([1, 2, 3])
    store.change_ledger(founders={"lt000003": 1, "lt000001": 1})
    assert [entry.edition_id for entry in store.ledger_of_founders([1])[1]] == ["lt000001", "lt000003"]


def test_aliases_are_followed_to_the_last_and_may_be_cleared(store: RecordStore) -> None:
    store.allot_editions([1, 2, 3])
    store.change_ledger(aliases={"lt000003": "lt000002", "lt000002": "lt000001"})
    last = store.resolve_edition("lt000003")
    assert last is not None
    assert (last.edition_id, last.founder, last.alias_of) == ("lt000001", 1, None)
    store.change_ledger(aliases={"lt000002": None})
    last = store.resolve_edition("lt000003")
    assert last is not None
    assert last.edition_id == "lt000002"
    for unknown in ("lt000009", "lt00000i", "1", "", "LT000001", "lt0000001"):
        assert store.resolve_edition(unknown) is None


def test_a_circle_of_aliases_ends(store: RecordStore) -> None:
    store.allot_editions([1, 2])
    with pytest.raises(StoreError, match="itself"):
        store.change_ledger(aliases={"lt000001": "lt000001"})
    store.change_ledger(aliases={"lt000001": "lt000002", "lt000002": "lt000001"})
    assert store.resolve_edition("lt000001") is not None
