"""The sweep: a server that tells of no deletions is asked for all its identifiers, once a week."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harvesters.result import FeedResult
from tests.harvesters.desk import Desk
from tests.servers.oai_server import Fault, Handler, Library, build_records, serve_library

IN_A_WEEK = timedelta(days=8)


def sweep(desk: Desk, library: Library, *, after: timedelta = IN_A_WEEK, **feed: object) -> FeedResult:
    desk.now = lambda: datetime.now(UTC) + after
    library.requests.clear()
    with serve_library(library) as server:
        # The same feed at another port is the same feed: its address is not what this test is about.
        return desk.harvest(server.url, format="marcxml", deletions="sweep", **feed)  # type: ignore[arg-type]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr("harvesters.conclusion.fingerprint_feed", lambda feed: "same")
    monkeypatch.setattr("harvesters.run.fingerprint_feed", lambda feed: "same")
    return Desk(tmp_path)


def count_asked(library: Library, verb: str) -> int:
    return sum(query["verb"] == verb for query in library.requests)


def test_what_the_server_lists_no_more_is_gone_after_a_week_and_not_before(desk: Desk) -> None:
    library = Library(build_records(45))
    sweep(desk, library, after=timedelta(0))
    gone = {library.records.pop().id for _ in range(3)}
    early = sweep(desk, library, after=timedelta(days=2))
    assert (early.verdict, early.removed, count_asked(library, "ListIdentifiers")) == ("complete", 0, 0)
    result = sweep(desk, library)
    assert (result.verdict, result.removed) == ("complete", 3)
    assert count_asked(library, "ListIdentifiers") == 5
    assert gone.isdisjoint(desk.live_ids())
    assert len(desk.live_ids()) == 42


def test_a_sweep_that_would_take_a_third_is_held(desk: Desk) -> None:
    library = Library(build_records(90))
    sweep(desk, library, after=timedelta(0))
    del library.records[60:]
    result = sweep(desk, library)
    assert (result.verdict, len(desk.live_ids())) == ("held", 90)


def test_a_capped_list_of_identifiers_is_asked_for_in_halves(desk: Desk) -> None:
    library = Library(build_records(250), page_size=50)
    sweep(desk, library, after=timedelta(0))
    library.records = library.records[5:]
    library.cap, library.states_total, library.closing_token = 100, False, False
    result = sweep(desk, library)
    assert (result.verdict, result.removed, len(desk.live_ids())) == ("complete", 5, 245)


def play(verb: str, answer: bytes) -> Fault:
    def fault(number: int, body: bytes, handler: Handler) -> bool:
        if f"verb={verb}" not in handler.path:
            return False
        handler.send(answer)
        return True

    return fault


@pytest.mark.parametrize(
    "answer",
    [
        b'<OAI-PMH><error code="badVerb">no</error></OAI-PMH>',
        b"<OAI-PMH><ListIdentifiers><header><identifier>a & b</identifier></header></ListIdentifiers></OAI-PMH>",
        b"<OAI-PMH><ListIdentifiers><header><identifier>a</identifier>",
        b'<OAI-PMH><error code="noRecordsMatch">none</error></OAI-PMH>',
    ],
)
def test_a_list_of_identifiers_that_is_not_whole_takes_nothing(desk: Desk, answer: bytes) -> None:
    library = Library(build_records(15))
    sweep(desk, library, after=timedelta(0))
    library.fault = play("ListIdentifiers", answer)
    library.records.pop()
    result = sweep(desk, library)
    assert (result.removed, len(desk.live_ids())) == (0, 15)
    assert result.message


def test_a_list_without_a_total_is_compared_with_the_list_of_identifiers(tmp_path: Path) -> None:
    library = Library(build_records(35), states_total=False)
    with serve_library(library) as server:
        whole = Desk(tmp_path / "whole").harvest(server.url, format="marcxml")
        assert (whole.verdict, count_asked(library, "ListIdentifiers")) == ("complete", 4)

        def shorten(number: int, body: bytes, handler: Handler) -> bool:
            """The third page says that it is the last one, and is believed by whoever asks no further."""
            if "verb=ListRecords" not in handler.path or "resumptionToken=20" not in handler.path:
                return False
            handler.send(body[: body.find(b"<resumptionToken")] + b"<resumptionToken/></ListRecords></OAI-PMH>")
            return True

        library.fault = shorten
        short = Desk(tmp_path / "short").harvest(server.url, format="marcxml")
    assert (short.verdict, short.counts.received, short.counts.stored) == ("complete", 35, 35)


@pytest.mark.parametrize(
    "answer",
    [
        b'<OAI-PMH><error code="badVerb">no</error></OAI-PMH>',
        b"<html>no</html>",
        b"<OAI-PMH><ListIdentifiers><header><identifier>a & b</identifier></header></ListIdentifiers></OAI-PMH>",
    ],
)
def test_a_server_without_a_list_of_identifiers_is_not_the_worse_for_it(desk: Desk, answer: bytes) -> None:
    library = Library(build_records(35), states_total=False, fault=play("ListIdentifiers", answer))
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, result.counts.received) == ("complete", 35)


@pytest.mark.parametrize("deletions", ["sweep", "snapshot"])
def test_a_list_that_is_cut_unseen_takes_nothing(desk: Desk, deletions: str) -> None:
    """Fewer than the brake holds would vanish, the list ends as it should, and nothing is known of its length."""
    library = Library(build_records(215), states_total=False)
    for record in library.records:
        record.datestamp = "2024-01-01T00:00:00Z"
    sweep(desk, library, after=timedelta(0))
    library.cap = 207
    with serve_library(library) as server:
        desk.now = lambda: datetime.now(UTC) + IN_A_WEEK
        result = desk.harvest(server.url, format="marcxml", deletions=deletions)
    assert (result.verdict, result.removed, len(desk.live_ids())) == ("incomplete", 0, 215)
    assert (
        "leaves out records that the server still has; nothing is taken for gone, not oai:localhost" in result.message
    )
    assert 0 < count_asked(library, "GetRecord") <= 5


def test_what_a_server_still_gives_though_it_is_in_no_list_is_gone_with_the_rest(desk: Desk) -> None:
    library = Library(build_records(45))
    sweep(desk, library, after=timedelta(0))
    library.unlisted = [library.records.pop(7)]
    del library.records[20:23]
    result = sweep(desk, library)
    assert (result.verdict, result.removed) == ("complete", 4)


def test_what_has_left_the_set_is_gone_from_there(desk: Desk) -> None:
    library = Library(build_records(45))
    for record in library.records:
        record.sets = ("books",)
    sweep(desk, library, after=timedelta(0), set="books")
    for record in library.records[:2]:
        record.sets = ("maps",)
    library.records[2].sets = ()
    result = sweep(desk, library, set="books")
    assert (result.verdict, result.removed) == ("complete", 3)
