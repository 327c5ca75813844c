"""The same query gives the same editions on both engines: over the demo library and some nine thousand real records,
300 made-up queries with filters find the same, count the same, and stand in nearly the same order."""

import gzip
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from indexer.crosswalks import map_record
from indexer.index_document import build_index_document
from indexer.merging import merge_edition
from lienthu.edition import Edition
from lienthu.engine.document import IndexDocument
from lienthu.engine.protocol import SearchEngine
from lienthu.iso2709 import read_control_number
from lienthu.outcome import Mapped
from lienthu.query.tree import And, Everything, Not, Number, Or, Phrase, Preferred, Query, Scope, Word, Words
from lienthu.raw_record import RawRecord
from lienthu.search import FACETS, MAX_LIMIT, SearchRequest, Sort, YearRange
from tests.conftest import Demo
from tests.contracts.engines import ELASTICSEARCH_MARKS, open_elasticsearch, open_tantivy
from tests.index_documents import fill

pytestmark = [*ELASTICSEARCH_MARKS, pytest.mark.slow]

SHARDS = 3
QUERIES = 300
SCOPES: tuple[Scope, ...] = ("any", "any", "any", "title", "author", "subject", "publisher", "series")
FILES = (
    "uva_001-200.mrc",
    "bu_bibs.mrc",
    "folio_100.mrc",
    "gpo_covid_1063_utf8.mrc",
    "gpo_7542_utf8.mrc.gz",
)


class Pair(NamedTuple):
    """Both engines, filled with the same documents."""

    documents: list[IndexDocument]
    embedded: SearchEngine
    cluster: SearchEngine


@pytest.fixture(scope="module")
def demo_documents(demo: Demo) -> list[IndexDocument]:
    editions = (msgspec.json.decode(source, type=Edition) for _, source in demo.made.engine.scan())
    return [build_index_document(edition) for edition in editions]


@pytest.fixture(scope="module")
def real_documents(shared_data: Path) -> list[IndexDocument]:
    """One edition for each distinct record."""
    payloads: dict[str, bytes] = {}
    for name in FILES:
        content = (shared_data / "marc" / name).read_bytes()
        content = gzip.decompress(content) if name.endswith(".gz") else content
        for piece in content.split(b"\x1d"):
            if piece.strip():
                payload = piece + b"\x1d"
                number = read_control_number(payload) or str(len(payloads))
                payloads.setdefault(f"{name[:3]}{number.strip()}", payload)
    return [document for at, payload in enumerate(payloads.values()) if (document := build_real(at, payload))]


def build_real(at: int, payload: bytes) -> IndexDocument | None:
    raw = RawRecord(partner_id="real", feed_id="file", source_id=str(at), format="marc21", payload=payload)
    outcome = map_record(raw, None)
    return build_index_document(merge_edition(f"lt{at:06d}", [outcome.record])) if isinstance(outcome, Mapped) else None


@pytest.fixture(scope="module", params=["demo", "real"])
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, elasticsearch_address: str
) -> Iterator[Pair]:
    documents: list[IndexDocument] = request.getfixturevalue(f"{request.param}_documents")
    embedded = open_tantivy(tmp_path_factory.mktemp("parity"))
    with open_elasticsearch(elasticsearch_address, shards=SHARDS) as cluster:
        fill(embedded, documents)
        fill(cluster, documents)
        yield Pair(documents, embedded, cluster)
    embedded.close()


