"""Records as Vietnamese libraries really write them, and what must become of each."""

import pytest

from indexer.crosswalks import map_record
from lienthu.outcome import Failed, Mapped, Skipped
from lienthu.partner import Partner
from tests.indexer.crosswalks.marc_writing import map_lines, outcome_of, write_iso2709, write_raw

THO_CA = """
001 TVL140004602
020 ## $a978-604-916-271-8
041 ## $avie
090 ## $a398.8 TH459C
100 ## $aTrần Hữu Sơn
245 ## $aThơ ca dân gian người Dao Tuyển/$bSong ngữ Việt-Dao/$cTrần Hữu Sơn (chủ biên)
260 ## $aH.:$bThời đại,$c2011
300 ## $a1252tr.;$c20.5cm
"""


def test_a_usual_vietnamese_record_comes_out_whole() -> None:
    record = map_lines(THO_CA)
    assert record.title.main == "Thơ ca dân gian người Dao Tuyển"
    assert record.title.subtitle == "Song ngữ Việt-Dao"
    assert record.title.responsibility == "Trần Hữu Sơn (chủ biên)"
    assert [(agent.name, agent.key) for agent in record.agents] == [("Trần Hữu Sơn", "trần hữu sơn")]
    assert (record.publication.place, record.publication.place_key) == ("H.", "hà nội")
    assert (record.publication.publisher_label, record.publication.year) == ("Thời đại", 2011)
    assert record.languages == ("vi",)
    assert [(number.scheme, number.number) for number in record.classifications] == [("ddc", "398.8")]
    assert record.identifiers[0].value == "9786049162718"
    assert record.extent == "1252tr.; 20.5cm"
    assert record.holdings[0].call_number == "398.8 TH459C"
    assert record.holdings[0].status == "unknown"


def test_and_others_is_nobody() -> None:
    record = map_lines("""
        245 ## $aNhững bài ca giáo lý của người Dao/$cTrần Hữu Sơn, Triệu Văn Quẩy,...[Và những người khác]
        700 ## $aTrần Ngọc Hiên...[và những người khác]
    """)
    assert [agent.name for agent in record.agents] == ["Trần Ngọc Hiên"]


def test_without_a_name_field_the_statement_of_responsibility_names_the_authors() -> None:
    record = map_lines("245 ## $aNhững bài ca/$cTrần Hữu Sơn, Triệu Văn Quẩy (sưu tầm),...[Và những người khác]")
    assert [agent.key for agent in record.agents] == ["trần hữu sơn", "triệu văn quẩy"]
    translated = map_lines("245 ## $aĐảo giấu vàng : Tiểu thuyết / Robert Louis Stevenson ; Nguỵ Thanh Tuyên dịch")
    assert [(agent.name, agent.roles) for agent in translated.agents] == [
        ("Robert Louis Stevenson", ()),
        ("Nguỵ Thanh Tuyên", ("trl",)),
    ]
    assert (translated.title.main, translated.title.subtitle) == ("Đảo giấu vàng", "Tiểu thuyết")


def test_a_subject_that_repeats_the_title_is_dropped_and_a_keyword_string_is_one_keyword() -> None:
    record = map_lines("""
        245 ## $aLễ hội của người Dao ở Vĩnh Phúc và Lào Cai/$cXuân Mai
        650 ## $aLễ hội của người Dao ở Vĩnh Phúc và Lào Cai
        653 ## $aLễ tục - Người dao - Lào Cai
        852 ## $aHKVN$bKho_Muon$jHK000001$jHK000002
    """)
    assert [subject.text for subject in record.subjects] == ["Lễ tục - Người dao - Lào Cai"]
    assert "subject-repeats-title" in {finding.rule for finding in record.findings}
    assert [(copy.location, copy.accession_number) for copy in record.holdings] == [
        ("Kho_Muon", "HK000001"),
        ("Kho_Muon", "HK000002"),
    ]


