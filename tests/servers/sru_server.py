"""An SRU server that plays faults on demand: real HTTP on loopback, records in memory, its habits as fields."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from tests.servers.oai_server import MARC, serve


@dataclass
class Result:
    """What a query finds, and how the server tells it. ``schemas`` maps the names that it takes to what it sends,
    with ``{id}``; ``records`` are ids in the order of the result. ``answer`` may be replaced as a whole."""

    records: list[str]
    schemas: dict[str, str] = field(default_factory=lambda: {"marcxml": MARC.replace("{title}", "Sách {id}")})
    count: int | None = None
    states_total: bool = True
    states_next: bool = True
    names_records: bool = False
    largest: int = 1_000
    reach: int = 1_000_000
    clamps: bool = False
    packs: bool = False
    version: str = ""
    surrogate_schema: bool = False
    holes: frozenset[int] = frozenset()
    before_page: Callable[["Result", int], None] = lambda result, start: None
    fault: Callable[[int, dict[str, str], bytes, "Handler"], bool] | None = None
    requests: list[dict[str, str]] = field(default_factory=list)

    def answer(self, query: dict[str, str]) -> str:
        if query.get("operation") == "explain":
            names = "".join(f'<schema name="{name}"/>' for name in self.schemas)
            return f"<explainResponse><record><recordData>{names}</recordData></record></explainResponse>"
        if self.version and query.get("version") != self.version:
            return self.diagnose(5, self.version)
        schema = query.get("recordSchema", "")
        if schema not in self.schemas and not self.surrogate_schema:
            return self.diagnose(66, schema)
        start, most = int(query.get("startRecord", "1")), int(query.get("maximumRecords", "10"))
        self.before_page(self, start)
        if start > self.reach:
            return self.diagnose(61, str(start))
        if self.clamps and start > len(self.records) - most:
            start = max(1, len(self.records) - most + 1)
        ids = self.records[start - 1 : start - 1 + min(most, self.largest)]
        if self.holes & set(range(start, start + len(ids))):
            ids = []
        total = len(self.records) if self.count is None else self.count
        parts = [self.wrap(record_id, schema, start + place) for place, record_id in enumerate(ids)]
        following = start + len(ids)
        return self.frame(
            f"<srw:numberOfRecords>{total}</srw:numberOfRecords>" * self.states_total
            + (f"<srw:records>{''.join(parts)}</srw:records>" if parts else "")
            + f"<srw:nextRecordPosition>{following}</srw:nextRecordPosition>"
            * (self.states_next and following <= total)
        )

    def wrap(self, record_id: str, schema: str, position: int) -> str:
        if schema in self.schemas:
            content = self.schemas[schema].format(id=record_id)
        else:
            content = "<diagnostic><uri>info:srw/diagnostic/1/66</uri></diagnostic>"
        content = escape(content) if self.packs else content
        identifier = f"<srw:recordIdentifier>ark:/{record_id}</srw:recordIdentifier>" * self.names_records
        return (
            f"<srw:record><srw:recordSchema>{schema}</srw:recordSchema><srw:recordData>{content}</srw:recordData>"
            f"{identifier}<srw:recordPosition>{position}</srw:recordPosition></srw:record>"
        )

    def diagnose(self, number: int, details: str = "") -> str:
        return self.frame(
            '<srw:numberOfRecords>0</srw:numberOfRecords><srw:diagnostics><diagnostic xmlns="http://www.loc.gov/zing/'
            f'srw/diagnostic/"><uri>info:srw/diagnostic/1/{number}</uri><details>{details}</details></diagnostic>'
            "</srw:diagnostics>"
        )

    def frame(self, inside: str) -> str:
        return (
            '<?xml version="1.0" encoding="UTF-8"?><srw:searchRetrieveResponse xmlns:srw="http://www.loc.gov/zing/srw/">'
            f"<srw:version>1.1</srw:version>{inside}</srw:searchRetrieveResponse>"
        )


class Handler(BaseHTTPRequestHandler):
    """Remembers what was asked, lets the fault act first, then answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "SruServer"

    def do_GET(self) -> None:
        result = self.server.result
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        result.requests.append(query)
        body = result.answer(query).encode()
        if result.fault is None or not result.fault(len(result.requests), query, body, self):
            self.send(body)

    def send(self, body: bytes, *, status: int = 200, kind: str = "text/xml", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class SruServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, result: Result) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.result = result

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sru"


@contextmanager
def serve_result(result: Result) -> Iterator[str]:
    """The address of a running server."""
    server = SruServer(result)
    with serve(server):
        yield server.url
