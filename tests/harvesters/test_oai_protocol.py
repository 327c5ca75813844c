"""What the protocol offers: formats, sets, deletions, changes since a time; and how a partner proves who asks."""

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from harvesters.oai_pmh.identity import unescape_name
from tests.harvesters.desk import Desk
from tests.servers.oai_server import Fault, Handler, Library, build_records, serve_library

OAI_DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Sách</dc:title></oai_dc:dc>'
)


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (("oai_dc", "qdc", "marcxml"), "marcxml"),
        (("oai_dc", "marc21", "oai_marc"), "marc21"),
        (("oai_dc", "rfc1807", "oai_marc"), "oai_marc"),
        (("rfc1807", "oai_dc"), "oai_dc"),
        (("etdms", "dim"), "etdms"),
        ((), "oai_dc"),
    ],
)
def test_the_richest_format_that_is_offered_is_taken(desk: Desk, offered: tuple[str, ...], chosen: str) -> None:
    library = Library(build_records(3), formats=offered)
    with serve_library(library) as server:
        desk.harvest(server.url)
    assert [query.get("metadataPrefix") for query in library.requests if query["verb"] == "ListRecords"] == [chosen]


def test_a_feed_with_a_format_asks_for_nothing_but_its_list(desk: Desk) -> None:
    library = Library(build_records(15))
    with serve_library(library) as server:
        desk.harvest(server.url, format="marcxml", set="")
    assert [query["verb"] for query in library.requests] == ["ListRecords", "ListRecords"]


def test_the_payload_stands_alone_and_says_its_format(desk: Desk) -> None:
    records = build_records(2)
    records[1].xml = OAI_DC
    with serve_library(Library(records)) as server:
        desk.harvest(server.url, format="marc21")
    marc, dublin_core = (desk.read_all()[record.id] for record in records)
    assert (marc.format, dublin_core.format) == ("marcxml", "oai_dc")
    assert etree.fromstring(marc.payload).tag == "{http://www.loc.gov/MARC21/slim}record"
    assert etree.fromstring(dublin_core.payload)[0].text == "Sách"
    assert marc.datestamp == records[0].datestamp


def test_a_payload_keeps_the_namespaces_declared_above_it(desk: Desk) -> None:
    records = build_records(1)
    records[0].xml = "<dc:dc><dc:title>Sách</dc:title></dc:dc>"

    def declare(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(body.replace(b"<OAI-PMH ", b'<OAI-PMH xmlns:dc="urn:dc" '))
        return True

    with serve_library(Library(records, fault=declare)) as server:
        desk.harvest(server.url, format="strange")
    (record,) = desk.read_all().values()
    assert etree.fromstring(record.payload)[0].tag == "{urn:dc}title"
    assert record.format == "strange"


def test_a_second_run_asks_only_for_what_changed_with_an_overlap(desk: Desk) -> None:
    desk.now = lambda: datetime(2026, 11, 20, tzinfo=UTC)
    library = Library(build_records(30))
    with serve_library(library) as server:
        assert desk.harvest(server.url, format="marcxml").verdict == "complete"
        asked = len(library.requests)
        started = datetime.now(UTC)
        library.now = started.strftime("%Y-%m-%dT%H:%M:%SZ")
        desk.now = lambda: datetime.now(UTC)
        library.records[3].xml = library.records[3].xml.replace("Sách", "Sách mới")
        library.records[3].datestamp = library.now
        library.records[4].deleted = True
        library.records[4].datestamp = library.now
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, result.counts.received) == ("complete", 2)
    assert (result.counts.stored, result.counts.deleted) == (1, 1)
    (since,) = {query["from"] for query in library.requests[asked:] if "from" in query}
    hours = (started - datetime.fromisoformat(since)).total_seconds() / 3600
    assert 13.9 < hours < 14.2
    assert desk.read_all()[library.records[4].id].deleted
    assert desk.read_all()[library.records[4].id].payload


def test_a_server_whose_clock_is_behind_loses_no_change(desk: Desk) -> None:
    library = Library(build_records(3))
    with serve_library(library) as server:
        desk.harvest(server.url, format="marcxml")
        library.now = "2020-01-01T00:00:00Z"
        library.records[0].datestamp = "2020-01-01T00:00:00Z"
        desk.harvest(server.url, format="marcxml")
    asked = [query for query in library.requests if query["verb"] == "ListRecords"]
    (since,) = {query["from"] for query in asked if "from" in query}
    assert since < "2020-01-01"


def test_nothing_new_is_a_complete_run(desk: Desk) -> None:
    with serve_library(Library(build_records(3))) as server:
        desk.harvest(server.url, format="marcxml")
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, result.counts.received, result.exit_code) == ("complete", 0, 0)
    assert len(desk.live_ids()) == 3


def test_days_are_sent_to_a_server_that_knows_only_days(desk: Desk) -> None:
    library = Library(build_records(3), granularity="YYYY-MM-DD")
    with serve_library(library) as server:
        desk.harvest(server.url, format="marcxml")
        desk.harvest(server.url, format="marcxml")
    asked = [query for query in library.requests if query["verb"] == "ListRecords"]
    assert [len(query["from"]) for query in asked if "from" in query] == [10]


def test_a_server_that_takes_no_dates_is_asked_for_everything(desk: Desk) -> None:
    library = Library(build_records(3))

    def refuse_dates(number: int, body: bytes, handler: Handler) -> bool:
        if "from" not in library.requests[-1]:
            return False
        handler.send(
            b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="badArgument">from</error></OAI-PMH>'
        )
        return True

    library.fault = refuse_dates
    with serve_library(library) as server:
        desk.harvest(server.url, format="marcxml")
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, result.counts.unchanged) == ("complete", 3)


