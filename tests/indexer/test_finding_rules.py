"""Every rule of the table has the smallest record that shows it, and no finding bears a rule that is not there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from babel.messages.pofile import read_po

from indexer.crosswalks import map_record, mapping
from indexer.findings import list_findings
from lienthu.finding_rules import BROKEN, FOLDER, RULES, find_rule, tell_rule
from lienthu.raw_record import RawRecord
from tests.indexer.crosswalks.marc_writing import write_iso2709, write_raw
from tests.indexer.crosswalks.test_dublin_core import write_dc

REPOSITORY = Path(__file__).resolve().parents[2]
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
FIXED = "008 260101s2020    vm            000 0 vie d"
TITLE = "245 ## $aDế mèn phiêu lưu ký"


def marc(lines: str, with_title: bool = True, **others: str) -> RawRecord:
    return write_raw(write_iso2709(f"{TITLE}\n{lines}" if with_title else lines, **others))


def edited(old: bytes, new: bytes, lines: str = TITLE) -> RawRecord:
    return write_raw(write_iso2709(lines).replace(old, new))


def marcxml(inner: str) -> RawRecord:
    return write_raw(f"<record><leader>00000nam a2200000 a 4500</leader>{inner}</record>".encode(), "marcxml")


def dc(*elements: tuple[str, str]) -> RawRecord:
    return write_raw(write_dc(("title", "Dế mèn phiêu lưu ký"), *elements), "oai_dc")


def row(**cells: str) -> RawRecord:
    return write_raw(msgspec.json.encode({"Nhan đề": "Dế mèn phiêu lưu ký", **cells}), "row")


XML_TITLE = '<datafield tag="245"><subfield code="a">Dế mèn</subfield></datafield>'
MODS = (
    "<mods><titleInfo><title>كتاب</title></titleInfo><language><languageTerm>ara</languageTerm></language>"
    "<originInfo><dateIssued>1415</dateIssued></originInfo></mods>"
).encode()
MODS_BOTH = MODS.replace(b"1415", b"1415 - 1995")
LONG = f'<datafield tag="520"><subfield code="a">{"x" * 70_000}</subfield></datafield>'

EXAMPLES: dict[str, RawRecord] = {
    **{
        rule: msgspec.structs.replace(marc(""), findings=(rule,))
        for rule in ("id-missing", "id-reused", "record-repaired", "cell-formula", "cell-error")
    },
    "title-missing": marc("260 ## $c2020", with_title=False),
    "format-unsupported": write_raw(b"?", "unknown"),
    "record-missing": write_raw(b"<record><metadata/></record>", "marcxml"),
    "record-too-long": write_raw(b"0" * 1_000_001),
    "too-many-fields": write_raw(f"<dc>{'<title>x</title>' * 10_002}</dc>".encode(), "oai_dc"),
    "fields-missing": write_raw(b"Ldr 00025nam a2200024 a 4500\n", "marc21-lines"),
    "directory-missing": write_raw(b"only words and no directory at all here"),
    "row-broken": write_raw(b"[1]", "row"),
    "page-broken": write_raw(b"[]", "page"),
    "xml-broken": write_raw(b"<dc><title>A < B</title></dc>", "oai_dc"),
    "title-repeated": marc("245 ## $aLão Hạc"),
    "title-in-capitals": marc("245 ## $aDẾ MÈN PHIÊU LƯU KÝ", with_title=False),
    "title-too-long": marc(f"245 ## $a{'Dế mèn ' * 100}", with_title=False),
    "name-impossible": marc("100 ## $a+AA2994AA2967"),
    "name-nobody": marc("100 ## $aNhiều tác giả"),
    "name-with-title": marc("700 ## $aPGS.TS Nguyễn Hải Quang"),
    "name-with-others": marc("700 ## $aTrần Ngọc Hiên...[và những người khác]"),
    "main-entry-repeated": marc("100 ## $aTô Hoài\n100 ## $aNam Cao"),
    "publisher-as-author": marc("110 ## $aNhà xuất bản Kim Đồng"),
    "isbn-invalid": marc("020 ## $a978-604-64-0154-5"),
    "issn-invalid": marc("022 ## $a0866-7340"),
    "price-in-isbn": marc("020 ## $a17.000đ"),
    "year-impossible": marc("260 ## $c20003"),
    "year-uncertain": marc("260 ## $c197-?"),
    "year-missing": marc(""),
    "year-contradicts": marc(f"{FIXED}\n260 ## $c1991"),
    "year-hijri": write_raw(MODS, "mods"),
    "language-missing": marc(""),
    "language-unknown": marc("041 ## $aqqqq"),
    "language-word": marc("041 ## $aSong ngữ"),
    "language-contradicts": marc(f"{FIXED}\n041 ## $aeng"),
    "subject-repeats-title": marc("650 ## $aDế mèn phiêu lưu ký"),
    "class-number-impossible": marc("082 ## $aV21"),
    "copies-differ": row(**{"Số ĐKCB": "VN.01", "Số bản": "3"}),
    "copies-impossible": row(**{"Số bản": "nhiều"}),
    "link-refused": marc("856 ## $uxem ở phòng đọc"),
    "markup-in-field": dc(("description", "&lt;p&gt;Truyện thiếu nhi&lt;/p&gt;")),
    "encoding-undeclared": marc("", leader="00000nam  2200000 a 4500"),
    "encoding-broken": edited("ế".encode(), b"\xff\xfe\xfd"),
    "volume-in-title": marc("245 ## $aToán 8. Tập 1", with_title=False),
    "language-mistaken": marc("041 ## $ayao"),
    "pages-missing": marc("300 ## $atr. ;$c21 cm"),
    "extent-is-type": marc("300 ## $aSách"),
    "link-inside": marc("856 ## $uhttp://192.168.1.20/tailieu/12.pdf"),
    "staff-name": marc("912 ## $aHoa\n927 ## $aSH"),
    "fixed-field-missing": marc(""),
    "fixed-field-short": marc("008 260101s2020    vm"),
    "leader-type-missing": marc("", leader="00000n m a2200000 a 4500"),
    "leader-length-wrong": write_raw(write_iso2709(TITLE)[3:]),
    "base-address-wrong": write_raw(write_iso2709(TITLE)[:12] + b"99999" + write_iso2709(TITLE)[17:]),
    "directory-wrong": edited(b"00000\x1e", b"00007\x1e"),
    "terminator-missing": edited(b"\x1e\x1d", b"\x1d"),
    "control-field-with-subfields": edited(b"abc", b"\x1fab", f"008 abc\n{TITLE}"),
    "indicators-wrong": edited(b"  \x1fa", b"1\x1fa"),
    "subfield-without-code": edited(b"\x1fa", b"\x1f\x1fa"),
    "subfields-missing": marcxml(f'{XML_TITLE}<datafield tag="260">Hà Nội</datafield>'),
    "field-too-long": marcxml(XML_TITLE + LONG),
    "separators-printable": write_raw(
        write_iso2709(TITLE).replace(b"\x1e", b"#").replace(b"\x1f", b"$").replace(b"\x1d", b"#"), "marc21-printable"
    ),
    "lines-of-text": write_raw(b"Ldr 00025nam a2200024 a 4500\n#245 10 $aA\n##", "marc21-lines"),
    "line-unknown": write_raw(b"Ldr 00025nam a2200024 a 4500\nxyz\n#245 10 $aA\n##", "marc21-lines"),
}  # fmt: skip
ELSEWHERE = {"isbn-shared", "id-changed-work", "record-repeated", "record-unreadable", "encoding-repaired", BROKEN}
"""Shown by tests of their own: it takes two records, a defect, or old encodings."""


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in ELSEWHERE])
def test_the_smallest_record_shows_its_rule(rule: str) -> None:
    found = {finding.rule: finding for finding in list_findings(map_record(EXAMPLES[rule], None))}
    assert rule in found
    assert found[rule].severity == RULES[rule].severity


SOUND = {
    "subject-repeats-title": marc("245 ## $aUranium\n650 #0 $aUranium", with_title=False),
    "year-impossible": marc("260 ## $c[19--?]"),
    "year-missing": marc("", leader="00000nas a2200000 a 4500"),
    "class-number-impossible": marc("082 ## $a[Fic]\n082 ## $aB\n082 ## $a895.9223"),
    "link-refused": marc("856 ## $uhttps://example.org/l'histoire d'un {lieu}|2.pdf"),
    "markup-in-field": marc("520 ## $aAT&T; C &zilch; <Sách>, a < b"),
    "language-contradicts": marc(f"{FIXED.replace('vie', 'mul')}\n041 ## $avie$afre"),
    "volume-in-title": marc("245 ## $aBài tập 1 và 2\n245 ## $aToán$nTập 1", with_title=False),
    "language-mistaken": marc("245 ## $aMalawi tales\n041 ## $ayao", with_title=False),
    "pages-missing": marc("300 ## $axii, 84 tr.\n300 ## $av. :$bill."),
    "extent-is-type": marc(
        "300 ## $aelectronic text, volumes :\n300 ## $a1 CD-ROM\n300 ## $a1 online resource (12 pages)"
    ),
    "link-inside": marc("856 ## $uhttps://10.example.vn/x\n856 ## $uhttp://http://thuvien.laocai.gov.vn/a.pdf"),
    "staff-name": marc("912 ## $aLocal heading"),
    "year-hijri": write_raw(MODS_BOTH, "mods"),
    "name-impossible": marc("100 ## $aMaría del Carmen de los Ángeles y de la Torre"),
}
"""Rule -> what looks like its fault and is good cataloguing."""


@pytest.mark.parametrize("rule", SOUND)
def test_what_is_usual_in_good_cataloguing_is_no_doubt(rule: str) -> None:
    assert rule not in {finding.rule for finding in list_findings(map_record(SOUND[rule], None))}


FAULTY = {
    "name-impossible": marc("100 ## $aLịch sử Đảng bộ tỉnh Lào Cai giai đoạn 1945 - 1975 tập một"),
    "name-nobody": marc("100 ## $aĐang cập nhật"),
    "publisher-as-author": marc("100 ## $aNXB Trẻ"),
    "isbn-invalid": marc("020 ## $a893-604-0-00001-9"),
    "subject-repeats-title": marc("245 ## $aTruyện cổ tích Lào Cai\n650 #0 $aTruyện cổ tích Lào Cai", with_title=False),
}
"""Rule -> another shape of its fault than the smallest."""


@pytest.mark.parametrize("rule", FAULTY)
def test_the_same_fault_in_another_shape_is_seen_and_told_as_it_stands(rule: str) -> None:
    (found,) = (finding for finding in list_findings(map_record(FAULTY[rule], None)) if finding.rule == rule)
    assert found.found.encode() in FAULTY[rule].payload


def test_a_field_with_lost_letters_is_shown_as_cataloguers_write_it() -> None:
    (found,) = (found for found in list_findings(map_record(EXAMPLES["encoding-broken"], None)) if found.field == "245")
    assert found.found.startswith("$aD\ufffd")


def test_a_rule_that_breaks_and_a_reader_that_breaks_fail_one_record_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("indexer.crosswalks.marc21.RULES", (("extent", "300", break_down),))
    (broken,) = list_findings(map_record(marc(""), None))
    assert broken.rule == "extent-rule-broken"
    assert find_rule(broken.rule) is RULES[BROKEN]
    monkeypatch.setattr(mapping, "choose_crosswalk", lambda *_: break_down)
    assert [finding.rule for finding in list_findings(map_record(marc(""), None))] == ["record-unreadable"]


def list_emitted() -> Iterator[str]:
    """Rules as the program writes them: the argument of a finding, of a broken rule, or the keyword ``rule``."""
    paths = [*(REPOSITORY / "indexer").rglob("*.py"), *(REPOSITORY / "lienthu").glob("*.py")]
    for path in paths:
        if path.name == "finding_rules.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            at = {"Finding": 0, "note": 0, "RuleBroken": 1, "Failed": 2}.get(name)
            arguments = [] if at is None else node.args[at : at + 1]
            arguments += [word.value for word in node.keywords if word.arg == "rule"]
            for argument in arguments:
                for part in ast.walk(argument):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str) and SLUG.fullmatch(part.value):
                        yield part.value
    yield from mapping._INTAKE_FINDINGS


def test_every_rule_that_is_written_anywhere_is_in_the_table() -> None:
    emitted = set(list_emitted())
    assert len(emitted) > 40
    assert {rule for rule in emitted if find_rule(rule) is None} == set()


def test_no_rule_of_the_table_is_made_by_nobody() -> None:
    returned = {
        "isbn-invalid",
        "issn-invalid",
        "name-with-title",
        "name-with-others",
        "isbn-shared",
        "record-repeated",
        "encoding-repaired",
        BROKEN,
    }
    written = {*list_emitted(), *returned, "subfields-missing", "indicators-wrong", "language-word", "language-unknown"}
    assert set(RULES) - written == set()


@pytest.mark.parametrize("language", ["vi", "zh"])
def test_every_sentence_of_the_table_is_translated_and_nothing_else_is(language: str) -> None:
    with (FOLDER / f"{language}.po").open("rb") as file:
        translated = {message.id: message.string for message in read_po(file, locale=language) if message.id}
    assert set(translated) == {text for rule in RULES.values() for text in (rule.meaning, rule.mending)}
    assert all(translated.values())


def test_a_rule_that_nobody_knows_is_told_by_its_name() -> None:
    assert tell_rule("never-heard-of", "vi") == ("never-heard-of", "")
    assert tell_rule("isbn-invalid", "en")[0] == RULES["isbn-invalid"].meaning
