"""SRU servers that count, lead or answer wrongly: the run says what is missing."""

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harvesters.sru.diagnostics import read_diagnostic
from harvesters.xml import parse_strictly
from tests.harvesters.desk import Desk
from tests.harvesters.sru_results import harvest, list_starts, name_records
from tests.servers.sru_server import Handler, Result, serve_result


@pytest.mark.parametrize(
    ("habit", "words"),
    [
        ({"count": 60}, "counts 60 records and sends none"),
        ({"count": 60, "clamps": True}, "again and again"),
        ({"reach": 25}, "does not go that far"),
        ({"states_total": False}, "how many"),
        ({"states_total": False, "states_next": False}, "how many"),
        ({"count": 28}, "count is wrong"),
        ({"holes": frozenset({30})}, "position 30"),
    ],
)
def test_a_result_that_is_not_proven_whole_is_incomplete_in_words(
    desk: Desk, habit: dict[str, Any], words: str
) -> None:
    done = harvest(desk, Result(name_records(40), **habit))
    assert done.verdict == "incomplete"
    assert words in done.message


def test_what_lies_around_a_record_that_cannot_be_sent_is_had(desk: Desk) -> None:
    result = Result(name_records(80), holes=frozenset({30}))
    done = harvest(desk, result)
    assert desk.live_ids() == set(result.records) - {"b030"}
    assert list_starts(result)[-1] > 50
    assert "79 of 80" in done.message


def test_a_server_that_counts_and_sends_none_is_asked_for_fewer(desk: Desk) -> None:
    def send_few(number: int, query: dict[str, str], body: bytes, handler: Handler) -> bool:
        if int(query["maximumRecords"]) > 5:
            handler.send(Result([], count=30).answer(query).encode())
            return True
        return False

    done = harvest(desk, Result(name_records(30), fault=send_few))
    assert (done.verdict, done.counts.received) == ("complete", 30)


def test_a_server_that_counts_and_sends_nothing_at_all_fails(desk: Desk) -> None:
    result = Result([], count=11_528)
    done = harvest(desk, result)
    assert (done.verdict, done.counts.received) == ("failed", 0)
    assert "11528" in done.message.replace(",", "")
    assert len(result.requests) <= 9


def test_a_server_that_ignores_where_to_start_is_never_complete(desk: Desk) -> None:
    def begin_again(number: int, query: dict[str, str], body: bytes, handler: Handler) -> bool:
        handler.send(Result(name_records(50)).answer({**query, "startRecord": "1"}).encode())
        return True

    for largest in (1, 25):
        result = Result(name_records(50), fault=begin_again, largest=largest)
        done = harvest(desk, result)
        assert (done.verdict, len(result.requests)) == ("incomplete", 4)


def test_a_list_that_moved_while_it_was_read_is_read_again(desk: Desk) -> None:
    """One record goes after the first page, and all move up: one was never seen, though the numbers agree."""

    def lose_the_first(result: Result, start: int) -> None:
        if start == 26 and "b001" in result.records:
            result.records.remove("b001")

    result = Result(name_records(60), before_page=lose_the_first)
    done = harvest(desk, result)
    assert done.verdict == "complete"
    assert set(result.records) <= desk.live_ids()


def test_a_record_that_came_in_front_is_had_too(desk: Desk) -> None:
    def add(result: Result, start: int) -> None:
        if start == 26 and "a000" not in result.records:
            result.records.insert(0, "a000")

    result = Result(name_records(60), before_page=add)
    done = harvest(desk, result)
    assert (done.verdict, done.counts.repeated) == ("complete", 1)
    assert desk.live_ids() == set(result.records)


def test_a_list_without_any_order_is_never_silently_short(desk: Desk) -> None:
    chance = random.Random(7)

    def shuffle(result: Result, start: int) -> None:
        chance.shuffle(result.records)

    result = Result(name_records(100), before_page=shuffle)
    done = harvest(desk, result)
    assert (done.verdict == "complete") == (desk.live_ids() == set(result.records))
    assert done.verdict == "incomplete"
    assert "order" in done.message


def test_a_record_that_the_partner_has_twice_does_not_stand_in_the_way(desk: Desk) -> None:
    done = harvest(desk, Result([*name_records(40), "b007"]))
    assert (done.verdict, done.counts.received, done.counts.repeated) == ("complete", 41, 1)


def send_html(number: int, query: dict[str, str], body: bytes, handler: Handler) -> bool:
    handler.send(b"<html><body>Maintenance</body></html>", kind="text/html")
    return True


