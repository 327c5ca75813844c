"""What every search engine must do, whatever is inside it: matching, ranking, order and paging.
Filters and facets are in ``test_engine_facets.py``."""

import random

import pytest

from lienthu.engine.document import IndexDocument
from lienthu.engine.protocol import SearchEngine
from lienthu.errors import RequestRefused
from lienthu.query.tree import And, Everything, Not, Nothing, Number, Or, Phrase, Preferred, Query, Word, Words
from lienthu.search import MAX_LIMIT, MAX_WINDOW, Sort
from tests.index_documents import ask, ask_phrase, fill, find, make_document, search

# -- matching ---------------------------------------------------------------------------------------------------------


def test_every_word_must_match_each_in_any_field(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", "Truyện Kiều", author="Nguyễn Du"), make_document("b", "Truyện ngắn")])
    assert find(engine, ask("truyện du")) == ["a"]
    assert set(find(engine, ask("truyen"))) == {"a", "b"}
    assert find(engine, ask("truyện không có")) == []


def test_a_scope_keeps_a_word_to_its_fields(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", "Tô Hoài toàn tập"), make_document("b", "Dế mèn", author="Tô Hoài")])
    assert find(engine, ask("tô hoài", "author")) == ["b"]
    assert find(engine, ask("tô hoài", "title")) == ["a"]


def test_a_title_scope_finds_the_series_too(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", "Tập một", series="Tủ sách vàng")])
    assert find(engine, ask("tủ sách", "title")) == ["a"]


def test_a_minimum_of_words_is_enough(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", "một hai ba"), make_document("b", "một hai"), make_document("c", "một")])
    assert set(find(engine, ask("một hai ba", minimum=2))) == {"a", "b"}
    assert find(engine, ask("một hai ba", minimum=2))[0] == "a"


def test_an_alternative_form_of_a_word_matches(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", "Nhà xuất bản"), make_document("b", "Nxb Kim Đồng")])
    assert set(find(engine, Words((Word("nha", "nha", ("nxb",)),)))) == {"a", "b"}
    kim = (Word("nxb", "nxb"), Word("kim", "kim", ("vang",)))
    assert find(engine, Phrase((Word("nha", "nha", ("nxb",)), kim[1]))) == ["b"]


def test_a_phrase_stands_in_order_in_one_field(engine: SearchEngine) -> None:
    fill(
        engine,
        [
            make_document("a", "Thư viện tỉnh"),
            make_document("b", "Viện thư tịch"),
            make_document("c", "Thư", author="Viện"),
            make_document("d", "Bức thư trong viện"),
        ],
    )
    assert find(engine, ask_phrase("thu vien")) == ["a"]


def test_a_phrase_of_one_word_is_a_word(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", "Kiều")])
    assert find(engine, ask_phrase("kiều")) == ["a"]
    assert find(engine, ask_phrase("kieu")) == ["a"]


def test_a_phrase_does_not_reach_over_two_values(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", author=("Nguyễn Du", "Tô Hoài"))])
    assert find(engine, ask_phrase("du tô")) == []
    assert find(engine, ask_phrase("tô hoài")) == ["a"]


def test_excluding_marked_words_spares_other_tones(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", "sách đường"), make_document("b", "sách dương"), make_document("c", "sach duong")])
    assert set(find(engine, And((ask("sach"), Not(ask("đường")))))) == {"b", "c"}
    assert find(engine, And((ask("sach"), Not(ask("duong"))))) == []
    assert set(find(engine, And((ask("sach"), Not(ask_phrase("sách đường")))))) == {"b", "c"}


def test_a_query_of_exclusions_alone_is_about_everything(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", "một"), make_document("b", "hai"), make_document("c", "ba")])
    assert set(find(engine, Not(ask("mot")))) == {"b", "c"}
    assert find(engine, And((Not(ask("mot")), Not(ask("hai"))))) == ["c"]
    assert set(find(engine, Or((ask("mot"), Not(ask("hai")))))) == {"a", "c"}
    assert find(engine, Not(Not(ask("một")))) == ["a"]


def test_a_number_matches_any_of_its_forms_and_nothing_else(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", identifiers=("9786041234567", "vv1234")), make_document("b", "9786041234567")])
    assert find(engine, Number(("x", "9786041234567"))) == ["a"]
    assert find(engine, Number(("vv1234",))) == ["a"]
    assert find(engine, Number(())) == []


def test_empty_groups_neither_fail_nor_surprise(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", "một")])
    assert find(engine, And(())) == ["a"]
    assert find(engine, Or(())) == []
    assert find(engine, Words(())) == ["a"]
    assert find(engine, Nothing()) == []
    assert find(engine, Everything()) == ["a"]


# -- ranking ----------------------------------------------------------------------------------------------------------


def test_typed_tones_stand_before_other_tones_and_bare_words(engine: SearchEngine) -> None:
    bare = [make_document(f"bare{n}", "Duong") for n in range(3)]
    other = [make_document(f"other{n}", "Dương", subject="Đương thời; dương") for n in range(3)]
    exact = make_document("exact", "Những con đường dài qua núi rừng phía bắc nước ta thời xưa", notes="dài")
    fill(engine, [*bare, *other, exact])
    assert find(engine, ask("đường"))[0] == "exact"
    assert find(engine, ask_phrase("đường"))[0] == "exact"
    assert len(find(engine, ask("đường"))) == 7


def test_more_typed_tones_stand_before_fewer(engine: SearchEngine) -> None:
    fill(
        engine,
        [
            make_document("none", "Duong Lam", subject="Duong Lam", author="Duong Lam"),
            make_document("one", "Đường Lam", subject="Duong Lam"),
            make_document("both", "Chuyện kể của một làng ở Sơn Tây", notes="một làng, gần đường Lâm Thao"),
        ],
    )
    assert find(engine, ask("đường lâm")) == ["both", "one", "none"]


def test_a_bare_query_does_not_favour_bare_records(engine: SearchEngine) -> None:
    fill(
        engine,
        [
            make_document("vietnamese", "Nhật ký Đặng Thùy Trâm", author="Đặng Thùy Trâm"),
            make_document("english", "The diary of Dang Thuy Tram", author="Dang Thuy Tram"),
        ],
    )
    assert find(engine, ask("dang thuy tram"))[0] == "vietnamese"


def test_a_bare_title_ties_with_the_same_title_in_tones(engine: SearchEngine) -> None:
    """The order of equals is fixed by the id, so that exchanging the ids must exchange the order."""
    fill(engine, [make_document("x", "Đặng Thùy Trâm"), make_document("y", "Dang Thuy Tram")])
    one = find(engine, ask("dang thuy tram"))
    fill(engine, [make_document("y", "Đặng Thùy Trâm"), make_document("x", "Dang Thuy Tram")])
    assert find(engine, ask("dang thuy tram")) == one


@pytest.mark.parametrize("text", ["thư viện", "thu vien"])
def test_words_beside_each_other_lead_over_scattered_ones(engine: SearchEngine, text: str) -> None:
    fill(
        engine,
        [
            make_document("scattered", "Thư gửi viện"),
            make_document("fields", "Thư", author="Viện"),
            make_document("together", "Lịch sử của một thư viện ở tỉnh miền núi phía bắc"),
        ],
    )
    assert find(engine, ask(text))[0] == "together"


def test_pairs_of_neighbours_count_where_the_whole_phrase_is_not_there(engine: SearchEngine) -> None:
    fill(
        engine,
        [
            make_document("scattered", "công thư cộng viện khác"),
            make_document("pair", "thư viện rất là công cộng"),
        ],
    )
    assert find(engine, ask("thu vien cong cong")) == ["pair", "scattered"]


def test_a_match_in_the_title_leads_over_one_in_the_notes(engine: SearchEngine) -> None:
    fill(engine, [make_document("notes", "Sách", notes="lúa"), make_document("title", "Lúa", notes="sách")])
    assert find(engine, ask("lua")) == ["title", "notes"]


def test_what_is_preferred_stands_before_all_else(engine: SearchEngine) -> None:
    loose = [make_document(f"loose{n}", "hoa hoa", subject="hoa", author="hoa", series="hoa") for n in range(5)]
    fill(engine, [*loose, make_document("strict", "Một cuốn sách dài về mọi thứ", notes="lúa và hoa")])
    query = Preferred(ask("hoa lua", minimum=1), ask("hoa lua"))
    assert find(engine, query)[0] == "strict"
    assert search(engine, query).total == 6
    marked = Preferred(ask("hóa lúa", minimum=1), ask("hoa lua"))
    assert find(engine, marked)[0] == "strict"
    assert find(engine, Preferred(ask("hoa"), Nothing()))[0].startswith("loose")


# -- order and paging -------------------------------------------------------------------------------------------------


def make_alike(number: int, seed: int = 0) -> list[IndexDocument]:
    """Documents that tie in every order but by id."""
    documents = [make_document(f"lt{n:06d}", "Toán học", year=1990 if n % 3 else None) for n in range(number)]
    random.Random(seed).shuffle(documents)
    return documents


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("query", [ask("toán"), Everything()], ids=["words", "everything"])
def test_pages_neither_repeat_nor_skip(engine: SearchEngine, sort: Sort, query: Query) -> None:
    fill(engine, make_alike(700))
    pages = [find(engine, query, sort=sort, offset=offset, limit=90) for offset in range(0, 800, 90)]
    ids = [id for page in pages for id in page]
    assert len(ids) == len(set(ids)) == 700


@pytest.mark.parametrize("sort", Sort)
def test_order_among_equals_does_not_depend_on_arrival(engine: SearchEngine, sort: Sort) -> None:
    fill(engine, make_alike(400))
    once = [find(engine, ask("toan"), sort=sort, offset=offset, limit=40) for offset in (0, 40, 320)]
    generation = engine.create_generation()
    documents = make_alike(400, seed=9)
    with engine.open_writer(generation) as writer:
        for begin in range(0, 400, 37):
            writer.upsert(documents[begin : begin + 37])
            writer.commit()
    engine.promote(generation)
    assert [find(engine, ask("toan"), sort=sort, offset=offset, limit=40) for offset in (0, 40, 320)] == once


def test_newest_and_oldest_put_unknown_years_last(engine: SearchEngine) -> None:
    fill(
        engine,
        [
            make_document("none"),
            make_document("y2001", year=2001),
            make_document("y1950", year=1950),
            make_document("serial", year=1940, year_end=2010),
        ],
    )
    assert find(engine, Everything(), sort=Sort.NEWEST) == ["serial", "y2001", "y1950", "none"]
    assert find(engine, Everything(), sort=Sort.OLDEST) == ["serial", "y1950", "y2001", "none"]


def test_titles_stand_in_vietnamese_order(engine: SearchEngine) -> None:
    titles = ["Đất rừng", "Ăn", "Dế mèn", "An", "Ca dao", "Ân"]
    fill(engine, [make_document(title, title) for title in titles])
    assert find(engine, Everything(), sort=Sort.TITLE) == ["An", "Ăn", "Ân", "Ca dao", "Dế mèn", "Đất rừng"]


def test_a_title_without_a_key_stands_last(engine: SearchEngine) -> None:
    fill(engine, [make_document("empty", ""), make_document("z", "zzz")])
    assert find(engine, Everything(), sort=Sort.TITLE) == ["z", "empty"]


def test_a_limit_of_none_tells_the_total(engine: SearchEngine) -> None:
    fill(engine, make_alike(30))
    result = search(engine, ask("toan"), limit=0, facets=("year",))
    assert (result.hits, result.total) == ((), 30)
    assert sum(value.count for value in result.facets["year"]) == 30


def test_a_page_beyond_the_end_is_empty_with_the_true_total(engine: SearchEngine) -> None:
    fill(engine, make_alike(30))
    for sort in Sort:
        result = search(engine, ask("toan"), offset=MAX_WINDOW - 20, sort=sort)
        assert (result.hits, result.total) == ((), 30)


@pytest.mark.parametrize(
    ("offset", "limit"),
    [(0, 10**12), (10**12, 10), (MAX_WINDOW, 1), (0, MAX_LIMIT + 1), (-1, 10), (0, -1), (2**64, 1)],
)
def test_a_window_beyond_the_limits_is_refused(engine: SearchEngine, offset: int, limit: int) -> None:
    fill(engine, make_alike(3))
    with pytest.raises(RequestRefused):
        search(engine, Everything(), offset=offset, limit=limit)


def nest(depth: int) -> Query:
    query: Query = ask("toan")
    for _ in range(depth):
        query = Not(query)
    return query


@pytest.mark.parametrize(
    "query",
    [nest(5_000), Or((Everything(),) * 5_000), And((nest(30), Everything())), ask("toan " * 5_000)],
    ids=["deep", "wide", "nested", "long"],
)
def test_a_tree_beyond_the_limits_is_refused(engine: SearchEngine, query: Query) -> None:
    fill(engine, make_alike(3))
    with pytest.raises(RequestRefused):
        search(engine, query)


def test_the_largest_tree_that_is_allowed_is_answered(engine: SearchEngine) -> None:
    fill(engine, make_alike(3))
    assert search(engine, nest(18)).total == 3
    assert search(engine, Or((ask("toán học"),) * 250)).total == 3
    assert search(engine, ask("toán học " * 400)).total == 3
