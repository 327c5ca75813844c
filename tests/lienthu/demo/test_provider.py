"""The demo's OAI-PMH server keeps to the protocol, asked by a client that nobody here wrote."""

from collections.abc import Iterator

import pytest
import requests
from lxml import etree
from sickle import Sickle
from sickle.oaiexceptions import (
    BadArgument,
    BadResumptionToken,
    CannotDisseminateFormat,
    IdDoesNotExist,
    NoRecordsMatch,
)

from lienthu.demo.library import SETS, count_expected, load_withdrawn
from lienthu.demo.oai_repository import OaiRecord, OaiRepository
from lienthu.demo.provider import answer_request
from lienthu.demo.provincial import NAMESPACES, build_identifier
from lienthu.demo.servers import DemoServers, run_demo_servers

OAI = "{http://www.openarchives.org/OAI/2.0/}"
MARC = "{http://www.loc.gov/MARC21/slim}"
EXPECTED = count_expected("laocai")


@pytest.fixture(scope="module")
def servers() -> Iterator[DemoServers]:
    with run_demo_servers(page_size=40) as running:
        yield running


@pytest.fixture(scope="module")
def sickle(servers: DemoServers) -> Sickle:
    return Sickle(servers.oai_url)


def ask(servers: DemoServers, **arguments: str) -> etree._Element:
    return etree.fromstring(requests.get(servers.oai_url, params=arguments, timeout=10).content)


def test_identify_says_who_it_is_and_keeps_deletions(sickle: Sickle) -> None:
    identity = sickle.Identify()
    assert "dữ liệu mẫu" in identity.repositoryName
    assert identity.deletedRecord == "persistent"
    assert identity.granularity == "YYYY-MM-DDThh:mm:ssZ"
    assert identity.earliestDatestamp == "2026-01-05T01:00:00Z"


def test_formats_and_sets_are_listed(sickle: Sickle) -> None:
    assert {form.metadataPrefix for form in sickle.ListMetadataFormats()} == {"oai_dc", "marcxml"}
    assert {group.setSpec for group in sickle.ListSets()} == set(SETS)


def test_every_record_comes_once_over_all_pages(sickle: Sickle) -> None:
    records = list(sickle.ListRecords(metadataPrefix="marcxml"))
    identifiers = [record.header.identifier for record in records]
    assert len(identifiers) == len(set(identifiers)) == EXPECTED.records + EXPECTED.deleted
    assert sum(record.deleted for record in records) == EXPECTED.deleted


def test_identifiers_and_records_list_the_same(sickle: Sickle) -> None:
    headers = [header.identifier for header in sickle.ListIdentifiers(metadataPrefix="oai_dc")]
    records = [record.header.identifier for record in sickle.ListRecords(metadataPrefix="oai_dc")]
    assert headers == records


def test_deleted_records_have_no_metadata_and_can_be_left_out(sickle: Sickle) -> None:
    withdrawn = {build_identifier(record.id) for record in load_withdrawn()}
    live = {record.header.identifier for record in sickle.ListRecords(metadataPrefix="marcxml", ignore_deleted=True)}
    assert not withdrawn & live
    record = sickle.GetRecord(identifier=min(withdrawn), metadataPrefix="marcxml")
    assert record.deleted
    assert record.xml.find(f"{OAI}metadata") is None


def test_a_set_gives_its_own_records(sickle: Sickle) -> None:
    local = list(sickle.ListRecords(metadataPrefix="marcxml", set="dia_chi"))
    assert 0 < len(local) < EXPECTED.records
    assert all("dia_chi" in record.header.setSpecs for record in local)


def test_pages_say_how_long_the_whole_list_is_and_the_last_token_is_empty(servers: DemoServers) -> None:
    total, cursor = EXPECTED.records + EXPECTED.deleted, 0
    page = ask(servers, verb="ListIdentifiers", metadataPrefix="marcxml")
    while True:
        token = page.find(f".//{OAI}resumptionToken")
        assert token is not None
        assert token.get("completeListSize") == str(total)
        assert token.get("cursor") == str(cursor)
        cursor += len(page.findall(f".//{OAI}header"))
        if not token.text:
            break
        page = ask(servers, verb="ListIdentifiers", resumptionToken=token.text)
    assert cursor == total


