"""Lists that break: tokens that die, come back or are missing, totals that lie, lists that are capped."""

from xml.sax.saxutils import escape

import pytest

from tests.harvesters.desk import Desk
from tests.harvesters.faulty_answers import FORMAT, on_request
from tests.servers.oai_server import Handler, Library, build_records, serve_library


@pytest.mark.parametrize(
    "code", ["badResumptionToken", "badResumptionToken2", "badResumptionToken<x>OAIIDs", "resumptionTokenExpired", ""]
)
def test_a_token_that_always_dies_is_got_around_by_smaller_windows(desk: Desk, code: str) -> None:
    library = Library(build_records(100), dead_after=1, dead_code=escape(code))
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.message) == ("complete", "")
    assert result.counts.adds_up
    assert result.counts.received - result.counts.repeated == 100
    assert len(desk.live_ids()) == 100


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_token_that_only_an_http_status_refuses_is_got_around_too(desk: Desk, status: int) -> None:
    def refuse(number: int, body: bytes, handler: Handler) -> bool:
        is_dead = b"badResumptionToken" in body
        if is_dead:
            handler.send(b"<html>Session expired</html>", status=status, kind="text/html")
        return is_dead

    with serve_library(Library(build_records(60), dead_after=2, fault=refuse)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids())) == ("complete", 60)


def test_a_token_that_died_once_restarts_the_list_and_counts_repeated_records(desk: Desk) -> None:
    library = Library(build_records(30))

    def kill_token(number: int, body: bytes, handler: Handler) -> bool:
        library.dead_after = 1 if number == 1 else 0
        return False

    library.fault = kill_token
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert result.verdict == "complete"
    assert (result.counts.received, result.counts.repeated, result.counts.stored) == (40, 10, 30)


def test_a_list_that_is_empty_when_it_is_begun_again_is_not_complete(desk: Desk) -> None:
    def find_nothing(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(handler.server.library.answer({"verb": "ListRecords", "from": "9999"}).encode())
        return True

    library = Library(build_records(60), states_total=False, fault=on_request(3, find_nothing, times=1000))
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received) == ("incomplete", 20)
    assert "shorter" in result.message


def test_a_dead_token_that_no_window_helps_against_leaves_the_run_incomplete(desk: Desk) -> None:
    records = build_records(30, days=1)
    for record in records:
        record.datestamp = "2024-01-01T00:00:00Z"
    library = Library(records, dead_after=1)
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert result.verdict == "incomplete"
    assert "of 30" in result.message
    assert "token" in result.message
    # One date is cut out at once, and not come to by halves of halves.
    assert len(library.requests) < 20


def test_a_server_that_ignores_dates_and_kills_tokens_is_not_asked_for_ever(desk: Desk) -> None:
    library = Library(build_records(100), dead_after=1, heeds_dates=False)
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids())) == ("incomplete", 10)
    assert len(library.requests) < 100


@pytest.mark.parametrize("length", [1, 2, 3])
def test_tokens_that_come_back_are_noticed_however_long_the_circle(desk: Desk, length: int) -> None:
    records = build_records(100)
    for record in records:
        record.datestamp = "2024-01-01T00:00:00Z"
    library = Library(records, make_token=lambda start, args: f"{10 * (start // 10 % length + 1)}|{args}")
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert result.verdict == "incomplete"
    assert "circle" in result.message
    assert len(library.requests) < 400
    assert result.counts.adds_up


def test_a_circle_of_tokens_is_got_around_where_dates_allow_it(desk: Desk) -> None:
    library = Library(build_records(60), make_token=lambda start, args: f"10|{args}")
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids())) == ("complete", 60)


def test_a_missing_token_is_noticed_by_the_stated_total(desk: Desk) -> None:
    records = build_records(30)
    for record in records:
        record.datestamp = "2024-01-01T00:00:00Z"

    def drop_token(number: int, body: bytes, handler: Handler) -> bool:
        start = body.find(b"<resumptionToken")
        total = b"<resumptionToken completeListSize='30'/>"
        handler.send(body[:start] + (b"" if number > 1 else total) + b"</ListRecords></OAI-PMH>")
        return True

    with serve_library(Library(records, fault=drop_token)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert result.verdict == "incomplete"
    assert "10 of 30" in result.message


def test_a_missing_token_after_a_full_page_is_doubted_even_without_a_total(desk: Desk) -> None:
    records = build_records(60)
    for record in records:
        record.datestamp = "2024-01-01T00:00:00Z"

    def drop_token(number: int, body: bytes, handler: Handler) -> bool:
        if number != 3:
            return False
        handler.send(body[: body.find(b"<resumptionToken")] + b"</ListRecords></OAI-PMH>")
        return True

    with serve_library(Library(records, states_total=False, fault=drop_token)) as server:
        result = desk.harvest(server.url, **FORMAT)
    # The list is asked for again in halves of its dates, and all of it lies in one half: nothing is lost.
    assert (result.verdict, len(desk.live_ids())) == ("complete", 60)


def test_a_total_that_is_never_reached_makes_the_run_incomplete(desk: Desk) -> None:
    library = Library(build_records(35), lie=7)
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.promised) == ("incomplete", 42)
    assert "35 of 42" in result.message
    assert len(library.requests) == 4


def test_a_total_that_is_too_small_does_no_harm(desk: Desk) -> None:
    with serve_library(Library(build_records(35), lie=-7)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received) == ("complete", 35)


def test_a_full_last_page_without_an_end_mark_is_checked_and_nothing_counts_twice(desk: Desk) -> None:
    library = Library(build_records(40), states_total=False, closing_token=False)
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received, result.counts.stored) == ("complete", 40, 40)
    assert len(library.requests) > 4


def test_a_list_capped_at_a_thousand_is_asked_for_in_windows(desk: Desk) -> None:
    library = Library(build_records(2300), page_size=100, cap=1000, states_total=False)
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids()), result.counts.received) == ("complete", 2300, 2300)


def test_the_first_page_under_ever_new_tokens_is_not_followed_for_ever(desk: Desk) -> None:
    records = build_records(60)
    for record in records:
        record.datestamp = "2024-01-01T00:00:00Z"

    def send_first_page(number: int, body: bytes, handler: Handler) -> bool:
        first = handler.server.library.answer({"verb": "ListRecords"}).encode()
        handler.send(first.replace(b">10|<", b">10|again=%d<" % number))
        return True

    library = Library(records, states_total=False, fault=send_first_page)
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids())) == ("incomplete", 10)
    assert result.counts.adds_up
    assert len(library.requests) < 1000
