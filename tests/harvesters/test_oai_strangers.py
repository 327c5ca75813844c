"""Servers and records that nobody here wrote: pyoai and Catmandu serving real MARC, and the scripted harvests of
another client."""

import json
import os
import re
import warnings
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pymarc
import pytest
from lxml import etree

from harvesters.faults import PassingFault
from harvesters.oai_pmh.listing import classify_code
from harvesters.oai_pmh.response import OaiResponse
from tests.harvesters.desk import Desk
from tests.servers.catmandu import Catmandu, CatmanduMissing
from tests.servers.oai_server import serve

pytestmark = pytest.mark.shared


@pytest.fixture
def marc(shared_data: Path) -> list[pymarc.Record]:
    """Two hundred records, each with a 001 of its own."""
    with (shared_data / "marc" / "uva_001-200.mrc").open("rb") as file:
        records = [record for record in pymarc.MARCReader(file, to_unicode=True) if record is not None]
    assert len(records) == 200
    return records


@pytest.fixture
def provided(marc: list[pymarc.Record]) -> list["Provided"]:
    return [
        Provided(
            f"oai:localhost:{number}",
            pymarc.record_to_xml(record, namespace=True),
            datetime(2024, 1, number % 28 + 1, 12),
        )
        for number, record in enumerate(marc, start=1)
    ]


with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from tests.servers.pyoai_server import Provided, serve_pyoai


@pytest.fixture
def mended_pyoai(monkeypatch: pytest.MonkeyPatch) -> None:
    import oaipmh.server

    monkeypatch.setattr(oaipmh.server.cgi, "parse_qs", parse_qs, raising=False)


@pytest.mark.usefixtures("mended_pyoai")
@pytest.mark.parametrize("batch_size", [20, 30, 500])
def test_pyoai_is_harvested_wholly_then_by_changes_with_deletions(
    desk: Desk, provided: list[Provided], batch_size: int
) -> None:
    with serve_pyoai(provided, batch_size) as server:
        whole = desk.harvest(server.url)
        assert (whole.verdict, whole.counts.received, whole.counts.stored) == ("complete", 200, 200)
        assert desk.live_ids() == {record.id for record in provided}
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        for record in provided[:3]:
            record.deleted, record.datestamp = True, now
        for record in provided[3:8]:
            record.xml, record.datestamp = record.xml.replace(b">a<", b">b<").replace(b"</record>", b" </record>"), now
        changes = desk.harvest(server.url)
    assert (changes.verdict, changes.counts.received, changes.counts.deleted) == ("complete", 8, 3)
    assert desk.live_ids() == {record.id for record in provided[3:]}
    assert {raw.format for raw in desk.read_all().values()} == {"marcxml"}


def test_pyoai_as_it_is_fails_at_every_token_and_is_harvested_in_parts_that_need_none(
    desk: Desk, provided: list[Provided]
) -> None:
    with serve_pyoai(provided) as server:
        result = desk.harvest(server.url)
    assert (result.verdict, result.counts.received) == ("complete", 200)
    assert desk.live_ids() == {record.id for record in provided}


@pytest.fixture
def catmandu(tmp_path: Path, marc: list[pymarc.Record]) -> Catmandu:
    folder = tmp_path / "catmandu"
    folder.mkdir()
    for record in marc:
        record.leader = f"{str(record.leader)[:9]}a{str(record.leader)[10:]}"  # type: ignore[assignment]
    try:
        return Catmandu(folder, b"".join(record.as_marc() for record in marc))
    except CatmanduMissing as error:
        if os.environ.get("LIENTHU_REQUIRE_ALL") == "1":
            pytest.fail(str(error))
        pytest.skip(str(error))


def test_catmandu_is_harvested_wholly_then_by_changes_with_deletions(
    desk: Desk, catmandu: Catmandu, marc: list[pymarc.Record]
) -> None:
    ids = [record["001"].value().strip() for record in marc]
    with catmandu.serve() as url:
        whole = desk.harvest(url)
        assert (whole.verdict, whole.counts.received, whole.counts.promised) == ("complete", 200, 200)
        assert desk.live_ids() == {f"oai:catmandu:{one}" for one in ids}
        now = f"{datetime.now(UTC) - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
        gone: dict[str, dict[str, str | bool]] = {one: {"datestamp": now, "deleted": True} for one in ids[:3]}
        catmandu.change(gone | {one: {"datestamp": now, "title": "Đường Kách mệnh"} for one in ids[3:8]})
        changes = desk.harvest(url)
    assert (changes.verdict, changes.counts.received, changes.counts.deleted) == ("complete", 8, 3)
    assert desk.live_ids() == {f"oai:catmandu:{one}" for one in ids[3:]}
    stored = desk.read_all()
    assert {raw.format for raw in stored.values()} == {"marcxml"}
    changed = {key for key, raw in stored.items() if "Đường Kách mệnh".encode() in (raw.payload or b"")}
    assert changed == {f"oai:catmandu:{one}" for one in ids[3:8]}


class Script(BaseHTTPRequestHandler):
    """Answers the scripted addresses and no other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    answers: dict[str, bytes]

    def do_GET(self) -> None:
        body = self.answers.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.mark.parametrize("case", ["01", "03", "04", "05", "06", "07"])
def test_the_scripted_harvests_of_another_client_are_received_wholly(desk: Desk, shared_data: Path, case: str) -> None:
    folder = shared_data / "oai" / "natlibfi-oai-client" / case
    script = json.loads((folder / "metadata.json").read_text())
    pages = [folder / f"response{number:02}.xml" for number in range(1, len(script["requests"]) + 1)]
    answers = {request["url"]: page.read_bytes() for request, page in zip(script["requests"], pages, strict=True)}
    handler = type("Case", (Script,), {"answers": answers})
    with serve(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as server:
        result = desk.harvest(f"http://127.0.0.1:{server.server_address[1]}/", format="foo")
    if "error" in script:
        assert result.verdict == "failed"
        assert script["error"]["code"] in result.message
        return
    headers = [header for page in pages for header in etree.parse(page).iterfind(".//{*}header")]
    deleted = sum(header.get("status") == "deleted" for header in headers)
    assert (result.verdict, result.counts.received, result.counts.deleted) == ("complete", len(headers), deleted)
    assert result.counts.adds_up
    assert result.counts.rejected == 0


def read_page(body: bytes, verb: str = "ListRecords") -> OaiResponse:
    return OaiResponse(None, {"verb": verb}, body)


def test_captured_pages_of_real_servers_are_read_wholly_or_refused(shared_data: Path) -> None:
    pages = [path for path in (shared_data / "oai").rglob("*.xml") if b"<ListRecords" in path.read_bytes()]
    assert len(pages) > 10
    for path in pages:
        body = path.read_bytes()
        page = read_page(body)
        assert len(list(page.read_entries())) == len(re.findall(rb"<(?:\w+:)?header\b", body)), path.name
        assert all(entry.readable for entry in page.read_entries()), path.name


def test_captured_errors_are_told_by_their_code(shared_data: Path) -> None:
    found = set()
    for path in (shared_data / "oai" / "sickle").glob("*.xml"):
        try:
            page = read_page(path.read_bytes())
        except PassingFault:
            continue
        if page.error is not None:
            found.add(classify_code(page.error[0]))
    assert {"badResumptionToken", "noRecordsMatch", "badArgument", "cannotDisseminateFormat"} <= found
