"""MODS 3: the smallest records, and all the real ones."""

from pathlib import Path
from typing import Any

import pytest

from indexer.crosswalks import map_record
from lienthu.outcome import Failed, Mapped
from lienthu.record import Record
from tests.indexer.crosswalks.marc_writing import read, write_raw

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
    assert (record.title.main, record.agents, record.series) == ("Phong tục", (), ())
    assert [(relation.kind, relation.title) for relation in record.relations] == [("host", "Tạp chí")]
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


T = "<titleInfo><title>A book</title></titleInfo>"
RULES = [
    (T + '<titleInfo type="translated"><title>Một cuốn sách</title></titleInfo>', "title.parallel", ("Một cuốn sách",)),
    (T + '<titleInfo type="alternative"><title>B c</title></titleInfo>', "title.variants", ("B c",)),
    ("<titleInfo><nonSort>L'</nonSort><title>étranger</title></titleInfo>", "title.main", "L'étranger"),
    ("<titleInfo><title>Toàn tập</title><partName>Thơ</partName></titleInfo>", "title.part", "Thơ"),
    (T + '<note type="statement of responsibility">by X</note>', "title.responsibility", "by X"),
    (T + '<name type="corporate"><namePart>EFEO</namePart></name>', "agents.kind", ("corporate",)),
    (T + '<name><namePart>Vũ Lan</namePart><role><roleTerm type="text">translator</roleTerm></role></name>',
     "agents.roles", (("trl",),)),
    (T + '<originInfo eventType="digitization"><publisher>D</publisher></originInfo>'
     '<originInfo eventType="publication"><publisher>Seuil</publisher></originInfo>', "publication.publisher", "Seuil"),
    (T + '<originInfo><dateIssued point="start">1904</dateIssued>'
     '<dateIssued point="end">1906</dateIssued></originInfo>',
     "publication.year_end", 1906),
    (T + '<originInfo><dateIssued>190-?</dateIssued><dateIssued keyDate="yes">1904</dateIssued></originInfo>',
     "publication.year", 1904),
    (T + "<originInfo><copyrightDate>1999</copyrightDate></originInfo>", "publication.year", 1999),
    (T + "<genre>thesis</genre>", "type", "thesis"),
    (T + "<typeOfResource>cartographic</typeOfResource>", "type", "map"),
    (T + "<tableOfContents>Một. Hai</tableOfContents>", "contents", "Một. Hai"),
    (T + "<targetAudience>juvenile</targetAudience>", "notes", ("juvenile",)),
    (T + "<targetAudience>juvenile</targetAudience>", "audience", "children"),
    (T + "<note>Có bản đồ</note>", "notes", ("Có bản đồ",)),
    (T + "<subject><hierarchicalGeographic><country>VN</country><city>Sa Pa</city></hierarchicalGeographic></subject>",
     "subjects.text", ("VN - Sa Pa",)),
    (T + '<subject><name type="personal"><namePart>Nguyễn Du</namePart></name></subject>', "subjects.kind",
     ("person",)),
    (T + '<classification authority="clc">K892</classification>', "classifications.scheme", ("clc",)),
    (T + '<relatedItem type="series"><titleInfo><title>Tủ sách</title><partNumber>7</partNumber></titleInfo>'
     "</relatedItem>", "series", ("Tủ sách. 7",)),
    (T + '<relatedItem type="host"><titleInfo><title>Tạp chí</title></titleInfo><part><detail><number>4</number>'
     "<caption>t.</caption></detail><extent><start>5</start><end>9</end></extent></part></relatedItem>",
     "relations.place", ("t. 4, 5-9",)),
    (T + '<relatedItem type="preceding"><titleInfo><title>Cũ</title></titleInfo></relatedItem>', "relations.kind",
     ("earlier",)),
    (T + "<location><physicalLocation>Kho</physicalLocation><shelfLocator>A 1</shelfLocator></location>",
     "holdings.call_number", ("A 1",)),
    (T + "<location><physicalLocation>Kho</physicalLocation><holdingSimple><copyInformation><subLocation>Tầng 2"
     "</subLocation><shelfLocator>A 1</shelfLocator></copyInformation></holdingSimple></location>",
     "holdings.location", ("Kho, Tầng 2",)),
    (T + '<location><url displayLabel="Toàn văn">https://a.vn/1</url></location>', "links.label", ("Toàn văn",)),
    (T + "<location><url>https://a.vn/1</url></location><accessCondition>Accès réservé</accessCondition>",
     "links.access", ("login",)),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "path", "value"), RULES, ids=[f"{path}: {value}"[:60] for _i, path, value in RULES])
def test_the_smallest_record_shows_each_rule(inside: str, path: str, value: Any) -> None:
    assert read(map_mods(inside), path) == value


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
