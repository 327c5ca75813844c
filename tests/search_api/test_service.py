from pathlib import Path

import msgspec
import pytest

from lienthu.errors import EngineUnavailable, Gone, NotFound, RequestRefused
from lienthu.raw_record import RecordKey
from lienthu.search import Sort, YearRange
from search_api.answer import Answer, Asked
from search_api.asking import parse_years
from search_api.service import Catalogue
from tests.indexer.library import build_raw
from tests.search_api.shelf import ODD_ID, RECORDS, ShelfCatalogue, open_catalogue


def titles(answer: Answer) -> list[str]:
    return [found.edition.title.main for found in answer.found]


def test_a_search_finds_with_and_without_diacritics(catalogue: Catalogue) -> None:
    assert titles(catalogue.search(Asked(q="người Dao Tuyển")))[0] == "Thơ ca dân gian người Dao Tuyển"
    assert titles(catalogue.search(Asked(q="nguoi dao tuyen")))[0] == "Thơ ca dân gian người Dao Tuyển"


def test_a_search_with_few_answers_widens_and_keeps_strict_matches_in_front(catalogue: Catalogue) -> None:
    answer = catalogue.search(Asked(q="người Dao Tuyển"))
    assert answer.widened
    assert (answer.strict_total, answer.total) == (1, 3)
    assert titles(answer)[0] == "Thơ ca dân gian người Dao Tuyển"
    assert set(titles(answer)) == {record for record in titles(answer) if "người Dao" in record}


def test_total_and_facets_describe_what_is_shown(catalogue: Catalogue) -> None:
    answer = catalogue.search(Asked(q="người Dao Tuyển"))
    assert sum(value.count for value in answer.facets["partner"]) == answer.total


def test_a_strict_search_never_widens(catalogue: Catalogue) -> None:
    answer = catalogue.search(Asked(q="người Dao Tuyển", strict=True))
    assert (answer.widened, answer.total) == (False, 1)


def test_a_typing_error_is_forgiven_by_widening(catalogue: Catalogue) -> None:
    answer = catalogue.search(Asked(q="lễ cưới pa dí mường kương"))
    assert answer.widened
    assert titles(answer)[0].startswith("Lễ cưới của người Pa Dí")


def test_a_widening_that_finds_no_more_is_none(catalogue: Catalogue) -> None:
    assert not catalogue.search(Asked(q="xyzzy plugh frotz")).widened


def test_filters_years_and_sort(catalogue: Catalogue) -> None:
    assert catalogue.search(Asked(filters={"partner": ("yenbai",)})).total == 3
    assert catalogue.search(Asked(year="2012")).total == 2
    assert catalogue.search(Asked(year="-1999")).total == 2
    assert catalogue.search(Asked(year="unknown")).total == 2
    newest = catalogue.search(Asked(sort=Sort.NEWEST, size=1))
    assert newest.found[0].edition.publication.year == 2013
    by_title = titles(catalogue.search(Asked(sort=Sort.TITLE)))
    assert by_title == ["Ca dao Việt Nam", "Dao động và sóng", "Lễ cưới của người Pa Dí ở huyện Mường Khương",
                        "Lễ hội của người Dao ở Vĩnh Phúc và Lào Cai", "Những bài ca giáo lý của người Dao",
                        "Thơ ca dân gian người Dao Tuyển", "Truyện Kiều", "Vật lý đại cương"]  # fmt: skip


def test_words_are_highlighted_in_what_is_shown(catalogue: Catalogue) -> None:
    (found,) = catalogue.search(Asked(q="nguyen du")).found
    assert [found.edition.agents[0].name[start:end] for start, end in found.highlights["authors"]] == ["Nguyễn Du"]
    assert "title" not in found.highlights


def test_an_isbn_finds_its_edition(catalogue: Catalogue) -> None:
    answer = catalogue.search(Asked(q="978 604 916271 8"))
    assert titles(answer) == ["Thơ ca dân gian người Dao Tuyển"]
    assert answer.read_as == (("isbn", "9786049162718"),)


@pytest.mark.parametrize(
    "asked",
    [
        Asked(q="x" * 1_001), Asked(size=0), Asked(size=101), Asked(page=0), Asked(page=-1), Asked(page=101, size=100),
        Asked(year="abc"), Asked(year="2000-1990"), Asked(year="-"), Asked(filters={"colour": ("red",)}),
    ],
)  # fmt: skip
def test_what_goes_beyond_the_limits_is_refused_in_words(catalogue: Catalogue, asked: Asked) -> None:
    with pytest.raises(RequestRefused) as refused:
        catalogue.search(asked)
    assert refused.value.status == 400
    assert str(refused.value)


@pytest.mark.parametrize("q", ["%", "🙂", "<script>alert(1)</script>", "% _ * ' \"", "\x00", "a" * 1_000, "từ " * 300])
def test_any_query_is_answered(catalogue: Catalogue, q: str) -> None:
    assert catalogue.search(Asked(q=q)).total == 0


