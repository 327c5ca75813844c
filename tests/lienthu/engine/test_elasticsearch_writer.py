"""The writer against a server that plays faults: too busy, refusing a document, cutting the line, letting through less
at once. What it sends is looked at; how a real server takes it is in the contract suite."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from lienthu.engine.elasticsearch import ElasticsearchEngine
from lienthu.engine.elasticsearch_generations import GenerationName, build_generation_name
from lienthu.engine.fields import SCHEMA_VERSION
from lienthu.errors import CatalogueError, EngineError, EngineUnavailable, RequestRefused
from lienthu.text import ANALYSER_VERSION
from tests.index_documents import ask, make_document, search

NAME = build_generation_name(GenerationName("lienthu", 1, 9, SCHEMA_VERSION, ANALYSER_VERSION))


class FaultyServer(ThreadingHTTPServer):
    """Answers as Elasticsearch does, as far as the writer asks. ``faults`` are played one per bulk request: a status
    for the whole request, or a status for each edition named."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answerer)
        self.faults: list[int | dict[str, int]] = []
        self.bulks: list[list[str]] = []
        self.held: set[str] = set()
        self.search: tuple[int, dict[str, Any]] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answerer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FaultyServer

    def do_HEAD(self) -> None:
        self._send(200, None)

    def do_GET(self) -> None:
        self._send(200, {NAME: {"aliases": {"lienthu": {}}}})

    def do_PUT(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "/_bulk" in self.path:
            self._take(body)
        elif "/_search" in self.path and self.server.search is not None:
            self._send(*self.server.search)
        elif "/_search" in self.path:
            self._send(200, {"hits": {"total": {"value": len(self.server.held)}, "hits": []}})
        else:
            self._send(200, {"_shards": {"total": 1, "successful": 1, "failed": 0}})

    def _take(self, body: bytes) -> None:
        lines = [json.loads(line) for line in body.splitlines()]
        actions = [(name, line[name]["_id"]) for line in lines for name in ("create", "index") if name in line]
        self.server.bulks.append([id for _, id in actions])
        fault = self.server.faults.pop(0) if self.server.faults else {}
        if isinstance(fault, int):
            self._send(fault, {"error": {"type": "es_rejected_execution_exception", "reason": "busy"}, "status": fault})
            return
        items = []
        for name, id in actions:
            status = fault.get(id, 201)
            answer: dict[str, Any] = {"_id": id, "status": status}
            if status == 201:
                answer["result"] = "updated" if id in self.server.held else "created"
                if name == "index":
                    self.server.held.add(id)
            elif status == 409:
                answer["error"] = {"type": "version_conflict_engine_exception", "reason": f"{id} is there"}
            else:
                answer["error"] = {"type": "some_exception", "reason": f"not {id}"}
            items.append({name: answer})
        self._send(200, {"errors": bool(fault), "items": items})

    def _send(self, status: int, answer: dict[str, Any] | None) -> None:
        body = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyServer]:
    monkeypatch.setattr("lienthu.engine.elasticsearch_writer.PAUSES", (0.01,))
    monkeypatch.setattr("lienthu.engine.elasticsearch_writer.PATIENCE", 0.2)
    playing = FaultyServer()
    thread = threading.Thread(target=playing.serve_forever, daemon=True)
    thread.start()
    yield playing
    playing.shutdown()
    playing.server_close()
    thread.join()


def write(server: FaultyServer, *ids: str) -> None:
    engine = ElasticsearchEngine(server.url)
    with engine.open_writer(NAME) as writer:
        writer.upsert(make_document(id, "một") for id in ids)
        writer.commit()
    engine.close()


def test_what_a_busy_server_could_not_take_is_sent_again_and_nothing_else(server: FaultyServer) -> None:
    server.faults = [{"b": 429}, {"b": 429}]
    write(server, "a", "b", "c")
    assert server.bulks == [["a", "b", "c"], ["b"], ["b"]]
    assert server.held == {"a", "b", "c"}


@pytest.mark.parametrize("status", [429, 503])
def test_a_whole_request_that_was_turned_away_is_made_again(server: FaultyServer, status: int) -> None:
    server.faults = [status, status]
    write(server, "a", "b")
    assert server.bulks == [["a", "b"]] * 3


def test_a_server_that_stays_busy_is_given_up_in_words(server: FaultyServer) -> None:
    server.faults = [{"a": 429}] * 1_000
    with pytest.raises(EngineUnavailable, match="could not take 1 editions"):
        write(server, "a", "b")


def test_labels_go_along_once_and_are_no_editions(server: FaultyServer) -> None:
    server.faults = [{"author:du": 409, "author:hoài": 429}]
    engine = ElasticsearchEngine(server.url)
    with engine.open_writer(NAME) as writer:
        writer.upsert(make_document(id, "một", facets={"author": ("du", "hoài")}) for id in "ab")
        writer.commit()
    engine.close()
    assert server.bulks == [["author:du", "author:hoài", "a", "b"], ["author:hoài"]]
    assert server.held == {"a", "b"}


def test_refused_documents_are_named_and_counted(server: FaultyServer) -> None:
    server.faults = [{"b": 400, "c": 400}]
    with pytest.raises(EngineError, match=r"Edition b and 1 more .* not b"):
        write(server, "a", "b", "c")


def test_a_proxy_that_lets_through_less_gets_halves(server: FaultyServer) -> None:
    server.faults = [413]
    write(server, "a", "b", "c", "d")
    assert server.bulks == [["a", "b", "c", "d"], ["a", "b"], ["c", "d"]]


def test_editions_that_vanish_are_missed_at_the_commit(server: FaultyServer) -> None:
    engine = ElasticsearchEngine(server.url)
    with engine.open_writer(NAME) as writer:
        writer.upsert([make_document("a"), make_document("b")])
        server.held = {"ghost"}
        with pytest.raises(EngineError, match="holds 3 editions where it should hold 2"):
            writer.commit()
    engine.close()


def test_memory_is_bounded_by_chunks(server: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lienthu.engine.elasticsearch_writer.CHUNK_ACTIONS", 3)
    write(server, *(f"lt{n}" for n in range(8)))
    assert [len(ids) for ids in server.bulks] == [3, 3, 2]


@pytest.mark.parametrize(
    ("status", "reason", "kind", "words"),
    [
        (401, "missing", EngineUnavailable, "LIENTHU_ENGINE_API_KEY"),
        (403, "not allowed", EngineUnavailable, "rights"),
        (403, "index read-only / allow delete (api)", EngineUnavailable, "disk is full"),
        (400, "too_many_nested_clauses", RequestRefused, "simpler"),
        (400, "odd", EngineError, "odd"),
        (404, "no such index", EngineUnavailable, "lienthu reindex"),
    ],
)
def test_a_refusal_says_what_to_do(
    server: FaultyServer, status: int, reason: str, kind: type[CatalogueError], words: str
) -> None:
    server.search = (status, {"error": {"root_cause": [{"type": "some", "reason": reason}]}, "status": status})
    engine = ElasticsearchEngine(server.url)
    with pytest.raises(kind, match=words):
        search(engine, ask("sách"))
    engine.close()
