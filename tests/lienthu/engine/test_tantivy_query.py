"""The compiled query: what ranks matches exactly what counts, bounds hold, and a panic is an error like any other."""

import threading
from collections.abc import Iterator

import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as some

from lienthu.engine.panics import translate_panics
from lienthu.engine.ranking import QueryCompiler, bound_score
from lienthu.engine.tantivy import TantivyEngine
from lienthu.engine.tantivy_query import TantivyAlgebra
from lienthu.engine.tantivy_schema import build_schema
from lienthu.errors import EngineError
from lienthu.query.tree import And, Everything, Not, Nothing, Number, Or, Preferred, Query
from tests.index_documents import ask, ask_phrase, fill, make_document, search

TITLES = ("đường lâm", "duong lam", "dương lâm", "đường", "lâm", "lâm đường", "sách đường lâm thao", "thư viện", "")
TEXTS = ("đường", "duong", "đường lâm", "lam duong", "dương", "thư viện lâm", "sách")

leaves = some.one_of(
    some.builds(ask, some.sampled_from(TEXTS), some.sampled_from(("any", "title", "author"))),
    some.builds(lambda text: ask(text, minimum=1), some.sampled_from(TEXTS)),
    some.builds(ask_phrase, some.sampled_from(TEXTS)),
    some.sampled_from((Everything(), Nothing(), Number(("123",)), Number(("123", "456")))),
)
trees: some.SearchStrategy[Query] = some.recursive(
    leaves,
    lambda inner: some.one_of(
        some.builds(lambda children: And(tuple(children)), some.lists(inner, max_size=3)),
        some.builds(lambda children: Or(tuple(children)), some.lists(inner, max_size=3)),
        some.builds(Not, inner),
        some.builds(Preferred, inner, inner),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TantivyEngine]:
    opened = TantivyEngine(tmp_path_factory.mktemp("index"))
    fill(
        opened,
        [
            make_document(f"d{n}", title, author=TITLES[n % 5], identifiers=("123",) if n % 3 else ("456",))
            for n, title in enumerate(TITLES * 3)
        ],
    )
    yield opened
    opened.close()


@settings(max_examples=150, deadline=None)
@given(tree=trees)
def test_what_is_shown_is_what_is_counted(engine: TantivyEngine, tree: Query) -> None:
    ranked = search(engine, tree, limit=100, facets=("year",))
    counted = search(engine, tree, limit=0)
    assert len(ranked.hits) == ranked.total == counted.total
    assert sum(value.count for value in ranked.facets["year"]) == ranked.total


@settings(max_examples=100, deadline=None)
@given(tree=trees)
def test_no_score_passes_its_bound(engine: TantivyEngine, tree: Query) -> None:
    snapshot = engine._shelf.serving()
    hits = snapshot.searcher.search(QueryCompiler(TantivyAlgebra(build_schema())).rank(tree), 1).hits
    bound = bound_score(tree) * (1 + 1e-6)  # scores are 32-bit floats
    assert all(score <= bound for score, _ in hits)


@settings(max_examples=100, deadline=None)
@given(query=trees, first=trees)
def test_all_that_is_preferred_stands_first(engine: TantivyEngine, query: Query, first: Query) -> None:
    shown = [hit.id for hit in search(engine, Preferred(query, first), limit=100).hits]
    both = {hit.id for hit in search(engine, And((query, first)), limit=100).hits}
    assert set(shown[: len(both)]) == both


def test_many_threads_search_at_once(engine: TantivyEngine) -> None:
    queries: list[Query] = [ask(text) for text in TEXTS] + [ask_phrase(text) for text in TEXTS]
    expected = [search(engine, query, facets=("year",)) for query in queries]
    wrong: list[object] = []

    def search_all() -> None:
        for _ in range(20):
            for query, answer in zip(queries, expected, strict=True):
                if search(engine, query, facets=("year",)) != answer:
                    wrong.append(query)

    threads = [threading.Thread(target=search_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_panic_of_the_engine_is_an_error_of_ours() -> None:
    with pytest.raises(EngineError), translate_panics():
        tantivy.Query.phrase_query(build_schema(), "title_f", ["one"])


def test_other_interruptions_pass_as_they_are() -> None:
    with pytest.raises(KeyboardInterrupt), translate_panics():
        raise KeyboardInterrupt
