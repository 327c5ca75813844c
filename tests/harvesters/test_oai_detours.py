"""One record that a server fails at hides nothing but itself, and a token too many costs nothing."""

import re
from collections.abc import Callable

import pytest

from harvesters.oai_pmh.detour import MOST_FAILING, MOST_FAILURES
from tests.harvesters.desk import Desk
from tests.servers.oai_server import Fault, Handler, Library, build_records, serve_library

FORMAT = {"format": "marcxml"}
EMPTY = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>{token}</ListRecords></OAI-PMH>'
TOKEN = "<resumptionToken>{next}|</resumptionToken>"


def fail(number: int, body: bytes, handler: Handler) -> bool:
    handler.send(b"java.lang.NullPointerException", status=500)
    return True


def break_off(number: int, body: bytes, handler: Handler) -> bool:
    handler.send(body[: len(body) // 2])
    return True


def die(number: int, body: bytes, handler: Handler) -> bool:
    handler.reset()
    return True


def wherever(part: bytes, act: Fault) -> Fault:
    return lambda number, body, handler: part in body and act(number, body, handler)


def read_start(handler: Handler) -> int:
    """Where the page begins that a token asks for; -1 without one."""
    found = re.search(r"resumptionToken=(\d+)", handler.path)
    return int(found[1]) if found else -1


@pytest.mark.parametrize("act", [fail, break_off, die])
@pytest.mark.parametrize("number", [3, 33, 60])
def test_all_but_the_record_that_a_server_fails_at_is_had(desk: Desk, act: Fault, number: int) -> None:
    library = Library(build_records(60), fault=wherever(f"Sách {number}<".encode(), act))
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    bad = library.records[number - 1]
    assert (result.verdict, result.counts.received) == ("incomplete", 59)
    assert desk.live_ids() == {record.id for record in library.records} - {bad.id}
    assert bad.id in result.message
    assert len(library.requests) < 150


@pytest.mark.parametrize("heeds_dates", [True, False])
@pytest.mark.parametrize("at", [b"<metadata>", b"<ListRecords>"])
def test_records_of_one_date_are_asked_for_one_by_one(desk: Desk, at: bytes, heeds_dates: bool) -> None:
    """Where the server fails at the record itself, it is named; where only at the list with it, nothing is missing."""

    def act(number: int, body: bytes, handler: Handler) -> bool:
        return "Sách 33<".encode() in body and at in body and fail(number, body, handler)

    records = build_records(60)
    for record in records:
        record.datestamp = "2024-01-01T00:00:00Z"
    library = Library(records, fault=act, heeds_dates=heeds_dates)
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    missing = {records[32].id} if at == b"<metadata>" else set()
    assert (result.verdict, result.counts.repeated) == ("incomplete" if missing else "complete", 0)
    assert desk.live_ids() == {record.id for record in records} - missing
    assert all(identifier in result.message for identifier in missing)


def test_a_server_that_fails_at_every_token_is_harvested_in_parts(desk: Desk) -> None:
    with serve_library(Library(build_records(60), fault=at_tokens(fail))) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received, len(desk.live_ids())) == ("complete", 60, 60)


def at_tokens(act: Fault) -> Fault:
    return lambda number, body, handler: read_start(handler) >= 0 and act(number, body, handler)


def forbid(number: int, body: bytes, handler: Handler) -> bool:
    handler.send(b"blocked", status=403)
    return True


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_not_asked_for_parts_instead(desk: Desk, status: int) -> None:
    def be_busy(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(b"later", status=status)
        return True

    library = Library(build_records(60), fault=at_tokens(be_busy))
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received) == ("incomplete", 10)
    assert len(library.requests) == 1 + desk.manners.tries


def test_a_firewall_that_takes_offence_at_tokens_is_got_around(desk: Desk) -> None:
    with serve_library(Library(build_records(60), fault=at_tokens(forbid))) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids())) == ("complete", 60)


def test_a_server_that_only_says_who_it_is_is_not_asked_for_ever(desk: Desk) -> None:
    library = Library(build_records(60), fault=wherever(b"<header>", fail))
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received) == ("failed", 0)
    assert len(library.requests) < 2 * MOST_FAILURES * MOST_FAILING


def test_a_list_that_goes_on_behind_an_empty_page_is_asked_for_in_parts(desk: Desk) -> None:
    def send_empty(number: int, body: bytes, handler: Handler) -> bool:
        is_third = read_start(handler) == 30
        if is_third:
            handler.send(EMPTY.format(token="").encode())
        return is_third

    with serve_library(Library(build_records(60), fault=send_empty)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids())) == ("complete", 60)


def test_an_empty_list_is_no_answer_unless_the_server_says_that_nothing_matches(desk: Desk) -> None:
    library = Library(build_records(60))
    with serve_library(library) as server:
        library.fault = lambda number, body, handler: handler.send(EMPTY.format(token="").encode()) is None
        empty = desk.harvest(server.url, **FORMAT)
        library.fault, library.records = None, []
        nothing = desk.harvest(server.url, **FORMAT)
    assert (empty.verdict, nothing.verdict) == ("incomplete", "complete")
    assert "look at set" in nothing.message


