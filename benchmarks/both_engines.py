"""Build and search on Elasticsearch beside its bare client, and on the embedded engine.

Run: ``python -m benchmarks.both_engines [EDITIONS [ROUNDS]]``. Editions are made up of the words of real records
(``real_vocabulary.py``). The server is the one of the tests (one node, 512 MB of heap), or that which
LIENTHU_TEST_ELASTICSEARCH names. Nothing here holds more than a chunk of editions: they wait in a file, some 4 kB each.

* **Build**: the bare client sends ready lines, chunks of the same size, one after the other, to an index of the same
  mapping, then refreshes it. Ours takes ready documents: it makes the lines, checks, counts, flushes and refreshes.
* **Search**: a page of 20 editions with every facet. The bare client sends the very request that our engine sends, and
  decodes the answers. Both are asked in turn, after other queries have warmed everything. The embedded engine keeps
  counts of facets, so that it is asked each query once, at first sight.
"""

import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec
from elasticsearch import Elasticsearch

from benchmarks.generated_editions import EditionMaker
from benchmarks.real_vocabulary import read_vocabularies
from lienthu.engine.cluster import ClusterOptions
from lienthu.engine.document import IndexDocument
from lienthu.engine.elasticsearch import ElasticsearchEngine
from lienthu.engine.elasticsearch_mapping import build_document, build_mapping
from lienthu.engine.elasticsearch_writer import CHUNK_ACTIONS, CHUNK_BYTES
from lienthu.engine.protocol import SearchEngine
from lienthu.engine.tantivy import TantivyEngine
from lienthu.query.language import parse_query
from lienthu.search import FACETS, SearchRequest
from tests.contracts.engines import run_elasticsearch

QUERIES = 150
PASSES = 3
"""Times that each side answers each query; the best counts."""
BARE = "bench-bare"
_decode = msgspec.msgpack.Decoder(IndexDocument).decode
_encode = msgspec.msgpack.Encoder().encode


class Spool:
    """Ready documents and ready lines, each in a file; both are read back one by one."""

    def __init__(self, folder: Path) -> None:
        self._documents = folder / "documents"
        self._lines = folder / "lines"
        self.titles: list[str] = []

    def fill(self, documents: Iterable[IndexDocument], every: int) -> None:
        """Keeps the title of one edition in *every*."""
        with self._documents.open("wb") as out, self._lines.open("wb") as lines:
            for place, document in enumerate(documents):
                packed = _encode(document)
                out.write(len(packed).to_bytes(4, "big") + packed)
                action = msgspec.json.encode({"index": {"_id": document.id}})
                lines.write(action + b"\n" + build_document(document) + b"\n")
                if place % every == 0:
                    self.titles.append(document.texts["title"][0])

    def documents(self) -> Iterator[IndexDocument]:
        with self._documents.open("rb") as file:
            while size := file.read(4):
                yield _decode(file.read(int.from_bytes(size, "big")))

    def chunks(self) -> Iterator[list[bytes]]:
        """Lines of the size that our writer sends."""
        chunk: list[bytes] = []
        size = 0
        with self._lines.open("rb") as file:
            while pair := list(islice(file, 2)):
                chunk.extend(line.rstrip(b"\n") for line in pair)
                size += sum(map(len, pair))
                if size >= CHUNK_BYTES or len(chunk) >= 2 * CHUNK_ACTIONS:
                    yield chunk
                    chunk, size = [], 0
        if chunk:
            yield chunk


def build_bare(client: Elasticsearch, spool: Spool) -> float:
    client.indices.delete(index=BARE, ignore_unavailable=True)
    settings = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}
    client.indices.create(index=BARE, settings=settings, mappings=build_mapping())
    began = time.perf_counter()
    for chunk in spool.chunks():
        answer = client.bulk(index=BARE, operations=chunk)
        if answer["errors"]:
            raise SystemExit("the bare client was refused")
    client.indices.refresh(index=BARE)
    return time.perf_counter() - began


def build_ours(engine: SearchEngine, spool: Spool) -> float:
    """Serving at the end, with nothing beside it."""
    generation = engine.create_generation()
    began = time.perf_counter()
    with engine.open_writer(generation) as writer:
        writer.upsert(spool.documents())
        writer.commit()
    took = time.perf_counter() - began
    before = engine.serving()
    engine.promote(generation)
    if before:
        engine.drop_generation(before)
    return took


def make_requests(titles: list[str]) -> list[SearchRequest]:
    """One to three words of a title, as typed with marks or without, and every facet."""
    chance = random.Random(11)
    requests = []
    for place, title in enumerate(chance.sample(titles, 2 * QUERIES)):
        words = title.split()
        first = chance.randrange(max(1, len(words) - 2))
        text = " ".join(words[first : first + 1 + place % 3])
        requests.append(SearchRequest(query=parse_query(text).tree, facets=FACETS))
    return requests


class Times(NamedTuple):
    """Milliseconds of each query."""

    first: list[float]
    first_bare: list[float]
    ours: list[float]
    bare: list[float]
    labelled: list[float]


