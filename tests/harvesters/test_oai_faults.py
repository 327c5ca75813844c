"""Whatever a server does wrong, a run that did not get everything is never called complete."""

import gzip
import re
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from harvesters.faults import PassingFault
from harvesters.oai_pmh.response import OaiResponse
from harvesters.session import Manners
from lienthu.errors import HarvestError
from tests.harvesters.desk import Desk
from tests.harvesters.faulty_answers import (
    FORMAT,
    PASSING,
    ask_to_wait,
    cut_at,
    on_request,
)
from tests.servers.oai_server import MARC, Fault, Handler, Library, ServedRecord, build_records, serve_library


@pytest.mark.parametrize("act", [*PASSING, ask_to_wait("0"), ask_to_wait("0", 429), ask_to_wait("soon")])
def test_a_fault_that_passes_costs_nothing(desk: Desk, act: Fault) -> None:
    library = Library(build_records(30), fault=on_request(2, act))
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received, result.counts.promised) == ("complete", 30, 30)
    assert len(library.requests) == 4
    assert len(desk.live_ids()) == 30


@pytest.mark.parametrize("act", PASSING)
def test_a_fault_that_stays_makes_the_run_incomplete_and_keeps_what_came(desk: Desk, act: Fault) -> None:
    with serve_library(Library(build_records(30), fault=on_request(2, act, times=1000))) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received, result.exit_code) == ("incomplete", 10, 3)
    assert "10" in result.message
    assert "30" in result.message


@pytest.mark.parametrize("act", PASSING)
def test_a_server_that_never_answers_rightly_makes_the_run_fail(desk: Desk, act: Fault) -> None:
    with serve_library(Library(build_records(30), fault=on_request(1, act, times=1000))) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received, result.exit_code) == ("failed", 0, 1)
    assert result.message


def test_a_page_cut_at_every_byte_is_never_taken_for_a_whole_one() -> None:
    whole = Library(build_records(30)).answer({"verb": "ListRecords", "resumptionToken": "10|"}).encode().rstrip()
    for place in range(len(whole)):
        with pytest.raises((PassingFault, HarvestError)):
            OaiResponse(None, {"verb": "ListRecords"}, whole[:place]).require_list()


def test_a_page_cut_at_any_place_is_never_called_complete(desk: Desk) -> None:
    library = Library(build_records(30))
    second = library.answer({"verb": "ListRecords", "resumptionToken": "10|"}).encode()
    whole = second.rstrip()
    with serve_library(library) as server:
        for place in range(0, len(whole), 97):
            library.requests.clear()
            library.fault = on_request(2, cut_at(place), times=1000)
            result = desk.harvest(server.url, full=True, **FORMAT)
            assert (result.verdict, result.counts.received) == ("incomplete", 10), f"cut at byte {place}"


def test_a_last_page_cut_at_any_place_without_a_stated_total_is_never_called_complete(desk: Desk) -> None:
    library = Library(build_records(15), states_total=False, closing_token=False)
    whole = library.answer({"verb": "ListRecords", "resumptionToken": "10|"}).encode().rstrip()
    with serve_library(library) as server:
        for place in range(0, len(whole), 97):
            library.requests.clear()
            library.fault = on_request(2, cut_at(place), times=1000)
            result = desk.harvest(server.url, full=True, **FORMAT)
            assert (result.verdict, result.counts.received) == ("incomplete", 10), f"cut at byte {place}"


def test_a_notice_behind_the_end_of_a_page_does_no_harm(desk: Desk) -> None:
    def add_notice(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(body + b"<br />\n<b>Notice</b>: Undefined index in oai.php on line 7<br />")
        return True

    with serve_library(Library(build_records(30), fault=add_notice)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received, result.counts.rejected) == ("complete", 30, 0)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"resumptionToken", b"resumptiontoken"),
        (b"ListRecords>", b"listrecords>"),
        (b"OAI-PMH", b"oai-pmh"),
        (b"xmlns=", b"data-x="),
        (b'encoding="UTF-8"', b'encoding="utf-16"'),
        (b"|</resumptionToken>", b"<!-- a session -->|</resumptionToken>"),
    ],
)
def test_names_and_declarations_that_are_wrong_lose_nothing(desk: Desk, right: bytes, wrong: bytes) -> None:
    def misspell(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(body.replace(right, wrong))
        return True

    with serve_library(Library(build_records(30), states_total=False, fault=misspell)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids())) == ("complete", 30)
    assert "Sách 1<".encode() in (desk.read_all()["oai:localhost:DHTL/1"].payload or b"")


