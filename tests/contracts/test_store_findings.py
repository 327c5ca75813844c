"""Findings on every store: written with the fates, counted exactly, gone with the record."""

from lienthu.finding import Finding
from lienthu.raw_record import RawRecord
from lienthu.store import Fate, RecordStore
from lienthu.store.finding_rows import MAX_ROWS, choose_findings

WARNED = Finding("isbn-invalid", "warning", "020$a", "978", "kept as written")
NOTED = Finding("year-missing", "note", "260$c")


def receive(store: RecordStore, *ids: str, partner_id: str = "laocai") -> list[int]:
    run = store.begin_run(partner_id, "oai")
    raws = [
        RawRecord(partner_id=partner_id, feed_id="oai", source_id=one, format="row", payload=one.encode())
        for one in ids
    ]
    store.write_page(run.id, raws, None)
    store.end_run(run.id, "complete")
    found = [store.find_record(raw.key) for raw in raws]
    return [one.number for one in found if one is not None]


def write(
    store: RecordStore,
    findings: dict[int, list[Finding]],
    isbns: dict[int, dict[int, bytes]] | None = None,
    outcome: str = "mapped",
) -> None:
    fates = [Fate(number, outcome, "", "", b"%d" % number) for number in findings]  # type: ignore[arg-type]
    store.write_index_step(
        "g1", fates=fates, gone=[], tombstones={}, change=store.current_change(), findings=findings, isbns=isbns
    )


def count(store: RecordStore, partner_id: str = "laocai") -> dict[str, tuple[str, int, int]]:
    return {one.rule: (one.severity, one.records, one.times) for one in store.count_findings("g1", partner_id)}


def test_findings_are_counted_by_partner_and_replaced_with_their_record(store: RecordStore) -> None:
    one, two = receive(store, "1", "2")
    (other,) = receive(store, "1", partner_id="yenbai")
    store.register_generation("g1")
    assert store.has_findings("g1")
    again = Finding("isbn-invalid", "error", "020$a", "979")
    write(store, {one: [WARNED, again], two: [WARNED, NOTED], other: [NOTED]})
    assert count(store) == {"isbn-invalid": ("error", 2, 3), "year-missing": ("note", 1, 1)}
    assert count(store, "yenbai") == {"year-missing": ("note", 1, 1)}
    assert store.count_quality("g1") == {"laocai": (2, 0), "yenbai": (1, 1)}
    examples = store.finding_examples("g1", "laocai", 1)
    assert {rule: [found.key.source_id for found in own] for rule, own in examples.items()} == {
        "isbn-invalid": ["1"],
        "year-missing": ["2"],
    }
    assert [found.finding for found in store.findings_of_rule("g1", "laocai", "isbn-invalid")] == [
        WARNED,
        again,
        WARNED,
    ]
    write(store, {one: []})
    assert count(store) == {"isbn-invalid": ("warning", 1, 1), "year-missing": ("note", 1, 1)}
    store.write_index_step("g1", fates=[], gone=[two], tombstones={}, change=store.current_change())
    assert count(store) == {}
    store.drop_generation("g1")
    assert not store.has_findings("g1")


def test_one_isbn_on_two_titles_is_told_with_its_records(store: RecordStore) -> None:
    one, two, three, four = receive(store, "1", "2", "3", "4")
    store.register_generation("g1")
    isbns = {one: {978: b"A"}, two: {978: b"B"}, three: {979: b"C"}, four: {979: b"C"}}
    write(store, {number: [] for number in isbns}, isbns)
    assert {isbn: [key.source_id for key in keys] for isbn, keys in store.shared_isbns("g1", "laocai").items()} == {
        978: ["1", "2"]
    }
    assert store.shared_isbns("g1", "yenbai") == {}


def test_a_failed_record_is_not_clean_and_a_skipped_one_counts_in_neither(store: RecordStore) -> None:
    one, two, three = receive(store, "1", "2", "3")
    store.register_generation("g1")
    write(store, {one: []})
    write(store, {two: []}, outcome="failed")
    write(store, {three: []}, outcome="skipped")
    assert store.count_quality("g1") == {"laocai": (2, 1)}


def test_a_days_quality_is_replaced_by_a_later_word(store: RecordStore) -> None:
    one, two = receive(store, "1", "2")
    store.register_generation("g1")
    write(store, {one: [WARNED], two: []})
    store.note_quality("g1", "2026-11-25")
    write(store, {one: []})
    store.note_quality("g1", "2026-11-25")
    assert [(day.day, day.records, day.clean) for day in store.quality_days("laocai")] == [("2026-11-25", 2, 2)]


def test_what_leaves_with_its_partner_leaves_nothing(store: RecordStore) -> None:
    numbers = receive(store, "1", "2")
    store.register_generation("g1")
    write(store, {number: [WARNED] for number in numbers}, {number: {978: b"A"} for number in numbers})
    store.note_quality("g1", "2026-11-25")
    store.bury_partner("laocai")
    store.forget_partner("laocai")
    assert count(store) == {}
    assert store.quality_days("laocai") == []
    with store.reading() as connection:
        for table in ("findings", "isbn_titles", "quality_days"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


def test_of_a_record_with_very_many_findings_every_rule_is_kept() -> None:
    many = [Finding("markup-in-field", "warning", f"{n}") for n in range(100)]
    kept = choose_findings([*many, WARNED, NOTED])
    assert len(kept) == MAX_ROWS
    assert {finding.rule for finding in kept} == {"markup-in-field", "isbn-invalid", "year-missing"}
