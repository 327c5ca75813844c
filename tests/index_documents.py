"""The smallest IndexDocuments and queries for tests, from plain strings."""

from collections.abc import Iterable, Mapping

from lienthu.engine.document import FacetTerm, IndexDocument
from lienthu.engine.protocol import SearchEngine
from lienthu.query.tree import Phrase, Query, Scope, Word, Words
from lienthu.search import SearchRequest, SearchResult, Sort, YearRange
from lienthu.text import analyse, build_sort_key, has_marks, join_layers


def make_document(
    id: str,
    title: str = "",
    *,
    year: int | None = None,
    year_end: int | None = None,
    identifiers: tuple[str, ...] = (),
    facets: Mapping[str, Iterable[str]] | None = None,
    **texts: str | tuple[str, ...],
) -> IndexDocument:
    """``author=("Nguyễn Du", "Tô Hoài")`` and so on fill text fields; ``facets`` are values, each its own label."""
    written = {"title": title, **texts}
    return IndexDocument(
        id=id,
        texts={name: join_layers([text] if isinstance(text, str) else text) for name, text in written.items()},
        identifiers=identifiers,
        facets={name: tuple(FacetTerm(value, value) for value in values) for name, values in (facets or {}).items()},
        year=year,
        year_end=year_end,
        title_key=build_sort_key(title),
        source=f"source of {id}".encode("utf-8", "replace"),
    )


def ask(text: str, scope: Scope = "any", minimum: int | None = None) -> Words:
    return Words(make_words(text), scope, has_marks(text), minimum)


def ask_phrase(text: str, scope: Scope = "any") -> Phrase:
    return Phrase(make_words(text), scope, has_marks(text))


def make_words(text: str) -> tuple[Word, ...]:
    return tuple(Word(token.exact, token.folded) for token in analyse(text))


def fill(engine: SearchEngine, documents: Iterable[IndexDocument], *, promote: bool = True) -> str:
    """A new generation with these documents, serving."""
    generation = engine.create_generation()
    with engine.open_writer(generation) as writer:
        writer.upsert(documents)
        writer.commit()
    if promote:
        engine.promote(generation)
    return generation


def search(
    engine: SearchEngine,
    query: Query,
    *,
    filters: Mapping[str, tuple[str, ...]] | None = None,
    years: YearRange | None = None,
    facets: tuple[str, ...] = (),
    facet_size: int = 20,
    sort: Sort = Sort.RELEVANCE,
    offset: int = 0,
    limit: int = 20,
) -> SearchResult:
    return engine.search(
        SearchRequest(
            query=query,
            filters=filters or {},
            years=years,
            facets=facets,
            facet_size=facet_size,
            sort=sort,
            offset=offset,
            limit=limit,
        )
    )


def find(engine: SearchEngine, query: Query, **wanted: object) -> list[str]:
    """The ids of a page, in order."""
    return [hit.id for hit in search(engine, query, **wanted).hits]  # type: ignore[arg-type]


def count_values(result: SearchResult, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in result.facets[facet]}
