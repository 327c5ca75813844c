"""An OAI-PMH server that plays faults on demand: real HTTP on loopback, records in memory, lists in pages.

A fault is a function of the request's number (from 1), the answer's bytes and the handler; it sends something else and
returns True, or returns False and leaves the answer alone.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr

MARC = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
    '<controlfield tag="001">{id}</controlfield><datafield tag="245" ind1="0" ind2="0">'
    '<subfield code="a">{title}</subfield></datafield></record>'
)


@dataclass
class ServedRecord:
    """A record that the server holds; ``xml`` is the child of metadata."""

    id: str
    xml: str
    datestamp: str = "2024-01-01T00:00:00Z"
    sets: tuple[str, ...] = ()
    deleted: bool = False


Fault = Callable[[int, bytes, "Handler"], bool]


@dataclass
class Library:
    """What the server holds and how it behaves. ``requests`` are the query strings that came, parsed; ``unlisted`` is
    given to whoever asks for it by name, and stands in no list."""

    records: list[ServedRecord]
    unlisted: list[ServedRecord] = field(default_factory=list)
    page_size: int = 10
    states_total: bool = True
    lie: int = 0
    granularity: str = "YYYY-MM-DDThh:mm:ssZ"
    formats: tuple[str, ...] = ("oai_dc", "marcxml")
    name: str = "Library"
    cap: int = 0
    dead_after: int = 0
    dead_code: str = "badResumptionToken"
    heeds_dates: bool = True
    closing_token: bool = True
    make_token: Callable[[int, str], str] = lambda start, args: f"{start}|{args}"
    fault: Fault | None = None
    requests: list[dict[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    now: str = "2026-11-20T00:00:00Z"

    def answer(self, query: dict[str, str]) -> str:
        verb = query.get("verb", "")
        if verb == "Identify":
            body = (
                f"<Identify><repositoryName>{escape(self.name)}</repositoryName>"
                f"<strEarliestDatestamp>2001-01-01</strEarliestDatestamp><deletedRecord>persistent</deletedRecord>"
                f"<granularity>{self.granularity}</granularity></Identify>"
            )
        elif verb == "ListMetadataFormats":
            offers = "".join(
                f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix></metadataFormat>" for prefix in self.formats
            )
            body = f"<ListMetadataFormats>{offers}</ListMetadataFormats>"
        elif verb in {"ListRecords", "ListIdentifiers"}:
            body = self._list(query)
        elif verb == "GetRecord":
            found = next((one for one in (*self.records, *self.unlisted) if one.id == query.get("identifier")), None)
            body = f"<GetRecord>{write_record(found)}</GetRecord>" if found else '<error code="idDoesNotExist"/>'
        else:
            body = '<error code="badVerb">no such verb</error>'
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            f"<responseDate>{self.now}</responseDate><request>http://x</request>{body}</OAI-PMH>\n"
        )

    def _list(self, query: dict[str, str]) -> str:
        token = query.get("resumptionToken")
        start, arguments = 0, "&".join(f"{key}={query[key]}" for key in ("from", "until", "set") if key in query)
        if token:
            first, _, arguments = token.partition("|")
            start = int(first)
            if self.dead_after and start >= self.dead_after * self.page_size:
                return f'<error code="{self.dead_code}">expired</error>'
        asked = {key: values[0] for key, values in parse_qs(arguments).items()}
        held = [record for record in self.records if self._fits(record, asked)]
        total = len(held)
        held = held[: self.cap] if self.cap else held
        if not held:
            return '<error code="noRecordsMatch">nothing</error>'
        page, following = held[start : start + self.page_size], start + self.page_size
        size = f" completeListSize={quoteattr(str(total + self.lie))}" if self.states_total else ""
        ending = ""
        if following < len(held):
            text = escape(self.make_token(following, arguments))
            ending = f"<resumptionToken{size} cursor='{start}'>{text}</resumptionToken>"
        elif start and self.closing_token:
            ending = f"<resumptionToken{size} cursor='{start}'/>"
        write = write_header if query["verb"] == "ListIdentifiers" else write_record
        return f"<{query['verb']}>" + "\n".join(map(write, page)) + ending + f"</{query['verb']}>"

    def _fits(self, record: ServedRecord, asked: dict[str, str]) -> bool:
        if "set" in asked and asked["set"] not in record.sets:
            return False
        if not self.heeds_dates:
            return True
        length = 10 if len(asked.get("from", asked.get("until", ""))) == 10 else 20
        stamp = record.datestamp[:length]
        return asked.get("from", "") <= stamp <= asked.get("until", "9999")


def write_record(record: ServedRecord) -> str:
    metadata = "" if record.deleted else f"<metadata>{record.xml}</metadata>"
    return f"<record>{write_header(record)}{metadata}</record>"


def write_header(record: ServedRecord) -> str:
    sets = "".join(f"<setSpec>{spec}</setSpec>" for spec in record.sets)
    status = ' status="deleted"' if record.deleted else ""
    return (
        f"<header{status}><identifier>{escape(record.id)}</identifier>"
        f"<datestamp>{record.datestamp}</datestamp>{sets}</header>"
    )


def build_records(count: int, *, days: int = 28, title: str = "Sách") -> list[ServedRecord]:
    """Numbered records with datestamps spread over the days of January 2024."""
    return [
        ServedRecord(
            f"oai:localhost:DHTL/{number}",
            MARC.format(id=number, title=f"{title} {number}"),
            f"2024-01-{number % days + 1:02}T{number % 24:02}:00:00Z",
        )
        for number in range(1, count + 1)
    ]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "OaiServer"

    def do_GET(self) -> None:
        library = self.server.library
        query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        with self.server.guard:
            library.requests.append(query)
            library.headers.append(dict(self.headers))
            number = len(library.requests)
        body = library.answer(query).encode()
        if library.fault is None or not library.fault(number, body, self):
            self.send(body)

    def send(self, body: bytes, status: int = 200, kind: str = "text/xml", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        """Ends the connection without an answer."""
        self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class OaiServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, library: Library) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.library = library
        self.guard = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/oai"


@contextmanager
def serve(server: ThreadingHTTPServer) -> Iterator[ThreadingHTTPServer]:
    """Runs a server in a thread until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def serve_library(library: Library) -> Iterator[OaiServer]:
    server = OaiServer(library)
    with serve(server):
        yield server
