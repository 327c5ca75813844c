"""One suite, every store: contracts 4 and 5, on SQLite and on PostgreSQL. Processes are in test_store_processes."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from lienthu.errors import LockHeld, StoreError
from lienthu.harvest_run import HarvestCounts
from lienthu.raw_record import RawRecord, RecordKey
from lienthu.store import RecordStore, Rejection, open_store
from lienthu.store.payloads import ENOUGH
from tests.contracts.store_desk import build_record, bury, harvest, live, tell

# --- identity and the sum ---------------------------------------------------------------------------------------------


def test_a_record_is_kept_as_it_was_received(store: RecordStore) -> None:
    raw = build_record("oai:x/1", "<record>Truyện Kiều</record>", "2024-05-01")
    harvest(store, [raw])
    found = store.find_record(raw.key)
    assert found is not None
    assert (found.number, found.change) == (1, 1)
    assert found.raw.harvested_at.endswith("Z")
    assert RawRecord(**{name: getattr(found.raw, name) for name in raw.__struct_fields__} | {"harvested_at": ""}) == raw
    assert store.find_record(RecordKey("laocai", "other", "oai:x/1")) is None
    assert store.find_record(RecordKey("other", "oai", "oai:x/1")) is None


def test_the_same_id_at_two_feeds_is_two_records(store: RecordStore) -> None:
    for feed_id in ("oai", "file"):
        run = store.begin_run("laocai", feed_id)
        raw = RawRecord(partner_id="laocai", feed_id=feed_id, source_id="1", format="marc21", payload=b"the same")
        assert store.write_page(run.id, [raw], None).stored == 1
    assert store.count_records().live == 2


def test_unchanged_content_advances_no_change_number(store: RecordStore) -> None:
    assert tell(harvest(store, [build_record("1", "A"), build_record("2", "B")])) == {"stored": 2}
    assert tell(harvest(store, [build_record("2", "B"), build_record("1", "A", "2024-01-01")])) == {"unchanged": 2}
    assert store.current_change() == 2
    assert store.changes_since(2, 10) == []


def test_changed_content_moves_the_record_to_the_end_of_the_change_feed(store: RecordStore) -> None:
    harvest(store, [build_record("1", "A"), build_record("2", "B")])
    assert tell(harvest(store, [build_record("1", "A2")])) == {"stored": 1}
    assert [(entry.number, entry.change) for entry in store.changes_since(0, 10)] == [(2, 2), (1, 3)]
    assert [entry.number for entry in store.changes_since(0, 10, until=2)] == [2]
    assert store.count_changes_since(2) == 1


def test_another_format_of_the_same_bytes_is_a_change(store: RecordStore) -> None:
    harvest(store, [build_record("1", "A")])
    assert tell(harvest(store, [build_record("1", "A", form="oai_dc")])) == {"stored": 1}


def test_a_deletion_keeps_the_last_payload_and_repeating_it_is_unchanged(store: RecordStore) -> None:
    harvest(store, [build_record("1", "A")])
    assert tell(harvest(store, [bury("1")])) == {"deleted": 1}
    [found] = store.changes_since(1, 10)
    assert (found.raw.deleted, found.raw.payload, found.change) == (True, b"A", 2)
    assert tell(harvest(store, [bury("1")])) == {"unchanged": 1}
    assert store.current_change() == 2


def test_a_tombstone_of_an_unknown_id_is_deleted_and_never_live(store: RecordStore) -> None:
    assert tell(harvest(store, [bury("9")])) == {"deleted": 1}
    counts = store.count_records()
    assert (counts.live, counts.deleted, counts.by_partner) == (0, 1, {"laocai": (0, 1)})
    assert tell(harvest(store, [bury("9")])) == {"unchanged": 1}


@pytest.mark.parametrize("payload", ["A", "A2"])
def test_a_record_that_comes_back_is_stored(store: RecordStore, payload: str) -> None:
    harvest(store, [build_record("1", "A")])
    harvest(store, [bury("1")])
    assert tell(harvest(store, [build_record("1", payload)])) == {"stored": 1}
    assert live(store) == {"1": payload}
    assert store.count_records().deleted == 0


def test_rejections_are_counted_and_listed_and_the_sum_holds(store: RecordStore) -> None:
    run = store.begin_run("laocai", "oai")
    rejected = [Rejection(2, "bad\0id", "record-too-large", "1.2 MB \ud800"), Rejection(3, "", "leader", "no leader")]
    counts = store.write_page(run.id, [build_record("1", "A")], b"", rejections=rejected[:1], promised=7)
    assert (counts.received, counts.stored, counts.rejected) == (2, 1, 1)
    store.write_page(run.id, [], b"", rejections=rejected[1:])
    ended = store.end_run(run.id, "incomplete", "half of it", "2030-01-01T00:00:00Z")
    assert ended.counts == HarvestCounts(promised=7, received=3, stored=1, rejected=2)
    assert (ended.verdict, str(ended.message), ended.not_before) == ("incomplete", "half of it", "2030-01-01T00:00:00Z")
    assert [(entry.position, entry.rule) for entry in store.rejections(run.id)] == [
        (2, "record-too-large"),
        (3, "leader"),
    ]


def test_a_promise_beyond_belief_is_no_promise(store: RecordStore) -> None:
    run = store.begin_run("laocai", "oai")
    for promised in (10**30, -1):
        store.write_page(run.id, [], b"", promised=promised)
    assert store.end_run(run.id, "complete").counts.promised is None


def test_ids_that_no_database_could_hold_are_kept_all_the_same(store: RecordStore) -> None:
    hostile = ["nul\0", "lone\ud800", "long" * 2_000, "dài" * 2_000, "quote'\"%s ?", "𠀀" * 10]
    assert tell(harvest(store, [build_record(source_id, "A") for source_id in hostile])) == {"stored": 6}
    assert tell(harvest(store, [build_record(source_id, "A") for source_id in hostile])) == {"unchanged": 6}
    assert store.count_records().live == 6
    for source_id in hostile:
        found = store.find_record(RecordKey("laocai", "oai", source_id))
        assert found is not None
        assert store.find_record(found.raw.key) == found


# --- the same id more than once ---------------------------------------------------------------------------------------


def test_the_same_id_twice_with_the_same_content_is_repeated(store: RecordStore) -> None:
    assert tell(harvest(store, [build_record("1", "A"), build_record("1", "A")], [build_record("1", "A")])) == {
        "stored": 1,
        "repeated": 2,
    }


@pytest.mark.parametrize("pages", [1, 2])
def test_the_same_id_with_other_content_keeps_both_with_a_finding(store: RecordStore, pages: int) -> None:
    records = [build_record("1", "A"), build_record("1", "B"), build_record("1", "C")]
    assert tell(harvest(store, *([records] if pages == 1 else [[raw] for raw in records]))) == {"stored": 3}
    assert live(store) == {"1": "A", "1~2": "B", "1~3": "C"}
    assert [entry.raw.findings for entry in store.changes_since(0, 10)] == [(), ("id-reused",), ("id-reused",)]


def test_a_further_stay_of_a_copy_under_the_same_id_is_kept_without_a_finding(store: RecordStore) -> None:
    further = msgspec.structs.replace(build_record("1", "B"), rotates=True)
    assert tell(harvest(store, [build_record("1", "A"), further])) == {"stored": 2}
    assert live(store) == {"1": "A", "1~2": "B"}
    assert [entry.raw.findings for entry in store.changes_since(0, 10)] == [(), ()]


def test_siblings_are_found_by_the_id_that_they_came_under(store: RecordStore) -> None:
    harvest(store, [build_record("7", payload) for payload in ("A", "B", "C")])
    harvest(store, [build_record("70", "D")])
    key = RecordKey("laocai", "oai", "7")
    assert [found.raw.payload for found in store.find_siblings(key)] == [b"B", b"C"]
    assert store.find_siblings(key._replace(source_id="70")) == []


@pytest.mark.parametrize("pages", [1, 3])
@pytest.mark.parametrize("order", ["ABC", "CBA", "BAC"])
def test_siblings_do_not_flap_with_the_order_of_arrival(store: RecordStore, pages: int, order: str) -> None:
    harvest(store, [build_record("1", letter) for letter in "ABC"])
    arriving = [build_record("1", letter) for letter in order]
    counts = harvest(store, *([arriving] if pages == 1 else [[raw] for raw in arriving]), sweep=True)
    assert tell(counts) == {"unchanged": 3}
    assert store.current_change() == 3


def test_a_sibling_that_disappears_is_swept_and_takes_its_place_again(store: RecordStore) -> None:
    harvest(store, [build_record("1", "A"), build_record("1", "B")])
    assert tell(harvest(store, [build_record("1", "B")], sweep=True)) == {"unchanged": 1}
    assert live(store) == {"1~2": "B"}
    assert tell(harvest(store, [build_record("1", "B"), build_record("1", "A")], sweep=True)) == {
        "unchanged": 1,
        "stored": 1,
    }
    assert live(store) == {"1": "A", "1~2": "B"}


def test_a_changed_sibling_leaves_the_other_alone(store: RecordStore) -> None:
    harvest(store, [build_record("1", "A"), build_record("1", "B")])
    counts = harvest(store, [build_record("1", "B2"), build_record("1", "A")], sweep=True)
    assert tell(counts) == {"stored": 1, "unchanged": 1}
    assert live(store) == {"1": "A", "1~2": "B2"}


def test_an_id_that_looks_like_a_sibling_takes_nobodys_place(store: RecordStore) -> None:
    records = [build_record("1", "A"), build_record("1", "B"), build_record("1~2", "C")]
    assert tell(harvest(store, records)) == {"stored": 3}
    assert sorted(live(store).values()) == ["A", "B", "C"]
    assert tell(harvest(store, records[::-1], sweep=True)) == {"unchanged": 3}
    assert tell(harvest(store, [bury("1~2")])) == {"deleted": 1}
    assert sorted(live(store).values()) == ["A", "B"]


def test_a_newer_datestamp_within_a_run_replaces(store: RecordStore) -> None:
    counts = harvest(store, [build_record("1", "A", "2024-01-01")], [build_record("1", "B", "2024-01-02")])
    assert tell(counts) == {"stored": 2}
    assert live(store) == {"1": "B"}


@pytest.mark.parametrize("datestamp", ["2024-01-01", "2023-12-31", ""])
def test_a_datestamp_that_is_not_newer_keeps_both(store: RecordStore, datestamp: str) -> None:
    harvest(store, [build_record("1", "A", "2024-01-01")], [build_record("1", "B", datestamp)])
    assert live(store) == {"1": "A", "1~2": "B"}


def test_a_tombstone_that_is_older_than_the_record_of_this_run_is_outdated(store: RecordStore) -> None:
    assert tell(harvest(store, [build_record("1", "A", "2024-02-01"), bury("1", "2024-01-01")])) == {
        "stored": 1,
        "repeated": 1,
    }
    assert tell(harvest(store, [bury("1", "2024-03-01"), build_record("1", "B", "2024-02-02")])) == {
        "deleted": 1,
        "repeated": 1,
    }
    assert live(store) == {}


def test_a_tombstone_after_its_record_deletes_it(store: RecordStore) -> None:
    assert tell(harvest(store, [build_record("1", "A"), bury("1"), bury("1")])) == {
        "stored": 1,
        "deleted": 1,
        "repeated": 1,
    }
    assert live(store) == {}


# --- runs -------------------------------------------------------------------------------------------------------------


def test_a_page_and_its_checkpoint_are_one_transaction(store: RecordStore) -> None:
    run = store.begin_run("laocai", "oai", full=False)
    store.write_page(run.id, [build_record("1", "A")], b"token-1")
    stranger = RawRecord(partner_id="other", feed_id="oai", source_id="2", format="marcxml", payload=b"B")
    with pytest.raises(StoreError, match="other/oai/2"):
        store.write_page(run.id, [build_record("3", "C"), stranger], b"token-2")
    again = store.begin_run("laocai", "oai", full=True)
    assert (again.id, again.resumed, again.checkpoint, again.full) == (run.id, True, b"token-1", False)
    assert again.counts == HarvestCounts(received=1, stored=1)
    assert live(store) == {"1": "A"}


def test_an_ended_run_takes_no_page_and_the_next_run_is_new(store: RecordStore) -> None:
    run = store.begin_run("laocai", "oai")
    store.end_run(run.id, "failed", "the server is down")
    with pytest.raises(StoreError, match="not running"):
        store.write_page(run.id, [build_record("1", "A")], None)
    with pytest.raises(StoreError):
        store.end_run(999, "complete")
    following = store.begin_run("laocai", "oai")
    assert following.id != run.id
    assert (following.resumed, following.checkpoint) == (False, None)


def test_runs_are_listed_newest_first(store: RecordStore) -> None:
    assert store.last_run("laocai", "oai") is None
    harvest(store, [build_record("1", "A")])
    failed = store.begin_run("laocai", "oai")
    store.end_run(failed.id, "failed")
    store.begin_run("son-la", "file")
    assert [(run.partner_id, run.verdict) for run in store.runs()] == [
        ("son-la", "running"),
        ("laocai", "failed"),
        ("laocai", "complete"),
    ]
    assert [run.verdict for run in store.runs("laocai", "oai", limit=1)] == ["failed"]
    complete, latest = store.last_complete("laocai", "oai"), store.last_run("laocai", "oai")
    assert complete is not None
    assert complete.counts.stored == 1
    assert latest is not None
    assert latest.verdict == "failed"
    assert store.last_complete("son-la", "file") is None


def test_what_a_full_run_did_not_bring_becomes_tombstones_outside_its_sum(store: RecordStore) -> None:
    harvest(store, [build_record(name, name) for name in ("1", "2", "3", "4", "5")], [build_record("5", "sibling")])
    run = store.begin_run("laocai", "oai")
    store.write_page(run.id, [build_record("1", "1")], b"", rejections=[Rejection(2, "3", "leader", "broken")])
    assert store.seen_in_run(run.id) == {"1"}
    assert store.tombstone_unseen(run.id, except_ids={"5"}) == 2
    assert store.tombstone_unseen(run.id, except_ids={"5"}) == 0
    ended = store.end_run(run.id, "complete")
    assert ended.removed == 2
    assert ended.counts == HarvestCounts(received=2, unchanged=1, rejected=1)
    assert sorted(live(store)) == ["1", "3", "5", "5~2"]


def test_seen_in_run_gives_ids_as_the_partner_gave_them(store: RecordStore) -> None:
    run = store.begin_run("laocai", "oai")
    store.write_page(run.id, [build_record("1", "A"), build_record("1", "B"), bury("2")], b"")
    assert store.seen_in_run(run.id) == {"1", "2"}


def test_a_sample_of_what_a_run_has_not_brought(store: RecordStore) -> None:
    harvest(store, [build_record(str(number), f"<{number}>") for number in range(9)], [bury("8")])
    harvest(store, [build_record("7", "<7>"), build_record("7", "<7 anew>")])
    run = store.begin_run("laocai", "oai")
    refused = Rejection(2, "1", "id-missing", "không có")
    store.write_page(run.id, [build_record("0", "<0>")], b"", rejections=[refused], present=["2", "3"])
    assert sorted(store.sample_absent(run.id, 99)) == ["4", "5", "6", "7", "7"]
    assert len(store.sample_absent(run.id, 2)) == 2


def test_a_page_of_thousands_is_one_page(store: RecordStore) -> None:
    page = [build_record(str(number), f"<r>{number}</r>") for number in range(2_500)]
    assert tell(harvest(store, page)) == {"stored": 2_500}
    assert tell(harvest(store, page)) == {"unchanged": 2_500}
    assert [entry.change for entry in store.changes_since(0, 10_000)] == list(range(1, 2_501))
    found = store.read_records(range(1, 3_000))
    assert len(found) == 2_500
    assert found[2_500].raw.payload == b"<r>2499</r>"


# --- payloads ---------------------------------------------------------------------------------------------------------


def test_a_dictionary_is_trained_once_enough_is_stored_and_all_payloads_stay_readable(
    store: RecordStore, store_address: str, tmp_path: Path
) -> None:
    body = "<datafield tag='245' ind1='1' ind2='0'><subfield code='a'>{}</subfield></datafield><leader>nam a22</leader>"

    def build_page(start: int, count: int) -> list[RawRecord]:
        return [build_record(str(number), body.format(number * 7919)) for number in range(start, start + count)]

    harvest(store, build_page(0, ENOUGH - 1), [])
    assert read_dictionaries(store) == {0: ENOUGH - 1}
    harvest(store, build_page(1_000, 1), build_page(2_000, 300))
    assert read_dictionaries(store) == {0: ENOUGH, 1: 300}
    with open_store(store_address, tmp_path) as reader:
        assert len(live(reader)) == ENOUGH + 300
        assert live(reader)["2299"] == body.format(2_299 * 7919)
    harvest(store, build_page(3_000, 600))
    assert read_dictionaries(store) == {0: ENOUGH, 1: 900}


def test_a_dictionary_that_another_process_trained_is_used_from_the_next_page_on(
    store: RecordStore, store_address: str, tmp_path: Path
) -> None:
    body = "<datafield tag='245' ind1='1' ind2='0'><subfield code='a'>{}</subfield></datafield><leader>nam a22</leader>"

    def build_page(start: int, count: int) -> list[RawRecord]:
        return [build_record(str(number), body.format(number * 7919)) for number in range(start, start + count)]

    harvest(store, build_page(0, 100))
    with open_store(store_address, tmp_path) as other:
        harvest(other, build_page(1_000, ENOUGH - 100))
    harvest(store, build_page(2_000, 50), build_page(3_000, 50))
    assert read_dictionaries(store) == {0: ENOUGH, 1: 100}
    assert live(store)["3049"] == body.format(3_049 * 7919)


def test_payloads_too_alike_to_learn_from_stay_plain(store: RecordStore) -> None:
    harvest(store, [build_record(str(number), "x") for number in range(ENOUGH)])
    harvest(store, [build_record("more", "x")])
    assert live(store)["more"] == "x"


def read_dictionaries(store: RecordStore) -> dict[int, int]:
    with store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT dictionary, count(*) FROM payloads GROUP BY dictionary")
        return {row[0]: row[1] for row in rows}


# --- locks and errors -------------------------------------------------------------------------------------------------


def test_a_lock_has_one_holder(store: RecordStore, store_address: str, tmp_path: Path) -> None:
    with open_store(store_address, tmp_path) as other:
        with store.lock("harvest:laocai/oai"):
            with pytest.raises(LockHeld, match="laocai/oai"), other.lock("harvest:laocai/oai"):
                pass
            with other.lock("harvest:laocai_oai"):
                pass
        for _ in range(50):
            with other.lock("harvest:laocai/oai"):
                pass
            with store.lock("harvest:laocai/oai"):
                pass


def test_an_error_in_a_lock_is_the_callers_own_and_frees_it(store: RecordStore) -> None:
    with pytest.raises(KeyError), store.lock("index"):
        raise KeyError("mine")
    with store.lock("index"):
        pass


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://lienthu:s3cret@127.0.0.1:1/none",
        "postgresql://lienthu@127.0.0.1:1/none?password=s3cret&connect_timeout=2",
        "mysql://u:s3cret@h/d",
        "postgresql://u:s3cret@h:port/d",
    ],
)
def test_no_error_shows_a_secret(address: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(address, tmp_path)
    seen: BaseException | None = caught.value
    while seen is not None:
        assert "s3cret" not in f"{seen}{seen!r}"
        seen = seen.__cause__


def test_a_file_that_is_no_store_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "lienthu.db").write_text("this is no database" * 100)
    with pytest.raises(StoreError, match="LIENTHU_STORE"):
        open_store(f"sqlite:///{tmp_path}/lienthu.db", tmp_path)
    with pytest.raises(StoreError, match="folder"):
        open_store(f"sqlite:///{tmp_path}/lienthu.db/below/store.db", tmp_path)


def test_opening_the_room_imports_no_database_library() -> None:
    code = "import sys, lienthu.store; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0
