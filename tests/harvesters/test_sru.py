"""SRU: every record of a result arrives, or the run says what is missing."""

import pytest

from tests.harvesters.desk import Desk
from tests.harvesters.sru_results import DUBLIN_CORE, MODS, UNIMARC, harvest, list_starts, name_records
from tests.servers.oai_server import MARC
from tests.servers.sru_server import Handler, Result


@pytest.mark.parametrize("count", [0, 1, 24, 25, 26, 60])
@pytest.mark.parametrize("states_next", [True, False])
def test_a_result_is_complete_when_as_many_came_as_were_counted(desk: Desk, count: int, states_next: bool) -> None:
    result = Result(name_records(count), states_next=states_next)
    done = harvest(desk, result)
    assert (done.verdict, done.counts.received, done.counts.promised) == ("complete", count, count)
    assert desk.live_ids() == set(result.records)
    assert list_starts(result) == list(range(1, max(count, 1) + 1, 25))


def test_the_query_and_the_manners_are_the_feeds_own(desk: Desk) -> None:
    result = Result(name_records(3))
    harvest(desk, result, query='dc.language = "vie" and dc.title all "lễ cưới"')
    asked = result.requests[0]
    assert asked["query"] == 'dc.language = "vie" and dc.title all "lễ cưới"'
    assert (asked["operation"], asked["version"], asked["recordSchema"]) == ("searchRetrieve", "1.2", "marcxml")


@pytest.mark.parametrize("largest", [1, 7, 10])
def test_a_server_that_sends_less_than_asked_is_followed_by_what_came(desk: Desk, largest: int) -> None:
    result = Result(name_records(30), largest=largest)
    done = harvest(desk, result)
    assert (done.verdict, done.counts.received) == ("complete", 30)
    assert list_starts(result) == list(range(1, 31, largest))


@pytest.mark.parametrize(
    ("feed_format", "served", "template", "kind", "first_id"),
    [
        ("marcxml", "MARC21-xml", MARC.replace("{title}", "x"), "marcxml", "b001"),
        ("", "marcxml", MARC.replace("{title}", "x"), "marcxml", "b001"),
        ("unimarcxchange", "unimarcxchange", UNIMARC, "unimarc", "FRb001"),
        ("dublincore", "oai_dc", DUBLIN_CORE, "oai_dc", "ark:/b001"),
        ("dublincore", "dublincore", DUBLIN_CORE, "oai_dc", "ark:/b001"),
        ("mods", "mods36", MODS, "mods", "b001"),
    ],
)
def test_a_format_is_asked_for_under_the_name_that_the_server_has(
    desk: Desk, feed_format: str, served: str, template: str, kind: str, first_id: str
) -> None:
    result = Result(name_records(3), schemas={served: template}, names_records=kind == "oai_dc")
    done = harvest(desk, result, format=feed_format)
    assert (done.verdict, done.counts.received) == ("complete", 3)
    assert {raw.format for raw in desk.read_all().values()} == {kind}
    assert first_id in desk.live_ids()


@pytest.mark.parametrize("as_surrogates", [True, False])
def test_a_server_without_the_format_is_told_with_what_it_has(desk: Desk, as_surrogates: bool) -> None:
    result = Result(name_records(3), schemas={"picaxml": "<x/>"}, surrogate_schema=as_surrogates)
    done = harvest(desk, result)
    assert (done.verdict, done.counts.received) == ("failed", 0)
    assert "marcxml" in done.message
    assert "picaxml" in done.message


def test_an_older_server_is_asked_in_its_own_version(desk: Desk) -> None:
    result = Result(name_records(30), version="1.1")
    assert harvest(desk, result).verdict == "complete"
    assert [request["version"] for request in result.requests] == ["1.2", "1.1", "1.1"]


def test_a_record_without_an_identifier_has_that_of_its_content(desk: Desk) -> None:
    done = harvest(desk, Result(name_records(3), schemas={"dc": DUBLIN_CORE}), format="dublincore")
    assert done.verdict == "complete"
    assert all("id-missing" in raw.findings and len(raw.source_id) == 32 for raw in desk.read_all().values())


def test_records_packed_as_text_are_unpacked_and_one_that_is_broken_is_mended(desk: Desk) -> None:
    broken = MARC.replace("{title}", "Bút & nghiên {id}").replace("</record>", "&nbsp;</record>")
    done = harvest(desk, Result(name_records(2), schemas={"marcxml": broken}, packs=True))
    assert (done.verdict, done.counts.received) == ("complete", 2)
    raw = desk.read_all()["b001"]
    assert b"B\xc3\xbat &amp; nghi\xc3\xaan b001" in raw.payload
    assert raw.findings == ("record-repaired",)


def test_one_broken_record_costs_only_itself(desk: Desk) -> None:
    def break_one(number: int, query: dict[str, str], body: bytes, handler: Handler) -> bool:
        whole = body.replace("Sách b002".encode(), "Sách & \x02b002".encode())
        handler.send(whole.replace(b'<controlfield tag="001">b003</controlfield>', b"</leader></x>"))
        return True

    done = harvest(desk, Result(name_records(4), fault=break_one))
    assert (done.verdict, done.counts.received) == ("complete", 4)
    assert "record-repaired" in desk.read_all()["b002"].findings
    assert {"b001", "b002", "b004"} <= desk.live_ids()


def test_a_record_that_is_a_diagnostic_is_rejected_by_name(desk: Desk) -> None:
    schemas = {"marcxml": MARC.replace("{title}", "x")}
    result = Result(name_records(3), schemas=schemas)

    def withhold(number: int, query: dict[str, str], body: bytes, handler: Handler) -> bool:
        record = schemas["marcxml"].format(id="b002").encode()
        handler.send(body.replace(record, b"<diagnostic><uri>info:srw/diagnostic/1/68</uri></diagnostic>"))
        return True

    result.fault = withhold
    done = harvest(desk, result)
    assert (done.verdict, done.counts.received, done.counts.rejected) == ("complete", 3, 1)
    assert done.rejections[0].rule == "record-withheld"
    assert "may not send" in done.rejections[0].reason
