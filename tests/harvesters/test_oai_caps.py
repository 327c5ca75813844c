"""A list that a server cuts at any number, and its list of identifiers at the same, is noticed; a sound list is not
taken for a cut one, whatever happens meanwhile."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from harvesters.oai_pmh.comparison import halve_window
from harvesters.oai_pmh.windows import Window
from lienthu.harvest_run import HarvestCounts
from lienthu.partner import Feed, Partner
from tests.harvesters.desk import Desk
from tests.servers.oai_server import Handler, Library, ServedRecord, build_records, serve_library

COUNT = 100


def build_library(order: str = "by id", **more: Any) -> Library:
    """A hundred records without a stated total, each with a second of its own, in the server's own order."""
    records = build_records(COUNT)
    shuffled = random.Random(7).sample(range(COUNT), COUNT)
    for record, place in zip(records, shuffled, strict=True):
        record.datestamp = f"2024-{place // 28 + 1:02}-{place % 28 + 1:02}T12:00:{place % 60:02}Z"
    if order == "by date":
        records.sort(key=lambda record: record.datestamp)
    elif order == "newest first":
        records.sort(key=lambda record: record.datestamp, reverse=True)
    elif order == "unsorted":
        random.Random(8).shuffle(records)
    return Library(records, states_total=False, **more)


def list_asked(library: Library, verb: str) -> list[dict[str, str]]:
    return [query for query in library.requests if query["verb"] == verb]


def refuse(library: Library, word: str) -> None:
    """Questions with this argument are wrong."""

    def fault(number: int, body: bytes, handler: Handler) -> bool:
        if word not in library.requests[-1]:
            return False
        handler.send(f'<OAI-PMH><error code="badArgument">{word}</error></OAI-PMH>'.encode())
        return True

    library.fault = fault


@pytest.mark.parametrize("order", ["by id", "by date", "newest first", "unsorted"])
@pytest.mark.parametrize("cap", [7, 37, 51, 83, 99])
def test_what_lies_beyond_a_cap_at_an_odd_number_is_had(desk: Desk, order: str, cap: int) -> None:
    library = build_library(order, cap=cap)
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, result.counts.received, result.counts.repeated) == ("complete", COUNT, 0)
    assert len(desk.live_ids()) == COUNT


@pytest.mark.parametrize("order", ["by id", "by date", "newest first", "unsorted"])
def test_a_capped_page_without_any_token_is_noticed(desk: Desk, order: str) -> None:
    library = build_library(order, cap=37, page_size=200, closing_token=False)
    with serve_library(library) as server:
        assert desk.harvest(server.url, format="marcxml").verdict == "complete"
    assert len(desk.live_ids()) == COUNT


@pytest.mark.parametrize("order", ["by id", "by date"])
def test_a_cap_that_dates_cannot_divide_makes_the_run_incomplete(desk: Desk, order: str) -> None:
    library = build_library(order, cap=37)
    for record in library.records[10:]:
        record.datestamp = "2024-06-01T00:00:00Z"
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml")
    assert result.verdict == "incomplete"
    assert "capped" in result.message


@pytest.mark.parametrize("cap", [3, 11, 37])
@pytest.mark.parametrize("after", [8, 20, 30, 45])
def test_what_moves_beyond_a_cap_while_the_rest_is_fetched_is_had_or_told(desk: Desk, cap: int, after: int) -> None:
    library = build_library(cap=cap)

    def move(number: int, body: bytes, handler: Handler) -> bool:
        if number == after:
            for record in library.records[50:75]:
                record.datestamp = "2025-06-01" + record.datestamp[10:]
        return False

    library.fault = move
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml")
    assert len(library.requests) > after
    assert len(desk.live_ids()) == COUNT or result.verdict == "incomplete"


@pytest.mark.parametrize("granularity", ["YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ"])
def test_days_are_divided_where_the_server_knows_only_days(desk: Desk, granularity: str) -> None:
    library = build_library(cap=37, granularity=granularity)
    for record in library.records:
        record.datestamp = record.datestamp[:10]
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, len(desk.live_ids())) == ("complete", COUNT)
    asked = list_asked(library, "ListIdentifiers")
    assert {len(query[name]) for query in asked for name in ("from", "until") if name in query} == {10}


def test_a_server_that_refuses_seconds_is_compared_by_days(desk: Desk) -> None:
    library = build_library(cap=37)

    def refuse_seconds(number: int, body: bytes, handler: Handler) -> bool:
        query = library.requests[-1]
        if all(len(query.get(name, "")) <= 10 for name in ("from", "until")):
            return False
        handler.send(b'<OAI-PMH><error code="badArgument">days only</error></OAI-PMH>')
        return True

    library.fault = refuse_seconds
    library.granularity = "YYYY-MM-DD"
    with serve_library(library) as server:
        assert desk.harvest(server.url, format="marcxml").verdict == "complete"
    assert len(desk.live_ids()) == COUNT


