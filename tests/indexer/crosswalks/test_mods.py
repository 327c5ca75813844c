"""MODS 3: the smallest records, and all the real ones."""

from pathlib import Path

import pytest

from indexer.crosswalks import map_record
from lienthu.outcome import Failed, Mapped
from lienthu.record import Record
from tests.indexer.crosswalks.marc_writing import write_raw

BOOK = """<titleInfo><nonSort>The</nonSort><title>hill peoples</title><subTitle>a history</subTitle>
<partNumber>Vol 2</partNumber></titleInfo><titleInfo type="alternative"><title>Highlanders</title></titleInfo>
<name type="personal"><namePart type="family">Davis</namePart><namePart type="given">Bradley</namePart>
<namePart type="date">1976-</namePart><role><roleTerm type="code">edt</roleTerm></role></name>
<typeOfResource>text</typeOfResource><originInfo><place><placeTerm type="code">wau</placeTerm></place>
<place><placeTerm type="text">Seattle</placeTerm></place><publisher>UWP</publisher>
<dateIssued>2017</dateIssued></originInfo>
<language><languageTerm type="code">eng</languageTerm><languageTerm type="text">English</languageTerm></language>
<physicalDescription><extent>262 p.</extent></physicalDescription><abstract>Of the uplands.</abstract>
<subject authority="lcsh"><geographic>Vietnam</geographic><topic>History</topic></subject>
<classification authority="ddc">959.7</classification><identifier type="isbn">9780295741598</identifier>
<location><shelfLocator>959.7 DAV</shelfLocator></location>
<relatedItem type="series"><titleInfo><title>Critical dialogues</title></titleInfo></relatedItem>"""


def write_mods(inside: str) -> bytes:
    return f'<mods xmlns="http://www.loc.gov/mods/v3">{inside}</mods>'.encode()


def map_mods(inside: str) -> Record:
    outcome = map_record(write_raw(write_mods(inside), "mods"), None)
    assert isinstance(outcome, Mapped), outcome
    return outcome.record


def test_a_book_is_read_field_by_field() -> None:
    record = map_mods(BOOK)
    assert (record.title.main, record.title.subtitle, record.title.volume_key) == ("The hill peoples", "a history", "2")
    assert record.title.variants == ("Highlanders",)
    (editor,) = record.agents
    assert (editor.key, editor.roles, editor.dates) == ("bradley davis", ("edt",), "1976-")
    assert (record.publication.place, record.publication.publisher, record.publication.year) == ("Seattle", "UWP", 2017)
    assert (record.languages, record.extent, record.type) == (("en",), "262 p.", "book")
    assert [(subject.text, subject.kind) for subject in record.subjects] == [("Vietnam - History", "place")]
    assert [(number.scheme, number.number) for number in record.classifications] == [("ddc", "959.7")]
    assert record.identifiers[0].value == "9780295741598"
    assert (record.abstract, record.series) == ("Of the uplands.", ("Critical dialogues",))
    assert record.holdings[0].call_number == "959.7 DAV"


def test_what_describes_the_host_is_not_said_of_the_part_but_fills_what_it_leaves_out() -> None:
    record = map_mods(
        '<titleInfo><title>Phong tục</title></titleInfo><relatedItem type="host"><titleInfo><title>Tạp chí</title>'
        "</titleInfo><name><namePart>Ai Đó</namePart></name>"
        "<originInfo><dateIssued>1999</dateIssued></originInfo></relatedItem>"
    )
    assert (record.title.main, record.agents, record.series) == ("Phong tục", (), ("Tạp chí",))
    assert record.publication.year == 1999


def test_a_uniform_title_serves_where_there_is_no_other() -> None:
    assert map_mods('<titleInfo type="uniform"><title>Caligula</title></titleInfo>').title.main == "Caligula"


def test_a_year_of_the_hijra_is_not_taken_for_one_of_ours() -> None:
    record = map_mods(
        "<titleInfo><title>الردة</title></titleInfo><language><languageTerm>ara</languageTerm></language>"
        "<originInfo><dateIssued>1415</dateIssued></originInfo>"
    )
    assert (record.publication.year, record.publication.date) == (None, "1415")
    assert "year-hijri" in [finding.rule for finding in record.findings]


@pytest.mark.parametrize("inside", ["", "<titleInfo><title> </title></titleInfo>", "<genre>A</genre>"])
def test_without_a_title_the_record_fails_by_name(inside: str) -> None:
    outcome = map_record(write_raw(write_mods(inside), "mods"), None)
    assert isinstance(outcome, Failed)
    assert outcome.rule == "title-missing"


@pytest.mark.shared
def test_every_real_record_is_mapped(shared_data: Path) -> None:
    paths = sorted((shared_data / "mods").glob("*.xml"))
    assert len(paths) == 60
    languages: set[str] = set()
    for path in paths:
        outcome = map_record(write_raw(path.read_bytes(), "mods", path.stem), None)
        assert isinstance(outcome, Mapped), (path.name, outcome)
        assert outcome.record.title.main
        assert outcome.record.holdings
        languages.update(outcome.record.languages)
    assert {"ar", "grc", "la", "en"} <= languages