def test_prefixes_that_nobody_declared_lose_nothing(desk: Desk) -> None:
    def prefix(number: int, body: bytes, handler: Handler) -> bool:
        named = re.sub(rb"<(/?)(OAI-PMH|ListRecords|header|identifier|datestamp|metadata|resum)", rb"<\1oai:\2", body)
        named = re.sub(rb"(^|>)<record>", rb"\1<oai:record>", named, flags=re.MULTILINE)
        handler.send(named.replace(b"metadata></record>", b"metadata></oai:record>"))
        return True

    with serve_library(Library(build_records(30), fault=prefix)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received, len(desk.live_ids())) == ("complete", 30, 30)


def test_pages_without_records_are_borne_but_not_for_ever(desk: Desk) -> None:
    def send_empty_page(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(
            b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>'
            b"<resumptionToken>t%d</resumptionToken></ListRecords></OAI-PMH>" % number
        )
        return True

    library = Library(build_records(30), fault=on_request(1, send_empty_page, times=10_000))
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert result.verdict in {"incomplete", "failed"}
    assert len(library.requests) < 2000


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("hours", [1, 27])
def test_a_long_retry_after_ends_the_run_and_nobody_asks_sooner(desk: Desk, form: str, hours: int) -> None:
    moment = datetime.now(UTC) + timedelta(hours=hours)
    value = str(3600 * hours) if form == "seconds" else format_datetime(moment, usegmt=True)
    library = Library(build_records(30), fault=on_request(2, ask_to_wait(value)))
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
        assert result.verdict == "incomplete"
        asked = len(library.requests)
        again = desk.harvest(server.url, **FORMAT)
        assert (again.verdict, len(library.requests)) == ("waiting", asked)
        desk.now = lambda: moment + timedelta(minutes=5)
        assert desk.harvest(server.url, **FORMAT).verdict == "complete"
    assert abs(datetime.fromisoformat(result.not_before) - moment) < timedelta(minutes=1)


def test_a_short_retry_after_is_waited_for(desk: Desk) -> None:
    with serve_library(Library(build_records(30), fault=on_request(2, ask_to_wait("1")))) as server:
        before = datetime.now(UTC)
        result = desk.harvest(server.url, **FORMAT)
    assert result.verdict == "complete"
    assert datetime.now(UTC) - before >= timedelta(seconds=1)


def test_a_server_that_drips_is_not_waited_for(desk: Desk) -> None:
    def drip(number: int, body: bytes, handler: Handler) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        for place in range(40):
            handler.wfile.write(body[place : place + 1])
            time.sleep(0.02)
        handler.reset()
        return True

    desk.manners = Manners(tries=2, backoff=0.001, page=0.3)
    with serve_library(Library(build_records(30), fault=on_request(2, drip, times=1000))) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert result.verdict == "incomplete"
    assert "too long" in result.message


def test_a_gzip_bomb_is_stopped(desk: Desk) -> None:
    bomb = gzip.compress(b" " * (65 * 1024 * 1024))

    def send_bomb(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(bomb, Content_Encoding="gzip")
        return True

    library = Library(build_records(30), fault=on_request(2, send_bomb, times=1000))
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(library.requests)) == ("incomplete", 2)
    assert "64 MB" in result.message


@pytest.mark.parametrize("announced", [True, False])
def test_a_packed_page_is_read_whether_it_says_so_or_not(desk: Desk, announced: bool) -> None:
    def pack(number: int, body: bytes, handler: Handler) -> bool:
        headers = {"Content_Encoding": "gzip"} if announced else {}
        handler.send(gzip.compress(body), **headers)
        return True

    with serve_library(Library(build_records(30), fault=pack)) as server:
        assert desk.harvest(server.url, **FORMAT).verdict == "complete"


def test_a_packing_that_was_not_asked_for_is_named(desk: Desk) -> None:
    def pack(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(b"\x1b\x03\x00packed", Content_Encoding="br")
        return True

    with serve_library(Library(build_records(30), fault=on_request(2, pack, times=1000))) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received) == ("incomplete", 10)
    assert "packed as br" in result.message


@pytest.mark.parametrize(
    ("target", "verdict"), [("/new?key=1", "complete"), ("http://[::1", "failed"), ("file:///etc/hostname", "failed")]
)
def test_a_redirect_keeps_the_question_or_is_refused_in_words(desk: Desk, target: str, verdict: str) -> None:
    def move(number: int, body: bytes, handler: Handler) -> bool:
        is_old = not handler.path.startswith("/new")
        if is_old:
            handler.send(b"", status=302, Location=target)
        return is_old

    with serve_library(Library(build_records(30), fault=move)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert result.verdict == verdict
    assert "address" in result.message or verdict == "complete"


def test_entities_are_never_expanded_and_document_types_refused(desk: Desk) -> None:
    def send_bomb(number: int, body: bytes, handler: Handler) -> bool:
        bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        handler.send(body.replace(b"\n<OAI-PMH", b"\n" + bomb + b"<OAI-PMH", 1).replace("Sách".encode(), b"&f;"))
        return True

    with serve_library(Library(build_records(30), fault=send_bomb)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, desk.read_all()) == ("failed", {})


def test_bad_characters_in_one_record_cost_only_that_record_its_looks(desk: Desk) -> None:
    records = build_records(30)
    records[4].xml = records[4].xml.replace("Sách", "H&nbsp;Mông \x0b A & B < C &#1;")
    records[7] = ServedRecord("oai:broken", '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>x</record>')
    records[8] = ServedRecord("oai:hopeless", "</metadata><<<")
    with serve_library(Library(records)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert result.verdict == "complete"
    assert (result.counts.received, result.counts.rejected, result.counts.promised) == (30, 1, 30)
    (rejection,) = desk.store.rejections(result.run_id)
    assert (rejection.source_id, rejection.rule, rejection.position) == ("oai:hopeless", "record-unreadable", 9)
    stored = desk.read_all()
    mended = {source_id for source_id, raw in stored.items() if raw.findings}
    assert mended == {records[4].id, "oai:broken"}
    assert "H\u00a0Mông  A &amp; B &lt; C".encode() in stored[records[4].id].payload
    assert stored[records[4].id].findings == ("record-repaired",)


def test_tokens_that_die_a_busy_server_and_two_deaths_of_ours_cost_little_and_lose_nothing(desk: Desk) -> None:
    """Tokens die after three pages, 503 comes with a date, and the server begins anew twice."""
    library = Library(build_records(600, days=28), page_size=10, dead_after=4)
    busy: dict[int, datetime] = {}
    arrivals: list[tuple[int, datetime]] = []

    def play(number: int, body: bytes, handler: Handler) -> bool:
        arrivals.append((number, datetime.now(UTC)))
        if number in {20, 50}:
            handler.reset()
            return True
        if number == 30:
            # A date has whole seconds.
            busy[number] = (datetime.now(UTC) + timedelta(seconds=2)).replace(microsecond=0)
            handler.send(b"later", status=503, Retry_After=format_datetime(busy[number], usegmt=True))
            return True
        return False

    library.fault = play
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, desk.live_ids()) == ("complete", {record.id for record in library.records})
    assert next(moment for number, moment in arrivals if number == 31) >= busy[30]
    keys = [tuple(sorted(query.items())) for query in library.requests]
    assert len(keys) - len(set(keys)) <= len(keys) // 10


def test_records_that_cannot_be_kept_are_rejected_by_name(desk: Desk) -> None:
    records = build_records(5)
    records[1].xml = MARC.format(id="big", title="x" * (1024 * 1024))
    records[2].xml = ""
    records[3].id, records[4].id = "x" * 2000, "y" * 2001
    with serve_library(Library(records)) as server:
        result = desk.harvest(server.url, **FORMAT)
    named = {(rejection.source_id, rejection.rule) for rejection in desk.store.rejections(result.run_id)}
    too_large, empty = (records[1].id, "record-too-large"), (records[2].id, "metadata-missing")
    assert named == {too_large, empty, ("y" * 200, "id-too-long")}
    assert (result.verdict, result.counts.stored, result.counts.rejected) == ("complete", 2, 3)
    assert result.counts.adds_up
