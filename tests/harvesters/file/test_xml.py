from collections.abc import Iterable
from pathlib import Path

import pytest

from harvesters.file import xml
from harvesters.file.xml import XmlPiece, read_xml
from lienthu.errors import HarvestError
from tests.harvesters.file.dropping import Reading, write_collection, write_marcxml

DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Số đỏ</dc:title></oai_dc:dc>'
)


def read(content: bytes, size: int = 50, skip: int = 0) -> list[XmlPiece]:
    def chunks() -> Iterable[bytes]:
        return (content[start : start + size] for start in range(0, len(content), size))

    return list(read_xml("a.xml", chunks, skip))


def wrap(*records: str) -> bytes:
    return (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-01-01T00:00:00Z</responseDate>'
        f"<ListRecords>{''.join(records)}<resumptionToken/></ListRecords></OAI-PMH>"
    ).encode()


def wrap_record(identifier: str, metadata: str, status: str = "") -> str:
    return (
        f"<record><header{status}><identifier>{identifier}</identifier><datestamp>2026-01-02</datestamp></header>"
        f"<metadata>{metadata}</metadata></record>"
    )


def test_a_record_keeps_the_namespaces_that_it_needs() -> None:
    content = write_collection(write_marcxml("7")).replace(b"<", b"<m:").replace(b"<m:/", b"</m:")
    piece = read(content.replace(b"xmlns=", b"xmlns:m="))[0]
    assert (piece.format, piece.identifier) == ("marcxml", "7")
    assert piece.payload.startswith(b'<m:record xmlns:m="http://www.loc.gov/MARC21/slim">')
    assert piece.payload.endswith(b"</m:record>")


def test_a_single_record_and_one_without_a_namespace_are_records() -> None:
    assert [piece.identifier for piece in read(write_marcxml("8").encode())] == ["8"]


def test_the_first_records_are_passed_over_when_a_run_goes_on() -> None:
    content = write_collection(*(write_marcxml(str(number)) for number in range(5)))
    assert [piece.identifier for piece in read(content, skip=3)] == ["3", "4"]


def test_a_saved_oai_response_gives_its_identifiers_and_deletions() -> None:
    marc = f'<collection xmlns="http://www.loc.gov/MARC21/slim">{write_marcxml("9")}</collection>'
    pieces = read(
        wrap(
            wrap_record("oai:x:1", DC),
            wrap_record("oai:x:2", marc),
            wrap_record("oai:x:3", "", ' status="deleted"'),
            wrap_record("oai:x:4", "<mods/>"),
        )
    )
    assert [(piece.identifier, piece.format, piece.deleted, piece.rule) for piece in pieces] == [
        ("oai:x:1", "oai_dc", False, ""),
        ("oai:x:2", "marcxml", False, ""),
        ("oai:x:3", "unknown", True, ""),
        ("oai:x:4", "unknown", False, "format-unknown"),
    ]
    assert pieces[0].datestamp == "2026-01-02"
    assert "Số đỏ".encode() in pieces[0].payload


def test_a_leader_that_says_deleted_is_a_tombstone() -> None:
    piece = read(write_collection(write_marcxml("5").replace("00000nam", "00000dam")))[0]
    assert (piece.deleted, piece.payload) == (True, b"")


def test_what_is_not_well_formed_is_repaired_and_says_where() -> None:
    broken = write_marcxml("2", "Bố &nbsp; già & con")
    content = write_collection(write_marcxml("1"), broken, write_marcxml("3"))
    assert [(piece.identifier, piece.repaired, piece.rule) for piece in read(content)] == [
        ("1", False, ""),
        ("2", True, ""),
        ("3", False, ""),
    ]


@pytest.mark.parametrize("size", [1, 7, 50, 100_000])
@pytest.mark.parametrize("fault", ["A & B", "A &nbsp B", "A&copy;B", "1 < 2", "a\x01b", "&unknown;", "&"])
def test_no_fault_costs_the_records_behind_it(fault: str, size: int) -> None:
    content = write_collection(write_marcxml("1"), write_marcxml("2", fault), write_marcxml("3"), write_marcxml("4"))
    pieces = read(content, size)
    assert [piece.identifier for piece in pieces] == ["1", "2", "3", "4"]
    assert pieces[1].repaired