def send_half(number: int, query: dict[str, str], body: bytes, handler: Handler) -> bool:
    handler.send(body[: len(body) // 2])
    return True


def send_busy_diagnostic(number: int, query: dict[str, str], body: bytes, handler: Handler) -> bool:
    handler.send(Result([]).diagnose(2).encode())
    return True


def fail(number: int, query: dict[str, str], body: bytes, handler: Handler) -> bool:
    handler.send(b"broken", status=500)
    return True


Act = Callable[[int, dict[str, str], bytes, Handler], bool]


@pytest.mark.parametrize("act", [send_html, send_half, send_busy_diagnostic, fail])
def test_a_fault_that_passes_costs_nothing_and_one_that_stays_is_told(desk: Desk, act: Act) -> None:
    result = Result(name_records(60), fault=lambda number, *rest: number == 2 and act(number, *rest))
    done = harvest(desk, result)
    assert (done.verdict, done.counts.received, len(result.requests)) == ("complete", 60, 4)
    result = Result(name_records(60), fault=lambda number, *rest: number >= 2 and act(number, *rest))
    done = harvest(desk, result)
    assert (done.verdict, done.counts.received) == ("incomplete", 25)
    assert "25" in done.message


def cut_at(place: int) -> Act:
    def act(number: int, query: dict[str, str], body: bytes, handler: Handler) -> bool:
        handler.send(body[:place])
        return True

    return act


def test_an_answer_cut_at_any_place_is_never_called_complete(desk: Desk) -> None:
    result = Result(name_records(3))
    body = result.answer({"version": "1.2", "recordSchema": "marcxml"}).encode()
    with serve_result(result) as url:
        for place in range(0, len(body) - 1, 97):
            result.fault = cut_at(place)
            done = desk.harvest(url, protocol="sru", query="x", format="marcxml")
            assert done.verdict == "failed", f"cut at byte {place}"


def test_a_server_that_asks_for_a_long_pause_ends_the_run(desk: Desk) -> None:
    def ask_to_wait(number: int, query: dict[str, str], body: bytes, handler: Handler) -> bool:
        if number < 2:
            return False
        handler.send(b"later", status=503, Retry_After="3600")
        return True

    result = Result(name_records(60), fault=ask_to_wait)
    done = harvest(desk, result)
    assert (done.verdict, len(result.requests)) == ("incomplete", 2)
    assert datetime.fromisoformat(done.not_before) > datetime.now(UTC) + timedelta(minutes=50)


def test_a_diagnostic_is_told_in_words_with_the_query(desk: Desk) -> None:
    result = Result([])
    result.answer = lambda query: result.diagnose(16, "dc.lang")  # type: ignore[method-assign]
    done = harvest(desk, result, query="dc.lang = vie")
    assert done.verdict == "failed"
    assert "does not have this index (dc.lang)" in done.message
    assert "dc.lang = vie" in done.message


def test_a_diagnostic_of_the_servers_own_is_told_in_its_own_words() -> None:
    own = "<diagnostic><uri>info:srw/diagnostic/12/9</uri><message>Nicht heute</message></diagnostic>"
    diagnostic = read_diagnostic(parse_strictly(own.encode()))
    assert (diagnostic.number, diagnostic.tell()) == (0, "Nicht heute")


def test_a_run_that_died_goes_on_where_it_stood(desk: Desk) -> None:
    class Died(BaseException):
        pass

    class Killer:
        def show_page(self, *arguments: object) -> None:
            raise Died

    desk.watcher = Killer()
    result = Result(name_records(60))
    with serve_result(result) as url:
        with pytest.raises(Died):
            desk.harvest(url, protocol="sru", query="x", format="marcxml")
        desk.watcher = None
        done = desk.harvest(url, protocol="sru", query="x", format="marcxml")
    assert list_starts(result) == [1, 26, 51]
    assert (done.verdict, done.counts.received, done.counts.repeated) == ("complete", 60, 0)


def test_another_query_takes_away_what_only_the_old_one_found(desk: Desk) -> None:
    result = Result(name_records(10))
    with serve_result(result) as url:
        desk.harvest(url, protocol="sru", query="one", format="marcxml", brake_share=1.0)
        result.records = name_records(5)
        done = desk.harvest(url, protocol="sru", query="two", format="marcxml", brake_share=1.0)
    assert (done.verdict, done.removed) == ("complete", 5)


def count_the_page(number: int, query: dict[str, str], body: bytes, handler: Handler) -> bool:
    here = body.count(b"<srw:record>")
    handler.send(re.sub(rb"(<srw:numberOfRecords>)\d+", rb"\g<1>%d" % here, body))
    return True


def test_a_server_that_counts_only_its_page_is_followed_and_never_believed(desk: Desk) -> None:
    result = Result(name_records(60), fault=count_the_page)
    done = harvest(desk, result)
    assert (done.verdict, len(desk.live_ids())) == ("incomplete", 60)


@pytest.mark.parametrize("beyond", [True, False])
def test_a_server_that_leads_beyond_its_end_is_asked_there_once(desk: Desk, beyond: bool) -> None:
    def lead_on(number: int, query: dict[str, str], body: bytes, handler: Handler) -> bool:
        start = int(query["startRecord"])
        if beyond and start > 50:
            handler.send(handler.server.result.diagnose(6, "startRecord").encode())
        else:
            end = b"<srw:nextRecordPosition>%d</srw:nextRecordPosition></srw:searchRetrieveResponse>"
            body = re.sub(rb"<srw:nextRecordPosition>.*?</srw:nextRecordPosition>", b"", body)
            handler.send(body.replace(b"</srw:searchRetrieveResponse>", end % (start + 25)))
        return True

    result = Result(name_records(50), fault=lead_on)
    done = harvest(desk, result)
    assert (done.verdict, done.counts.received, done.counts.promised) == ("complete", 50, 50)
    assert list_starts(result) == [1, 26, 51]


def test_a_server_that_forgets_its_result_does_not_end_it(desk: Desk) -> None:
    def forget(number: int, query: dict[str, str], body: bytes, handler: Handler) -> bool:
        if number > 1:
            handler.send(handler.server.result.frame("<srw:numberOfRecords>0</srw:numberOfRecords>").encode())
        return number > 1

    done = harvest(desk, Result(name_records(60), fault=forget))
    assert (done.verdict, done.counts.received) == ("incomplete", 25)
    assert "shorter" in done.message


def test_a_query_that_finds_nothing_is_told(desk: Desk) -> None:
    done = harvest(desk, Result([]))
    assert done.verdict == "complete"
    assert "finds nothing" in done.message