def test_a_cap_is_noticed_within_a_set(desk: Desk) -> None:
    library = build_library(cap=37)
    for record in library.records:
        record.sets = ("books:old",)
    library.records += [replace(record, id=f"{record.id}/b", sets=("theses",)) for record in library.records]
    with serve_library(library) as server:
        assert desk.harvest(server.url, format="marcxml", set="books:old").verdict == "complete"
    assert desk.live_ids() == {record.id for record in library.records[:COUNT]}


def test_a_cap_among_changes_is_noticed(desk: Desk) -> None:
    library = build_library()
    with serve_library(library) as server:
        assert desk.harvest(server.url, format="marcxml").verdict == "complete"
        # Its clock is behind, so that it is asked for changes since then.
        library.now, library.cap = "2020-01-01T00:00:00Z", 37
        for record in library.records:
            record.xml = record.xml.replace("Sách", "Tập")
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, result.counts.stored) == ("complete", COUNT)


# -- sound servers ------------------------------------------------------------------------------------------------


def test_a_sound_server_is_asked_for_one_page_more_at_most(desk: Desk) -> None:
    library = build_library()
    with serve_library(library) as server:
        assert desk.harvest(server.url, format="marcxml").verdict == "complete"
    assert len(list_asked(library, "ListRecords")) == 10
    assert len(list_asked(library, "ListIdentifiers")) <= 11
    first, second = (query for query in list_asked(library, "ListIdentifiers") if "resumptionToken" not in query)
    assert first["until"] < second["from"]


def test_changes_that_come_in_one_piece_are_compared_by_one_question(desk: Desk) -> None:
    library = build_library()
    with serve_library(library) as server:
        desk.harvest(server.url, format="marcxml")
        library.requests.clear()
        for record in library.records[:3]:
            record.datestamp = f"2999-01-01T00:00:0{record.id[-1]}Z"
        assert desk.harvest(server.url, format="marcxml").verdict == "complete"
    assert [query["verb"] for query in library.requests] == ["Identify", "ListRecords", "ListIdentifiers"]


@pytest.mark.parametrize("word", ["until", "from"])
def test_a_server_that_refuses_dates_is_compared_as_a_whole(desk: Desk, word: str) -> None:
    library = build_library()
    refuse(library, word)
    with serve_library(library) as server:
        assert desk.harvest(server.url, format="marcxml").verdict == "complete"
    assert library.requests[-1]["verb"] == "ListIdentifiers"
    assert sum("resumptionToken" not in query for query in list_asked(library, "ListRecords")) == 1


def test_a_server_that_does_not_heed_dates_is_asked_for_its_identifiers_once(desk: Desk) -> None:
    library = build_library("by date", heeds_dates=False)
    with serve_library(library) as server:
        assert desk.harvest(server.url, format="marcxml").verdict == "complete"
    assert len(list_asked(library, "ListIdentifiers")) == 10


def test_a_server_that_finds_nothing_by_dates_is_compared_as_a_whole(desk: Desk) -> None:
    library = build_library()

    def find_nothing(number: int, body: bytes, handler: Handler) -> bool:
        if not {"from", "until"} & library.requests[-1].keys():
            return False
        handler.send(b'<OAI-PMH><error code="noRecordsMatch">nothing</error></OAI-PMH>')
        return True

    library.fault = find_nothing
    with serve_library(library) as server:
        assert desk.harvest(server.url, format="marcxml").verdict == "complete"
    assert len(list_asked(library, "ListIdentifiers")) == 12


Change = Callable[[Library], None]


def move_forward(library: Library) -> None:
    for record in library.records[:20]:
        record.datestamp = "2999-01-01T00:00:00Z"


def move_back(library: Library) -> None:
    for record in library.records[-20:]:
        record.datestamp = "1999-01-01T00:00:00Z"


def delete_some(library: Library) -> None:
    for record in library.records[::5]:
        record.deleted, record.datestamp = True, "2026-11-20T00:00:00Z"


def take_away(library: Library) -> None:
    del library.records[::5]


def add_new(library: Library) -> None:
    library.records += [replace(record, id=record.id + "x", datestamp="2999-01-01") for record in build_records(20)]


def bring_back(library: Library) -> None:
    for record in library.records:
        record.deleted = False


@pytest.mark.parametrize("change", [move_forward, move_back, delete_some, take_away, add_new, bring_back])
def test_what_changes_between_the_lists_makes_no_run_incomplete(desk: Desk, change: Change) -> None:
    library = build_library()
    for record in library.records[::10]:
        record.deleted = True

    def change_between(number: int, body: bytes, handler: Handler) -> bool:
        if "ListIdentifiers" in handler.path:
            library.fault = None
            change(library)
            handler.send(library.answer(library.requests[-1]).encode())
            return True
        return False

    library.fault = change_between
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, result.message) == ("complete", "")


