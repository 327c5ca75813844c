"""The engines that the contract suite runs over: the embedded one, and a real Elasticsearch.

``LIENTHU_TEST_ELASTICSEARCH`` names a server to use; without it one node is started for the whole session. Each test
has indices of its own and leaves none behind.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from lienthu.engine import open_engine
from lienthu.engine.cluster import ClusterOptions
from lienthu.engine.protocol import SearchEngine
from tests.servers.elasticsearch import ElasticsearchAbsent, run_one_node

SERVER_VARIABLE = "LIENTHU_TEST_ELASTICSEARCH"
ELASTICSEARCH_MARKS = (pytest.mark.elasticsearch, pytest.mark.xdist_group("elasticsearch"))
ENGINES = ["tantivy", pytest.param("elasticsearch", marks=ELASTICSEARCH_MARKS)]


def tell_absence(absence: ElasticsearchAbsent) -> None:
    """Skips, saying what to install; fails where everything is required."""
    message = f"Elasticsearch cannot be run here: {absence}"
    if os.environ.get("LIENTHU_REQUIRE_ALL") == "1":
        pytest.fail(message)
    pytest.skip(message)


@contextmanager
def run_elasticsearch(folder: Path) -> Iterator[str]:
    """The address of a server."""
    given = os.environ.get(SERVER_VARIABLE)
    if given:
        yield given
        return
    try:
        with run_one_node(folder) as node:
            yield node.url
    except ElasticsearchAbsent as absence:
        tell_absence(absence)


def open_tantivy(folder: Path) -> SearchEngine:
    return open_engine(f"tantivy:{folder / 'index'}")


@contextmanager
def open_elasticsearch(address: str, shards: int = 2, replicas: int = 0) -> Iterator[SearchEngine]:
    """Over two shards, so that nothing that holds for one shard alone is taken for granted."""
    from elasticsearch import Elasticsearch

    prefix = f"test-{uuid4().hex}"
    engine = open_engine(address, ClusterOptions(prefix=prefix, shards=shards, replicas=replicas))
    try:
        yield engine
    finally:
        engine.close()
        with Elasticsearch(address.split(",")) as client:
            names = list(client.indices.get_settings(index=f"{prefix}-*").body)
            if names:
                client.indices.delete(index=names)
