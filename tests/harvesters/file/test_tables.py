"""CSV and Excel: one row is one record, and what is wrong is named by row and column."""

import gzip
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from harvesters.file import folder, harvester, workbook
from harvesters.file.table import name_column, name_columns
from harvesters.file.template import list_headers, write_template
from indexer.crosswalks import map_record
from lienthu.columns import NAMES, choose_columns, guess_field
from lienthu.errors import HarvestError, SettingsError
from lienthu.outcome import Mapped
from tests.harvesters.file.dropping import Reading

LIST = "Số ĐKCB,Nhan đề,Tác giả,Năm XB\nVN.001,Số đỏ,Vũ Trọng Phụng,1936\nVN.002,Tắt đèn,Ngô Tất Tố,1939\n"


def read(tmp_path: Path, content: str | bytes, columns: dict[str, str] | None = None, name: str = "a.csv") -> Reading:
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return Reading(name, tmp_path, columns=columns)


def write_book(path: Path, *sheets: list[list[object]]) -> None:
    book = Workbook()
    for at, rows in enumerate(sheets):
        sheet = book.active if at == 0 else book.create_sheet(f"Sheet{at + 1}")
        assert sheet is not None
        for row in rows:
            sheet.append(row)
    book.save(path)


def titles(reading: Reading) -> list[str]:
    return [json.loads(record.payload)["Nhan đề"] for record in reading.records]


def test_a_row_is_a_record_known_by_its_accession_number(tmp_path: Path) -> None:
    reading = read(tmp_path, LIST)
    assert (reading.ids, reading.verdict) == (["VN.001", "VN.002"], "complete")
    first = reading.records[0]
    assert (first.format, first.findings) == ("row", ())
    assert first.payload == '{"Nhan đề":"Số đỏ","Năm XB":"1936","Số ĐKCB":"VN.001","Tác giả":"Vũ Trọng Phụng"}'.encode()


def test_the_message_shows_how_the_columns_were_understood(tmp_path: Path) -> None:
    message = read(tmp_path, LIST.replace("Năm XB", "Người mượn")).message
    assert "title = “Nhan đề”" in message
    assert "not read: “Người mượn”" in message
    assert "columns = {…}" in message


@pytest.mark.parametrize(
    "content",
    [
        LIST.encode("utf-8-sig"),
        LIST.replace(",", ";").encode(),
        LIST.replace(",", "\t").encode("utf-16"),
        LIST.replace("\n", "\r\n").encode(),
        LIST.replace("\n", "\r").encode(),
        b"sep=;\r\n" + LIST.replace(",", ";").encode(),
        ("TRƯỜNG THPT SỐ 1,,,\nDanh mục sách,,,\n,,,\n" + LIST).encode(),
        gzip.compress(LIST.encode()),
    ],
    ids=["mark", "semicolons", "tabs, UTF-16", "Windows", "old Mac", "sep=", "heading", "gzip"],
)
def test_a_list_is_read_however_it_was_saved(content: bytes, tmp_path: Path) -> None:
    reading = read(tmp_path, content)
    assert (titles(reading), reading.verdict) == (["Số đỏ", "Tắt đèn"], "complete")


def test_older_encodings_are_told_by_the_headers(tmp_path: Path) -> None:
    chinese = read(tmp_path, "题名,著者,出版社\n红楼梦,曹雪芹,人民文学出版社\n".encode("gbk"))
    assert json.loads(chinese.records[0].payload)["题名"] == "红楼梦"
    assert "GB18030" in chinese.message
    # Windows-1258 writes a tone after its letter, as a sign of its own.
    vietnamese = "Nhan đê\u0300,Ta\u0301c gia\u0309\nSô\u0301 đo\u0309,Vu\u0303 Tro\u0323ng Phu\u0323ng\n".replace(
        "ê\u0300", "ề"
    )
    coded = vietnamese.replace("ề", "ê\u0300").encode("cp1258")
    reading = read(tmp_path, coded)
    assert "Windows-1258" in reading.message
    outcome = map_record(reading.records[0], None)
    assert isinstance(outcome, Mapped)
    assert (outcome.record.title.main, outcome.record.agents[0].name) == ("Số đỏ", "Vũ Trọng Phụng")


