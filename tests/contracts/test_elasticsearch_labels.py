"""Labels lie beside a generation: they come and go with it, and where they are lost it answers all the same."""

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from lienthu.engine import elasticsearch_labels
from lienthu.engine.document import FacetTerm, IndexDocument
from lienthu.engine.elasticsearch_labels import name_labels
from lienthu.engine.protocol import SearchEngine
from lienthu.query.tree import Everything
from tests.contracts.engines import ELASTICSEARCH_MARKS, open_elasticsearch
from tests.index_documents import fill, search

pytestmark = [*ELASTICSEARCH_MARKS]

DOCUMENTS = [IndexDocument(id="a", texts={}, facets={"author": (FacetTerm("nguyễn du", "Nguyễn Du"),)})]


@pytest.fixture
def engine(elasticsearch_address: str) -> Iterator[SearchEngine]:
    with open_elasticsearch(elasticsearch_address) as opened:
        yield opened


@pytest.fixture
def client(elasticsearch_address: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(elasticsearch_address.split(",")) as opened:
        yield opened


def read_label(engine: SearchEngine) -> str:
    (value,) = search(engine, Everything(), facets=("author",)).facets["author"]
    assert value.value == "nguyễn du"
    return value.label


def test_lost_labels_cost_the_labels_alone_and_are_told(engine: SearchEngine, client: Elasticsearch) -> None:
    generation = fill(engine, DOCUMENTS)
    client.indices.delete(index=name_labels(generation))
    assert read_label(engine) == "nguyễn du"
    trouble = engine.find_trouble()
    assert trouble is not None
    assert "The labels of the index" in str(trouble)
    engine.promote(fill(engine, DOCUMENTS, promote=False))
    assert read_label(engine) == "Nguyễn Du"
    assert engine.find_trouble() is None


def test_a_generation_that_is_dropped_takes_its_labels_along(engine: SearchEngine, client: Elasticsearch) -> None:
    first, second = fill(engine, DOCUMENTS), fill(engine, DOCUMENTS)
    engine.drop_generation(first)
    assert [client.indices.exists(index=name_labels(name)).body for name in (first, second)] == [False, True]


def test_a_value_that_a_reader_asked_for_too_early_has_its_label_once_it_is_there(engine: SearchEngine) -> None:
    generation = fill(engine, [IndexDocument(id="z", texts={})])
    (asked,) = search(engine, Everything(), facets=("author",), filters={"author": ("nguyễn du",)}).facets["author"]
    assert (asked.label, asked.count) == ("nguyễn du", 0)
    with engine.open_writer(generation) as writer:
        writer.upsert(DOCUMENTS)
        writer.commit()
    assert read_label(engine) == "Nguyễn Du"


def test_the_first_label_stays_also_where_the_writer_has_forgotten_it(
    engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elasticsearch_labels, "KEPT", 0)
    later = IndexDocument(id="b", texts={}, facets={"author": (FacetTerm("nguyễn du", "NGUYỄN DU"),)})
    generation = fill(engine, [*DOCUMENTS, later])
    assert read_label(engine) == "Nguyễn Du"
    with engine.open_writer(generation) as writer:
        writer.upsert([later])
        writer.commit()
    assert read_label(engine) == "Nguyễn Du"


def test_labels_of_a_generation_that_was_deleted_by_hand_are_cleared_away(
    engine: SearchEngine, client: Elasticsearch
) -> None:
    first, second = fill(engine, DOCUMENTS), fill(engine, DOCUMENTS)
    client.indices.delete(index=first)
    engine.create_generation()
    assert [client.indices.exists(index=name_labels(name)).body for name in (first, second)] == [False, True]
    assert read_label(engine) == "Nguyễn Du"
