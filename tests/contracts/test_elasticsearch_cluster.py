"""A real cluster of three nodes, whose nodes are killed while readers search and while an index is built: no search
fails, nothing is lost; and when all are gone that is said, and passes by itself."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lienthu.engine.cluster import ClusterOptions
from lienthu.engine.elasticsearch import ElasticsearchEngine
from lienthu.errors import CatalogueError, EngineUnavailable
from tests.contracts.engines import ELASTICSEARCH_MARKS, SERVER_VARIABLE, tell_absence
from tests.index_documents import ask, fill, make_document, search
from tests.readers import Readers
from tests.servers.elasticsearch import (
    ElasticsearchAbsent,
    Node,
    run_cluster,
    run_one_node,
    start_node,
    wait_until_ready,
)
from tests.servers.process import find_free_port

pytestmark = [*ELASTICSEARCH_MARKS, pytest.mark.slow]

EDITIONS = 3_000


class ClusterReaders(Readers):
    """Search all the time, in two threads, until told to stop; every error is kept."""

    def __init__(self, engine: ElasticsearchEngine, totals: set[int]) -> None:
        self.errors: list[CatalogueError] = []
        self.wrong: list[int] = []
        self.answers = 0
        self._engine = engine
        self._totals = totals
        super().__init__()

    def search_once(self) -> None:
        try:
            result = search(self._engine, ask("toán học"), facets=("language", "year"))
        except CatalogueError as error:
            self.errors.append(error)
            return
        self.answers += 1
        time.sleep(0.02)
        languages = sum(value.count for value in result.facets["language"])
        if result.total not in self._totals or languages != result.total:
            self.wrong.append(result.total)

    def wait_for_more(self, number: int) -> None:
        """Until that many more searches were answered."""
        wanted = self.answers + number
        deadline = time.monotonic() + 60
        while self.answers < wanted:
            assert time.monotonic() < deadline, f"searches are not answered any more: {self.errors[-1:]}"
            time.sleep(0.05)


def make_editions(number: int, title: str = "Toán học") -> Iterator[object]:
    for at in range(number):
        yield make_document(f"lt{at:06d}", title, year=1950 + at % 70, facets={"language": (("vie", "eng")[at % 2],)})


def open_over(nodes: list[Node]) -> ElasticsearchEngine:
    return ElasticsearchEngine(
        ",".join(node.url for node in nodes), ClusterOptions(prefix="cluster", shards=3, replicas=1)
    )


def test_a_node_killed_while_readers_search_and_a_build_runs_costs_no_search_and_no_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build has no copies yet, so a node that dies may take a part of it away. Then the build fails in words and is
    made again; it is never promoted with a hole. Readers of the old generation notice nothing."""
    if os.environ.get(SERVER_VARIABLE):
        pytest.skip(f"its nodes are killed here: unset {SERVER_VARIABLE}")
    monkeypatch.setattr("lienthu.engine.elasticsearch_writer.PATIENCE", 5.0)
    try:
        with run_cluster(tmp_path) as running:
            _build_under_fire(running)
    except ElasticsearchAbsent as absence:
        tell_absence(absence)


def _build_under_fire(nodes: list[Node]) -> None:
    engine = open_over(nodes)
    old = fill(engine, make_editions(EDITIONS))  # type: ignore[arg-type]
    settings = engine._cluster.client.indices.get_settings(index=old)[old]["settings"]["index"]
    assert settings["number_of_replicas"] == "1", "the copies that a build does without were not put back"
    killed = threading.Event()

    def make_and_kill() -> Iterator[object]:
        for at, document in enumerate(make_editions(9_000)):
            if at == 5_000:
                nodes[1].kill()
                killed.set()
                readers.wait_for_more(50)
                assert "copies of the index" in wait_for_trouble(engine), "health is told as it is"
            yield document

    with ClusterReaders(engine, {EDITIONS, 9_000}) as readers:
        readers.wait_for_more(20)
        generation = engine.create_generation()
        try:
            with engine.open_writer(generation) as writer:
                writer.upsert(make_and_kill())  # type: ignore[arg-type]
                writer.commit()
        except EngineUnavailable:
            engine.drop_generation(generation)
            generation = fill(engine, make_editions(9_000), promote=False)  # type: ignore[arg-type]
        engine.promote(generation)
        readers.wait_for_more(50)
    assert killed.is_set()
    assert [str(error) for error in readers.errors] == []
    assert readers.wrong == []
    assert engine.count(old) == EDITIONS
    assert [id for id, _ in engine.scan()] == [f"lt{at:06d}" for at in range(9_000)]
    engine.close()


def wait_for_trouble(engine: ElasticsearchEngine) -> str:
    """What is told once the cluster has noticed that a node is gone."""
    deadline = time.monotonic() + 60
    while (trouble := engine.find_trouble()) is None:
        assert time.monotonic() < deadline, "a node is gone, and nothing is said of it"
        time.sleep(0.1)
    return str(trouble)


def test_an_engine_that_is_gone_is_told_politely_and_comes_back_by_itself(tmp_path: Path) -> None:
    if os.environ.get(SERVER_VARIABLE):
        pytest.skip(f"its nodes are killed here: unset {SERVER_VARIABLE}")
    try:
        with run_one_node(tmp_path) as node:
            engine = ElasticsearchEngine(node.url, ClusterOptions(prefix="alone"))
            fill(engine, make_editions(20))  # type: ignore[arg-type]
            assert search(engine, ask("toan")).total == 20
            node.kill()
            for call in (lambda: search(engine, ask("toan")), engine.count, engine.generations, engine.serving):
                with pytest.raises(EngineUnavailable, match=node.url) as caught:
                    call()
                assert caught.value.status == 503
            _start_again(node, tmp_path)
            _wait_for_answer(engine)
            assert search(engine, ask("toan")).total == 20
            engine.close()
    except ElasticsearchAbsent as absence:
        tell_absence(absence)


def _start_again(node: Node, folder: Path) -> None:
    port = int(node.url.rsplit(":", 1)[1])
    settings = {"discovery.type": "single-node", "transport.port": str(find_free_port())}
    (node.home / "node.lock").unlink(missing_ok=True)
    again = start_node(folder, node.name, {"cluster.name": f"lienthu-{os.getpid()}", **settings}, port)
    node.process = again.process
    wait_until_ready([node])


def _wait_for_answer(engine: ElasticsearchEngine) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            engine.count()
            return
        except EngineUnavailable:
            assert time.monotonic() < deadline
            time.sleep(0.2)
