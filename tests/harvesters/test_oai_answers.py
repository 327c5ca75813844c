"""Answers that are built in ways that no standard knows: nothing in them is lost, and nothing is taken for an end."""

import gzip
import re
from collections.abc import Callable
from xml.sax.saxutils import escape

import pytest

from tests.harvesters.desk import Desk
from tests.servers.oai_server import Fault, Handler, Library, build_records, serve_library

FORMAT = {"format": "marcxml"}


def rewrite(change: Callable[[bytes], bytes]) -> Fault:
    def act(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(change(body))
        return True

    return act


def send_with(**headers: str) -> Fault:
    def act(number: int, body: bytes, handler: Handler) -> bool:
        handler.send(body, **headers)
        return True

    return act


def add_error(code: str) -> Fault:
    return rewrite(lambda body: body.replace(b"</ListRecords>", b'</ListRecords><error code="%s"/>' % code.encode()))


@pytest.mark.parametrize("code", ["noRecordsMatch", "badArgument"])
def test_records_that_came_with_an_error_are_kept(desk: Desk, code: str) -> None:
    with serve_library(Library(build_records(30), fault=add_error(code))) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids())) == ("complete", 30)


def test_an_error_behind_the_records_is_a_doubt_where_no_total_is_stated(desk: Desk) -> None:
    with serve_library(Library(build_records(7), states_total=False, fault=add_error("internalError"))) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids())) == ("incomplete", 7)
    assert "adds an error" in result.message


def test_an_empty_token_beside_one_that_leads_on_is_no_end(desk: Desk) -> None:
    fault = rewrite(lambda body: body.replace(b"<resumptionToken", b"<resumptionToken/><resumptionToken", 1))
    with serve_library(Library(build_records(30), fault=fault)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received, result.counts.promised) == ("complete", 30, 30)


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="ISO-8859-1"?>'])
@pytest.mark.parametrize("pack", [lambda text: escape(text), lambda text: f"<![CDATA[{text}]]>"])
def test_metadata_that_is_packed_as_text_is_unpacked(desk: Desk, pack: Callable[[str], str], declaration: str) -> None:
    records = build_records(12)
    sent = {record.id: record.xml for record in records}
    for record in records:
        record.xml = pack(declaration + record.xml)
    with serve_library(Library(records)) as server:
        result = desk.harvest(server.url, **FORMAT)
    stored = desk.read_all()
    assert result.verdict == "complete"
    assert {key: (raw.payload or b"").decode() for key, raw in stored.items()} == sent
    assert {raw.findings for raw in stored.values()} == {("record-repaired",)}
    assert {raw.format for raw in stored.values()} == {"marcxml"}


def test_a_payload_that_stands_bare_in_its_record_is_kept(desk: Desk) -> None:
    bare = rewrite(lambda body: re.sub(rb"</?metadata>", b"", body))
    with serve_library(Library(build_records(12), fault=bare)) as server:
        result = desk.harvest(server.url, **FORMAT)
    stored = desk.read_all().values()
    assert (result.verdict, result.counts.stored) == ("complete", 12)
    assert {(raw.format, raw.findings) for raw in stored} == {("marcxml", ("record-repaired",))}


def test_a_list_of_which_next_to_nothing_can_be_kept_is_not_complete(desk: Desk) -> None:
    emptied = rewrite(lambda body: re.sub(rb"<metadata>.*?</metadata>", b"<metadata/>", body))
    library = Library(build_records(30), fault=emptied)
    library.records[7].deleted = True
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.rejected, result.exit_code) == ("incomplete", 29, 3)
    assert "29 of 30" in result.message


def test_a_list_of_which_nothing_is_wanted_is_complete(desk: Desk) -> None:
    records = build_records(12)
    for record in records:
        record.sets = ("thesis",)
    with serve_library(Library(records)) as server:
        result = desk.harvest(server.url, exclude_sets=["thesis"], **FORMAT)
    assert (result.verdict, result.counts.rejected) == ("complete", 12)


def send_twice_packed(number: int, body: bytes, handler: Handler) -> bool:
    handler.send(gzip.compress(gzip.compress(body)), Content_Encoding="gzip")
    return True


def send_by_proxy(number: int, body: bytes, handler: Handler) -> bool:
    handler.send(body, status=203)
    return True


def state_the_length_before_packing(number: int, body: bytes, handler: Handler) -> bool:
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(gzip.compress(body))
    handler.reset()
    return True


def state_too_great_a_length(number: int, body: bytes, handler: Handler) -> bool:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body) + 7))
    handler.end_headers()
    handler.wfile.write(body)
    handler.reset()
    return True


@pytest.mark.parametrize(
    "act",
    [
        send_with(Content_Encoding="deflate"),
        send_twice_packed,
        send_by_proxy,
        state_the_length_before_packing,
        state_too_great_a_length,
    ],
)
def test_what_a_proxy_does_on_the_way_loses_nothing(desk: Desk, act: Fault) -> None:
    with serve_library(Library(build_records(30), fault=act)) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, result.counts.received) == ("complete", 30)


@pytest.mark.parametrize("offered", [("oai_dc", "MARCXML"), ("OAI_DC", "Marc21")])
def test_the_richest_format_is_known_in_any_case(desk: Desk, offered: tuple[str, ...]) -> None:
    library = Library(build_records(3), formats=offered)
    with serve_library(library) as server:
        desk.harvest(server.url)
    assert next(query["metadataPrefix"] for query in library.requests if "metadataPrefix" in query) == offered[1]


def test_a_server_that_says_it_has_nothing_is_asked_for_its_identifiers(desk: Desk) -> None:
    def deny(number: int, body: bytes, handler: Handler) -> bool:
        is_asked = b"<ListRecords>" in body
        if is_asked:
            handler.send(handler.server.library.answer({"verb": "ListRecords", "from": "9999"}).encode())
        return is_asked

    library = Library(build_records(30), fault=deny)
    with serve_library(library) as server:
        denied = desk.harvest(server.url, **FORMAT)
        library.fault, library.records = None, []
        library.requests.clear()
        empty = desk.harvest(server.url, **FORMAT)
    assert (denied.verdict, empty.verdict) == ("incomplete", "complete")
    assert "30 of the list of identifiers did not come" in denied.message
    assert [query["verb"] for query in library.requests] == ["ListRecords", "ListIdentifiers"]


def test_a_list_of_small_full_pages_that_ends_without_a_mark_is_asked_for_again(desk: Desk) -> None:
    def drop_token(number: int, body: bytes, handler: Handler) -> bool:
        if number != 3:
            return False
        handler.send(body[: body.find(b"<resumptionToken")] + b"</ListRecords></OAI-PMH>")
        return True

    library = Library(build_records(40), page_size=5, states_total=False, fault=drop_token)
    with serve_library(library) as server:
        result = desk.harvest(server.url, **FORMAT)
    assert (result.verdict, len(desk.live_ids())) == ("complete", 40)
