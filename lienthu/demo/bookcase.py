"""The provincial library's bookcase that rotates: a list of whose copies stand where, from when to when.

Days are counted from the day on which the demo starts: whenever that is, each copy has a stay that is over, one that is
now and one that comes next, and its number stands in a row for each of them.
"""

import csv
import io
from datetime import date, timedelta
from typing import NamedTuple

from lienthu.demo.cataloguing import AVAILABLE
from lienthu.demo.library import find_book

BOOKS = ("dat-rung", "ve-di-tuoi-tho", "hoang-tu-be")
BOOKCASE = "Tủ sách 05"
HEADERS = (
    "Số ĐKCB", "Nhan đề", "Tác giả", "Nhà xuất bản", "Nơi xuất bản", "Năm xuất bản", "Ngôn ngữ", "Tủ sách", "Địa điểm",
    "Từ ngày", "Đến ngày", "Tình trạng",
)  # fmt: skip


class Stay(NamedTuple):
    """Where the bookcase stands, between two days counted from today, both included."""

    place: str
    first: int
    last: int


ROUND = (
    Stay("Trường TH Bản Phố (mẫu)", -80, -21),
    Stay("Đồn biên phòng Y Tý (mẫu)", -20, 39),
    Stay("Trường THCS Cốc Ly (mẫu)", 40, 99),
)


def write_bookcase_list(today: date) -> bytes:
    """CSV in UTF-8: each copy in a row for each stay."""
    lines = io.StringIO()
    table = csv.writer(lines)
    table.writerow(HEADERS)
    for number, key in enumerate(BOOKS, start=1):
        book = find_book(key)
        for stay in ROUND:
            days = [f"{today + timedelta(days=day):%d/%m/%Y}" for day in (stay.first, stay.last)]
            table.writerow(
                (f"LCL{number:06d}", book.title, book.author, book.pub, book.place, book.year, book.lang, BOOKCASE,
                 stay.place, *days, AVAILABLE)
            )  # fmt: skip
    return lines.getvalue().encode()
