"""What waits and what is decided, on every store: staged runs, holds, hidings, a partner that leaves."""

import pytest

from lienthu.errors import NotFound
from lienthu.i18n import mark
from lienthu.message import build_message
from lienthu.raw_record import RawRecord, RecordKey
from lienthu.store import Fate, RecordStore

IDS = [f"r{number}" for number in range(30)]


def build_records(*ids: str, partner_id: str = "laocai", deleted: bool = False) -> list[RawRecord]:
    return [
        RawRecord(
            partner_id=partner_id,
            feed_id="oai",
            source_id=one,
            format="row",
            payload=b"" if deleted else one.encode(),
            deleted=deleted,
        )
        for one in ids
    ]


def fill(store: RecordStore, partner_id: str = "laocai") -> None:
    run = store.begin_run(partner_id, "oai")
    store.write_page(run.id, build_records(*IDS, partner_id=partner_id), None)
    store.end_run(run.id, "complete")


def read_live(store: RecordStore) -> set[str]:
    return {stored.raw.source_id for stored in store.changes_since(0, 1_000) if not stored.raw.deleted}


def test_a_staged_run_shows_nothing_before_it_is_released(store: RecordStore) -> None:
    fill(store)
    run = store.begin_run("laocai", "oai", staged=True)
    store.write_page(run.id, build_records("new", *IDS[:10]), None)
    store.write_page(run.id, build_records("r10", deleted=True), None)
    store.stage_unseen(run.id, except_ids=["r11"])
    assert read_live(store) == set(IDS)
    staged = store.count_staged(run.id)
    assert (staged.live, staged.seen, staged.appearing, staged.deleted, staged.unseen) == (30, 10, 1, 1, 18)
    done = store.release_run(run.id, "complete")
    assert (done.verdict, done.removed) == ("complete", 18)
    assert read_live(store) == {"new", *IDS[:10], "r11"}


def test_a_staged_run_that_is_resumed_is_staged_still(store: RecordStore) -> None:
    fill(store)
    store.begin_run("laocai", "oai", full=False, staged=True, sweep=True, fingerprint="abc")
    again = store.begin_run("laocai", "oai")
    assert (again.resumed, again.full, again.staged, again.sweep, again.fingerprint) == (True, False, True, True, "abc")


def test_staging_the_unseen_twice_is_staging_them_once(store: RecordStore) -> None:
    fill(store)
    run = store.begin_run("laocai", "oai", staged=True)
    store.write_page(run.id, build_records(*IDS[:5]), None)
    store.stage_unseen(run.id)
    store.stage_unseen(run.id)
    assert store.count_staged(run.id).unseen == 25


def test_a_hold_is_decided_once(store: RecordStore) -> None:
    fill(store)
    run = store.begin_run("laocai", "oai", staged=True)
    store.write_page(run.id, build_records(*IDS[:5]), None)
    store.stage_unseen(run.id)
    assert store.hold_run(run.id, "too many", "complete").verdict == "held"
    before = store.current_change()
    assert [(hold.vanishing, str(hold.reason)) for hold in store.holds()] == [(25, "too many")]
    store.approve_hold(run.id, "Lan")
    assert len(store.changes_since(before, 1_000)) == 25
    for decide in (store.approve_hold, store.reject_hold):
        with pytest.raises(NotFound):
            decide(run.id)


def test_why_a_run_is_held_and_what_it_says_are_kept_for_readers_of_any_language(store: RecordStore) -> None:
    fill(store)
    reason = build_message(mark("{count} rejected records"), count=3)
    says = build_message(mark("held: {reason}"), reason=reason, words="\0\ud800")
    run = store.begin_run("laocai", "oai", staged=True)
    held = store.hold_run(run.id, reason, "incomplete", says)
    assert held.message.facts["reason"] == reason
    assert held.message.facts["words"] == "\ufffd\ufffd"
    (hold,) = store.holds()
    assert hold.reason == reason
    assert store.reject_hold(run.id).reason == reason
    last = store.last_run("laocai", "oai")
    assert last is not None
    assert last.message == reason


