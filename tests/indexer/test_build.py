"""The index follows the store: the same records lie together whatever the history, and no id ever dies."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.build import build_generation, is_rebuild_needed, sweep_unfinished
from indexer.promotion import PromotionRefused, check_promotion, promote_generation
from lienthu.errors import EngineUnavailable
from tests.indexer.library import Library, build_raw, open_library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path) as opened:
        yield opened


def test_thirty_records_for_thirty_copies_make_one_card_with_thirty_holdings(library: Library) -> None:
    library.receive(*(build_raw(f"b{n}", "Truyện Kiều", author="Nguyễn Du", accession=f"LC{n:03}") for n in range(30)))
    library.rebuild()
    (edition,) = library.editions().values()
    assert len(edition.members) == 30
    assert {holding.accession_number for holding in edition.holdings} == {f"LC{n:03}" for n in range(30)}


def test_like_records_of_two_partners_make_one_card_with_two_libraries(library: Library) -> None:
    library.receive(build_raw("1", "Truyện Kiều", author="Nguyễn Du"))
    library.receive(build_raw("9", "TRUYỆN KIỀU", author="Nguyễn, Du, 1765-1820", partner_id="yenbai"))
    library.rebuild()
    (edition,) = library.editions().values()
    assert edition.partner_ids == ("laocai", "yenbai")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"title": "Tiếng Việt 1. Tập 1"}, {"title": "Tiếng Việt 1. Tập 2"}),
        ({"title": "Then Tày"}, {"title": "Then Tày những khúc hát"}),
        ({"title": "Luật Đất đai", "year": "2013"}, {"title": "Luật Đất đai", "year": "2024"}),
        ({"title": "Luật Đất đai", "year": "2013"}, {"title": "Luật Đất đai"}),
        ({"title": "Truyện cổ", "author": "Vi Hồng"}, {"title": "Truyện cổ", "author": "Hoàng Tuấn Cư"}),
        ({"title": "Hoà bình"}, {"title": "Hoa bình"}),
    ],
)
def test_what_differs_in_any_part_of_the_key_lies_apart(
    library: Library, first: dict[str, str], second: dict[str, str]
) -> None:
    library.receive(build_raw("1", **first), build_raw("2", **second))
    library.rebuild()
    assert len(library.editions()) == 2


def test_one_isbn_on_different_works_does_not_put_them_together(library: Library) -> None:
    isbn = "978-604-64-0154-4"
    library.receive(
        build_raw("1", "Truyện cổ và dân ca nghi lễ dân tộc Tày", isbn=isbn),
        build_raw("2", "Từ điển văn hóa cổ truyền dân tộc Tày", isbn=isbn),
    )
    library.rebuild()
    assert len(library.editions()) == 2


def test_a_corrected_record_keeps_its_id(library: Library) -> None:
    library.receive(build_raw("1", "Truyện Kiêu"))
    library.rebuild()
    (before,) = library.editions()
    library.receive(build_raw("1", "Truyện Kiều"))
    library.update()
    (after,) = library.editions()
    assert after == before


def test_a_record_that_joins_another_leaves_an_alias_behind(library: Library) -> None:
    library.receive(build_raw("1", "Truyện Kiều"), build_raw("2", "Truyện Kiêu"))
    library.rebuild()
    ids = {edition.members[0]: key for key, edition in library.editions().items()}
    library.receive(build_raw("2", "Truyện Kiều"))
    library.update()
    assert set(library.editions()) == {ids["laocai/oai/1"]}
    entry = library.store.resolve_edition(ids["laocai/oai/2"])
    assert entry is not None
    assert entry.edition_id == ids["laocai/oai/1"]


def test_when_the_founder_leaves_the_others_keep_the_id(library: Library) -> None:
    library.receive(build_raw("1", "Truyện Kiều"), build_raw("2", "Truyện Kiều"))
    library.rebuild()
    (shared,) = library.editions()
    library.receive(build_raw("1", "Lục Vân Tiên"))
    library.update()
    ids = {edition.title.main: key for key, edition in library.editions().items()}
    assert ids["Truyện Kiều"] == shared
    assert ids["Lục Vân Tiên"] != shared
    library.rebuild()
    assert {edition.title.main: key for key, edition in library.editions().items()} == ids


def test_a_deleted_edition_leaves_what_is_known_and_comes_back_under_its_id(library: Library) -> None:
    library.receive(build_raw("1", "Truyện Kiều", author="Nguyễn Du"), build_raw("2", "Lục Vân Tiên"))
    library.rebuild()
    ids = {edition.title.main: key for key, edition in library.editions().items()}
    library.receive(build_raw("1", deleted=True))
    tally = library.update().tally
    assert tally["deleted"] == 1
    assert set(library.editions()) == {ids["Lục Vân Tiên"]}
    entry = library.store.resolve_edition(ids["Truyện Kiều"])
    assert entry is not None
    assert entry.tombstone is not None
    assert "Truyện Kiều" in entry.tombstone.decode()
    library.receive(build_raw("1", "Truyện Kiều", author="Nguyễn Du"))
    library.update()
    assert {edition.title.main: key for key, edition in library.editions().items()} == ids
    revived = library.store.resolve_edition(ids["Truyện Kiều"])
    assert revived is not None
    assert revived.tombstone is None


def test_the_sum_of_the_index_holds_and_names_what_was_not_taken_in(library: Library) -> None:
    library.receive(
        build_raw("1", "Truyện Kiều"), build_raw("2", ""), build_raw("3", "Thơ"), build_raw("4", deleted=True)
    )
    built = library.rebuild()
    assert built.tally["mapped"] == 2
    assert built.tally["failed"] == 1
    tally = library.store.tally(built.generation)["laocai"]
    assert sum(tally.values()) == library.store.count_records().live == 3
    ((key, rule, reason),) = library.store.fate_examples(built.generation, "failed")
    assert key.source_id == "2"
    assert rule
    assert reason


def test_an_update_costs_what_changed(library: Library) -> None:
    library.receive(*(build_raw(str(n), f"Sách số {n}") for n in range(50)))
    library.rebuild()
    library.receive(*(build_raw(str(n), f"Sách số {n}") for n in range(49)), build_raw("49", "Sách khác"))
    assert sum(library.update().tally.values()) == 1
    assert sum(library.update().tally.values()) == 0


def test_without_an_index_an_update_says_what_to_run(library: Library) -> None:
    assert is_rebuild_needed(library.store, library.engine)
    with pytest.raises(EngineUnavailable, match="lienthu reindex"):
        library.update()


def test_an_empty_build_and_a_shrunken_one_are_refused(library: Library) -> None:
    library.receive(*(build_raw(str(n), f"Sách số {n}") for n in range(20)))
    library.rebuild()
    serving = library.engine.serving()
    library.receive(*(build_raw(str(n), deleted=True) for n in range(10)))
    built = build_generation(library.store, library.engine, library.partners)
    with pytest.raises(PromotionRefused, match="10 editions, the serving one 20"):
        check_promotion(library.store, library.engine, built.generation)
    assert library.engine.serving() == serving


def test_a_build_that_was_cut_short_is_swept_and_never_served(library: Library) -> None:
    library.receive(build_raw("1", "Truyện Kiều"))
    library.rebuild()
    cut_short = library.engine.create_generation()
    library.store.register_generation(cut_short)
    sweep_unfinished(library.store, library.engine)
    assert cut_short not in {generation.name for generation in library.engine.generations()}
    assert library.editions()


def test_a_build_that_commits_on_its_way_makes_the_same_index_and_shows_nothing_of_it(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.receive(*(build_raw(f"a{n}", f"Sách số {n}") for n in range(7)))
    library.receive(*(build_raw(f"b{n}", f"Sách số {n}", partner_id="yenbai") for n in range(0, 7, 2)))
    at_once = build_generation(library.store, library.engine, library.partners)
    expected = dict(library.engine.scan(at_once.generation))
    monkeypatch.setattr("indexer.build.REBUILD_BATCH", 2)
    monkeypatch.setattr("indexer.build.REBUILD_COMMIT", 2)
    seen = []
    on_its_way = build_generation(
        library.store, library.engine, library.partners, lambda n: seen.append(library.engine.serving())
    )
    assert seen == [None] * 6
    assert len(expected) == 7
    assert dict(library.engine.scan(on_its_way.generation)) == expected


def test_what_is_harvested_while_a_build_runs_is_drained_into_it(library: Library) -> None:
    library.receive(build_raw("1", "Truyện Kiều"))
    built = build_generation(library.store, library.engine, library.partners)
    library.receive(build_raw("2", "Lục Vân Tiên"))
    promote_generation(library.store, library.engine, built.generation, library.partners)
    assert {edition.title.main for edition in library.editions().values()} == {"Truyện Kiều", "Lục Vân Tiên"}


titles = st.sampled_from(["Truyện Kiều", "truyện kiều", "Lục Vân Tiên", "Thơ", ""])
change = st.tuples(st.sampled_from("abcdef"), st.sampled_from(["laocai", "yenbai"]), st.one_of(st.none(), titles))
histories = st.lists(st.lists(change, min_size=1, max_size=4, unique_by=lambda c: c[:2]), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories)
def test_an_incremental_history_and_a_rebuild_put_the_same_records_together(
    tmp_path_factory: pytest.TempPathFactory, history: list[list[tuple[str, str, str | None]]]
) -> None:
    with open_library(tmp_path_factory.mktemp("library")) as library:
        library.rebuild()
        for changes in history:
            library.receive(
                *(build_raw(name, title or "", partner, deleted=title is None) for name, partner, title in changes)
            )
            library.update()
        grouped = library.groups()
        ids = set(library.editions())
        live = {reference for group in grouped for reference in group}
        assert sum(len(group) for group in grouped) == len(live), "a record is a member of exactly one edition"
        serving = library.engine.serving()
        assert serving is not None
        counted = library.store.tally(serving)
        assert sum(sum(own.values()) for own in counted.values()) == library.store.count_records().live
        library.rebuild(force=True)
        assert library.groups() == grouped
        assert set(library.editions()) == ids
