"""What no total proves is compared with the list of identifiers: a run that lacks a record is not called complete."""

import re
from collections.abc import Callable

import pytest

from tests.harvesters.desk import Desk
from tests.servers.oai_server import Handler, Library, build_records, serve_library, write_record

Spoil = Callable[[str, Library], str]


def replace_record(page: str, library: Library) -> str:
    """A record of the third page is another one once more: the number is right."""
    return page.replace(write_record(library.records[24]), write_record(library.records[2]))


def leave_record_out(page: str, library: Library) -> str:
    return page.replace(write_record(library.records[24]), "")


def send_page_before(page: str, library: Library) -> str:
    for place in range(20, 30):
        page = page.replace(write_record(library.records[place]), write_record(library.records[place - 10]))
    return page


def end_here(page: str, library: Library) -> str:
    return re.sub(r"(<resumptionToken[^>]*>)[^<]*(</resumptionToken>)", r"\1\2", page)


def end_here_with_less(page: str, library: Library) -> str:
    return end_here(page.replace('completeListSize="60"', 'completeListSize="30"'), library)


def cut_and_close(page: str, library: Library) -> str:
    return page[: page.index(write_record(library.records[25]))] + "<resumptionToken/></ListRecords></OAI-PMH>"


def empty(page: str, library: Library) -> str:
    return re.sub(r"<ListRecords>.*?<resumptionToken", "<ListRecords><resumptionToken", page, flags=re.DOTALL)


def spoil_third_page(library: Library, spoil: Spoil) -> None:
    def fault(number: int, body: bytes, handler: Handler) -> bool:
        page = body.decode()
        if "<ListRecords>" not in page or "cursor='20'" not in page:
            return False
        handler.send(spoil(page, library).encode())
        return True

    library.fault = fault


@pytest.mark.parametrize("states_total", [True, False])
@pytest.mark.parametrize(
    "spoil",
    [replace_record, leave_record_out, send_page_before, end_here, end_here_with_less, cut_and_close, empty],
    ids=lambda spoil: str(spoil.__name__),
)
def test_a_run_that_lacks_a_record_is_not_called_complete(desk: Desk, spoil: Spoil, states_total: bool) -> None:
    library = Library(build_records(60), states_total=states_total)
    spoil_third_page(library, spoil)
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml")
    missing = {record.id for record in library.records} - desk.live_ids()
    assert result.counts.adds_up
    assert not (missing and result.verdict == "complete")
    assert missing or result.verdict == "complete" or spoil is empty  # what can be had by asking in parts is had


def test_the_message_names_what_did_not_come(desk: Desk) -> None:
    library = Library(build_records(60), states_total=False)
    lost = write_record(library.records[24])

    def lose(number: int, body: bytes, handler: Handler) -> bool:
        if lost not in body.decode():
            return False
        handler.send(body.decode().replace(lost, "").encode())
        return True

    library.fault = lose
    with serve_library(library) as server:
        result = desk.harvest(server.url, format="marcxml")
    assert (result.verdict, result.counts.received) == ("incomplete", 59)
    assert library.records[24].id in result.message


def test_where_the_total_proves_it_the_identifiers_are_not_asked_for(desk: Desk) -> None:
    library = Library(build_records(60))
    with serve_library(library) as server:
        assert desk.harvest(server.url, format="marcxml").verdict == "complete"
    assert {query["verb"] for query in library.requests} == {"ListRecords"}


def test_a_server_without_a_list_of_identifiers_is_judged_by_its_own_end(desk: Desk) -> None:
    library = Library(build_records(60), states_total=False)

    def refuse(number: int, body: bytes, handler: Handler) -> bool:
        if "ListIdentifiers" not in handler.path:
            return False
        handler.send(b"<html>no</html>", status=404, kind="text/html")
        return True

    library.fault = refuse
    with serve_library(library) as server:
        assert desk.harvest(server.url, format="marcxml").verdict == "complete"


def test_what_comes_to_be_while_the_run_goes_on_is_not_missing(desk: Desk) -> None:
    library = Library(build_records(20), states_total=False)

    def grow(number: int, body: bytes, handler: Handler) -> bool:
        if "ListIdentifiers" in handler.path and len(library.records) == 20:
            new = build_records(21)[-1]
            new.datestamp = "2999-01-01T00:00:00Z"
            library.records.append(new)
            handler.send(library.answer(library.requests[-1]).encode())
            return True
        return False

    library.fault = grow
    with serve_library(library) as server:
        assert desk.harvest(server.url, format="marcxml").verdict == "complete"