def test_two_windows_make_the_whole(sickle: Sickle) -> None:
    def list_window(**dates: str) -> set[str]:
        return {header.identifier for header in sickle.ListIdentifiers(metadataPrefix="marcxml", **dates)}

    early = list_window(until="2026-02-02")
    late = list_window(**{"from": "2026-02-03"})
    assert not early & late
    assert early | late == list_window()
    second = list_window(**{"from": "2026-02-02T03:00:00Z", "until": "2026-02-02T03:00:00Z"})
    assert {build_identifier("TVL140009001"), build_identifier("TVL140009002")} <= second


def test_one_record_is_given_in_marcxml(sickle: Sickle) -> None:
    record = sickle.GetRecord(identifier=build_identifier("TVL140004641"), metadataPrefix="marcxml")
    titles = record.xml.findall(f".//{MARC}datafield[@tag='245']/{MARC}subfield[@code='a']")
    assert [title.text for title in titles] == ['"Đại Thư" sách dùng trong nghi lễ của người Dao Quần Chẹt/']


def test_errors_are_those_of_the_protocol(sickle: Sickle) -> None:
    with pytest.raises(IdDoesNotExist):
        sickle.GetRecord(identifier="oai:localhost:laocai/none", metadataPrefix="marcxml")
    with pytest.raises(CannotDisseminateFormat):
        sickle.ListRecords(metadataPrefix="mods")
    with pytest.raises(NoRecordsMatch):
        sickle.ListRecords(metadataPrefix="marcxml", **{"from": "2031-01-01"})
    with pytest.raises(BadResumptionToken):
        sickle.ListRecords(resumptionToken="made-up")
    with pytest.raises(BadArgument):
        sickle.ListRecords(metadataPrefix="marcxml", **{"from": "yesterday"})


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], "badVerb"),
        ([("verb", "Steal")], "badVerb"),
        ([("verb", "Identify"), ("verb", "Identify")], "badVerb"),
        ([("verb", "Identify"), ("set", "x")], "badArgument"),
        ([("verb", "ListRecords")], "badArgument"),
        ([("verb", "ListRecords"), ("metadataPrefix", "marcxml"), ("resumptionToken", "0!marcxml!!!")], "badArgument"),
        ([("verb", "ListRecords"), ("metadataPrefix", "marcxml"), ("set", "none")], "noRecordsMatch"),
        ([("verb", "ListRecords"), ("resumptionToken", "9999!marcxml!!!")], "badResumptionToken"),
        ([("verb", "ListMetadataFormats"), ("identifier", "b")], "noMetadataFormats"),
        ([("verb", "GetRecord"), ("identifier", "a")], "badArgument"),
    ],
)
def test_a_wrong_request_is_answered_with_the_error_of_its_kind(arguments: list[tuple[str, str]], code: str) -> None:
    records = [OaiRecord("a", "2026-01-01T00:00:00Z", (), {"marcxml": "<m/>"}), OaiRecord("b", "2026-01-02T00:00:00Z")]
    repository = OaiRepository("r", records, sets=SETS, namespaces=NAMESPACES)
    page = etree.fromstring(answer_request(repository, arguments, "http://x/oai").encode())
    error = page.find(f"{OAI}error")
    assert error is not None
    assert error.get("code") == code


def test_what_is_put_and_deleted_while_the_server_runs_is_told() -> None:
    with run_demo_servers() as servers:
        sickle = Sickle(servers.oai_url)
        first = servers.repository.records[0].identifier
        servers.repository.delete(first, "2026-10-01T00:00:00Z")
        servers.repository.put(OaiRecord("oai:new", "2026-10-02T00:00:00Z", (), {"oai_dc": "<x/>", "marcxml": "<x/>"}))
        changed = list(sickle.ListIdentifiers(metadataPrefix="marcxml", **{"from": "2026-09-01"}))
        assert [(header.identifier, header.deleted) for header in changed] == [(first, True), ("oai:new", False)]


def test_the_protocol_may_be_spoken_by_post(servers: DemoServers) -> None:
    answer = requests.post(servers.oai_url, data={"verb": "Identify"}, timeout=10)
    assert b"<Identify>" in answer.content