@pytest.mark.parametrize(
    "stamps",
    [
        ["2024-01-01T00:00:00Z"],
        ["0001-01-01T00:00:00Z", "0001-01-01T00:00:01Z"],
        ["9999-12-31T23:59:59Z", "2024-01-01T00:00:00Z"],
        ["yesterday", "12/11/2024", "2024-01-01 10:00:00"],
        ["2024-01-01T10:00:00+07:00", "2024-01-02", "2024-01-01T00:00:00Z"],
        ["", "2024-01-01T00:00:00Z"],
        [""],
    ],
)
def test_odd_datestamps_make_no_run_incomplete(desk: Desk, stamps: list[str]) -> None:
    library = build_library()
    for place, record in enumerate(library.records):
        record.datestamp = stamps[place % len(stamps)]
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, result.message) == ("complete", "")


def test_datestamps_that_are_not_what_the_server_goes_by_make_no_run_incomplete(desk: Desk) -> None:
    """It filters by the day of change and tells the day of creation."""
    library = build_library()
    told = {record.id: f"20{place % 20 + 10}-05-05T00:00:00Z" for place, record in enumerate(library.records)}

    def tell_other_dates(number: int, body: bytes, handler: Handler) -> bool:
        page = body.decode()
        for record in library.records:
            page = page.replace(
                f"<identifier>{record.id}</identifier><datestamp>{record.datestamp}",
                f"<identifier>{record.id}</identifier><datestamp>{told[record.id]}",
            )
        handler.send(page.encode())
        return True

    library.fault = tell_other_dates
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, result.message) == ("complete", "")


class Killed(BaseException):
    """The process died."""


class Killer:
    """Lets the process die behind every page that is written."""

    def show_page(self, partner: Partner, feed: Feed, counts: HarvestCounts) -> None:
        raise Killed


@pytest.mark.parametrize("cap", [0, 37])
def test_a_run_that_is_killed_behind_every_page_comes_to_the_same(desk: Desk, cap: int) -> None:
    library = build_library(cap=cap)
    for record in library.records[::9]:
        record.xml = ""
    desk.watcher = Killer()
    result = None
    with serve_library(library) as server:
        while result is None:
            with suppress(Killed):
                result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, result.counts.rejected, result.counts.received) == ("complete", 12, COUNT)
    assert result.counts.repeated == 0


def test_rejected_records_of_a_capped_list_are_counted_once(desk: Desk) -> None:
    library = build_library(cap=37)
    for record in library.records[::9]:
        record.xml = ""
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, result.counts.rejected, result.counts.received) == ("complete", 12, COUNT)
    assert result.counts.adds_up


def test_a_server_that_forgets_the_set_when_it_is_asked_by_dates_accuses_nobody(desk: Desk) -> None:
    library = build_library()
    for place, record in enumerate(library.records):
        record.sets = ("books",) if place % 2 else ("theses",)

    def forget_set(number: int, body: bytes, handler: Handler) -> bool:
        query = dict(library.requests[-1])
        if not {"from", "until"} & query.keys():
            return False
        query.pop("set", "")
        handler.send(library.answer(query).encode())
        return True

    library.fault = forget_set
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml", set="books")
    assert (result.verdict, result.counts.received) == ("complete", 50)


@pytest.mark.parametrize(
    ("since", "middle", "halves"),
    [
        ("", "2024-05-05T12:00:00Z", ("2024-05-05T11:59:59Z", "2024-05-05T12:00:00Z")),
        ("", "2024-03-01", ("2024-02-29", "2024-03-01")),
        ("2024-01-01", "2024-03-01T10:00:00Z", ("2024-02-29", "2024-03-01")),
        ("2024-03-01", "2024-03-01T10:00:00Z", None),
        ("", "", None),
        ("", "yesterday", None),
        ("", "0001-01-01", None),
    ],
)
def test_halves_meet_without_overlap_or_gap(since: str, middle: str, halves: tuple[str, str] | None) -> None:
    found = halve_window(Window(since), middle)
    assert found == (halves and (Window(since, halves[0], 1), Window(halves[1], "", 1)))


def test_the_middle_is_behind_something(desk: Desk) -> None:
    for stamps, middle in (
        (["2024-01-01", "2024-01-02", "2024-01-03"], "2024-01-02"),
        (["2024-01-01", "2024-01-01", "2024-01-01", "2024-01-05"], "2024-01-05"),
        (["2024-01-01", "2024-01-05", "2024-01-05", "2024-01-05"], "2024-01-05"),
        (["2024-01-01", "2024-01-01", ""], ""),
        (["", ""], ""),
    ):
        records = [ServedRecord(f"r{place}", f"<a>{stamp}</a>", stamp) for place, stamp in enumerate(stamps)]
        with serve_library(Library(records)) as server:
            desk.harvest(server.url, format="marcxml", full=True)
        run = desk.store.last_run("tlu", "oai")
        assert run is not None
        assert desk.store.middle_datestamp(run.id) == middle
