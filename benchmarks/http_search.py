"""A page of results over HTTP beside the engine's own search: 20 editions and every facet, exact.

Run: ``python -m benchmarks.http_search [EDITIONS]``. Real MARC records, repeated where more are wanted
(``real_records.py``), are indexed; ``lienthu serve`` answers ``/api/v1/search`` and the page ``/search``, in a process
of its own, asked over one kept connection by a client that does nothing but read. The baseline asks the engine the same
queries in this process, with the same facets. Queries are one to three words of titles that at least five editions have
(fewer would be searched twice, widened). All sides are warmed by WARMING other queries, as a server is that has run for
a minute; then each query is asked once per pass, by a new server each; the best pass of each counts.
"""

import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from benchmarks.memory import PARTNERS
from benchmarks.real_records import repeat_payloads
from indexer.crosswalks import map_record
from indexer.index_document import build_index_document
from indexer.merging import merge_edition
from lienthu.engine import open_engine
from lienthu.engine.protocol import SearchEngine
from lienthu.outcome import Mapped
from lienthu.partner import Partner
from lienthu.query.language import parse_query
from lienthu.raw_record import RawRecord
from lienthu.search import FACETS, SearchRequest
from lienthu.store import open_store

PASSES = 3
QUERIES = 200
WARMING = 200
API = "/api/v1/search?size=20&q="
PAGE = "/search?q="
PARTNER = Partner(id="bench", name={"en": "Benchmark"})


def fill_index(home: Path, wanted: int) -> list[str]:
    """Builds and promotes a generation; returns some titles."""
    titles: list[str] = []

    def make_documents() -> object:
        for place, (number, payload) in enumerate(repeat_payloads(wanted)):
            raw = RawRecord(partner_id="bench", feed_id="file", source_id=number, format="marc21", payload=payload)
            outcome = map_record(raw, PARTNER)
            if isinstance(outcome, Mapped):
                titles.append(outcome.record.title.main)
                yield build_index_document(merge_edition(f"lt{place:06}", [outcome.record]))

    engine = open_engine(f"tantivy:{home / 'index'}")
    generation = engine.create_generation()
    with engine.open_writer(generation) as writer:
        writer.upsert(make_documents())  # type: ignore[arg-type]
        writer.commit()
    engine.promote(generation)
    engine.close()
    with open_store(f"sqlite:///{home / 'lienthu.db'}", home) as store:
        store.register_generation(generation)
    return titles


def choose_queries(engine: SearchEngine, titles: list[str]) -> list[str]:
    chance = random.Random(7)
    chosen: dict[str, None] = {}
    while len(chosen) < QUERIES + WARMING:
        words = chance.choice(titles).split()
        count = chance.choice((1, 2, 3))
        begin = chance.randrange(max(1, len(words) - count))
        text = " ".join(words[begin : begin + count])
        if text and engine.search(SearchRequest(query=parse_query(text).tree, limit=0)).total >= 5:
            chosen[text] = None
    return list(chosen)


def time_engine(home: Path, queries: list[str]) -> list[float]:
    engine = open_engine(f"tantivy:{home / 'index'}")
    times = []
    for text in queries:
        tree = parse_query(text).tree
        began = time.perf_counter()
        engine.search(SearchRequest(query=tree, facets=FACETS, limit=20))
        times.append((time.perf_counter() - began) * 1000)
    engine.close()
    return times[WARMING:]


def time_http(home: Path, address: str, queries: list[str]) -> list[float]:
    port = find_free_port()
    command = [sys.executable, "-m", "lienthu", "--home", str(home), "serve", "--port", str(port)]
    environment = {**os.environ, "LIENTHU_PARTNERS": str(home / "partners.toml")}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        server.stdout.readline()
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ask(connection, address, "nothing of these")
            times = []
            for text in queries:
                began = time.perf_counter()
                ask(connection, address, text)
                times.append((time.perf_counter() - began) * 1000)
            return times[WARMING:]
    finally:
        server.terminate()
        server.wait()


def ask(connection: socket.socket, address: str, text: str) -> None:
    connection.sendall(f"GET {address}{quote(text)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    answer = connection.recv(65_536)
    head, _, body = answer.partition(b"\r\n\r\n")
    status, _, rest = head.partition(b"\r\n")
    if b" 200 " not in status:
        raise SystemExit(f"{status!r}: {body[:300]!r}")
    left = int(rest.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]) - len(body)
    while left > 0:
        left -= len(connection.recv(65_536))


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(wanted: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "partners.toml").write_text(PARTNERS, encoding="utf-8")
        titles = fill_index(home, wanted)
        engine = open_engine(f"tantivy:{home / 'index'}")
        queries = choose_queries(engine, titles)
        engine.close()
        passes = [
            (time_engine(home, queries), time_http(home, API, queries), time_http(home, PAGE, queries))
            for _ in range(PASSES)
        ]
    print(f"{len(titles)} editions of real records (repeated), {QUERIES} queries, best of {PASSES} passes")
    alone = (0.0, 0.0)
    for place, name in enumerate(("engine alone", "JSON over HTTP", "page over HTTP")):
        ordered = sorted(min((times[place] for times in passes), key=statistics.fmean))
        median, slow = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
        alone = alone if place else (median, slow)
        above = f"   above engine {median - alone[0]:6.2f} and {slow - alone[1]:6.2f} ms" if place else ""
        print(f"{name:14} p50 {median:6.2f} ms   p95 {slow:6.2f} ms{above}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