class QueryMaker:
    """Queries whose words, values and years are taken from documents, so that common ones are common."""

    def __init__(self, documents: list[IndexDocument], seed: int) -> None:
        self._documents = [document for document in documents if len(document.texts["title"][1].split()) > 1]
        self._chance = random.Random(seed)

    def make_request(self) -> SearchRequest:
        chance = self._chance
        return SearchRequest(
            query=self._make_query(),
            filters=self._choose_filters() if chance.random() < 0.4 else {},
            years=self._choose_years() if chance.random() < 0.2 else None,
            facets=FACETS,
            facet_size=20,
            limit=10,
        )

    def _make_query(self) -> Query:
        kind = self._chance.randrange(20)
        if kind == 0:
            return Everything()
        if kind == 1:
            return Or((self._make_words(), self._make_words()))
        if kind == 2:
            return And((self._make_words(1), Not(self._make_words(1))))
        if kind == 3:
            words = self._make_words(3)
            return Preferred(msgspec.structs.replace(words, minimum=1), words)
        if kind == 4:
            return Or((self._make_number(), self._make_words()))
        if kind < 8:
            words = self._make_words(2)
            return Phrase(words.words, words.scope, words.marked)
        return self._make_words()

    def _make_words(self, number: int | None = None) -> Words:
        chance = self._chance
        number = number or chance.choice((1, 1, 2, 2, 3, 4))
        scope = chance.choice(SCOPES)
        fields = {"any": "title"}.get(scope, scope)
        exact, folded = (layer.split() for layer in chance.choice(self._documents).texts[fields])
        if not folded:
            exact, folded = (layer.split() for layer in chance.choice(self._documents).texts["title"])
        begin = chance.randrange(max(1, len(folded) - number + 1))
        marked = chance.random() < 0.5 and exact[begin : begin + number] != folded[begin : begin + number]
        pairs = list(zip(exact, folded, strict=True))[begin : begin + number]
        words = tuple(Word(one if marked else other, other) for one, other in pairs if other != "|")
        return Words(words or (Word("sach", "sach"),), scope, marked)

    def _make_number(self) -> Number:
        return Number(self._chance.choice(self._documents).identifiers[:2] or ("9786040000000",))

    def _choose_filters(self) -> dict[str, tuple[str, ...]]:
        chance = self._chance
        chosen = {}
        for facet in chance.sample([facet for facet in FACETS if facet != "year"], chance.choice((1, 1, 2))):
            terms = [term.value for _ in range(8) for term in chance.choice(self._documents).facets.get(facet, ())]
            if terms:
                chosen[facet] = tuple(dict.fromkeys(chance.sample(terms, min(len(terms), chance.choice((1, 2, 3))))))
        return chosen

    def _choose_years(self) -> YearRange:
        first = self._chance.randrange(1900, 2025)
        return YearRange(first, first + self._chance.choice((0, 5, 40)), unknown=self._chance.random() < 0.3)


def list_matches(engine: SearchEngine, request: SearchRequest) -> set[str]:
    found: set[str] = set()
    for offset in range(0, 10_000, MAX_LIMIT):
        page = msgspec.structs.replace(request, facets=(), sort=Sort.TITLE, offset=offset, limit=MAX_LIMIT)
        hits = engine.search(page).hits
        found.update(hit.id for hit in hits)
        if len(hits) < MAX_LIMIT:
            break
    return found


def test_both_engines_find_and_count_the_same_and_order_it_alike(pair: Pair) -> None:
    maker = QueryMaker(pair.documents, seed=4)
    shared_tops = []
    matched = 0
    for _ in range(QUERIES):
        request = maker.make_request()
        here, there = pair.embedded.search(request), pair.cluster.search(request)
        assert here.total == there.total, request
        assert here.facets == there.facets, request
        assert list_matches(pair.embedded, request) == list_matches(pair.cluster, request), request
        matched += here.total > 0
        if here.total > 10:
            shared_tops.append(len({hit.id for hit in here.hits} & {hit.id for hit in there.hits}))
    assert matched > QUERIES * 0.5
    assert len(shared_tops) > 40
    mean, short = sum(shared_tops) / len(shared_tops), sum(top < 9 for top in shared_tops)
    assert mean >= 9.8, f"{mean:.2f} of the first ten are the same, {short} of {len(shared_tops)} below nine"
    assert short <= 0.03 * len(shared_tops), f"{short} of {len(shared_tops)} share fewer than nine of the first ten"


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.TITLE])
def test_both_engines_stand_in_exactly_the_same_order_by_year_and_title(pair: Pair, sort: Sort) -> None:
    for offset in (0, 150):
        request = SearchRequest(query=Everything(), sort=sort, offset=offset, limit=150)
        here, there = pair.embedded.search(request), pair.cluster.search(request)
        assert [hit.id for hit in here.hits] == [hit.id for hit in there.hits]
        assert here.hits


def test_both_engines_hold_the_same_sources(pair: Pair) -> None:
    assert list(pair.embedded.scan()) == list(pair.cluster.scan())