def test_a_quotation_mark_at_the_beginning_stays_and_a_colon_in_the_subtitle_too() -> None:
    title = map_lines('245 ## $a"Đại Thư" sách dùng trong nghi lễ/$bSong ngữ: Dao-Việt/$cHoàng Thị Thu Hường').title
    assert (title.main, title.subtitle) == ('"Đại Thư" sách dùng trong nghi lễ', "Song ngữ: Dao-Việt")


def test_a_thesis_is_told_by_its_local_code_and_staff_never_appear() -> None:
    record = map_lines("""
        245 ## $aNghiên cứu nhu cầu đi lại
        260 ## $aTp Hồ Chí Minh:$bHVHK Việt Nam,$c2012
        700 ## $aTS Trịnh Thùy Anh
        911 ## $aNgười Duyệt Biểu Ghi
        912 ## $aCán Bộ Biên Mục
        927 ## $aLA
    """)
    assert record.type == "thesis"
    assert [agent.name for agent in record.agents] == ["Trịnh Thùy Anh"]
    assert record.publication.place_key == "tp hồ chí minh"
    assert "Duyệt" not in repr(record)
    assert "Biên Mục" not in repr(record)


def test_a_parallel_title_follows_the_equals_sign() -> None:
    title = map_lines(
        "245 ## $aCác văn bản Pháp luật về quản lý Ngoại hối =$bRegulation on foreign Exchange: Song ngữ Việt nam"
    ).title
    assert title.main == "Các văn bản Pháp luật về quản lý Ngoại hối"
    assert title.parallel == ("Regulation on foreign Exchange",)
    assert title.subtitle == "Song ngữ Việt nam"


def test_two_schemes_of_classification_live_in_one_record() -> None:
    record = map_lines("041 ## $aVie\n082 ## $a160\n094 ## $a87.4z73\n245 ## $aLôgic học đại cương")
    assert record.languages == ("vi",)
    assert [(number.scheme, number.number) for number in record.classifications] == [("ddc", "160"), ("bbk", "87.4z73")]


def test_a_volume_at_the_end_of_the_subtitle_is_the_volume() -> None:
    title = map_lines("245 ## $aVật lý học đại cương :$bCơ học và nhiệt học. T.1").title
    assert (title.main, title.subtitle) == ("Vật lý học đại cương", "Cơ học và nhiệt học")
    assert (title.volume, title.volume_key) == ("T.1", "1")


def test_when_041_and_008_contradict_each_other_041_wins_with_a_finding() -> None:
    fixed = "000101c19989999vm" + "u" * 18 + "vie d"
    record = map_lines(f"008 {fixed}\n041 ## $aeng\n245 ## $aArchitecture Australia", leader="00000nas a2200000 a 4500")
    assert record.languages == ("en",)
    assert record.type == "serial"
    assert "language-contradicts" in {finding.rule for finding in record.findings}


def test_a_comma_after_the_family_name_inverts_nothing() -> None:
    record = map_lines("""
        100 0# $aLê, Lợi,$cVua Việt Nam,$d1385-1433
        245 10 $aTrùng San Lam Sơn thực lục /$cLê Lợi kể ; Nguyễn Trãi ghi
        260 ## $aHà Nội :$bKhoa học Xã hội,$c1992
        700 0# $aNguyễn, Trãi,$d1380-1442
    """)
    assert [(agent.name, agent.key, agent.dates) for agent in record.agents] == [
        ("Lê, Lợi, Vua Việt Nam", "lê lợi", "1385-1433"),
        ("Nguyễn, Trãi", "nguyễn trãi", "1380-1442"),
    ]


def test_the_same_number_on_different_works_says_nothing_about_them() -> None:
    ca_dao = map_lines("020 ## $a978-604-64-0154-4\n100 ## $aVi Hồng\n245 ## $aTruyện cổ và dân ca nghi lễ dân tộc Tày")
    tu_dien = map_lines(
        "020 ## $a978-604-64-0154-4\n100 ## $aHoàng Quyết\n245 ## $aTừ điển văn hóa cổ truyền dân tộc Tày"
    )
    assert ca_dao.identifiers[0].value == tu_dien.identifiers[0].value == "9786046401544"
    assert ca_dao.title.main != tu_dien.title.main


