"""What every search engine must do with filters and facets: the number beside a value is the number of editions shown
after the click."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from lienthu.engine.document import FacetTerm, IndexDocument
from lienthu.engine.protocol import SearchEngine
from lienthu.query.tree import Everything, Nothing, Query
from lienthu.search import UNKNOWN, FacetValue, YearRange
from tests.index_documents import ask, count_values, fill, find, make_document, search

LIBRARY = [
    make_document("a", "sách", facets={"partner": ("lc", "sp"), "language": ("vi",), "author": ("du",)}, year=1964),
    make_document("b", "sách", facets={"partner": ("lc",), "language": ("fr",), "author": ("du", "hoai")}, year=1971),
    make_document("c", "sách", facets={"partner": ("sp",), "language": ("vi",)}, year=1965, year_end=1981),
    make_document("d", "báo", facets={"partner": ("lc",), "language": ("en",)}),
]


def test_values_of_one_facet_are_alternatives_and_facets_go_together(engine: SearchEngine) -> None:
    fill(engine, LIBRARY)
    assert set(find(engine, Everything(), filters={"partner": ("lc", "sp")})) == {"a", "b", "c", "d"}
    assert set(find(engine, Everything(), filters={"partner": ("lc",), "language": ("vi", "fr")})) == {"a", "b"}
    assert find(engine, ask("báo"), filters={"partner": ("sp",)}) == []
    assert set(find(engine, Everything(), filters={"partner": ()})) == {"a", "b", "c", "d"}


def test_an_unknown_value_matches_nothing_and_is_listed(engine: SearchEngine) -> None:
    fill(engine, LIBRARY)
    result = search(engine, Everything(), filters={"partner": ("nobody",)}, facets=("partner", "language"))
    assert result.total == 0
    assert result.facets["partner"][-1] == FacetValue("nobody", "nobody", 0, True)
    assert result.facets["language"] == ()
    assert set(find(engine, Everything(), filters={"partner": ("nobody", "sp")})) == {"a", "c"}


def test_a_facet_ignores_its_own_filter_and_minds_the_others(engine: SearchEngine) -> None:
    fill(engine, LIBRARY)
    wanted = ("partner", "language", "author")
    result = search(engine, Everything(), filters={"partner": ("sp",), "language": ("vi",)}, facets=wanted)
    assert count_values(result, "partner") == {"lc": 1, "sp": 2}
    assert count_values(result, "language") == {"vi": 2}
    assert count_values(result, "author") == {"du": 1}
    assert [(value.value, value.selected) for value in result.facets["partner"]] == [("sp", True), ("lc", False)]


def test_values_stand_by_count_then_by_value_and_no_more_than_asked(engine: SearchEngine) -> None:
    documents = [make_document(f"d{n}", facets={"author": (f"name {n % 90:02d}",)}) for n in range(100)]
    fill(engine, reversed(documents))
    (facet,) = search(engine, Everything(), facets=("author",), facet_size=13).facets.values()
    twice = [f"name {n:02d}" for n in range(10)]
    assert [(value.value, value.count) for value in facet] == [
        *((name, 2) for name in twice),
        *((f"name {n}", 1) for n in (10, 11, 12)),
    ]


def test_a_chosen_value_is_listed_however_few_have_it(engine: SearchEngine) -> None:
    documents = [make_document(f"d{n}", facets={"author": (f"name {n % 30:02d}",)}) for n in range(300)]
    fill(engine, [*documents, make_document("rare", facets={"author": ("rare",)})])
    result = search(engine, Everything(), filters={"author": ("rare",)}, facets=("author",), facet_size=2)
    assert [(value.value, value.count, value.selected) for value in result.facets["author"]] == [
        ("name 00", 10, False),
        ("name 01", 10, False),
        ("rare", 1, True),
    ]
    none = search(engine, Nothing(), filters={"author": ("rare",)}, facets=("author",))
    assert none.facets["author"] == (FacetValue("rare", "rare", 0, True),)


def test_a_facet_size_of_none_gives_only_what_is_chosen(engine: SearchEngine) -> None:
    fill(engine, LIBRARY)
    result = search(engine, Everything(), filters={"partner": ("sp",)}, facets=("partner", "author"), facet_size=0)
    assert result.facets == {"partner": (FacetValue("sp", "sp", 2, True),), "author": ()}


def test_only_facets_asked_for_are_given(engine: SearchEngine) -> None:
    fill(engine, LIBRARY)
    assert search(engine, Everything()).facets == {}
    assert list(search(engine, Everything(), facets=("language", "author")).facets) == ["language", "author"]
    assert search(engine, ask("không"), facets=("language",)).facets == {"language": ()}


def test_the_first_label_that_was_written_stays(engine: SearchEngine) -> None:
    def write(generation: str, *labels: str) -> None:
        with engine.open_writer(generation) as writer:
            terms = ((FacetTerm("nguyễn du", label),) for label in labels)
            writer.upsert(IndexDocument(id=term.label, texts={}, facets={"author": (term,)}) for (term,) in terms)
            writer.commit()

    def read() -> tuple[FacetValue, ...]:
        return search(engine, Everything(), facets=("author",)).facets["author"]

    generation = engine.create_generation()
    write(generation, "Nguyễn Du", "NGUYỄN DU")
    engine.promote(generation)
    assert read() == (FacetValue("nguyễn du", "Nguyễn Du", 2, False),)
    write(generation, "nguyễn  Du")
    with engine.open_writer(generation) as writer:
        writer.delete(["Nguyễn Du"])
        writer.commit()
    assert read() == (FacetValue("nguyễn du", "Nguyễn Du", 2, False),)
    generation = engine.create_generation()
    write(generation, "NGUYỄN DU")
    engine.promote(generation)
    assert read() == (FacetValue("nguyễn du", "NGUYỄN DU", 1, False),)


def test_labels_of_values_longer_than_an_id_may_be(engine: SearchEngine) -> None:
    values = [f"{'đ' * 400}{n}" for n in range(3)]
    fill(
        engine,
        [
            IndexDocument(id=value[-1], texts={}, facets={"author": (FacetTerm(value, value.upper()),)})
            for value in values
        ],
    )
    told = search(engine, Everything(), facets=("author",)).facets["author"]
    assert [(value.value, value.label) for value in told] == [(value, value.upper()) for value in values]


def test_a_value_written_twice_in_a_document_counts_once(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", facets={"author": ("du", "du")})])
    assert count_values(search(engine, Everything(), facets=("author",)), "author") == {"du": 1}


def test_counts_are_exact_where_no_part_of_the_index_knows_the_leaders(engine: SearchEngine) -> None:
    """Each part holds hundreds of values of its own that come more often in it than those that lead over all parts."""
    generation = engine.create_generation()
    with engine.open_writer(generation) as writer:
        for part in range(5):
            own = [f"own {part} {n:03d}" for n in range(300)]
            authors = [*own, *own, *(f"leader {n:02d}" for n in range(20))]
            writer.upsert(make_document(f"{part}-{n}", facets={"author": (name,)}) for n, name in enumerate(authors))
            writer.commit()
    engine.promote(generation)
    result = search(engine, Everything(), facets=("author",), facet_size=20)
    assert count_values(result, "author") == {f"leader {n:02d}": 5 for n in range(20)}


def test_long_and_broken_values_can_be_clicked(engine: SearchEngine) -> None:
    values = ("x" * 70_000, "half \ud800", "line\nbreak", "\0", "“quoted”", "")
    fill(engine, [make_document(f"d{n}", facets={"subject": (value,)}) for n, value in enumerate(values)])
    listed = search(engine, Everything(), facets=("subject",)).facets["subject"]
    assert [value.count for value in listed] == [1] * len(values)
    for value in listed:
        assert search(engine, Everything(), filters={"subject": (value.value,)}).total == 1
    (chosen,) = [
        value
        for value in search(engine, Everything(), filters={"subject": values[:1]}, facets=("subject",)).facets[
            "subject"
        ]
        if value.selected
    ]
    assert chosen.count == 1
    for place, text in enumerate(values):
        assert find(engine, Everything(), filters={"subject": (text,)}) == [f"d{place}"]


# -- years ------------------------------------------------------------------------------------------------------------


def test_an_edition_counts_in_every_decade_it_touches(engine: SearchEngine) -> None:
    fill(engine, LIBRARY)
    result = search(engine, Everything(), facets=("year",))
    assert count_values(result, "year") == {"1960-1969": 2, "1970-1979": 2, "1980-1989": 1, UNKNOWN: 1}
    assert set(find(engine, Everything(), filters={"year": ("1970-1979", UNKNOWN)})) == {"b", "c", "d"}


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        (YearRange(1970, 1979), {"b", "c"}),
        (YearRange(1964, 1964), {"a"}),
        (YearRange(None, 1964), {"a"}),
        (YearRange(1972), {"c"}),
        (YearRange(1982), set()),
        (YearRange(unknown=True), {"d"}),
        (YearRange(1971, 1971, unknown=True), {"b", "c", "d"}),
        (YearRange(), {"a", "b", "c"}),
        (YearRange(1979, 1966), set()),
        (YearRange(-(10**30), 10**30), {"a", "b", "c"}),
    ],
)
def test_a_range_of_years_finds_whatever_touches_it(engine: SearchEngine, years: YearRange, expected: set[str]) -> None:
    fill(engine, LIBRARY)
    assert set(find(engine, Everything(), years=years)) == expected


def test_the_year_facet_ignores_the_range_of_years_and_others_do_not(engine: SearchEngine) -> None:
    fill(engine, LIBRARY)
    result = search(engine, Everything(), years=YearRange(1970, 1979), facets=("year", "language"))
    assert count_values(result, "year") == {"1960-1969": 2, "1970-1979": 2, "1980-1989": 1, UNKNOWN: 1}
    assert count_values(result, "language") == {"fr": 1, "vi": 1}
    result = search(engine, Everything(), years=YearRange(1970, 1979), filters={"year": (UNKNOWN,)}, facets=("year",))
    assert result.total == 0
    assert [value.value for value in result.facets["year"] if value.selected] == [UNKNOWN]


@pytest.mark.parametrize(
    ("year", "year_end"), [(0, 9999), (1, 9999), (-50, 20), (1999, 1950), (10**12, 10**13), (None, 1950), (2000, -1)]
)
def test_years_that_cannot_be_true_keep_the_promise(
    engine: SearchEngine, year: int | None, year_end: int | None
) -> None:
    fill(engine, [make_document("a", year=year, year_end=year_end), make_document("b", year=1950)])
    listed = search(engine, Everything(), facets=("year",)).facets["year"]
    assert 1 <= len(listed) <= 32
    for value in listed:
        assert search(engine, Everything(), years=click_decade(value.value)).total == value.count


def click_decade(value: str) -> YearRange:
    if value == UNKNOWN:
        return YearRange(unknown=True)
    first, last = value.split("-")
    return YearRange(int(first), int(last))


# -- the promise, for any documents and filters -----------------------------------------------------------------------

VALUES = ("một", "hai", "ba", "bốn")
FACETED = ("partner", "language", "author")
values = some.lists(some.sampled_from(VALUES), max_size=3).map(tuple)
documents = some.lists(
    some.builds(
        lambda title, facets, years: (title, facets, years),
        some.sampled_from(("sách", "báo", "sách báo")),
        some.fixed_dictionaries(dict.fromkeys(FACETED, values)),
        some.tuples(some.none() | some.integers(1950, 1999), some.none() | some.integers(1940, 2010)),
    ),
    max_size=40,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    written=documents,
    queries=some.lists(some.sampled_from((Everything(), ask("sách"), ask("sach bao"))), min_size=1, max_size=3),
    filters=some.fixed_dictionaries({}, optional=dict.fromkeys(FACETED, values)),
    years=some.none() | some.builds(YearRange, some.none() | some.integers(1940, 2000), some.none(), some.booleans()),
)
def test_the_number_beside_a_value_is_the_number_shown_after_the_click(
    engine: SearchEngine,
    written: list[tuple[str, dict[str, tuple[str, ...]], tuple[int | None, int | None]]],
    queries: list[Query],
    filters: dict[str, tuple[str, ...]],
    years: YearRange | None,
) -> None:
    generation = engine.create_generation()
    with engine.open_writer(generation) as writer:
        for part in (slice(None, None, 2), slice(1, None, 2)):  # two commits: counts must hold over parts of an index
            writer.upsert(
                make_document(f"d{place}", title, facets=facets, year=span[0], year_end=span[1])
                for place, (title, facets, span) in list(enumerate(written))[part]
            )
            writer.commit()
    previous = engine.serving()
    engine.promote(generation)
    if previous:
        engine.drop_generation(previous)
    for query in queries:
        result = search(engine, query, filters=filters, years=years, facets=(*FACETED, "year"), facet_size=50)
        for facet in FACETED:
            for value in result.facets[facet]:
                clicked = {**filters, facet: (value.value,)}
                assert search(engine, query, filters=clicked, years=years, limit=0).total == value.count
        for value in result.facets["year"]:
            clicked_years = click_decade(value.value)
            assert search(engine, query, filters=filters, years=clicked_years).total == value.count
