"""An OAI-PMH provider that is not ours: PyPI's pyoai, serving MARCXML. Its own faults are part of the test: it marks no
end of a list, states no totals, and its token parser calls a function that Python no longer has."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

if find_spec("cgi") is None:
    # Python 3.13 has no such module at all, and pyoai imports it.
    sys.modules["cgi"] = ModuleType("cgi")

import oaipmh.common
import oaipmh.error
import oaipmh.metadata
import oaipmh.server
from lxml import etree

from tests.servers.oai_server import serve


@dataclass
class Provided:
    """``xml`` is a MARCXML record; ``datestamp`` is UTC without a zone, as pyoai wants it."""

    id: str
    xml: bytes
    datestamp: datetime
    deleted: bool = False


class Provider:
    """What pyoai asks of a repository that gives lists in batches."""

    def __init__(self, records: list[Provided]) -> None:
        self.records = records

    def identify(self) -> Any:
        return oaipmh.common.Identify(
            repositoryName="Thư viện",
            baseURL="http://127.0.0.1/oai",
            protocolVersion="2.0",
            adminEmails=["a@example.org"],
            earliestDatestamp=datetime(2020, 1, 1),
            deletedRecord="persistent",
            granularity="YYYY-MM-DDThh:mm:ssZ",
            compression=["identity"],
            toolkit_description=False,
        )

    def listMetadataFormats(self, identifier: str | None = None) -> list[tuple[str, str, str]]:
        return [
            ("marcxml", "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd", "http://www.loc.gov/MARC21/slim")
        ]

    def listRecords(
        self,
        metadataPrefix: str,
        set: str | None = None,
        from_: datetime | None = None,
        until: datetime | None = None,
        cursor: int = 0,
        batch_size: int = 10,
    ) -> list[tuple[Any, Any, None]]:
        held = [
            record
            for record in self.records
            if (from_ is None or record.datestamp >= from_) and (until is None or record.datestamp <= until)
        ]
        if not held:
            raise oaipmh.error.NoRecordsMatchError("nothing")
        return [
            (
                oaipmh.common.Header(None, record.id, record.datestamp, [], record.deleted),
                None if record.deleted else etree.fromstring(record.xml),
                None,
            )
            for record in held[cursor : cursor + batch_size]
        ]


class PyoaiServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, records: list[Provided], batch_size: int) -> None:
        super().__init__(("127.0.0.1", 0), PyoaiHandler)
        registry = oaipmh.metadata.MetadataRegistry()
        registry.registerWriter("marcxml", lambda element, metadata: element.append(metadata))
        self.provider = Provider(records)
        self.answering = oaipmh.server.BatchingServer(
            self.provider, metadata_registry=registry, resumption_batch_size=batch_size
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/oai"


class PyoaiHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: PyoaiServer

    def do_GET(self) -> None:
        query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        try:
            status, body = 200, self.server.answering.handleRequest(query)
        except Exception:  # noqa: BLE001 - whatever breaks in pyoai is a broken server to us
            status, body = 500, b"broken"
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def serve_pyoai(records: list[Provided], batch_size: int = 20) -> Iterator[PyoaiServer]:
    server = PyoaiServer(records, batch_size)
    with serve(server):
        yield server