@pytest.mark.parametrize(
    ("written", "first", "last", "rule"),
    [
        ("$c2004" + " " * 180 + "dd", 2004, None, ""),
        ("$c20003", None, None, "year-impossible"),
        ("$c[1963-65]", 1963, 1965, ""),
        ("$cc005.", None, None, "year-impossible"),
        ("$c19?", None, None, "year-impossible"),
        ("$c", None, None, ""),
    ],
)
def test_a_year_is_read_or_unknown_and_never_guessed(
    written: str, first: int | None, last: int | None, rule: str
) -> None:
    record = map_lines(f"245 ## $aX yz\n260 ## $aH. :{written}")
    assert (record.publication.year, record.publication.year_end) == (first, last)
    assert rule in {finding.rule for finding in record.findings} | {""}
    assert record.publication.date != "2004 dd"


def test_a_price_where_the_isbn_should_stand_is_the_price() -> None:
    record = map_lines("020 ## $a17.000đ\n245 ## $aGiáo trình")
    assert record.price == "17.000 đ"
    assert record.identifiers == ()
    assert "price-in-isbn" in {finding.rule for finding in record.findings}


def test_a_wrong_isbn_is_kept_to_be_found_by_and_named() -> None:
    record = map_lines("020 ## $a978-604-64-0154-5\n245 ## $aGiáo trình")
    assert [(number.kind, number.value) for number in record.identifiers] == [("other", "9786046401545")]
    assert "isbn-invalid" in {finding.rule for finding in record.findings}


def test_a_publishing_house_is_no_author_and_an_acronym_is_a_body() -> None:
    record = map_lines("100 ## $aIATA\n110 ## $aNhà xuất bản chính trị quốc gia\n245 ## $aLuật")
    assert [(agent.name, agent.kind) for agent in record.agents] == [("IATA", "corporate")]


def test_several_persons_in_one_field_are_several_agents() -> None:
    record = map_lines("100 ## $aHoàng Thị Cành, Hoàng Thị Thoa\n245 ## $aThiên tình sử")
    assert [agent.key for agent in record.agents] == ["hoàng thị cành", "hoàng thị thoa"]


def test_a_record_without_a_title_fails_naming_partner_record_field_and_rule() -> None:
    outcome = outcome_of("001 TVL1\n245 ## $c/")
    assert isinstance(outcome, Failed)
    assert (outcome.field, outcome.rule) == ("245$a", "title-missing")
    assert "laocai" in outcome.reason
    assert "record 1" in outcome.reason


@pytest.mark.parametrize(("kind", "rule"), [("z", "authority"), ("y", "holdings"), ("q", "community")])
def test_what_is_not_bibliographic_is_skipped_with_the_reason(kind: str, rule: str) -> None:
    outcome = outcome_of("245 ## $aX", leader=f"00000n{kind}m a2200000 a 4500")
    assert isinstance(outcome, Skipped)
    assert outcome.rule == rule


def test_a_withheld_record_is_skipped_by_the_partners_practice() -> None:
    practice = {
        "withheld": {"field": "926$a", "values": ["M"]},
        "accession_field": "928$a",
        "locations": {"Kho1": "Kho mượn"},
    }
    partner = Partner(id="laocai", name={"vi": "Lào Cai"}, practice=practice)
    assert isinstance(outcome_of("245 ## $aX yz\n926 ## $aM", partner), Skipped)
    record = map_lines("245 ## $aX yz\n852 ## $bKho1\n928 ## $aVV-D2/00063-65\n926 ## $aT", partner)
    assert [(copy.location, copy.accession_number) for copy in record.holdings] == [("Kho mượn", "VV-D2/00063-65")]