def test_bad_rows_are_named_by_row_and_column_and_the_others_are_read(tmp_path: Path) -> None:
    rows = [
        b"ID,Nhan \xc4\x91\xe1\xbb\x81,T\xc3\xa1c gi\xe1\xba\xa3",
        "1,Số đỏ,Vũ Trọng Phụng".encode(),
        "2,,Ngô Tất Tố".encode(),
        "3,Tắt đèn,Ngô Tất Tố,1939".encode(),
        "4,Lều chõng".encode(),
        "5,Dế mèn,T\xc3".encode() + b"\xff Ho\xc3\xa0i",
        '6,Kiều "bản Nôm",x'.encode(),
        '7,"Kiều" bản Nôm,x'.encode(),
        b",,",
        f"8,{'x' * 70_000},y".encode(),
        "9,Chí Phèo,Nam Cao".encode(),
    ]
    reading = read(tmp_path, b"\n".join(rows))
    assert reading.ids == ["1", "6", "9"]
    assert [(r.position, r.rule, r.source_id) for r in reading.rejections] == [
        (2, "title-missing", "2"),
        (3, "row-too-wide", "3"),
        (4, "row-too-short", "4"),
        (5, "encoding-broken", ""),
        (7, "quotes-wrong", ""),
        (8, "cell-too-large", "8"),
    ]
    reasons = [rejection.reason for rejection in reading.rejections]
    assert "row 3, column B “Nhan đề”" in reasons[0]
    assert "row 4, column D" in reasons[1]
    assert "row 6, column C “Tác giả”" in reasons[3]
    assert reading.verdict == "complete"


def test_a_quote_that_is_never_closed_is_never_a_complete_run(tmp_path: Path) -> None:
    reading = read(tmp_path, LIST + 'VN.003,"Chí Phèo,Nam Cao,1941\nVN.004,Lão Hạc,Nam Cao,1943\n')
    assert (reading.ids, reading.verdict) == (["VN.001", "VN.002"], "incomplete")
    assert reading.rejections[0].rule == "quote-unclosed"


def test_a_row_without_any_number_is_known_by_what_it_says_not_by_its_place(tmp_path: Path) -> None:
    before = read(tmp_path, "STT,Nhan đề,Tác giả\n1,Số đỏ,A\n")
    after = read(tmp_path, "STT,Nhan đề,Tác giả\n1,Tắt đèn,B\n2,Số đỏ,A\n")
    assert before.ids[0] == after.ids[1]
    assert before.records[0].findings == ("id-missing",)


def test_stated_columns_are_obeyed_and_a_missing_one_is_told(tmp_path: Path) -> None:
    content = "Cột A,Cột B,Nhan đề\nSố đỏ,Vũ Trọng Phụng,không phải nhan đề\n"
    columns = {"title": "cột a", "author": "Cột B", "isbn": "Mã ISBN"}
    reading = read(tmp_path, content, columns)
    assert "“Mã ISBN”" in reading.message
    assert len(reading.records) == 1
    assert "no column of titles" in read(tmp_path, content, {"title": "Tên gì đó"}).message


def test_a_table_without_a_title_column_says_what_it_has(tmp_path: Path) -> None:
    reading = read(tmp_path, "Alpha,Beta\n1,2\n")
    assert reading.verdict == "incomplete"
    assert "Alpha, Beta" in reading.message


def test_a_killed_run_over_a_table_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harvester, "PAGE_RECORDS", 2)
    rows = "".join(f"N{number},Sách {number},A,2000\n" for number in range(7))
    (tmp_path / "a.csv").write_text(LIST.splitlines()[0] + "\n" + rows, encoding="utf-8")
    whole = Reading("a.csv", tmp_path)
    for limit in range(1, len(whole.pages)):
        first = Reading("a.csv", tmp_path, limit=limit)
        second = Reading("a.csv", tmp_path, checkpoint=first.pages[-1].checkpoint)
        assert first.ids + second.ids == whole.ids
        assert second.message == whole.message