def test_a_record_that_no_repair_saves_is_named() -> None:
    content = write_collection(write_marcxml("1"), write_marcxml("2", "a <br> b"), write_marcxml("3"))
    assert [(piece.identifier, piece.rule) for piece in read(content)] == [
        ("1", ""),
        ("3", ""),
        ("2", "record-unreadable"),
    ]


def test_a_cut_file_gives_its_whole_records_and_then_says_so() -> None:
    content = write_collection(*(write_marcxml(str(number)) for number in range(3)))[:-100]
    pieces: list[XmlPiece] = []
    with pytest.raises(HarvestError, match=r"a\.xml is cut"):
        pieces.extend(read_xml("a.xml", lambda: [content]))
    assert [(piece.identifier, piece.rule) for piece in pieces] == [("0", ""), ("1", ""), ("", "record-cut")]


def test_no_entity_is_expanded_and_no_file_is_read() -> None:
    declared = '<!DOCTYPE collection [<!ENTITY secret SYSTEM "file:///etc/hostname"><!ENTITY big "bigbigbig">]>'
    content = declared.encode() + write_collection(write_marcxml("1", "a&secret;&big;"))
    assert b"bigbigbig" not in read(content)[0].payload


def test_a_flood_without_a_single_record_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "UNCLOSED_BYTES", 10_000)
    with pytest.raises(HarvestError, match="not a file of records"):
        read(b"<a>" + b"<b/>" * 10_000 + b"</a>")


def test_mods_is_read_with_its_own_identifier(tmp_path: Path) -> None:
    def write_one(inside: str) -> str:
        return f"<mods><titleInfo><title>Số đỏ</title></titleInfo>{inside}</mods>"

    content = "".join([
        write_one("<recordInfo><recordIdentifier>m1</recordIdentifier></recordInfo>"),
        write_one('<identifier type="isbn">1</identifier><identifier type="ctsurn">urn:x:2</identifier>'),
        write_one(""),
    ])  # fmt: skip
    (tmp_path / "a.xml").write_text(
        f'<modsCollection xmlns="http://www.loc.gov/mods/v3">{content}</modsCollection>', encoding="utf-8"
    )
    reading = Reading("a.xml", tmp_path)
    assert [record.format for record in reading.records] == ["mods"] * 3
    assert reading.ids[:2] == ["m1", "urn:x:2"]
    assert (reading.records[2].findings, reading.verdict) == (("id-missing",), "complete")


def test_every_real_mods_file_is_read(shared_data: Path, tmp_path: Path) -> None:
    reading = Reading(shared_data / "mods" / "*.xml", tmp_path)
    assert (len(reading.records), reading.verdict) == (60, "complete")


def test_unimarc_in_xml_says_so_by_itself_or_by_its_feed(tmp_path: Path) -> None:
    record = '<record xmlns="{0}"{1}><leader>00000nam</leader><controlfield tag="001">1</controlfield></record>'
    exchange = record.format("info:lc/xmlns/marcxchange-v2", ' format="UNIMARC"')
    slim = record.format("http://www.loc.gov/MARC21/slim", "")
    (tmp_path / "a.xml").write_text(f"<collection>{exchange}</collection>", encoding="utf-8")
    (tmp_path / "b.xml").write_text(f"<collection>{slim}</collection>", encoding="utf-8")
    assert [record.format for record in Reading("?.xml", tmp_path).records] == ["unimarc", "marcxml"]
    assert [record.format for record in Reading("?.xml", tmp_path, "unimarc").records] == ["unimarc", "unimarc"]


@pytest.mark.parametrize("size", [7, 64, 100_000])
@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Élève et maître".encode("latin-1"), "Élève et maître"),
        ("Th­ viÖn tØnh Lµo Cai".encode("cp1252"), "Th­ viÖn tØnh Lµo Cai"),
        ("云南省志".encode("gb18030"), "云南省志".encode("gb18030").decode("cp1252")),
        ("Số đỏ".encode() + b" \x96 T.1", "Số đỏ – T.1"),
    ],
)
def test_bytes_that_are_no_utf8_are_kept_one_for_one(written: bytes, read_as: str, size: int) -> None:
    """What they really were is told by the record as a whole, when it is understood."""
    (piece,) = read(DC.encode().replace("Số đỏ".encode(), written), size)
    assert f"<dc:title>{read_as}</dc:title>" in piece.payload.decode()
    assert piece.repaired
