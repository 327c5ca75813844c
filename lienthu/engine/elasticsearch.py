"""ElasticsearchEngine: the same catalogue on a cluster, when a library outgrows one machine.

This file answers requests; how a query is said, a facet counted, a generation kept and a document written is in the
modules beside it. A request names the index that serves, not the alias: so every answer, its facets and its labels are
of one generation, and the answer can say which. Which one serves is looked up at most every CHECK_EVERY seconds.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from lienthu.engine.cluster import ClusterOptions, read_address
from lienthu.engine.elasticsearch_cluster import Cluster
from lienthu.engine.elasticsearch_errors import GenerationGone
from lienthu.engine.elasticsearch_facets import (
    FROM_EACH_SHARD,
    Counted,
    Filters,
    build_aggregations,
    build_filters,
    read_facet,
    split_filters,
)
from lienthu.engine.elasticsearch_generations import GenerationIndices
from lienthu.engine.elasticsearch_labels import LabelShelf
from lienthu.engine.elasticsearch_mapping import SOURCE_FIELDS, read_source
from lienthu.engine.elasticsearch_query import Clause, ElasticsearchAlgebra
from lienthu.engine.elasticsearch_writer import write_generation
from lienthu.engine.limits import check_request
from lienthu.engine.mending import mend_value
from lienthu.engine.order import MAX_ID_BYTES
from lienthu.engine.protocol import Generation, IndexWriter
from lienthu.engine.ranking import QueryCompiler, is_scored
from lienthu.errors import EngineError, EngineUnavailable, RequestRefused
from lienthu.i18n import mark
from lienthu.search import FacetValue, Hit, SearchRequest, SearchResult, Sort

CHECK_EVERY = 0.5
SEARCH_SECONDS = "20s"
SCAN_BATCH = 1_000
SCAN_KEPT = "5m"
GOT_AT_ONCE = 500
ORDERS: dict[Sort, list[dict[str, str]]] = {
    Sort.NEWEST: [{"newest": "desc"}],
    Sort.OLDEST: [{"oldest": "asc"}],
    Sort.TITLE: [{"title_key": "asc"}],
}
BY_RANK = [{"_score": "desc"}, {"tie": "asc"}]
BY_TIE = [{"tie": "asc"}]

T = TypeVar("T")


class ElasticsearchEngine:
    """``address`` is one cluster, by one or more of its nodes. Nothing is asked of it before the first call."""

    name = "elasticsearch"

    def __init__(self, address: str, options: ClusterOptions | None = None) -> None:
        options = options or ClusterOptions()
        self._cluster = Cluster(read_address(address), options)
        self._indices = GenerationIndices(self._cluster, options)
        self._labels = LabelShelf(self._cluster)
        self._compiler = QueryCompiler(ElasticsearchAlgebra())
        self._serving: str | None = None
        self._trouble: EngineUnavailable | None = None
        self._next_look = 0.0
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"ElasticsearchEngine({self._cluster.shown})"

    # -- reading ------------------------------------------------------------------------------------------------

    def search(self, request: SearchRequest, generation: str | None = None) -> SearchResult:
        check_request(request)
        if generation is not None:
            self._indices.check(generation)
            return self._answer(generation, request)
        return self._read(lambda serving: self._answer(serving, request))

    def _answer(self, generation: str, request: SearchRequest) -> SearchResult:
        filters = build_filters(request)
        ranked = request.limit > 0 and request.sort == Sort.RELEVANCE and is_scored(request.query)
        try:
            answer = self._find(generation, request, filters, ranked)
        except RequestRefused:
            if not ranked:
                raise
            # more words than the cluster ranks at once: found they can be all the same
            answer = self._find(generation, request, filters, ranked=False)
        hits = tuple(Hit(hit["_id"], read_source(hit)) for hit in answer["hits"]["hits"])
        return SearchResult(
            hits=hits,
            total=answer["hits"]["total"]["value"],
            facets=self._read_facets(generation, request, filters, answer.get("aggregations", {})),
            generation=generation,
        )

    def _find(self, generation: str, request: SearchRequest, filters: Filters, ranked: bool) -> Any:
        query = self._compiler.rank(request.query) if ranked else self._compiler.match(request.query)
        before, after = split_filters(request, filters)
        body: dict[str, Any] = {
            "query": _restrict(query, before) if ranked else {"bool": {"filter": [query, *before]}},
            "from": request.offset if request.limit else 0,
            "size": request.limit,
            "sort": BY_RANK if ranked else ORDERS.get(request.sort, BY_TIE),
            "track_total_hits": True,
            "timeout": SEARCH_SECONDS,
            "_source": SOURCE_FIELDS,
        }
        if after:
            body["post_filter"] = {"bool": {"filter": after}}
        if request.facets:
            body["aggs"] = build_aggregations(request, filters, request.facets, FROM_EACH_SHARD[0])
        return self._search(generation, body)

    def _search(self, generation: str | None, body: dict[str, Any]) -> Any:
        """Every word's weight is reckoned over all shards (dfs), and an answer of some shards only is none."""
        client = self._cluster.client
        if generation is None:
            return self._cluster.ask(lambda: client.search(body=body, allow_partial_search_results=False)).body
        return self._cluster.ask(
            lambda: client.search(
                index=generation, body=body, search_type="dfs_query_then_fetch", allow_partial_search_results=False
            )
        ).body

    # -- facets -------------------------------------------------------------------------------------------------

    def _read_facets(
        self, generation: str, request: SearchRequest, filters: Filters, answer: Any
    ) -> dict[str, tuple[FacetValue, ...]]:
        counted: dict[str, Counted] = {}
        waiting = list(dict.fromkeys(request.facets))
        for from_each_shard in (*FROM_EACH_SHARD[1:], None):
            for facet in waiting:
                told = read_facet(request, facet, answer)
                if told is not None:
                    counted[facet] = told
            waiting = [facet for facet in waiting if facet not in counted]
            if not waiting or from_each_shard is None:
                break
            answer = self._count_again(generation, request, filters, waiting, from_each_shard)
        return self._label_values(
            generation, request, {facet: counted.get(facet, ([], {})) for facet in request.facets}
        )

    def _count_again(
        self, generation: str, request: SearchRequest, filters: Filters, facets: Sequence[str], from_each_shard: int
    ) -> Any:
        before, _ = split_filters(request, filters)
        body = {
            "query": {"bool": {"filter": [self._compiler.match(request.query), *before]}},
            "size": 0,
            "aggs": build_aggregations(request, filters, facets, from_each_shard),
        }
        return self._search(generation, body)["aggregations"]

    def _label_values(
        self, generation: str, request: SearchRequest, counted: dict[str, Counted]
    ) -> dict[str, tuple[FacetValue, ...]]:
        chosen = {facet: dict.fromkeys(map(mend_value, request.filters.get(facet, ()))) for facet in counted}
        rows: dict[str, list[tuple[str, int]]] = {}
        for facet, (listed, chosen_counts) in counted.items():
            shown = {value for value, _ in listed}
            missing = [(value, chosen_counts.get(value, 0)) for value in chosen[facet] if value not in shown]
            rows[facet] = [*listed, *sorted(missing, key=lambda row: (-row[1], row[0]))]
        labels = self._labels.find(
            generation, [(facet, value) for facet, values in rows.items() for value, _ in values]
        )
        return {
            facet: tuple(
                FacetValue(value, labels[facet, value], count, value in chosen[facet]) for value, count in values
            )
            for facet, values in rows.items()
        }

    # -- by id --------------------------------------------------------------------------------------------------

    def get(self, ids: Sequence[str]) -> dict[str, bytes]:
        wanted = [id for id in dict.fromkeys(ids) if _is_id(id)]
        return self._read(lambda generation: self._get(generation, wanted))

    def _get(self, generation: str, ids: list[str]) -> dict[str, bytes]:
        """As of the last commit: what was written since is not looked at."""
        sources: dict[str, bytes] = {}
        if not ids:
            self._indices.check_version(generation)
        for begin in range(0, len(ids), GOT_AT_ONCE):
            query = {"ids": {"values": ids[begin : begin + GOT_AT_ONCE]}}
            body = {"query": query, "size": GOT_AT_ONCE, "_source": SOURCE_FIELDS, "track_total_hits": False}
            for hit in self._search(generation, body)["hits"]["hits"]:
                sources[hit["_id"]] = read_source(hit)
        return {id: sources[id] for id in ids if id in sources}

    def scan(self, generation: str | None = None) -> Iterator[tuple[str, bytes]]:
        """One point in time; where the cluster loses it (a node is gone) a new one goes on after the last id."""
        name = generation or self._look()
        self._indices.check(name)
        after: str | None = None
        for attempt in range(5):
            try:
                for id, source in self._scan_from(name, after):
                    after = id
                    yield id, source
                return
            except GenerationGone:
                if attempt == 4:
                    raise

    def _scan_from(self, name: str, after: str | None) -> Iterator[tuple[str, bytes]]:
        client = self._cluster.client
        point = self._cluster.ask(lambda: client.open_point_in_time(index=name, keep_alive=SCAN_KEPT))["id"]
        body: dict[str, Any] = {
            "query": {"match_all": {}},
            "sort": [{"id": "asc"}],
            "size": SCAN_BATCH,
            "_source": SOURCE_FIELDS,
            "track_total_hits": False,
        }
        try:
            while True:
                body["pit"] = {"id": point, "keep_alive": SCAN_KEPT}
                if after is not None:
                    body["query"] = {"range": {"id": {"gt": after}}}
                answer = self._search(None, body)
                point = answer["pit_id"]
                hits = answer["hits"]["hits"]
                for hit in hits:
                    yield hit["_id"], read_source(hit)
                if len(hits) < SCAN_BATCH:
                    return
                after = hits[-1]["_id"]
        finally:
            with contextlib.suppress(EngineUnavailable):
                self._cluster.ask(lambda: client.close_point_in_time(id=point), pauses=())

    def count(self, generation: str | None = None) -> int:
        if generation is not None:
            self._indices.check(generation)
            return self._indices.count(generation)
        return self._read(self._indices.count)

    # -- which generation answers -------------------------------------------------------------------------------

    def _read(self, answer: Callable[[str], T]) -> T:
        """A generation that was dropped since it was looked up is looked up once more."""
        try:
            return answer(self._look())
        except GenerationGone:
            self._next_look = 0.0
            return answer(self._look())

    def _look(self) -> str:
        """Raises EngineUnavailable where no generation serves. What went wrong at one look is told to all who waited
        for it: a cluster that answers nobody is not asked by each of them in turn."""
        if time.monotonic() >= self._next_look:
            with self._lock:
                if time.monotonic() >= self._next_look:
                    self._look_now()
        trouble, serving = self._trouble, self._serving
        if trouble is not None:
            raise EngineUnavailable(trouble.message, **trouble.facts) from trouble
        if serving is None:
            raise EngineUnavailable(mark("No index serves yet: run lienthu reindex."))
        self._indices.check_version(serving)
        return serving

    def _look_now(self) -> None:
        began = time.monotonic()
        self._next_look = began
        try:
            self._serving, self._trouble = self._indices.serving(), None
        except EngineUnavailable as error:
            self._trouble = error
        if self._next_look == began:  # nobody asked for another look meanwhile
            self._next_look = time.monotonic() + CHECK_EVERY

    def serving(self) -> str | None:
        return self._indices.serving()

    def find_trouble(self) -> EngineError | None:
        return self._read(self._indices.find_trouble)

    # -- generations --------------------------------------------------------------------------------------------

    def generations(self) -> tuple[Generation, ...]:
        return self._indices.list()

    def create_generation(self) -> str:
        return self._indices.create()

    @contextlib.contextmanager
    def open_writer(self, generation: str) -> Iterator[IndexWriter]:
        self._indices.check(generation)
        with (
            self._indices.lock(generation),
            write_generation(self._cluster, self._indices, generation) as writer,
        ):
            yield writer

    def promote(self, generation: str) -> None:
        self._indices.promote(generation)
        self._next_look = 0.0

    def drop_generation(self, generation: str) -> None:
        self._indices.drop(generation)

    def close(self) -> None:
        self._cluster.close()


def _restrict(query: Clause, filters: list[Clause]) -> Clause:
    return {"bool": {"must": [query], "filter": filters}} if filters else query


def _is_id(id: str) -> bool:
    try:
        return 0 < len(id.encode()) <= MAX_ID_BYTES
    except UnicodeEncodeError:
        return False
