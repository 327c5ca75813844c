"""TantivyEngine: the embedded engine. No server, one folder, any number of reading processes, one writer.

This file answers requests; how a query is compiled, a facet counted, a generation kept and a document written is in the
modules beside it. Each request takes one snapshot and uses nothing else: addresses of documents mean nothing elsewhere.
"""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import tantivy

from lienthu.engine.limits import check_request
from lienthu.engine.panics import translate_panics
from lienthu.engine.protocol import Generation, IndexWriter
from lienthu.engine.ranking import QueryCompiler, is_scored
from lienthu.engine.tantivy_facets import apply_filters, build_filters, count_facets
from lienthu.engine.tantivy_generations import GenerationFolder
from lienthu.engine.tantivy_hits import find_hits, scan_documents
from lienthu.engine.tantivy_query import TantivyAlgebra
from lienthu.engine.tantivy_reader import ReaderShelf, Snapshot
from lienthu.engine.tantivy_schema import build_schema
from lienthu.engine.tantivy_writer import DEFAULT_HEAP, write_generation
from lienthu.errors import EngineError
from lienthu.i18n import mark
from lienthu.search import FacetValue, Hit, SearchRequest, SearchResult


class TantivyEngine:
    """``folder`` holds all generations. ``heap_size`` is the writer's memory in bytes."""

    name = "tantivy"

    def __init__(self, folder: Path, heap_size: int = DEFAULT_HEAP, threads: int = 1) -> None:
        self._folder = GenerationFolder(folder)
        self._shelf = ReaderShelf(self._folder)
        self._heap_size = heap_size
        self._threads = threads
        self._schema = build_schema()
        self._compiler = QueryCompiler(TantivyAlgebra(self._schema))

    # -- reading ------------------------------------------------------------------------------------------------

    def search(self, request: SearchRequest, generation: str | None = None) -> SearchResult:
        check_request(request)
        with translate_panics(), _translate_errors():
            return self._answer(self._snapshot(generation), request)

    def _answer(self, snapshot: Snapshot, request: SearchRequest) -> SearchResult:
        filters = build_filters(request, self._schema, snapshot.dictionary)
        if request.limit:
            query = apply_filters(self._compiler.rank(request.query), filters)
            addresses, total = find_hits(snapshot, query, request, is_scored(request.query))
            hits = tuple(self._read_hit(snapshot, address) for address in addresses)
        else:
            found: Any = snapshot.searcher.search(apply_filters(self._compiler.match(request.query), filters), 1)
            hits, total = (), found.count
        facets = self._count_facets(snapshot, request, filters, total) if request.facets else {}
        return SearchResult(hits=hits, total=total, facets=facets, generation=snapshot.name)

    def _count_facets(
        self, snapshot: Snapshot, request: SearchRequest, filters: dict[str, tantivy.Query], total: int
    ) -> dict[str, tuple[FacetValue, ...]]:
        if total == 0 and not filters:
            return dict.fromkeys(request.facets, ())
        chosen = tuple(sorted((facet, values) for facet, values in request.filters.items() if values))
        key = (request.query, chosen, request.years, request.facets, request.facet_size)
        counts: dict[str, tuple[FacetValue, ...]] | None = snapshot.find_counts(key)
        if counts is None:
            counts = count_facets(snapshot, self._schema, self._compiler.match(request.query), filters, request)
            snapshot.keep_counts(key, counts)
        return counts

    def _read_hit(self, snapshot: Snapshot, address: Any) -> Hit:
        document = snapshot.searcher.doc(address)
        return Hit(document["id"][0], document["source"][0])

    def get(self, ids: Sequence[str]) -> dict[str, bytes]:
        with translate_panics(), _translate_errors():
            snapshot = self._shelf.serving()
            sources = {}
            for id in dict.fromkeys(ids):
                query = tantivy.Query.term_query(self._schema, "id", id.encode("utf-8", "replace").decode())
                for _, address in snapshot.searcher.search(query, 1).hits:
                    sources[id] = self._read_hit(snapshot, address).source
            return sources

    def scan(self, generation: str | None = None) -> Iterator[tuple[str, bytes]]:
        snapshot = self._snapshot(generation)
        with translate_panics(), _translate_errors():
            yield from scan_documents(snapshot, self._schema)

    def count(self, generation: str | None = None) -> int:
        return self._snapshot(generation).searcher.num_docs

    def find_trouble(self) -> EngineError | None:
        self._shelf.serving()
        return None

    def _snapshot(self, generation: str | None) -> Snapshot:
        return self._shelf.serving() if generation is None else self._shelf.named(generation)

    # -- generations --------------------------------------------------------------------------------------------

    def serving(self) -> str | None:
        return self._folder.serving()

    def generations(self) -> tuple[Generation, ...]:
        return self._folder.list()

    def create_generation(self) -> str:
        return self._folder.create()

    @contextlib.contextmanager
    def open_writer(self, generation: str) -> Iterator[IndexWriter]:
        path = self._folder.check(generation)
        with (
            self._folder.lock(generation),
            write_generation(path, self._heap_size, self._threads, self._shelf.look_again) as writer,
        ):
            yield writer

    def promote(self, generation: str) -> None:
        self._folder.promote(generation)
        self._shelf.look_again()

    def drop_generation(self, generation: str) -> None:
        self._folder.drop(generation)
        self._shelf.forget(generation)

    def close(self) -> None:
        self._shelf.close()


@contextlib.contextmanager
def _translate_errors() -> Iterator[None]:
    """tantivy's own refusals are ValueErrors."""
    try:
        yield
    except (ValueError, OverflowError) as error:
        raise EngineError(mark("The search engine could not answer: {error}"), error=error) from error
