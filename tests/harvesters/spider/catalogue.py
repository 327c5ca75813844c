"""A small hand-made web catalogue on loopback, and one run of the spider over it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from harvesters.page import Ending, HarvestContext, Page
from harvesters.spider.harvester import SpiderHarvester
from harvesters.spider.lines import SpiderBounds
from lienthu.harvest_run import HarvestCounts
from lienthu.partner import Feed, Partner
from lienthu.raw_record import RawRecord
from lienthu.store import OpenRun

PARTNER = Partner(id="daihoc", name={"vi": "Thư viện Đại học"})
AGENT = "LienThu/0.1 (+https://lienthu.example)"


def write_page(*links: str, head: str = "", body: str = "") -> str:
    anchors = "".join(f'<a href="{link}">{link}</a>' for link in links)
    return f'<!doctype html><html><head><meta charset="utf-8">{head}</head><body>{anchors}{body}</body></html>'


def write_dublin_core(title: str) -> str:
    return f'<meta name="DC.title" content="{title}"><meta name="DC.creator" content="Nguyễn Du">'


def write_citation(title: str) -> str:
    return f'<meta name="citation_title" content="{title}"><meta name="citation_author" content="Nguyễn Du">'


def write_json_ld(title: str, **more: object) -> str:
    work = {"@context": "https://schema.org", "@type": "Book", "name": title, **more}
    return f'<script type="application/ld+json">{json.dumps(work)}</script>'


COINS = (
    '<span class="Z3988" title="ctx_ver=Z39.88-2004&amp;rft.btitle=Ki%E1%BB%81u&amp;rft.au=Nguy%E1%BB%85n+Du"></span>'
)


class Catalogue:
    """The pages by path; a page is its text, or (status, headers, text). ``asked`` are the requests that came."""

    def __init__(self, pages: dict[str, Any]) -> None:
        self.pages = pages
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.url = ""

    def answer(self, path: str) -> tuple[int, dict[str, str], str]:
        page = self.pages.get(path, (404, {}, ""))
        page = page.pop(0) if isinstance(page, list) else page
        return (200, {}, page) if isinstance(page, str) else page


class Calendar(Catalogue):
    """A trap: each month is a record and leads to the next one, for ever."""

    def answer(self, path: str) -> tuple[int, dict[str, str], str]:
        month = int(path.partition("thang=")[2] or 0)
        return (
            200,
            {},
            write_page(f"/lich?thang={month + 1}", f"/lich?ngay={month}", head=write_dublin_core(str(month))),
        )


@contextmanager
def serve(pages: dict[str, Any]) -> Iterator[Catalogue]:
    catalogue = Catalogue(pages)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            catalogue.asked.append(self.path)
            catalogue.agents.add(self.headers["User-Agent"])
            status, headers, text = catalogue.answer(self.path)
            body = text.encode()
            self.send_response(status)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    catalogue.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield catalogue
    finally:
        server.shutdown()
        server.server_close()


class Crawl:
    """One run, read to its end (or to *limit* pages, as a killed one)."""

    def __init__(
        self,
        url: str,
        *,
        bounds: SpiderBounds | None = None,
        checkpoint: bytes | None = None,
        seen: set[str] | None = None,
        limit: int = 0,
        environment: dict[str, str] | None = None,
        **feed: Any,
    ) -> None:
        one = Feed(**{"id": "web", "protocol": "spider", "url": url, "delay": 0.0, **feed})
        resumed = checkpoint is not None
        counts = HarvestCounts(received=len(seen or ()))
        run = OpenRun(id=1, full=True, resumed=resumed, checkpoint=checkpoint, counts=counts, started="")
        context = HarvestContext(
            home=Path.cwd(),
            agent=AGENT,
            seen=lambda: set(seen or ()),
            environment=environment or {},
            now=lambda: datetime.now(UTC),
        )
        self.pages: list[Page] = []
        self.ended: Ending | None = None
        stream = SpiderHarvester(bounds).pages(one, PARTNER, run, context)
        try:
            while not limit or len(self.pages) < limit:
                self.pages.append(next(stream))
        except StopIteration as stop:
            self.ended = stop.value
        stream.close()

    @property
    def records(self) -> list[RawRecord]:
        return [record for page in self.pages for record in page.records]

    @property
    def ids(self) -> list[str]:
        return sorted(record.source_id for record in self.records)

    @property
    def ending(self) -> Ending:
        assert self.ended is not None
        return self.ended

    def read_payload(self, source_id: str) -> dict[str, Any]:
        payload = next(record.payload for record in self.records if record.source_id == source_id)
        found: dict[str, Any] = json.loads(payload)
        return found
