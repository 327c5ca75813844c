import unicodedata

import msgspec
import pytest

from lienthu.marc_printable import read_printable
from lienthu.query.language import parse_query
from search_api.highlight import Highlighter
from search_api.labels import label_facet
from search_api.public_record import leave_out_private
from tests.indexer.crosswalks.marc_writing import write_iso2709
from tests.search_api.shelf import PARTNERS, build_marcxml_with_staff


def mark_up(q: str, text: str) -> str:
    for start, end in reversed(Highlighter(parse_query(q)).find_places(text)):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("q", "marked"),
    [
        ("le cuoi", "[Lễ cưới] của người Pa Dí – ([Lễ]) hội"),
        ("LỄ", "[Lễ] cưới của người Pa Dí – ([Lễ]) hội"),
        ('"pa dí"', "Lễ cưới của người [Pa Dí] – (Lễ) hội"),
        ('"cưới pa"', "Lễ cưới của người Pa Dí – (Lễ) hội"),
        ("-lễ hội", "Lễ cưới của người Pa Dí – (Lễ) [hội]"),
        ("", "Lễ cưới của người Pa Dí – (Lễ) hội"),
    ],
)
def test_the_words_of_a_query_are_marked(q: str, marked: str) -> None:
    plain = "Lễ cưới của người Pa Dí – (Lễ) hội"
    assert mark_up(q, plain) == marked


def test_places_lie_in_decomposed_text_as_it_is() -> None:
    text = unicodedata.normalize("NFD", "Truyện Kiều")
    assert [text[start:end] for start, end in Highlighter(parse_query("kieu")).find_places(text)] == [
        unicodedata.normalize("NFD", "Kiều")
    ]


def test_in_plain_letters_words_are_marked_whole_and_spelt_with_i_or_y() -> None:
    assert mark_up("lý", "Vat ly dai cuong, family") == "Vat [ly] dai cuong, family"
    assert mark_up("quy", "Quy Nhon, quyen 2") == "[Quy] Nhon, quyen 2"
    assert mark_up("state", "State-of-the-art statements, 2state") == "[State]-of-the-art statements, 2state"


def test_synonyms_of_several_words_are_marked_as_a_whole_only() -> None:
    assert mark_up("hmong", "Người Mông và người Dao") == "[Người Mông] và người Dao"
    assert mark_up("苗族", "苗族 và 族") == "[苗族] và 族"


@pytest.mark.parametrize(
    ("facet", "value", "language", "label"),
    [
        ("partner", "laocai", "en", "Library laocai"), ("partner", "laocai", "zh", "Thư viện laocai"),
        ("partner", "gone", "vi", "as written"), ("language", "fr", "vi", "Tiếng Pháp"),
        ("language", "zh", "en", "Chinese"),
        ("language", "mww", "vi", "Tiếng Hmông"), ("language", "qqq", "vi", "as written"),
        ("type", "thesis", "en", "Theses"),
        ("type", "nothing", "vi", "as written"), ("access", "online", "zh", "在线阅读"),
        ("author", "x", "vi", "as written"),
        ("year", "unknown", "vi", "Không rõ năm"), ("year", "1990-1999", "vi", "as written"),
    ],
)  # fmt: skip
def test_values_of_facets_have_words(facet: str, value: str, language: str, label: str) -> None:
    assert label_facet(facet, value, "as written", language, PARTNERS) == label


def build_iso2709(*fields: tuple[bytes, bytes]) -> bytes:
    directory = body = b""
    for tag, text in fields:
        directory += tag + b"%04d%05d" % (len(text) + 1, len(body))
        body += text + b"\x1e"
    base = 24 + len(directory) + 1
    return b"%05dnam a22%05d   4500" % (base + len(body) + 1, base) + directory + b"\x1e" + body + b"\x1d"


def test_staff_are_left_out_of_iso_2709_and_nothing_else() -> None:
    plain = build_iso2709((b"001", b"911"), (b"245", b"10\x1faTi\xe1\xbb\x87n"))
    staffed = build_iso2709(
        (b"001", b"911"), (b"911", b"  \x1faTh\xe1\xbb\xa7 Th\xc6\xb0"), (b"245", b"10\x1faTi\xe1\xbb\x87n")
    )
    assert leave_out_private("marc21", staffed) == plain
    assert leave_out_private("marc21", plain) == plain


def test_a_record_that_cannot_be_read_surely_is_withheld() -> None:
    broken = build_iso2709((b"911", b"  \x1faName"), (b"245", b"10\x1faTitle")).replace(b"9110009", b"9110008")
    assert leave_out_private("marc21", broken) is None
    assert leave_out_private("marc21", b"no MARC but 911") is None
    assert leave_out_private("marcxml", build_marcxml_with_staff()[:-3]) is None


STAFFED_LINES = """001 1
100 ## $aTô Hoài
245 ## $aDế mèn
541 ## $aTặng của Trần Văn Tặng
590 ## $a[cat: Biên Mục]
852 ## $jHK1$xChị Kho giữ
911 ## $aNgười Duyệt
955 ## $ab72
"""


@pytest.mark.parametrize("format_name", ["marc21", "usmarc", "unimarcxchange", "oai_marc"])
def test_whatever_the_format_is_called_no_local_field_or_private_note_is_shown(format_name: str) -> None:
    shown = leave_out_private(format_name, write_iso2709(STAFFED_LINES))
    assert shown == write_iso2709("001 1\n100 ## $aTô Hoài\n245 ## $aDế mèn\n852 ## $jHK1")


def test_nor_in_the_printable_dialects() -> None:
    printable = write_iso2709(STAFFED_LINES).replace(b"\x1e", b"#").replace(b"\x1f", b"$").replace(b"\x1d", b"#")
    lines = b"Ldr 00025nam\n#245 ## $aTitle\n#911 ## $aNg\xc6\xb0\xe1\xbb\x9di\n  Duy\n#852 ## $jHK1$xKho\n##\n"
    shown = leave_out_private("marc21-printable", printable)
    assert shown is not None
    assert read_printable(shown).tags == ("001", "100", "245", "852")
    assert "Kho giữ".encode() not in shown
    assert leave_out_private("marc21-lines", lines) == b"Ldr 00025nam\n#245 ## $aTitle\n#852 ## $jHK1\n##\n"


def test_nor_in_xml_by_any_name_nor_in_a_table() -> None:
    xml = b'<oai_marc><varfield id="912" i1=" " i2=" "><subfield label="a">Staff</subfield></varfield></oai_marc>'
    assert leave_out_private("oai_marc", xml) == b"<oai_marc/>"
    row = msgspec.json.encode({"Nhan đề": "Số đỏ", "Cán bộ biên mục": "Lan"})
    assert leave_out_private("row", row) == msgspec.json.encode({"Nhan đề": "Số đỏ"})
    page = msgspec.json.encode({"fields": {"Nhan đề": ["Số đỏ"]}, "copies": [{"Mã": "1", "Người mượn": "An"}]})
    shown = leave_out_private("fields", page)
    assert shown is not None
    assert b"An" not in shown
    assert b"copies" in shown


def test_other_formats_are_shown_as_they_came() -> None:
    assert leave_out_private("oai_dc", b"<dc>911</dc>") == b"<dc>911</dc>"
