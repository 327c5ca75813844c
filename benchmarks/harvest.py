"""A harvest by OAI-PMH, beside bare requests and lxml, and beside sickle as it comes.

Run: ``python -m benchmarks.harvest [RECORDS]`` (30,000 by default).

The provider is a process of its own on loopback; it serves real records (repeated, ``real_records.py``) as MARCXML,
100 a page, from memory. The bare client fetches each page over one connection and parses it with lxml; it keeps
nothing. Ours parses, cuts, compares, packs and stores each record. Processor time is that of the whole client process,
each client in a fresh one, taking turns, the least of the rounds; wall time is taken at 50 ms a page. Then two
partners at once beside one after the other, and peak memory at a third of the size.
"""

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec

PAGE = 100
ROUNDS = 3
LATENCY = 0.05
_OAI = "http://www.openarchives.org/OAI/2.0/"
_FORBIDDEN = bytes(set(range(32)) - {9, 10, 13})
"""No well-formed page holds them; some of the real records do."""
_SPAWN = multiprocessing.get_context("spawn")


class Spent(msgspec.Struct, frozen=True):
    """What one client took: seconds of processor, seconds by the clock, peak megabytes; and how much it brought."""

    processor: float
    wall: float
    peak: float
    records: int


def build_pages(size: int) -> list[bytes]:
    """The whole list as a server sends it."""
    import pymarc

    from benchmarks.real_records import repeat_payloads

    entries = []
    for place, (number, payload) in enumerate(repeat_payloads(size)):
        record = next(pymarc.MARCReader(payload, to_unicode=True, permissive=True))
        xml = pymarc.record_to_xml(record, namespace=True).translate(None, delete=_FORBIDDEN)
        header = (
            f"<record><header><identifier>oai:bench:{number.strip()}:{place}</identifier>"
            f"<datestamp>2024-01-01T00:00:00Z</datestamp></header><metadata>"
        )
        entries.append(header.encode() + xml + b"</metadata></record>\n")
    pages = []
    for start in range(0, size, PAGE):
        more = str(start + PAGE) if start + PAGE < size else ""
        pages.append(
            b'<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="%s"><responseDate>2026-11-20T00:00:00Z'
            b"</responseDate><request>http://bench</request><ListRecords>"
            % _OAI.encode()
            + b"".join(entries[start : start + PAGE])
            + f'<resumptionToken completeListSize="{size}" cursor="{start}">{more}</resumptionToken>'.encode()
            + b"</ListRecords></OAI-PMH>\n"
        )
    return pages


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    pages: list[bytes]
    wait: float

    def do_GET(self) -> None:
        token = parse_qs(urlsplit(self.path).query).get("resumptionToken", ["0"])[0]
        body = self.pages[int(token) // PAGE]
        time.sleep(self.wait)
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *arguments: object) -> None:
        pass


def provide(size: int, answers: Connection) -> None:
    """Three addresses with the same list: one that answers at once, and two hosts that answer after LATENCY."""
    import threading

    pages = build_pages(size)
    servers = [
        ThreadingHTTPServer((host, 0), type("Paged", (Handler,), {"pages": pages, "wait": wait}))
        for host, wait in (("127.0.0.1", 0.0), ("127.0.0.1", LATENCY), ("127.0.0.2", LATENCY))
    ]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    answers.send([f"http://{server.server_address[0]}:{server.server_address[1]}/oai" for server in servers])
    answers.recv()


@contextmanager
def run_provider(size: int) -> Iterator[list[str]]:
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=provide, args=(size, theirs))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join()


def harvest_bare(urls: list[str]) -> int:
    """Every page fetched over one connection and parsed; nothing is kept."""
    import requests
    from lxml import etree

    records = 0
    with requests.Session() as session:
        for url in urls:
            params = {"verb": "ListRecords", "metadataPrefix": "marcxml"}
            while params:
                root = etree.parse(BytesIO(session.get(url, params=params, timeout=60).content)).getroot()
                records += len(root.findall(f".//{{{_OAI}}}record"))
                token = root.findtext(f".//{{{_OAI}}}resumptionToken")
                params = {"verb": "ListRecords", "resumptionToken": token} if token else {}
    return records