def test_a_workbook_gives_what_a_person_sees(tmp_path: Path) -> None:
    write_book(
        tmp_path / "a.xlsx",
        [
            ["DANH MỤC"],
            ["STT", "Nhan đề", "Tác giả", "Năm", "Ngày nhập", "ISBN"],
            [1, "Số đỏ", "Vũ Trọng Phụng", 1936, date(2026, 9, 1), 9786046401544],
            [None, None],
            [2, "Tắt đèn", "Ngô Tất Tố", 1939.0, None, 8.5],
        ],
        [["Ghi chép", "riêng"], ["không", "đọc"]],
        [["Nhan đề", "Tác giả"], ["Lều chõng", "Ngô Tất Tố"], [None, "thừa"]],
    )
    reading = Reading("a.xlsx", tmp_path)
    assert titles(reading) == ["Số đỏ", "Tắt đèn", "Lều chõng"]
    cells = json.loads(reading.records[0].payload)
    assert (cells["Năm"], cells["Ngày nhập"], cells["ISBN"]) == ("1936", "2026-09-01", "9786046401544")
    assert json.loads(reading.records[1].payload)["Năm"] == "1939"
    assert "“Sheet2”" in reading.message
    assert "a.xlsx, Sheet3: row 3, column A" in reading.rejections[0].reason


def test_a_formula_is_never_worked_out_and_is_told(tmp_path: Path) -> None:
    write_book(tmp_path / "a.xlsx", [["Nhan đề", "Giá"], ["Số đỏ", "=1+1"], ["Tắt đèn", "#N/A"], ["Dế mèn", 5]])
    reading = Reading("a.xlsx", tmp_path)
    assert [json.loads(record.payload)["Giá"] for record in reading.records] == ["", "", "5"]
    assert [record.findings for record in reading.records] == [
        ("id-missing", "cell-formula"),
        ("id-missing", "cell-error"),
        ("id-missing",),
    ]
    assert read(tmp_path, "Nhan đề,Giá\nSố đỏ,=1+1\n").records[0].findings == ("id-missing", "cell-formula")


def repack(path: Path, name: str, change: bytes, *, before: bytes = b"<worksheet") -> None:
    """The same workbook with *change* written into one of its parts."""
    content = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            text = old.read(part)
            new.writestr(part, text.replace(before, change + before, 1) if part == name else text)


