"""What a changed table would change is told before anything is reindexed, and nothing is written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.preview import preview_changes
from lienthu.errors import EngineUnavailable
from tests.indexer.crosswalks.marc_writing import write_iso2709, write_raw
from tests.indexer.library import Library, build_raw, open_library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path) as opened:
        yield opened


def test_nothing_changes_where_no_rule_has(library: Library) -> None:
    library.receive(build_raw("1", "Số đỏ"), build_raw("2", "Tắt đèn"), build_raw("3", ""))
    library.rebuild()
    seen = preview_changes(library.store, library.engine, library.partners)
    assert (seen.records, seen.editions, seen.changed) == (3, 2, 0)
    assert not seen.fields
    assert not seen.fates


def test_a_changed_rule_is_told_with_counts_and_examples(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.receive(*(build_raw(str(n), f"Sách {n}", author=f"Tác giả {n}") for n in range(8)))
    library.rebuild()
    before = dict(library.engine.scan())
    monkeypatch.setattr("indexer.crosswalks.marc21.RULES", (("extent", "300", lambda record, source: "10 tr."),))
    seen = preview_changes(library.store, library.engine, library.partners)
    assert (seen.changed, seen.fields["extent"]) == (8, 8)
    assert len(seen.examples["extent"]) == 5
    assert (seen.examples["extent"][0].before, seen.examples["extent"][0].after) == ("", "10 tr.")
    assert dict(library.engine.scan()) == before


def test_records_that_would_fail_join_or_part_are_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    from indexer import mapped_batch, preview
    from indexer.matching import build_match_key
    from lienthu.outcome import Failed, Mapped, Outcome
    from lienthu.partner import Partner
    from lienthu.raw_record import RawRecord

    library.receive(build_raw("1", "Số đỏ"), build_raw("2", "Tắt đèn"), build_raw("3", "Lão Hạc"))
    library.receive(build_raw("4", "Số đỏ", partner_id="yenbai"), build_raw("5", "Chí Phèo", partner_id="yenbai"))
    library.rebuild()
    real = mapped_batch.map_record

    def map_otherwise(raw: RawRecord, partner: Partner | None) -> Outcome:
        if raw.source_id == "3":
            return Failed(raw.reference, "245", "title-missing", "no title")
        title = {"2": "Chí Phèo", "4": "Giông tố"}.get(raw.source_id)
        return real(build_raw(raw.source_id, title, raw.partner_id) if title else raw, partner)

    monkeypatch.setattr(mapped_batch, "map_record", map_otherwise)
    seen = preview_changes(library.store, library.engine, library.partners)
    assert dict(seen.fates) == {"mapped → failed": 1}
    assert (seen.parting, seen.joining) == (1, 1)
    assert isinstance(real(build_raw("9", "A b"), None), Mapped)
    assert build_match_key is preview.build_match_key


def test_one_partner_and_a_few_records_can_be_looked_at(library: Library) -> None:
    library.receive(*(build_raw(str(n), f"Sách {n}") for n in range(5)))
    library.receive(*(build_raw(str(n), f"Sách {n}", partner_id="yenbai") for n in range(3, 8)))
    library.rebuild()
    seen = preview_changes(library.store, library.engine, library.partners, partner_id="yenbai")
    assert (seen.records, seen.editions) == (5, 5)
    assert preview_changes(library.store, library.engine, library.partners, limit=3).records == 3


def test_what_waits_to_be_indexed_is_left_out(library: Library) -> None:
    library.receive(build_raw("1", "Số đỏ"))
    library.rebuild()
    library.receive(build_raw("1", "Giông tố"), build_raw("2", "Lão Hạc"))
    seen = preview_changes(library.store, library.engine, library.partners)
    assert (seen.records, seen.changed, seen.waiting) == (0, 0, 2)


def test_without_an_index_there_is_nothing_to_compare(library: Library) -> None:
    with pytest.raises(EngineUnavailable):
        preview_changes(library.store, library.engine, library.partners)


def test_every_field_of_a_record_is_explained_by_the_rule_that_made_it() -> None:
    from indexer.crosswalks import map_record
    from indexer.explaining import explain_fields
    from lienthu.outcome import Mapped

    lines = "020 ## $a978-604-64-0154-4\n041 ## $avie\n100 ## $aTô Hoài\n245 ## $aDế mèn phiêu lưu ký\n260 ## $c2020"
    raw = write_raw(write_iso2709(lines))
    outcome = map_record(raw, None)
    assert isinstance(outcome, Mapped)
    told = {one.field: one for one in explain_fields(raw, outcome.record, None)}
    assert told["agents"].value == "Tô Hoài"
    assert told["identifiers"].value == "9786046401544"
    assert all(one.rule for one in told.values())
    assert "245" in told["title"].rule