def lead_on(handler: Handler, body: bytes, following: int) -> bool:
    handler.send(re.sub(rb"<resumptionToken[^>]*/>", TOKEN.format(next=following).encode(), body))
    return True


def refuse_what_follows(handler: Handler, start: int) -> None:
    handler.send(b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="noRecordsMatch"/></OAI-PMH>')


def send_empty_pages(handler: Handler, start: int) -> None:
    handler.send(EMPTY.format(token=TOKEN.format(next=start + 10)).encode())


def send_last_page_again(handler: Handler, start: int) -> None:
    last = handler.server.library.answer({"verb": "ListRecords", "resumptionToken": "50|"})
    lead_on(handler, last.encode(), start + 10)


@pytest.mark.parametrize("go_on", [refuse_what_follows, send_empty_pages, send_last_page_again])
def test_a_token_behind_the_last_record_costs_one_request(desk: Desk, go_on: Callable[[Handler, int], None]) -> None:
    def act(number: int, body: bytes, handler: Handler) -> bool:
        start = read_start(handler)
        if start == 50:
            return lead_on(handler, body, 60)
        if start >= 60:
            go_on(handler, start)
        return start >= 60

    library = Library(build_records(60), fault=act)
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.stored) == ("complete", 60)
    assert len(library.requests) == 7


def test_a_format_is_found_under_the_name_that_the_server_has(desk: Desk) -> None:
    library = Library(build_records(3), formats=("oai_dc", "MARC21"))
    library.fault = wherever(b"<ListRecords>", refuse_format)
    with serve_library(library) as server:
        found = desk.harvest(server.url, format="marcxml")
        unknown = desk.harvest(server.url, format="mods", full=True)
    assert (found.verdict, found.counts.stored) == ("complete", 3)
    assert unknown.verdict == "failed"
    assert "it has oai_dc, MARC21" in unknown.message


def refuse_format(number: int, body: bytes, handler: Handler) -> bool:
    is_known = any(f"metadataPrefix={prefix}" in handler.path for prefix in handler.server.library.formats)
    if not is_known:
        error = b'<error code="cannotDisseminateFormat">no</error>'
        handler.send(b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">' + error + b"</OAI-PMH>")
    return not is_known


def test_a_token_that_forgets_the_set_brings_nothing_that_was_not_asked_for(desk: Desk) -> None:
    records = build_records(60)
    for number, record in enumerate(records):
        record.sets = ("local", "local:maps") if number % 2 else ("theses",)
    with serve_library(Library(records, make_token=lambda start, arguments: f"{start}|")) as server:
        result = desk.harvest(server.url, set="local", **FORMAT)
    assert (result.verdict, result.counts.promised) == ("complete", 30)
    assert desk.live_ids() == {record.id for record in records if "local" in record.sets}


def test_a_set_that_records_do_not_name_is_taken_at_the_servers_word(desk: Desk) -> None:
    def forget_the_set(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(body.replace(b"<setSpec>openaire</setSpec>", b"<setSpec>journal:ART</setSpec>"))
        return True

    records = build_records(30)
    for record in records:
        record.sets = ("openaire",)
    with serve_library(Library(records, fault=forget_the_set)) as server:
        result = desk.harvest(server.url, set="openaire", **FORMAT)
    assert (result.verdict, result.counts.received) == ("complete", 30)


def test_a_token_that_forgets_the_format_brings_no_record_in_another(desk: Desk) -> None:
    def forget_the_format(number: int, body: bytes, handler: Handler) -> bool:
        is_later = read_start(handler) >= 0
        if is_later:
            handler.send(
                body.replace(b"http://www.loc.gov/MARC21/slim", b"http://www.openarchives.org/OAI/2.0/oai_dc/")
            )
        return is_later

    with serve_library(Library(build_records(60), fault=forget_the_format)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids())) == ("complete", 60)
    assert {raw.format for raw in desk.read_all().values()} == {"marcxml"}


def refuse_arguments(number: int, body: bytes, handler: Handler) -> bool:
    handler.send(b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="badArgument"/></OAI-PMH>')
    return True


@pytest.mark.parametrize("refused", [r"\?(?!.*from=).*until=", r"(from|until)=\d{4}-\d\d-\d\dT"])
def test_parts_are_asked_for_in_words_that_the_server_takes(desk: Desk, refused: str) -> None:
    """One server takes no end without a beginning, another states seconds and takes only days."""

    def act(number: int, body: bytes, handler: Handler) -> bool:
        return bool(re.search(refused, handler.path)) and refuse_arguments(number, body, handler)

    with serve_library(Library(build_records(60), dead_after=2, fault=act)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids())) == ("complete", 60)


def test_a_server_that_does_not_heed_dates_is_found_out_by_two_parts_that_begin_alike(desk: Desk) -> None:
    """All lies within a day: no record is far enough from its part to tell."""
    library = Library(build_records(30, days=1), heeds_dates=False, dead_after=1)
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids())) == ("incomplete", 10)
    assert "10 of 30" in result.message
    assert len(library.requests) < 100
