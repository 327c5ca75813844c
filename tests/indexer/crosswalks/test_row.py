"""A row of a table to a Record."""

import json

import pytest

from indexer.crosswalks import map_record
from lienthu.outcome import Failed, Mapped, Skipped
from lienthu.partner import Feed, Partner
from lienthu.record import Record
from tests.indexer.crosswalks.marc_writing import write_raw


def map_cells(cells: dict[str, str], partner: Partner | None = None) -> Record:
    outcome = map_record(write_raw(json.dumps(cells).encode(), "row"), partner)
    assert isinstance(outcome, Mapped), outcome
    return outcome.record


def test_a_row_of_a_school_is_read_cell_by_cell() -> None:
    record = map_cells({
        "STT": "7", "Tên sách": "Toán", "Tập": "2", "Lớp": "5", "Tác giả": "Trần Nam Dũng; Bùi Văn Nghị",
        "NXB": "Nxb. Giáo dục",
        "Nơi XB": "H.", "Năm XB": "2024", "ISBN": "978-604-64-0154-4", "Giá": "25.000", "Số trang": "136", "Khổ": "27",
        "Ngôn ngữ": "Tiếng Việt", "Từ khóa": "Số học; Hình học", "Phân loại": "510 T406H", "Phụ chú": "Kèm đĩa",
    })  # fmt: skip
    assert (record.title.main, record.title.volume, record.title.volume_key) == ("Toán", "Tập 2", "2")
    assert [agent.name for agent in record.agents] == ["Trần Nam Dũng", "Bùi Văn Nghị"]
    assert (record.publication.place_key, record.publication.publisher_label) == ("hà nội", "Giáo dục Việt Nam")
    assert (record.publication.year, record.price, record.extent) == (2024, "25.000 đ", "136 tr. ; 27 cm")
    assert (record.languages, record.identifiers[0].value) == (("vi",), "9786046401544")
    assert [subject.text for subject in record.subjects] == ["Số học", "Hình học", "Lớp 5"]
    assert [(number.scheme, number.number) for number in record.classifications] == [("ddc", "510")]
    assert record.holdings[0].call_number == "510 T406H"
    assert record.notes == ("Kèm đĩa",)


def test_each_accession_number_is_a_copy() -> None:
    record = map_cells({"Nhan đề": "Số đỏ", "ĐKCB": "VN.1, VN.2;VN.3\nVN.1", "Số lượng": "3", "Kho": "Kho mượn"})
    assert [holding.accession_number for holding in record.holdings] == ["VN.1", "VN.2", "VN.3"]
    assert {holding.location for holding in record.holdings} == {"Kho mượn"}
    assert "copies-differ" not in [finding.rule for finding in record.findings]


def test_a_number_of_copies_without_their_numbers_is_told_once() -> None:
    (holding,) = map_cells({"Nhan đề": "Toán", "Số lượng": "40"}).holdings
    assert holding.note == "× 40"
    record = map_cells({"Nhan đề": "Toán", "Số lượng": "rất nhiều"})
    assert [(finding.rule, finding.field) for finding in record.findings if "copies" in finding.rule] == [
        ("copies-impossible", "Số lượng")
    ]


@pytest.mark.parametrize(
    ("cells", "bookcase", "location", "days", "note"),
    [
        (
            {"Tủ": "5", "Từ ngày": "2026-09-01", "Đến ngày": "30/11/2026"},
            "Tủ sách 5", "", ("2026-09-01", "2026-11-30"), "",
        ),
        (
            {"Tủ sách": "Tủ Bản Phố", "Từ": "Cốc Ly", "Đến": "Bản Phố"},
            "Tủ Bản Phố", "Bản Phố", ("", ""), "Cốc Ly → Bản Phố",
        ),
        (
            {"Tủ": "5", "Nơi đặt tủ": "Đồn biên phòng", "Từ": "9/2026"},
            "Tủ sách 5", "Đồn biên phòng", ("2026-09-01", ""), "",
        ),
        ({"Nơi đặt": "Xe thư viện lưu động", "Từ": "1.2.2026", "Đến": "2/2026"},
            "", "Xe thư viện lưu động", ("2026-02-01", "2026-02-28"), ""),
        ({"Tủ": "5", "Đến ngày": "31/02/2026"}, "Tủ sách 5", "", ("", ""), "→ 31/02/2026"),
    ],
)  # fmt: skip
def test_a_bookcase_that_rotates_says_where_it_stands_and_from_when_to_when(
    cells: dict[str, str], bookcase: str, location: str, days: tuple[str, str], note: str
) -> None:
    (holding,) = map_cells({"Nhan đề": "Dế mèn", **cells}).holdings
    assert (holding.bookcase, holding.location, holding.note) == (bookcase, location, note)
    assert (holding.from_day, holding.to_day) == days


def test_chinese_and_english_headers_are_understood() -> None:
    record = map_cells(
        {"题名": "红楼梦", "著者": "曹雪芹", "出版社": "人民文学出版社", "出版年": "2005", "分类号": "I242.4"}
    )
    assert (record.title.main, record.publication.year, record.languages) == ("红楼梦", 2005, ("zh",))
    assert [(number.scheme, number.number) for number in record.classifications] == [("clc", "I242.4")]
    assert map_cells({"Title": "Emma", "Author": "Austen, Jane"}).agents[0].key == "jane austen"


def test_the_feeds_columns_are_obeyed() -> None:
    feed = Feed(id="file", protocol="file", path="a.csv", columns={"title": "B", "author": "A"})
    partner = Partner(id="laocai", name={"vi": "Lào Cai"}, feed=(feed,))
    record = map_cells({"A": "Nam Cao", "B": "Chí Phèo", "Nhan đề": "khác"}, partner)
    assert (record.title.main, record.agents[0].name) == ("Chí Phèo", "Nam Cao")


def test_a_finding_names_the_partners_column() -> None:
    record = map_cells({"Nhan đề": "Số đỏ", "Năm XB": "20003", "Mã ISBN": "x", "ISBN": "978-604-64-0154-0"})
    assert {"Năm XB", "ISBN"} <= {finding.field for finding in record.findings}


@pytest.mark.parametrize("payload", [b'{"Title": " "}', b'{"A": "B"}', b"[1]", b"not json", b'{"a": 1}'])
def test_what_is_no_row_with_a_title_fails_by_name(payload: bytes) -> None:
    outcome = map_record(write_raw(payload, "row"), None)
    assert isinstance(outcome, Failed)
    assert outcome.rule in ("title-missing", "row-broken")


def test_a_row_that_is_not_for_the_public_is_withheld_by_its_column() -> None:
    practice = {"withheld": {"column": "Độ mật", "values": ["Mật"]}}
    partner = Partner(id="laocai", name={"vi": "Lào Cai"}, practice=practice)
    outcome = map_record(write_raw('{"Nhan đề": "Sách", "Độ mật": "mật "}'.encode(), "row"), partner)
    assert isinstance(outcome, Skipped)
    assert (outcome.rule, outcome.reason) == ("withheld", "withheld by the partner's practice (Độ mật)")
    assert map_cells({"Nhan đề": "Sách", "Độ mật": "Thường"}, partner).title.main == "Sách"
