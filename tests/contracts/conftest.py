"""What the contract suites share: the servers they run against.

LIENTHU_REQUIRE_ALL=1 turns the absence of one into a failure.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lienthu.engine.protocol import SearchEngine
from lienthu.store import RecordStore, open_store
from tests.contracts.engines import ENGINES, open_elasticsearch, open_tantivy, run_elasticsearch
from tests.servers.postgresql import PostgresqlMissing, make_database, serve_postgresql


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server, one for each worker."""
    pytest.importorskip("psycopg", reason='psycopg is not here: pip install "lienthu[postgresql]"')
    try:
        with serve_postgresql() as address:
            yield address
    except PostgresqlMissing as error:
        if os.environ.get("LIENTHU_REQUIRE_ALL") == "1":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store_address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/lienthu.db"
    else:
        with make_database(request.getfixturevalue("postgresql_server")) as address:
            yield address


@pytest.fixture
def store(store_address: str, tmp_path: Path) -> Iterator[RecordStore]:
    with open_store(store_address, tmp_path) as opened:
        yield opened


@pytest.fixture(scope="session")
def elasticsearch_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for all."""
    with run_elasticsearch(tmp_path_factory.mktemp("elasticsearch")) as address:
        yield address


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine without any generation, once of each kind."""
    if request.param == "tantivy":
        opened = open_tantivy(tmp_path)
        yield opened
        opened.close()
    else:
        with open_elasticsearch(request.getfixturevalue("elasticsearch_address")) as opened:
            yield opened
