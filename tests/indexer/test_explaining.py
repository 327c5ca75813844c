"""A record is explained in words: each field, what stood there, and the rule; for every format, in two languages."""

from pathlib import Path

import pytest

from indexer.crosswalks import map_record
from indexer.crosswalks.marc21_left_out import CODED, LOCAL, STAFF
from indexer.explaining import FOLDER, explain_fields, list_sentences
from indexer.explaining_sources import list_unread
from lienthu.i18n import load_translations
from lienthu.outcome import Mapped
from tests.indexer.crosswalks.marc_writing import write_iso2709, write_raw
from tests.indexer.crosswalks.test_whole_records import FORMATS, WRITTEN, read_payload

LINES = """020 ## $a978-604-64-0154-4
041 ## $avie
100 ## $aTô Hoài
245 ## $aDế mèn phiêu lưu ký / Tô Hoài
260 ## $c2020
653 ## $aa; b
653 ## $ac
653 ## $ad
653 ## $ae
653 ## $af"""


def explain(lines: str, language: str = "en", format_name: str = "marc21") -> dict[str, tuple[str, tuple[str, ...]]]:
    raw = write_raw(write_iso2709(lines), format_name)
    outcome = map_record(raw, None)
    assert isinstance(outcome, Mapped)
    return {told.field: (told.rule, told.stood) for told in explain_fields(raw, outcome.record, None, language)}


def test_the_partners_own_fields_stand_beside_the_rule() -> None:
    told = explain(LINES)
    assert told["title"][1] == ("245 ## $aDế mèn phiêu lưu ký / Tô Hoài",)
    assert told["identifiers"][1] == ("020 ## $a978-604-64-0154-4",)
    assert told["title"][0].startswith("245 $a title")
    assert told["subjects"][1][-1] == "… + 1"


def test_the_rule_is_told_in_vietnamese() -> None:
    assert explain(LINES, "vi")["title"][0].startswith("245 $a nhan đề")
    assert explain(LINES, "zh")["title"][0].startswith("245 $a title")


def test_unimarc_is_explained_by_its_own_fields() -> None:
    told = explain("200 1# $aTitre$fX\n700 #1 $aHugo$bVictor", format_name="unimarc")
    assert told["title"] == (told["title"][0], ("200 1# $aTitre$fX",))
    assert told["title"][0].startswith("200 $a title")
    assert told["agents"][1] == ("700 #1 $aHugo$bVictor",)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_every_field_of_every_format_has_a_rule(path: Path) -> None:
    raw = write_raw(read_payload(path), FORMATS[path.parent.name])
    outcome = map_record(raw, None)
    assert isinstance(outcome, Mapped)
    told = explain_fields(raw, outcome.record, None, "vi")
    assert [one.field for one in told if not one.rule] == []
    if path.parent.name not in ("mods", "edm"):
        assert any(one.stood for one in told)


def test_a_cell_is_named_by_the_partners_own_header() -> None:
    raw = write_raw('{"Nhan đề": "Số đỏ", "Giá": "21000"}'.encode(), "row")
    outcome = map_record(raw, None)
    assert isinstance(outcome, Mapped)
    told = {one.field: one.stood for one in explain_fields(raw, outcome.record, None)}
    assert (told["title"], told["price"]) == (("Nhan đề: Số đỏ",), ("Giá: 21000",))


def test_every_rule_is_translated() -> None:
    words = load_translations("vi", FOLDER)
    untranslated = sorted(sentence for sentence in list_sentences() if words.gettext(sentence) == sentence)
    assert untranslated == [], "write them in lienthu/locale/rules/vi.po"


def test_what_no_rule_reads_is_told_with_the_reason() -> None:
    raw = write_raw(write_iso2709(LINES + "\n040 ## $aLCVN\n583 ## $kLan\n900 ## $a1\n776 08 $tBản in\n777 ## $aX"))
    told = list_unread(raw)
    assert told == {CODED: ["040"], STAFF: ["583"], LOCAL: ["900"]}
    assert list_unread(write_raw(b"<dc><title>A</title></dc>", "oai_dc")) == {}


@pytest.mark.shared
@pytest.mark.parametrize("name", ["uva_001-200.mrc", "bu_bibs.mrc", "folio_100.mrc", "gpo_covid_1063_utf8.mrc"])
def test_of_real_records_every_field_is_read_or_left_out_for_a_reason(name: str, shared_data: Path) -> None:
    pieces = (shared_data / "marc" / name).read_bytes().split(b"\x1d")
    unthought = {
        tag for piece in pieces if piece.strip() for tag in list_unread(write_raw(piece + b"\x1d")).get("", [])
    }
    assert unthought == set()
