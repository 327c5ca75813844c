"""The demo's two HTTP servers, on loopback at free ports: an OAI-PMH provider and a web catalogue."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from lienthu.demo.oai_repository import OaiRepository
from lienthu.demo.provider import answer_request
from lienthu.demo.provincial import build_provincial_repository
from lienthu.demo.web_catalogue import Page, answer_page

OAI_PATH = "/oai"
_FORM_LIMIT = 64 * 1024
Answer = Callable[[str, Sequence[tuple[str, str]], str], Page]
"""Path, arguments and the server's own address to the page to send."""


class DemoServers(NamedTuple):
    """Where the two servers listen. ``repository`` may be changed while they run; ``visited`` are the last addresses
    (path and query) asked of the web catalogue."""

    oai_url: str
    catalogue_url: str
    repository: OaiRepository
    visited: deque[str]


@contextmanager
def run_demo_servers(page_size: int = 50) -> Iterator[DemoServers]:
    """Both servers, until the block ends. *page_size* is the number of records in an OAI-PMH list page."""
    repository = build_provincial_repository(page_size)
    visited: deque[str] = deque(maxlen=1000)

    def answer_oai(path: str, arguments: Sequence[tuple[str, str]], site: str) -> Page:
        if path != OAI_PATH:
            return Page(404, "text/plain; charset=utf-8", "OAI-PMH: /oai\n")
        return Page(200, "text/xml; charset=utf-8", answer_request(repository, arguments, site + OAI_PATH))

    def answer_catalogue(path: str, arguments: Sequence[tuple[str, str]], site: str) -> Page:
        visited.append(path + "".join(f"?{name}={value}" for name, value in arguments))
        return answer_page(path, dict(arguments), site)

    with run_server(answer_oai) as oai_site, run_server(answer_catalogue) as catalogue_site:
        yield DemoServers(oai_site + OAI_PATH, catalogue_site + "/", repository, visited)


@contextmanager
def run_server(answer: Answer) -> Iterator[str]:
    """One server in its own thread; gives its address, without a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _build_handler(answer))
    server.daemon_threads = True
    server.block_on_close = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _build_handler(answer: Answer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm: ClassVar[bool] = True  # else every answer on a kept connection waits 40 ms
        timeout = 30

        def do_GET(self) -> None:
            self._send(urlsplit(self.path).query)

        def do_HEAD(self) -> None:
            self._send(urlsplit(self.path).query)

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "0")
            if not length.isdigit() or int(length) > _FORM_LIMIT:
                self.send_error(413)
                return
            self._send(self.rfile.read(int(length)).decode("utf-8", "replace"))

        def _send(self, query: str) -> None:
            site = f"http://127.0.0.1:{self.connection.getsockname()[1]}"
            page = answer(urlsplit(self.path).path, parse_qsl(query, keep_blank_values=True), site)
            body = page.text.encode()
            self.send_response(page.status)
            self.send_header("Content-Type", page.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: the demo's terminal belongs to the catalogue."""

    return Handler