class NotSent(Exception):
    """Raised in place of sending."""


class Overheard:
    """What the engine sends to its cluster for a search, to be sent by another client."""

    def __init__(self, engine: ElasticsearchEngine) -> None:
        self._engine = engine
        self._client: Any = engine._cluster.client
        self._search = self._client.search

    def read_body(self, request: SearchRequest) -> dict[str, Any]:
        """The one request that finds hits and counts facets; it is not sent now."""
        heard: dict[str, Any] = {}

        def hear(**body: Any) -> Any:
            heard.update(body)
            raise NotSent

        self._client.search = hear
        try:
            self._engine.search(request)
        except NotSent:
            pass
        finally:
            self._client.search = self._search
        return heard


def time_searches(engine: ElasticsearchEngine, client: Elasticsearch, requests: list[SearchRequest]) -> Times:
    """Each query is new to the server for one side, in turn. What is asked after that is asked by both, each first in
    turn; and once more by ours as if the labels that it met in this query were new to it."""
    overheard = Overheard(engine)
    for request in requests[:QUERIES]:
        engine.search(request)
    times = Times([], [], [], [], [])
    for place, request in enumerate(requests[QUERIES:]):
        shelf = engine._labels
        known = dict(shelf._labels)
        ours = partial(engine.search, request)
        bare = partial(client.search, **overheard.read_body(request))
        if place % 2:
            times.first_bare.append(clock(bare))
            ours()
        else:
            times.first.append(clock(ours))
            bare()
        taken: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(2 * PASSES):
            is_ours = turn % 4 in (0, 3)
            taken[is_ours].append(clock(ours if is_ours else bare))
        times.ours.append(min(taken[True]))
        times.bare.append(min(taken[False]))
        labelled = []
        for _ in range(PASSES):
            shelf._labels = dict(known)
            labelled.append(clock(ours))
        times.labelled.append(min(labelled))
    return times


def clock(call: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1_000


def time_embedded(engine: SearchEngine, requests: list[SearchRequest]) -> list[float]:
    for request in requests[:QUERIES]:
        engine.search(request)
    return [clock(partial(engine.search, request)) for request in requests[QUERIES:]]


def tell_build(name: str, number: int, seconds: list[float], baseline: list[float] | None = None) -> None:
    ratio = f"  {min(seconds) / min(baseline):.2f} times the bare client" if baseline else ""
    print(f"  {name:<28}{min(seconds):9.1f} s {number / min(seconds):9,.0f} editions/s{ratio}", flush=True)


def tell_search(name: str, times: list[float], baseline: list[float] | None = None) -> None:
    median, late = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
    above = f"  {median - statistics.median(baseline):+.2f} ms at the median" if baseline else ""
    print(f"  {name:<28}p50 {median:7.2f} ms   p95 {late:7.2f} ms{above}", flush=True)


@contextmanager
def open_cluster(address: str) -> Iterator[ElasticsearchEngine]:
    engine = ElasticsearchEngine(address, ClusterOptions(prefix=f"bench-{uuid4().hex[:8]}"))
    try:
        yield engine
    finally:
        with Elasticsearch(address.split(",")) as client:
            names = [generation.name for generation in engine.generations()]
            client.indices.delete(index=[*names, BARE], ignore_unavailable=True)
        engine.close()


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    vietnamese, others = read_vocabularies()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spool = Spool(folder)
        spool.fill(EditionMaker(11, (vietnamese, vietnamese, others)).make(number), max(1, number // 5_000))
        requests = make_requests(spool.titles)
        print(f"{number:,} editions made up of {len(vietnamese):,} and {len(others):,} words of real records")
        (folder / "server").mkdir()
        with (
            run_elasticsearch(folder / "server") as address,
            Elasticsearch(address.split(","), request_timeout=120) as client,
            open_cluster(address) as engine,
        ):
            bare, ours, embedded = [], [], []
            for _ in range(rounds):
                bare.append(build_bare(client, spool))
                ours.append(build_ours(engine, spool))
                shutil.rmtree(folder / "index", ignore_errors=True)
                tantivy = TantivyEngine(folder / "index")
                embedded.append(build_ours(tantivy, spool))
            print(f"build of ready documents, best of {rounds} rounds in turn")
            tell_build("bare client", number, bare)
            tell_build("lienthu on Elasticsearch", number, ours, bare)
            tell_build("lienthu, embedded", number, embedded)
            times = time_searches(engine, client, requests)
            print(f"search, 20 editions and {len(FACETS)} facets, {QUERIES} queries")
            tell_search("bare client, same request", times.bare)
            tell_search("lienthu on Elasticsearch", times.ours, times.bare)
            tell_search("the same, with new labels", times.labelled, times.bare)
            tell_search("bare client, at first sight", times.first_bare)
            tell_search("lienthu, at first sight", times.first, times.first_bare)
            tell_search("lienthu, embedded", time_embedded(tantivy, requests))
            tantivy.close()


if __name__ == "__main__":
    main()