def test_dangerous_and_broken_workbooks_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    write_book(path, [["Nhan đề", "Giá"], ["Số đỏ", 1]])
    whole = path.read_bytes()
    repack(path, "xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY a "b">]>')
    assert "entities" in Reading("a.xlsx", tmp_path).message
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in Reading("a.xlsx", tmp_path).message
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "no Excel workbook" in Reading("a.xlsx", tmp_path).message
    path.write_bytes(whole)
    monkeypatch.setattr(workbook, "BOMB_BYTES", 10_000)
    repack(path, "xl/worksheets/sheet1.xml", b" " * 2_000_000, before=b"<sheetData")
    assert "unpacks to more" in Reading("a.xlsx", tmp_path).message


@pytest.mark.parametrize("kind", ["school", "bookcase"])
def test_the_template_reads_back_as_it_was_filled_in(kind: str, tmp_path: Path) -> None:
    values = {
        "Số ĐKCB": "00123, 00124", "Nhan đề": "Lễ cưới của người Pa Dí", "Tác giả": "Nguyễn Thị Lành; Trần Hữu Sơn",
        "Nhà xuất bản": "Thời đại", "Nơi xuất bản": "H.", "Năm xuất bản": 2013, "ISBN": "978-604-64-0154-4",
        "Giá tiền": 45000, "Số trang": 197, "Khổ sách": "21", "Ngôn ngữ": "Tiếng Việt", "Ký hiệu phân loại": "392.5",
        "Từ khóa": "Pa Dí; Lễ cưới", "Số lượng": 2, "Lớp": "5", "Môn học": "Lịch sử", "Kho": "Kho mượn",
        "Tủ sách": "05",
        "Nơi đặt tủ": "Trường TH Bản Phố", "Từ ngày": "01/09/2026", "Đến ngày": "30/11/2026", "Tập": "2",
    }  # fmt: skip
    headers = list_headers("school" if kind == "school" else "bookcase")
    assert all(guess_field(header) in NAMES for header in headers)
    row = [values.get(header, "") for header in headers]
    write_template("school" if kind == "school" else "bookcase", tmp_path / "a.xlsx", [row])
    reading = Reading("a.xlsx", tmp_path)
    assert (reading.ids, reading.verdict, reading.rejections) == (["00123"], "complete", [])
    outcome = map_record(reading.records[0], None)
    assert isinstance(outcome, Mapped)
    record = outcome.record
    assert (record.title.main, record.title.volume_key, record.publication.year) == (
        "Lễ cưới của người Pa Dí",
        "2",
        2013,
    )
    assert [agent.name for agent in record.agents] == ["Nguyễn Thị Lành", "Trần Hữu Sơn"]
    assert (record.price, record.extent) == ("45.000 đ", "197 tr. ; 21 cm")
    assert [holding.accession_number for holding in record.holdings] == ["00123", "00124"]
    if kind == "bookcase":
        assert (record.holdings[0].bookcase, record.holdings[0].location) == ("Tủ sách 05", "Trường TH Bản Phố")
        assert (record.holdings[0].from_day, record.holdings[0].to_day) == ("2026-09-01", "2026-11-30")


def test_an_empty_template_holds_no_record(tmp_path: Path) -> None:
    write_template("school", tmp_path / "a.xlsx")
    reading = Reading("a.xlsx", tmp_path)
    assert (reading.records, reading.verdict) == ([], "incomplete")


def test_a_template_is_never_written_over_a_file(tmp_path: Path) -> None:
    from harvesters.file.template import parse_kind

    (tmp_path / "a.xlsx").write_bytes(b"x")
    for name, words in (("a.xlsx", "there already"), ("a.csv", "ends in .xlsx")):
        with pytest.raises(HarvestError, match=words):
            write_template("school", tmp_path / name)
    with pytest.raises(SettingsError, match="school"):
        parse_kind("shool")


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Nhan đề (*)", "title"), ("NHAN ĐỀ", "title"), ("ten sach", "title"), ("书名", "title"),
        ("Author(s)", "author"),
        ("Tác giả 2", "author"), ("Tủ", "bookcase"), ("Từ", "from"), ("Giá (đồng)", "price"), ("So luong", "copies"),
        ("STT", "ordinal"), ("Ghi chú", "note"), ("Ghi chú nội bộ", ""), ("Họ tên người mượn", ""), ("tu", ""),
    ],
)  # fmt: skip
def test_headers_are_understood(header: str, field: str) -> None:
    assert guess_field(header) == field


def test_two_columns_of_one_field_are_both_read() -> None:
    columns = choose_columns(("Nhan đề", "Tác giả 1", "Tác giả 2", "Gì đó"), {})
    assert columns.of("author") == ("Tác giả 1", "Tác giả 2")
    assert columns.unread == ("Gì đó",)


def test_columns_are_named_as_a_spreadsheet_names_them() -> None:
    assert [name_column(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert name_columns(["Tên", "", "Tên", " "]) == ("Tên", "B", "Tên (2)")


def test_a_workbook_damaged_anywhere_is_a_trouble_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "SETTLE_SECONDS", 0)
    path = tmp_path / "a.xlsx"
    write_book(path, [["Nhan đề", "Giá"], *[[f"Sách {number}", number] for number in range(20)]])
    whole = path.read_bytes()
    for at in range(0, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        reading = Reading("a.xlsx", tmp_path)
        assert len(reading.records) == 20 if reading.verdict == "complete" else "a.xlsx" in reading.message
    for change in (
        b'<row r="x"/>',
        b'<row r="2"><c r="A2" t="s"><v>999</v></c></row>',
        b'<row r="9"><c t="d"><v>z</v></c></row>',
    ):
        path.write_bytes(whole)
        repack(path, "xl/worksheets/sheet1.xml", change, before=b"</sheetData>")
        reading = Reading("a.xlsx", tmp_path)
        assert reading.verdict == "complete" or "a.xlsx" in reading.message