def rewrite(number: int, words: str) -> RawRecord:
    return RawRecord(
        partner_id="laocai", feed_id="oai", source_id=f"r{number}", format="row", payload=words.encode(), datestamp="2"
    )


def judge_by_first_letter(shown: RawRecord, arrived: RawRecord) -> bool:
    return shown.payload[:1] != arrived.payload[:1]


def read_payloads(store: RecordStore) -> dict[str, bytes]:
    return {entry.raw.source_id: entry.raw.payload for entry in store.changes_since(0, 1_000)}


def test_what_becomes_another_work_waits_and_what_is_corrected_does_not(store: RecordStore) -> None:
    fill(store)
    before = store.current_change()
    run = store.begin_run("laocai", "oai", staged=True)
    page = [rewrite(0, "other 0"), rewrite(1, "other 1"), rewrite(2, "r2 corrected"), rewrite(3, "r3")]
    counts = store.write_page(run.id, page, b"1", judge=judge_by_first_letter)
    assert (counts.stored, counts.unchanged) == (3, 1)
    assert [entry.raw.payload for entry in store.changes_since(before, 10)] == [b"r2 corrected"]
    assert store.count_staged(run.id).becoming == 2
    again = store.write_page(run.id, page[:2], b"2", judge=judge_by_first_letter)
    assert (again.repeated, store.count_staged(run.id).becoming) == (2, 2)
    numbers = store.staged_numbers(run.id, ("becomes",), 10)
    assert [payload for _, payload in store.read_waiting(run.id, numbers).values()] == [b"other 0", b"other 1"]
    store.release_run(run.id, "complete")
    payloads = read_payloads(store)
    assert (payloads["r0"], payloads["r1"], len(payloads)) == (b"other 0", b"other 1", 30)
    assert len(store.changes_since(before, 10)) == 3
    assert store.read_waiting(run.id, numbers) == {}
    later = store.begin_run("laocai", "oai", staged=True)
    assert store.write_page(later.id, page, None, judge=judge_by_first_letter).unchanged == 4


@pytest.mark.parametrize("decision", ["approve", "reject", "supersede"])
def test_a_held_run_of_other_works_is_decided(store: RecordStore, decision: str) -> None:
    fill(store)
    run = store.begin_run("laocai", "oai", staged=True)
    page = [rewrite(number, f"other {number}") for number in range(10)]
    store.write_page(run.id, page, None, judge=judge_by_first_letter)
    store.hold_run(run.id, "other works", "complete")
    before = store.current_change()
    later = store.begin_run("laocai", "oai", staged=True)
    if decision == "approve":
        store.approve_hold(run.id, "Lan")
    elif decision == "reject":
        store.reject_hold(run.id, "Lan")
    else:
        store.write_page(later.id, [rewrite(0, "third 0")], None, judge=judge_by_first_letter)
        store.hold_run(later.id, "again", "complete")
        store.approve_hold(later.id)
    changed = sorted(entry.raw.payload for entry in store.changes_since(before, 100))
    assert (
        changed
        == {
            "approve": sorted(raw.payload for raw in page),
            "reject": [],
            "supersede": [b"third 0"],
        }[decision]
    )
    assert store.read_waiting(run.id, range(1, 31)) == {}


def test_a_work_that_is_deleted_or_turned_back_after_all_does_not_wait(store: RecordStore) -> None:
    fill(store)
    run = store.begin_run("laocai", "oai", staged=True)
    store.write_page(run.id, [rewrite(0, "other"), rewrite(1, "other")], None, judge=judge_by_first_letter)
    gone = RawRecord(partner_id="laocai", feed_id="oai", source_id="r0", format="row", deleted=True, datestamp="3")
    back = RawRecord(partner_id="laocai", feed_id="oai", source_id="r1", format="row", payload=b"r1", datestamp="3")
    store.write_page(run.id, [gone, back], None, judge=judge_by_first_letter)
    counts = store.count_staged(run.id)
    assert (counts.becoming, counts.deleted) == (0, 1)
    store.release_run(run.id, "complete")
    assert read_payloads(store)["r1"] == b"r1"
    assert "r0" not in read_live(store)