def test_kohas_items_tell_what_is_on_loan() -> None:
    record = map_lines("""
        245 ## $aX yz
        952 ## $aLC$bLC$cKho mượn$o398.8 TH459C$pLC0001$q2026-12-01$70
        952 ## $aLC$bLC$o398.8 TH459C$pLC0002$71
        952 ## $aLC$bLC$o398.8 TH459C$pLC0003$70
        952 ## $aLC$bLC$o398.8 TH459C$pLC0004
        952 ## $aLC$bLC$o398.8 TH459C$pLC0005$01
    """)
    assert [(copy.accession_number, copy.status) for copy in record.holdings] == [
        ("LC0001", "on_loan"),
        ("LC0002", "reference"),
        ("LC0003", "available"),
        ("LC0004", "unknown"),
    ]
    assert record.holdings[0].as_of == "2026-11-24T01:02:03Z"


def test_an_online_document_has_no_shelf_and_a_strange_address_is_no_link() -> None:
    record = map_lines("""
        008 000101s2004    vm a    o     000 0 vie d
        245 ## $aX yz
        856 40 $uhttps://example.org/a?b=1$zCần đăng nhập
        856 40 $ujavascript:alert(1)
    """)
    assert [(copy.url, copy.access) for copy in record.holdings] == [("https://example.org/a?b=1", "login")]
    assert [link.url for link in record.links] == ["https://example.org/a?b=1"]
    assert "link-refused" in {finding.rule for finding in record.findings}


def test_the_other_script_of_a_field_can_be_found() -> None:
    record = map_lines("""
        100 1# $6880-01$aMai, Zhaohui,$d1965-
        245 10 $6880-02$aQie ting feng yun =$bOverheard
        880 1# $6100-01/$1$a麦兆辉
        880 10 $6245-02/$1$a窃听风云
    """)
    assert record.title.parallel == ("Overheard", "窃听风云")
    assert [agent.key for agent in record.agents] == ["mai zhaohui", "麦 兆 辉"]


def test_a_rule_that_breaks_fails_its_record_alone_and_names_the_field(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("indexer.crosswalks.marc21.RULES", (("extent", "300", break_down),))
    outcome = outcome_of("245 ## $aX yz")
    assert isinstance(outcome, Failed)
    assert (outcome.field, outcome.rule) == ("300", "extent-rule-broken")


def test_what_no_crosswalk_reads_fails_by_name() -> None:
    for payload, format_name in (
        (b"<mods><titleInfo/></mods>", "mods"),
        (b"", "marc21"),
        (b"{}", "row"),
        (b"\xff\x00", "unknown"),
    ):
        outcome = map_record(write_raw(payload, format_name), None)
        assert isinstance(outcome, Failed)
        assert outcome.reason


def test_the_same_description_in_marcxml_and_iso2709_gives_the_same_record() -> None:
    fields = "".join(
        f'<datafield tag="{line[:3]}" ind1=" " ind2=" ">'
        + "".join(f'<subfield code="{part[0]}">{part[1:]}</subfield>' for part in line[6:].strip().split("$")[1:])
        + "</datafield>"
        for line in THO_CA.strip().splitlines()[1:]
    )
    xml = f'<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>{fields}</record>'
    one = map_record(write_raw(xml.encode(), "marcxml"), None)
    other = map_record(write_raw(write_iso2709(THO_CA)), None)
    assert isinstance(one, Mapped)
    assert one == other


def test_practice_says_which_subfields_tell_the_bookcase_and_its_days() -> None:
    partner = Partner(
        id="laocai",
        name={"vi": "Lào Cai"},
        practice={
            "bookcase_field": "852$x", "from_field": "852$f", "to_field": "852$t", "locations": {"T5": "Tủ sách số 5"},
        },
    )  # fmt: skip
    record = map_lines("245 00 $aDế mèn\n852 ## $bTrường Bản Phố$jLC.1$xT5$f01/09/2026$t30/11/2026", partner)
    (holding,) = record.holdings
    assert (holding.bookcase, holding.location) == ("Tủ sách số 5", "Trường Bản Phố")
    assert (holding.from_day, holding.to_day) == ("2026-09-01", "2026-11-30")
