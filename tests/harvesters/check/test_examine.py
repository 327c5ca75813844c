"""What is given tells itself what it is: a file, a folder, an SRU server, a page; each is examined by its own rules."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from lienthu.errors import SettingsError
from lienthu.examination import Examination
from tests.harvesters.check.sound_library import look_at
from tests.indexer.crosswalks.marc_writing import write_iso2709
from tests.servers.oai_server import MARC, serve

SOUND = write_iso2709("001 1\n245 ## $aDế mèn phiêu lưu ký")
EXPLAIN = (
    '<explainResponse xmlns="http://www.loc.gov/zing/srw/"><version>1.2</version><record><recordData><explain>'
    "<databaseInfo><title>Thư viện SRU</title></databaseInfo><schemaInfo>{schemas}</schemaInfo>"
    "</explain></recordData></record></explainResponse>"
)


def list_rules(examination: Examination) -> set[str]:
    return {fault.rule for fault in examination.faults}


def describe_page(title: str) -> str:
    work = json.dumps({"@context": "https://schema.org", "@type": "Book", "name": title, "author": "Tô Hoài"})
    return f'<html><head><script type="application/ld+json">{work}</script></head><body><h1>{title}</h1></body></html>'


class Catalogue(BaseHTTPRequestHandler):
    """Pages by path; a path that ends in ``/sru`` answers as ``sru`` does."""

    pages: dict[str, str]
    schemas = "marcxml"
    total: int | None = 25
    heeds_start = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if parts.path == "/sru" and query.get("operation"):
            self._send(self._answer_sru(query), "text/xml")
        elif parts.path in self.pages:
            self._send(self.pages[parts.path], "text/plain" if parts.path == "/robots.txt" else "text/html")
        else:
            self.send_error(404)

    def _answer_sru(self, query: dict[str, str]) -> str:
        if query["operation"] == "explain":
            return EXPLAIN.format(schemas="".join(f'<schema name="{name}"/>' for name in self.schemas.split()))
        start = int(query["startRecord"]) if self.heeds_start else 1
        numbers = range(start, min(start + int(query["maximumRecords"]), 26))
        held = (MARC.format(id=number, title="Sách") for number in numbers)
        schema = "<recordSchema>marcxml</recordSchema>"
        records = "".join(f"<record>{schema}<recordData>{one}</recordData></record>" for one in held)
        total = "" if self.total is None else f"<numberOfRecords>{self.total}</numberOfRecords>"
        answer = f"{total}<records>{records}</records>"
        return f'<searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/">{answer}</searchRetrieveResponse>'

    def _send(self, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def serve_catalogue(**traits: object) -> Iterator[str]:
    handler = type("Served", (Catalogue,), {"pages": {}, **traits})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with serve(server):
        yield f"http://127.0.0.1:{server.server_address[1]}"


@pytest.mark.parametrize("packed", [False, True])
def test_a_sound_file_has_no_fault(tmp_path: Path, packed: bool) -> None:
    file = tmp_path / "sách [1].mrc"
    file.write_bytes(gzip.compress(SOUND * 3) if packed else SOUND * 3)
    examination, records = look_at(str(file))
    assert (examination.kind, list_rules(examination), len(records)) == ("file", set(), 3)


def test_every_file_of_a_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.mrc").write_bytes(SOUND)
    (tmp_path / "b.csv").write_text("Nhan đề,Tác giả\nTruyện Kiều,Nguyễn Du\n", encoding="utf-8")
    examination, records = look_at(str(tmp_path))
    assert [record.format for record in records] == ["marc21", "row"]
    assert list_rules(examination) == set()


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (SOUND + SOUND[:40], "file-unreadable"),
        (b"Nhan \xc4\x91\xe1\xbb\x81,ISBN\n,123\nKi\xe1\xbb\x81u,1\n", "file-rejected"),
        (b"# about\n\nno list of books\n", "file-unreadable"),
        (b"", "file-unreadable"),
    ],
)
def test_a_damaged_file_is_named_with_its_reason(tmp_path: Path, content: bytes, rule: str) -> None:
    (tmp_path / "list.dat").write_bytes(content)
    examination, _records = look_at(str(tmp_path / "list.dat"))
    (fault,) = [fault for fault in examination.faults if fault.rule == rule]
    assert fault.found


def test_every_bad_row_is_named(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "ISBN,Nhan đề\n1,Kiều\n" + "".join(f"{n},\n" for n in range(60)), encoding="utf-8"
    )
    examination, records = look_at(str(tmp_path / "list.csv"))
    (fault,) = examination.faults
    assert (len(records), fault.times, len(fault.others)) == (1, 60, 49)
    assert "row 3, column B" in fault.found
    assert "row 52, column B" in fault.others[-1]


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(SettingsError, match="There is no file"):
        look_at("not-there.mrc")


def test_a_sound_sru_server_has_no_fault() -> None:
    with serve_catalogue() as address:
        examination, records = look_at(f"{address}/sru", query="sach")
    assert (examination.kind, list_rules(examination), len(records)) == ("sru", set(), 20)


@pytest.mark.parametrize(
    ("traits", "rule"),
    [
        ({"schemas": "dc"}, "sru-schema-missing"),
        ({"total": None}, "sru-total-missing"),
        ({"heeds_start": False}, "sru-start-ignored"),
    ],
)
def test_a_fault_of_an_sru_server_is_named(traits: dict[str, object], rule: str) -> None:
    with serve_catalogue(**traits) as address:
        examination, _records = look_at(f"{address}/sru", query="sach")
    assert rule in list_rules(examination)


def test_the_page_of_an_error_is_no_page_of_a_catalogue() -> None:
    with serve_catalogue(pages={"/": describe_page("Kiều")}) as address:
        examination, _records = look_at(f"{address}/gone")
    (fault,) = examination.faults
    assert (fault.rule, examination.reached) == ("not-reached", False)
    assert "HTTP 404" in fault.found


def test_the_pages_that_a_page_links_to_are_looked_at() -> None:
    pages = {
        "/": '<html><a href="/book/1">1</a><a href="/book/2">2</a><a href="/about">x</a></html>',
        "/book/1": describe_page("Dế mèn"),
        "/book/2": describe_page("Kiều"),
    }
    with serve_catalogue(pages=pages) as address:
        examination, records = look_at(f"{address}/")
    assert (examination.kind, list_rules(examination), len(records)) == ("page", set(), 2)


@pytest.mark.parametrize(
    ("pages", "rule"),
    [
        ({"/": "<html><p>Chào</p></html>"}, "page-without-metadata"),
        ({"/": describe_page("Kiều"), "/robots.txt": "User-agent: *\nDisallow: /\n"}, "robots-forbid"),
        ({"/": '<html><script type="application/ld+json">{broken</script></html>'}, "json-ld-broken"),
    ],
)
def test_a_fault_of_a_page_is_named(pages: dict[str, str], rule: str) -> None:
    with serve_catalogue(pages=pages) as address:
        examination, _records = look_at(f"{address}/")
    assert rule in list_rules(examination)