def test_years_are_read_as_they_are_written() -> None:
    assert parse_years("1990-2000") == YearRange(1990, 2000)
    assert parse_years("1990–2000") == YearRange(1990, 2000)
    assert parse_years("1990-") == YearRange(1990, None)
    assert parse_years("-2000") == YearRange(None, 2000)
    assert parse_years("1990") == YearRange(1990, 1990)
    assert parse_years("unknown") == YearRange(unknown=True)
    assert parse_years(" ") is None


def test_partners_tell_what_they_share_and_what_only_they_have(catalogue: Catalogue) -> None:
    laocai, yenbai = catalogue.list_partners()
    assert (laocai.records, laocai.editions, laocai.only_here) == (6, 6, 5)
    assert (yenbai.records, yenbai.editions, yenbai.only_here) == (3, 3, 2)
    assert laocai.feeds[0].last_run is not None
    assert laocai.feeds[0].last_complete == laocai.feeds[0].last_run.finished


def test_a_record_tells_its_fate_and_its_edition(catalogue: Catalogue) -> None:
    found = catalogue.find_record(RecordKey("yenbai", "oai", ODD_ID))
    assert found.outcome == "mapped"
    assert f"yenbai/oai/{ODD_ID}" in catalogue.find_edition(found.edition_id).members
    with pytest.raises(NotFound):
        catalogue.find_record(RecordKey("yenbai", "oai", "none"))


def test_an_unknown_edition_is_not_found(catalogue: Catalogue) -> None:
    for edition_id in ("nothing", "", "\ud800", "x" * 10_000):
        with pytest.raises(NotFound):
            catalogue.find_edition(edition_id)


def test_without_an_index_nothing_is_pretended(tmp_path: Path) -> None:
    with open_catalogue(tmp_path, index=False) as catalogue:
        with pytest.raises(EngineUnavailable):
            catalogue.search(Asked(q="dao"))
        with pytest.raises(EngineUnavailable):
            catalogue.check_ready()
        assert [standing.editions for standing in catalogue.list_partners()] == [0, 0]


def test_a_deleted_edition_is_gone_with_what_is_known_of_it(tmp_path: Path) -> None:
    with open_catalogue(tmp_path, *RECORDS) as catalogue:
        assert isinstance(catalogue, ShelfCatalogue)
        (found,) = catalogue.search(Asked(q="truyện kiều")).found
        catalogue.list_partners()
        catalogue.library.receive(build_raw("7", partner_id="yenbai", deleted=True))
        catalogue.library.update()
        with pytest.raises(Gone) as gone:
            catalogue.find_edition(found.edition.id)
        assert gone.value.facts["title"] == "Truyện Kiều"
        with pytest.raises(Gone):
            catalogue.find_record(RecordKey("yenbai", "oai", "7"))
        assert catalogue.list_partners()[1].editions == 2


def test_an_edition_is_found_under_the_id_that_it_had_before(tmp_path: Path) -> None:
    with open_catalogue(tmp_path, *RECORDS) as catalogue:
        first, second = (catalogue.search(Asked(q=q)).found[0].edition.id for q in ("truyện kiều", "ca dao việt nam"))
        catalogue.store.change_ledger(aliases={first: second})
        assert catalogue.find_edition(second).id == second
        catalogue.engine = _Without(catalogue, first)  # type: ignore[assignment]
        assert catalogue.find_edition(first).id == second


class _Without:
    """The engine less one edition, as a merge leaves it."""

    def __init__(self, catalogue: Catalogue, edition_id: str) -> None:
        self.engine, self.edition_id = catalogue.engine, edition_id

    def get(self, ids: list[str]) -> dict[str, bytes]:
        return self.engine.get([id for id in ids if id != self.edition_id])


def test_answers_can_be_compared_and_copied(catalogue: Catalogue) -> None:
    answer = catalogue.search(Asked(q="dao"))
    assert msgspec.structs.replace(answer, took_ms=0.0) == msgspec.structs.replace(
        catalogue.search(Asked(q="dao")), took_ms=0.0
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nguwowif dao tuyeern", "người dao tuyển"),
        ("ngu7o7i2 dao tuye6n3", "người dao tuyển"),
        ("ng­êi Dao TuyÓn", "người Dao Tuyển"),
        ("NgÆ°á»i Dao Tuyá»ƒn", "Người Dao Tuyển"),
    ],
)
def test_a_query_typed_without_an_input_method_or_pasted_spoilt_is_read_and_offered(
    catalogue: Catalogue, typed: str, meant: str
) -> None:
    answer = catalogue.search(Asked(q=typed))
    assert answer.corrections == (meant,)
    assert catalogue.search(Asked(q=meant)).strict_total > answer.strict_total


def test_a_reading_that_finds_no_more_is_not_offered(catalogue: Catalogue) -> None:
    assert catalogue.search(Asked(q="nguwowif xyzzy")).corrections == ()
    assert catalogue.search(Asked(q="chuwar cos")).corrections == ()


def test_a_right_query_gets_no_corrections(catalogue: Catalogue) -> None:
    for q in ("người Dao Tuyển", "nguoi dao tuyen", "", "9786046401544"):
        assert catalogue.search(Asked(q=q)).corrections == ()
