"""An identifier that is used again for another work is noticed; a correction is not taken for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lienthu.raw_record import RawRecord
from tests.indexer.library import Library, build_raw, open_library

RULE = "id-changed-work"
OLD = build_raw("1", "Truyện Kiều", author="Nguyễn Du")
OTHER = build_raw("1", "Lôi vũ", author="Tào Ngu")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path) as library:
        yield library


def list_changed(library: Library) -> list[str]:
    """What the partner is told of its changed works."""
    serving = library.engine.serving()
    assert serving is not None
    examples = library.store.finding_examples(serving, "laocai", 5)
    return [example.finding.found for example in examples.get(RULE, ())]


def test_a_record_that_became_another_work_is_told_with_both_titles_and_leaves_its_id(library: Library) -> None:
    library.receive(OLD)
    library.rebuild()
    (old,) = library.editions()
    library.receive(OTHER)
    library.update()
    assert list_changed(library) == ["Truyện Kiều → Lôi vũ"]
    (new,) = library.editions()
    assert new != old
    entry = library.store.resolve_edition(old)
    assert entry is not None
    assert entry.alias_of is None
    assert entry.tombstone is not None
    assert "Truyện Kiều" in entry.tombstone.decode()


def test_a_rebuild_keeps_the_ids_apart_and_no_longer_tells_it(library: Library) -> None:
    library.receive(OLD)
    library.rebuild()
    library.receive(OTHER)
    library.update()
    ids = set(library.editions())
    library.rebuild()
    assert set(library.editions()) == ids
    assert list_changed(library) == []


def test_the_work_that_was_left_stays_where_another_library_has_it(library: Library) -> None:
    library.receive(OLD, build_raw("7", "Truyện Kiều", partner_id="yenbai", author="Nguyễn Du"))
    library.rebuild()
    (old,) = library.editions()
    library.receive(OTHER)
    library.update()
    titles = {key: edition.title.main for key, edition in library.editions().items()}
    assert titles.pop(old) == "Truyện Kiều"
    assert list(titles.values()) == ["Lôi vũ"]


def test_a_link_that_led_on_to_another_librarys_edition_still_does(library: Library) -> None:
    library.receive(build_raw("7", "Truyện Kiều", partner_id="yenbai", author="Nguyễn Du"))
    library.receive(build_raw("1", "Truyện Kiêu", author="Nguyễn Du"))
    library.rebuild()
    ids = {edition.members[0]: key for key, edition in library.editions().items()}
    library.receive(OLD)
    library.update()
    library.receive(OTHER)
    library.update()
    entry = library.store.resolve_edition(ids["laocai/oai/1"])
    assert entry is not None
    assert entry.edition_id == ids["yenbai/oai/7"]


def test_what_was_done_before_a_death_is_not_done_twice(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.receive(OLD)
    library.rebuild()
    (old,) = library.editions()
    library.receive(OTHER)
    with monkeypatch.context() as dying:
        dying.setattr(type(library.store), "write_index_step", die)
        with pytest.raises(KeyboardInterrupt):
            library.update()
    library.update()
    (new,) = library.editions()
    assert new != old
    entry = library.store.resolve_edition(old)
    assert entry is not None
    assert "Lôi vũ" not in (entry.tombstone or b"").decode()


def die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (build_raw("1", "Truyện Kiêu"), build_raw("1", "Truyện Kiều")),
        (build_raw("1", "Truyen Kieu"), build_raw("1", "TRUYỆN KIỀU : Thơ Nôm", author="Nguyễn Du")),
        (build_raw("1", "TruyÖn KiÒu"), build_raw("1", "Truyện Kiều", author="Nguyễn Du")),
        (build_raw("1", "Tru?n Ki?u"), build_raw("1", "Truyện Kiều")),
        (build_raw("1", "Kiều", author="Nguyễn Du"), build_raw("1", "Đoạn trường tân thanh", author="Nguyễn Du")),
        (build_raw("1", "Số đỏ", isbn="9786046400073"), build_raw("1", "Vòng xoáy", isbn="978-604-64-0007-3")),
        (build_raw("1", "红楼梦"), build_raw("1", "Hồng lâu mộng")),
        (build_raw("1", "红楼梦"), build_raw("1", "紅樓夢", author="曹雪芹")),
        (build_raw("1", "Toán 5. Tập 1"), build_raw("1", "Toán 5. Tập 2", author="Đỗ Đình Hoan")),
    ],
)
def test_a_correction_is_not_taken_for_another_work(library: Library, before: RawRecord, after: RawRecord) -> None:
    library.receive(before)
    library.rebuild()
    (old,) = library.editions()
    library.receive(after)
    library.update()
    assert set(library.editions()) == {old}
    assert list_changed(library) == []
