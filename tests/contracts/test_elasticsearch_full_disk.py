"""A disk of the cluster that is full: what cannot be written is told with the cause, and goes on once there is room."""

import pytest
from elasticsearch import Elasticsearch

from lienthu.errors import EngineUnavailable
from tests.contracts.engines import ELASTICSEARCH_MARKS, open_elasticsearch
from tests.index_documents import fill, make_document

pytestmark = [*ELASTICSEARCH_MARKS]


def test_an_update_on_a_full_disk_says_so_and_goes_on_once_there_is_room(
    elasticsearch_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lienthu.engine.elasticsearch_writer.PATIENCE", 0.2)
    with open_elasticsearch(elasticsearch_address) as engine, Elasticsearch(elasticsearch_address.split(",")) as client:
        generation = fill(engine, [make_document("a", "một")])

        def block(full: bool | None) -> None:
            client.indices.put_settings(index=generation, settings={"index.blocks.read_only_allow_delete": full})

        def write() -> None:
            with engine.open_writer(generation) as writer:
                writer.upsert([make_document("b", "hai")])
                writer.commit()

        block(True)
        with pytest.raises(EngineUnavailable, match="because a disk is full: make room"):
            write()
        assert engine.count() == 1
        block(None)
        write()
        assert engine.count() == 2