def harvest_sickle(urls: list[str]) -> int:
    """sickle as it comes, each record's text taken."""
    from sickle import Sickle

    return sum(bool(record.raw) for url in urls for record in Sickle(url).ListRecords(metadataPrefix="marcxml"))


def harvest_ours(urls: list[str]) -> int:
    """Ours, each address a partner, into a new store."""
    from harvesters.run import Harvest
    from harvesters.turns import take_turns
    from lienthu.partner import Feed, Partner
    from lienthu.store import open_store

    with tempfile.TemporaryDirectory() as name, open_store(f"sqlite:///{name}/lienthu.db", name) as store:
        harvest = Harvest(store=store, home=Path(name))
        feeds = [
            (
                Partner(id=f"bench-{place}", name={"en": "Benchmark"}),
                Feed(id="oai", protocol="oai-pmh", url=url, format="marcxml", delay=0.0),
            )
            for place, url in enumerate(urls)
        ]
        results = take_turns(harvest, feeds)
        if any(result.verdict != "complete" for result in results):
            raise SystemExit(f"a harvest was not complete: {results}")
        return sum(result.counts.stored for result in results)


def measure(harvest: Callable[[list[str]], int], urls: list[str]) -> Spent:
    """In this process, which is a fresh one; what its imports take is no part of the harvest."""
    harvest([])
    began, used = time.perf_counter(), time.process_time()
    records = harvest(urls)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Spent(time.process_time() - used, time.perf_counter() - began, peak, records)


def run_fresh(harvest: Callable[[list[str]], int], urls: list[str]) -> Spent:
    with ProcessPoolExecutor(1, mp_context=_SPAWN) as pool:
        return pool.submit(measure, harvest, urls).result()


def main(size: int) -> None:
    clients = {"requests and lxml": harvest_bare, "ours": harvest_ours, "sickle as it comes": harvest_sickle}
    at_once: dict[str, list[Spent]] = {name: [] for name in clients}
    waiting: dict[str, list[Spent]] = {name: [] for name in clients}
    with run_provider(size) as (quick, slow, other):
        for _ in range(ROUNDS):
            for name, client in clients.items():
                at_once[name].append(run_fresh(client, [quick]))
        for name in ("requests and lxml", "ours"):
            waiting[name] = [run_fresh(clients[name], [slow]) for _ in range(2)]
        single, double = run_fresh(harvest_ours, [slow]), run_fresh(harvest_ours, [slow, other])
    base = min(spent.processor for spent in at_once["requests and lxml"])
    base_wall = min(spent.wall for spent in waiting["requests and lxml"])
    print(f"{size} records, {PAGE} a page")
    for name, all_spent in at_once.items():
        best = min(all_spent, key=lambda spent: spent.processor)
        line = f"{name:20} {best.processor:6.2f} s of processor, x{best.processor / base:.2f}; peak {best.peak:4.0f} MB"
        if waiting[name]:
            wall = min(spent.wall for spent in waiting[name])
            line += f"; {wall:6.2f} s by the clock at {LATENCY * 1000:.0f} ms a page, x{wall / base_wall:.2f}"
        print(f"{line}; {best.records} records")
    print(f"two partners at once: x{2 * single.wall / double.wall:.2f} as fast as one after the other")
    with run_provider(size // 3) as (quick, _slow, _other):
        small = run_fresh(harvest_ours, [quick])
    large = min(spent.peak for spent in at_once["ours"])
    print(f"peak memory of ours: {small.peak:.0f} MB at {size // 3} records, {large:.0f} MB at {size}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30_000)
