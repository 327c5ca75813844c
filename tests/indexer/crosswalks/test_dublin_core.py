"""Dublin Core as repositories and the Libol family send it."""

from indexer.crosswalks import map_record
from lienthu.outcome import Failed, Mapped
from lienthu.record import Record
from tests.indexer.crosswalks.marc_writing import write_raw


def map_elements(*elements: tuple[str, str]) -> Record:
    outcome = map_record(write_raw(write_dc(*elements), "oai_dc"), None)
    assert isinstance(outcome, Mapped), outcome
    return outcome.record


def write_dc(*elements: tuple[str, str]) -> bytes:
    inner = "".join(f"<dc:{name}>{value}</dc:{name}>" for name, value in elements)
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{inner}</oai_dc:dc>'
    ).encode()


def test_libols_title_is_the_whole_of_245() -> None:
    record = map_elements(
        ("title", "Thơ ca dân gian người Dao Tuyển/ Song ngữ Việt-Dao/ Trần Hữu Sơn (chủ biên)"),
        ("publisher", "H.:Đại học Kinh tế Quốc dân,"),
        ("date", "2010"),
        ("type", "no type provided"),
        ("identifier", "TVL120001656"),
    )
    assert record.title.main == "Thơ ca dân gian người Dao Tuyển"
    assert record.title.subtitle == "Song ngữ Việt-Dao"
    assert [(agent.key, agent.roles) for agent in record.agents] == [("trần hữu sơn", ("edt",))]
    assert (record.publication.place_key, record.publication.publisher) == ("hà nội", "Đại học Kinh tế Quốc dân")
    assert record.languages == ("vi",)
    assert record.type == "book"
    assert len(record.holdings) == 1


def test_a_repository_that_repeats_its_dates_means_the_year_alone() -> None:
    record = map_elements(
        ("title", "Luận văn"),
        ("date", "2010-11-30T20:09:05Z"),
        ("date", "2010-11-30T20:09:05Z"),
        ("date", "2012-01-01T00:00:00Z"),
        ("date", "2004"),
        ("date", "info:eu-repo/date/embargoEnd/2030-01-01"),
        ("format", "application/pdf"),
        ("type", "Thesis"),
        ("identifier", "http://repository.example.vn/handle/1/2"),
        ("description", "&lt;p&gt;Tóm &lt;b&gt;tắt&lt;/b&gt;&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("rights", "Cần tài khoản"),
    )
    assert record.publication.year == 2004
    assert record.extent == ""
    assert record.type == "thesis"
    assert record.abstract == "Tóm tắt"
    assert [(copy.url, copy.access) for copy in record.holdings] == [
        ("http://repository.example.vn/handle/1/2", "login")
    ]


def test_garbage_is_no_author() -> None:
    record = map_elements(
        ("title", "X yz"),
        ("creator", "+AA2994AA2967:B3"),
        ("creator", "6th edition"),
        ("creator", "Vật lý: cơ học"),
        ("creator", "x" * 91),
        ("creator", "Nguyễn Du"),
    )
    assert [agent.name for agent in record.agents] == ["Nguyễn Du"]
    assert [finding.rule for finding in record.findings].count("name-impossible") == 4


def test_a_record_without_a_title_fails_by_name() -> None:
    outcome = map_record(write_raw(write_dc(("creator", "Nguyễn Du")), "oai_dc"), None)
    assert isinstance(outcome, Failed)
    assert (outcome.field, outcome.rule) == ("dc:title", "title-missing")


def test_entities_escaped_twice_are_resolved() -> None:
    assert map_elements(("title", "Th&amp;amp;#432; Vi&amp;#7879;n")).title.main == "Thư Viện"


def test_an_entity_bomb_is_refused_in_words() -> None:
    bomb = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><dc><title>&b;</title></dc>'
    outcome = map_record(write_raw(bomb, "oai_dc"), None)
    assert "aaaa" not in repr(outcome)
