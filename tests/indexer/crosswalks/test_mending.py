import json

import pytest

from indexer.crosswalks import map_record
from lienthu.finding import Finding
from lienthu.outcome import Mapped
from lienthu.raw_record import RawRecord
from lienthu.record import Record
from tests.lienthu.encodings.damage import DAMAGES, double, write_tcvn3

TITLE = "Truyện cổ người Tày - người Thái tỉnh Yên Bái"
AUTHOR = "Hà Đình Tỵ"
PUBLISHER = "Văn hóa - Thông tin"


def read(payload: bytes, form: str) -> Record:
    outcome = map_record(RawRecord(partner_id="t", feed_id="f", source_id="1", format=form, payload=payload), None)
    assert isinstance(outcome, Mapped), outcome
    return outcome.record


def find_repairs(record: Record) -> list[Finding]:
    return [finding for finding in record.findings if finding.rule == "encoding-repaired"]


def build_iso2709(fields: list[tuple[str, bytes]], scheme: bytes = b" ") -> bytes:
    directory, area = b"", b""
    for tag, data in fields:
        directory += b"%s%04d%05d" % (tag.encode(), len(data) + 1, len(area))
        area += data + b"\x1e"
    base = 24 + len(directory) + 1
    return b"%05dnam %s22%05d   4500" % (base + len(area) + 1, scheme, base) + directory + b"\x1e" + area + b"\x1d"


def build_marc(encode: object, scheme: bytes = b" ") -> bytes:
    def write(text: str) -> bytes:
        return encode(text)  # type: ignore[operator,no-any-return]

    return build_iso2709(
        [
            ("001", b"TVL1"),
            ("100", b"0 \x1fa" + write(AUTHOR)),
            ("245", b"10\x1fa" + write(TITLE) + b" /\x1fc" + write(AUTHOR)),
            ("260", b"  \x1faH. :\x1fb" + write(PUBLISHER) + b",\x1fc2011"),
        ],
        scheme,
    )


def check(record: Record) -> None:
    assert record.title.main == TITLE
    assert record.agents[0].name == AUTHOR
    assert record.publication.publisher == PUBLISHER


@pytest.mark.parametrize("damage", ["tcvn3", "bk hcm 2", "windows-1258", "utf-8 twice", "mark order"])
def test_a_record_that_was_spoilt_before_it_became_utf_8_is_mended(damage: str) -> None:
    record = read(build_marc(lambda text: DAMAGES[damage]([text])[0].encode(), b"a"), "marc21")
    check(record)
    repairs = find_repairs(record)
    assert "245" in {finding.field for finding in repairs}
    assert all(finding.found and finding.done.startswith("read as ") for finding in repairs)


@pytest.mark.parametrize("scheme", [b" ", b"a"])
@pytest.mark.parametrize("damage", ["tcvn3", "bk hcm 2"])
def test_the_bytes_of_an_old_set_are_read_whatever_the_leader_says(damage: str, scheme: bytes) -> None:
    record = read(build_marc(lambda text: DAMAGES[damage]([text])[0].encode("cp1252"), scheme), "marc21")
    check(record)
    assert find_repairs(record)


def test_chinese_in_gb18030_is_read_in_marc_21() -> None:
    title = "云南省少数民族古籍译丛"
    payload = build_iso2709([("001", b"1"), ("245", b"10\x1fa" + title.encode("gb18030"))])
    record = read(payload, "marc21")
    assert record.title.main == title
    assert [finding.done for finding in find_repairs(record)] == ["read as gb18030"]


def test_marc_8_is_marc_8() -> None:
    payload = build_iso2709([("001", b"1"), ("245", b"10\x1faSoci\xe2et\xe2e d'\xe2etudes")])
    record = read(payload, "marc21")
    assert record.title.main == "Société d'études"
    assert find_repairs(record) == []


def test_sound_records_bear_no_such_finding() -> None:
    record = read(build_marc(str.encode, b"a"), "marc21")
    check(record)
    assert find_repairs(record) == []


def test_dublin_core_is_mended_with_its_soft_hyphens() -> None:
    title, name = write_tcvn3([TITLE, AUTHOR])
    payload = (
        f"<dc><title>{title}</title><creator>{name}</creator><subject><![CDATA[{double('Lễ hội')}]]></subject></dc>"
    )
    record = read(payload.encode(), "oai_dc")
    assert record.title.main == TITLE
    assert record.agents[0].name == AUTHOR
    assert record.subjects[0].text == "Lễ hội"
    assert {finding.field for finding in find_repairs(record)} >= {"title", "creator"}


def test_markup_in_dublin_core_stays_markup() -> None:
    title = write_tcvn3(["Luật & đời sống người Tày"])[0].replace("&", "&amp;")
    record = read(f"<dc><title>{title}</title></dc>".encode(), "oai_dc")
    assert record.title.main == "Luật & đời sống người Tày"


def test_marc_in_xml_is_mended_by_its_fields() -> None:
    title = write_tcvn3([TITLE])[0]
    payload = (
        '<record><leader>00000nam a2200000   4500</leader><controlfield tag="001">1</controlfield>'
        f'<datafield tag="245" ind1="1" ind2="0"><subfield code="a">{title}</subfield></datafield></record>'
    )
    record = read(payload.encode(), "marcxml")
    assert record.title.main == TITLE
    assert [finding.field for finding in find_repairs(record)] == ["245"]


def test_a_table_is_mended_with_its_headers() -> None:
    headers = write_tcvn3(["Nhan đề", "Tác giả", "Nhà xuất bản"])
    row = dict(zip(headers, write_tcvn3([TITLE, AUTHOR, PUBLISHER]), strict=True))
    record = read(json.dumps(row, ensure_ascii=False).encode(), "row")
    check(record)


def test_viqr_in_plain_ascii_is_mended() -> None:
    payload = build_iso2709([("001", b"1"), ("245", b"10\x1faTruye^.n co^? ngu+o+`i Ta`y")], b"a")
    assert read(payload, "marc21").title.main == "Truyện cổ người Tày"


def test_a_code_in_a_control_field_is_left() -> None:
    payload = build_iso2709([("001", "Thñ tôc".encode()), ("245", b"10\x1fa" + double(TITLE).encode())], b"a")
    record = read(payload, "marc21")
    assert record.title.main == TITLE
    assert [finding.field for finding in find_repairs(record)] == ["245"]


def test_lines_of_text_that_were_encoded_twice_are_mended_like_any_record() -> None:
    lines = f"Ldr 00025nam a2200024 a 4500\n#001 1\n#100 ## $a{AUTHOR}\n#245 10 $a{TITLE}\n##"
    record = read(double(lines).encode(), "marc21-lines")
    assert (record.title.main, record.agents[0].name) == (TITLE, AUTHOR)
    assert {finding.done for finding in find_repairs(record)} == {"read as utf-8-twice"}