def test_a_partner_that_leaves_takes_what_waits_with_it(store: RecordStore) -> None:
    fill(store)
    run = store.begin_run("laocai", "oai", staged=True)
    store.write_page(run.id, [rewrite(0, "other")], None, judge=judge_by_first_letter)
    store.hold_run(run.id, "other works", "complete")
    store.bury_partner("laocai")
    store.forget_partner("laocai")
    assert store.read_waiting(run.id, range(1, 31)) == {}


def test_what_is_present_is_seen_and_what_is_withdrawn_goes(store: RecordStore) -> None:
    fill(store)
    twice = [
        RawRecord(partner_id="laocai", feed_id="oai", source_id="r0", format="row", payload=b) for b in (b"r0", b"x")
    ]
    run = store.begin_run("laocai", "oai")
    store.write_page(run.id, twice, None)
    store.end_run(run.id, "complete")
    run = store.begin_run("laocai", "oai", staged=True)
    store.write_page(run.id, [], None, present=["r0", "r1"], withdrawn=["r2"])
    assert store.seen_in_run(run.id) == {"r0", "r1"}
    assert read_live(store) == {*IDS, "r0~2"} - {"r2"}
    store.write_page(run.id, [], None, withdrawn=["r0"])
    assert read_live(store) == set(IDS) - {"r0", "r2"}


def test_a_hidden_record_is_met_again_by_every_index_and_again_when_it_is_shown(store: RecordStore) -> None:
    fill(store)
    before = store.current_change()
    key = RecordKey("laocai", "oai", "r7")
    store.hide("laocai/oai/r7", "by law", keys=[key], decided_by="Lan")
    assert [stored.raw.key for stored in store.changes_since(before, 10)] == [key]
    assert set(store.hidden().records) == {key}
    before = store.current_change()
    (lifted,) = store.unhide("laocai/oai/r7", "Minh")
    assert (lifted.reason, lifted.decided_by, bool(store.hidden())) == ("by law", "Lan", False)
    assert [stored.raw.key for stored in store.changes_since(before, 10)] == [key]
    assert [hiding.lifted_by for hiding in store.hidings(standing=False)] == ["Minh"]
    with pytest.raises(NotFound):
        store.unhide("laocai/oai/r7")


def test_a_hidden_edition_has_its_id_and_its_keys(store: RecordStore) -> None:
    fill(store)
    ids = store.allot_editions([1])
    store.hide(ids[1], "by law", keys=[RecordKey("laocai", "oai", "r0")], editions={ids[1]: [b"k1", b"k2"]})
    hidden = store.hidden()
    assert (set(hidden.editions), set(hidden.match_keys)) == ({ids[1]}, {b"k1", b"k2"})


def test_a_partner_that_leaves_takes_everything_with_it_and_nothing_of_others(store: RecordStore) -> None:
    fill(store)
    fill(store, "yenbai")
    store.register_generation("g1")
    numbers = [stored.number for stored in store.changes_since(0, 1_000)]
    ids = store.allot_editions([numbers[0], numbers[1]])
    shared, own = ids[numbers[0]], ids[numbers[1]]
    fates = [Fate(number, "mapped", match_key=b"k", edition_id=shared) for number in (numbers[0], numbers[30])]
    fates.append(Fate(numbers[1], "mapped", match_key=b"l", edition_id=own))
    store.write_index_step("g1", fates=fates, gone=[], tombstones={}, change=60)
    assert store.count_editions_of("g1", "laocai") == (2, 1)
    assert store.count_editions_of("g1", "yenbai") == (1, 0)
    assert store.bury_partner("laocai") == 30
    assert store.bury_partner("laocai") == 0
    assert store.forget_partner("laocai") == 30
    assert store.list_feeds("laocai") == []
    assert store.runs("laocai") == []
    assert set(store.count_records().by_partner) == {"yenbai"}
    assert set(store.fates("g1", numbers)) == {numbers[30]}
    fill(store)
    assert store.count_records().by_partner["laocai"] == (30, 0)
