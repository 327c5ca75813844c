"""The workbook that a school or the keeper of a rotating bookcase fills in, in Vietnamese.

Its headers are those that the importer understands, so it reads back as it was filled in. No row of it is an example,
for somebody would send it in: the second sheet tells what to write where, column by column.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from lienthu.errors import HarvestError, SettingsError
from lienthu.i18n import mark

Kind = Literal["school", "bookcase"]
SHEET = "Danh sách"
GUIDE = "Hướng dẫn"


class TemplateColumn(NamedTuple):
    """``text`` keeps what looks like a number as it was typed (zeros before it, long ISBNs)."""

    header: str
    width: int
    guide: str
    text: bool = True


_BOOK = (
    TemplateColumn("Số ĐKCB", 18, "Số đăng ký cá biệt; nhiều bản thì cách nhau bằng dấu phẩy: VN.001, VN.002"),
    TemplateColumn("Nhan đề", 48, "Bắt buộc. Tên sách đúng như trên trang tên sách"),
    TemplateColumn("Phụ đề", 28, "Dòng chữ nhỏ dưới tên sách, nếu có"),
    TemplateColumn("Tập", 8, "Số tập: 1, 2, 3"),
    TemplateColumn("Tác giả", 32, "Nhiều tác giả thì cách nhau bằng dấu chấm phẩy: Tô Hoài; Nguyễn Tuân"),
    TemplateColumn("Người dịch", 22, "Nếu là sách dịch"),
    TemplateColumn("Nhà xuất bản", 24, "Kim Đồng, Giáo dục Việt Nam"),
    TemplateColumn("Nơi xuất bản", 14, "Hà Nội, TP. Hồ Chí Minh"),
    TemplateColumn("Năm xuất bản", 13, "Bốn chữ số: 2026", text=False),
    TemplateColumn("ISBN", 20, "Dãy số ở bìa sau, có hay không có gạch nối đều được"),
    TemplateColumn("Giá tiền", 12, "Đồng: 45000", text=False),
    TemplateColumn("Số trang", 10, "197", text=False),
    TemplateColumn("Khổ sách", 10, "Xăng-ti-mét: 21"),
    TemplateColumn("Ngôn ngữ", 14, "Tiếng Việt, Tiếng Anh, Tiếng Trung; sách song ngữ: Tiếng Việt; Tiếng Anh"),
    TemplateColumn("Ký hiệu phân loại", 16, "Số DDC, nếu đã phân loại: 398.2"),
    TemplateColumn("Từ khóa", 28, "Cách nhau bằng dấu chấm phẩy: Người Dao; Lễ cấp sắc"),
    TemplateColumn("Số lượng", 10, "Số bản có trong thư viện", text=False),
)
_SCHOOL = (
    TemplateColumn("Lớp", 8, "Sách của lớp nào: 5"),
    TemplateColumn("Môn học", 16, "Toán, Tiếng Việt, Lịch sử"),
    TemplateColumn("Kho", 18, "Kho hoặc giá sách: Kho sách giáo khoa"),
)
_BOOKCASE = (
    TemplateColumn("Tủ sách", 12, "Số hoặc tên của tủ sách luân chuyển: 05"),
    TemplateColumn("Nơi đặt tủ", 28, "Nơi tủ sách đang đặt: Trường TH Bản Phố"),
    TemplateColumn("Từ ngày", 13, "Ngày tủ đến nơi: 01/09/2026"),
    TemplateColumn("Đến ngày", 13, "Ngày tủ chuyển đi: 30/11/2026"),
)
_KINDS: dict[Kind, tuple[TemplateColumn, ...]] = {
    "school": (*_BOOK, *_SCHOOL),
    "bookcase": (*_BOOKCASE, *_BOOK),
}
_TITLES: dict[Kind, str] = {
    "school": "DANH SÁCH SÁCH CỦA THƯ VIỆN TRƯỜNG HỌC",
    "bookcase": "DANH SÁCH SÁCH CỦA TỦ SÁCH LUÂN CHUYỂN",
}
_GENERAL = (
    "Mỗi dòng là một cuốn sách (một nhan đề). Chỉ cột Nhan đề là bắt buộc; cột nào chưa biết thì để trống.",
    "Không đổi tên các cột ở dòng tiêu đề; có thể thêm cột khác, xóa cột không dùng.",
    "Không gộp ô, không để công thức. Ghi xong gửi tệp này cho thư viện tỉnh, hoặc đặt vào thư mục nhận tệp.",
    "Lần sau gửi lại cả danh sách: dòng có cùng Số ĐKCB được cập nhật, không bị nhân đôi.",
)
HEADER_ROW = 3
FORMATTED_ROWS = 2_000


def parse_kind(written: str) -> Kind:
    """``school`` or ``bookcase``. Raises SettingsError (exit code 2) for anything else."""
    for kind in _KINDS:
        if written == kind:
            return kind
    raise SettingsError(
        mark("There is no template “{kind}”. Did you mean: {known}?"), kind=written, known=", ".join(_KINDS)
    )


def list_headers(kind: Kind) -> tuple[str, ...]:
    """The headers of the sheet, from left to right."""
    return tuple(column.header for column in _KINDS[kind])


def write_template(kind: Kind, path: Path, rows: Sequence[Sequence[str | int]] = ()) -> None:
    """Writes the workbook, with *rows* already filled in. Raises HarvestError where a file stands there already."""
    if path.suffix.lower() != ".xlsx":
        raise HarvestError(mark("{path}: a template is an Excel file: give it a name that ends in .xlsx."), path=path)
    if path.exists():
        raise HarvestError(mark("{path} is there already: choose another name, or remove it first."), path=path)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    _fill_sheet(sheet, kind, rows)
    _fill_guide(book.create_sheet(GUIDE), kind)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)
    except OSError as error:
        raise HarvestError(mark("{path} cannot be written ({reason})."), path=path, reason=error.strerror) from error


def _fill_sheet(sheet: Worksheet, kind: Kind, rows: Sequence[Sequence[str | int]]) -> None:
    columns = _KINDS[kind]
    sheet.title = SHEET
    sheet.cell(1, 1, _TITLES[kind]).font = Font(bold=True, size=14)
    sheet.cell(2, 1, "Xem cách ghi ở trang “Hướng dẫn”").font = Font(italic=True)
    for at, column in enumerate(columns, 1):
        cell = sheet.cell(HEADER_ROW, at, column.header)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE7C2" if column.header == "Nhan đề" else "E4ECF7")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = column.width
        if column.text:
            sheet.column_dimensions[letter].number_format = "@"
    for number, row in enumerate(rows, HEADER_ROW + 1):
        for at, value in enumerate(row, 1):
            sheet.cell(number, at, value).number_format = "@" if columns[at - 1].text else "General"
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"


def _fill_guide(sheet: Worksheet, kind: Kind) -> None:
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 90
    row = 1
    for text in _GENERAL:
        sheet.cell(row, 1, f"{row}.")
        sheet.cell(row, 2, text).alignment = Alignment(wrap_text=True)
        row += 1
    row += 1
    for column in _KINDS[kind]:
        sheet.cell(row, 1, column.header).font = Font(bold=True)
        sheet.cell(row, 2, column.guide).alignment = Alignment(wrap_text=True)
        row += 1