def test_full_asks_for_everything_again(desk: Desk) -> None:
    library = Library(build_records(3))
    with serve_library(library) as server:
        desk.harvest(server.url, format="marcxml")
        result = desk.harvest(server.url, format="marcxml", full=True)
    asked = [query for query in library.requests if query["verb"] == "ListRecords"]
    assert (result.counts.unchanged, [query for query in asked if "from" in query]) == (3, [])


def test_one_set_is_asked_for_and_unwanted_sets_are_named(desk: Desk) -> None:
    records = build_records(4)
    records[0].sets = ("books", "theses:old")
    records[1].sets = ("books",)
    records[2].sets = ("films",)
    with serve_library(Library(records)) as server:
        result = desk.harvest(server.url, format="marcxml", set="books", exclude_sets=("theses",))
    assert (result.verdict, result.counts.received) == ("complete", 2)
    assert desk.live_ids() == {records[1].id}
    (rejection,) = desk.store.rejections(result.run_id)
    assert (rejection.rule, rejection.source_id) == ("set-excluded", records[0].id)


@pytest.mark.parametrize("identifier", ["TVL120001656", "oai:localhost:DHTL/623", "sách số 1", "a b/c?d&e"])
def test_any_identifier_is_taken_as_it_is(desk: Desk, identifier: str) -> None:
    records = build_records(1)
    records[0].id = identifier
    with serve_library(Library(records)) as server:
        desk.harvest(server.url, format="marcxml")
    assert desk.live_ids() == {identifier}


def test_a_record_without_identifier_is_known_by_its_content(desk: Desk) -> None:
    records = build_records(2)
    records[0].id = ""
    with serve_library(Library(records)) as server:
        result = desk.harvest(server.url, format="marcxml")
    (record,) = [record for record in desk.read_all().values() if "id-missing" in record.findings]
    assert (len(record.source_id), result.verdict) == (32, "complete")


def test_a_name_that_was_escaped_twice_is_readable() -> None:
    assert unescape_name("Th&#432; Vi&#7879;n  S&#7889;") == "Thư Viện Số"


def test_an_error_of_the_protocol_is_passed_on_in_its_own_words(desk: Desk) -> None:
    def refuse(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(
            b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            b'<error code="cannotDisseminateFormat">no foo</error></OAI-PMH>',
            status=422,
        )
        return True

    library = Library(build_records(3), fault=refuse)
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="foo")
    assert (result.verdict, len(library.requests)) == ("failed", 2)
    assert "cannotDisseminateFormat" in result.message
    assert "no foo" in result.message


def test_a_password_comes_from_the_environment_and_stays_with_the_partner(desk: Desk) -> None:
    with serve_library(Library(build_records(1))) as elsewhere:
        library = Library(build_records(1), fault=redirect_to(elsewhere.url))
        with serve_library(library) as server:
            result = desk.harvest(
                server.url, format="marcxml", auth={"basic": "env:FEED"}, environment={"FEED": "reader:mật khẩu"}
            )
    assert result.verdict == "complete"
    sent = library.headers[0]["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent).decode() == "reader:mật khẩu"
    assert "Authorization" not in elsewhere.library.headers[0]
    assert "mật khẩu" not in (desk.home / "logs" / "harvest.log").read_text()


def test_a_secret_that_is_not_set_is_named_and_the_feed_fails(desk: Desk) -> None:
    result = desk.harvest("http://127.0.0.1:9/oai", format="marcxml", auth={"header": "env:LOST"}, environment={})
    assert result.verdict == "failed"
    assert "LOST" in result.message


def redirect_to(url: str) -> Fault:
    def act(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(b"", status=302, Location=url)
        return True

    return act


def test_redirects_are_followed_five_times_and_no_more(desk: Desk) -> None:
    library = Library(build_records(1))
    with serve_library(library) as server:
        library.fault = redirect_to(server.url)
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, len(library.requests)) == ("failed", 6)
    assert "redirect" in result.message


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest", "http://10.0.0.7/oai", "file:///etc/passwd"])
def test_a_redirect_into_our_network_is_refused(desk: Desk, target: str) -> None:
    library = Library(build_records(1), fault=redirect_to(target))
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, len(library.requests)) == ("failed", 1)


def test_who_asks_can_be_found(desk: Desk) -> None:
    library = Library(build_records(1))
    with serve_library(library) as server:
        desk.harvest(server.url, format="marcxml")
    assert library.headers[0]["User-Agent"].startswith("LienThu/0.1")


def test_a_bundle_of_certificates_that_is_not_there_is_named(desk: Desk) -> None:
    result = desk.harvest("https://127.0.0.1:9/oai", format="marcxml", ca_bundle="certificates/ctu.pem")
    assert result.verdict == "failed"
    assert "certificates/ctu.pem" in result.message


def test_each_page_leaves_a_line_in_the_log(desk: Desk) -> None:
    records = build_records(15)
    records[10].id = "oai:x\nforged line"
    with serve_library(Library(records)) as server:
        result = desk.harvest(server.url, format="marcxml")
    lines = Path(desk.home / "logs" / "harvest.log").read_text().splitlines()
    assert len(lines) == 3
    assert f"tlu/oai run={result.run_id} page=1" in lines[0]
    assert records[0].id in lines[0]
    assert "verdict=complete" in lines[2]


def test_a_proxy_that_refuses_is_blamed_and_not_the_library(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_library(Library([])) as web_server:  # it knows no CONNECT, so it refuses
        monkeypatch.setenv("HTTPS_PROXY", web_server.url.removesuffix("/oai"))
        result = desk.harvest("https://library.example/oai")
    assert result.verdict == "failed"
    assert "the proxy on the way to library.example cannot be reached or refuses" in result.message
