"""A book on rotation is shown where it stands today."""

from collections.abc import Callable
from datetime import date

import pytest

from lienthu.edition import Edition
from lienthu.holding import Holding
from lienthu.record import Title
from web.language import load_language
from web.presenters.holdings import Reader, present_libraries, present_place
from web.presenters.stays import place_copies

MakeReader = Callable[..., Reader]
VI = load_language("vi")


def stay(place: str, first: str, last: str, number: str = "LC.1", bookcase: str = "Tủ sách 05") -> Holding:
    return Holding(
        partner_id="laocai", record="laocai/file/1", accession_number=number, bookcase=bookcase, location=place,
        from_day=first, to_day=last, status="available", as_of="2026-11-20T01:00:00Z",
    )  # fmt: skip


ROUND = (
    stay("Trường TH Bản Phố", "2026-09-01", "2026-11-30"),
    stay("Đồn biên phòng Y Tý", "2026-12-01", "2026-12-30"),
    stay("Trường THCS Cốc Ly", "2027-01-02", ""),
)


@pytest.mark.parametrize(
    ("today", "location", "note", "status"),
    [
        (date(2026, 8, 1), "", "từ 01/09/2026 ở Tủ sách 05, Trường TH Bản Phố", "unknown"),
        (
            date(2026, 11, 30), "Tủ sách 05, Trường TH Bản Phố",
            "đến 30/11/2026; từ 01/12/2026 ở Tủ sách 05, Đồn biên phòng Y Tý", "available",
        ),
        (
            date(2026, 12, 1), "Tủ sách 05, Đồn biên phòng Y Tý",
            "đến 30/12/2026; từ 02/01/2027 ở Tủ sách 05, Trường THCS Cốc Ly", "available",
        ),
        (date(2026, 12, 31), "", "từ 02/01/2027 ở Tủ sách 05, Trường THCS Cốc Ly", "unknown"),
        (date(2028, 1, 1), "Tủ sách 05, Trường THCS Cốc Ly", "", "available"),
    ],
)  # fmt: skip
def test_of_each_copy_the_stay_of_today_is_shown(today: date, location: str, note: str, status: str) -> None:
    (copy,) = place_copies(ROUND, today, VI)
    assert (copy.location, copy.note, copy.status) == (location, note, status)


def test_a_stay_that_is_over_is_told_as_what_was() -> None:
    (copy,) = place_copies(ROUND[:1], date(2027, 5, 1), VI)
    assert (copy.location, copy.status) == ("", "unknown")
    assert copy.note == "trước ở Tủ sách 05, Trường TH Bản Phố, đến 30/11/2026"


def test_copies_are_told_apart_by_their_numbers_and_those_without_days_stay_where_they_are() -> None:
    other = stay("Trường TH Bản Phố", "2026-09-01", "2026-11-30", number="LC.2")
    shelf = Holding(partner_id="laocai", record="laocai/file/2", location="Kho mượn")
    placed = place_copies((shelf, *ROUND, other), date(2026, 10, 1), VI)
    assert [copy.location for copy in placed] == [
        "Kho mượn", "Tủ sách 05, Trường TH Bản Phố", "Tủ sách 05, Trường TH Bản Phố",
    ]  # fmt: skip


def test_the_page_and_the_row_of_a_book_on_rotation_change_with_the_day(make_reader: MakeReader) -> None:
    edition = Edition(id="lt9", members=("laocai/file/1",), title=Title(main="Dế mèn"), holdings=ROUND)
    reader = make_reader(today=date(2026, 12, 24))
    (library,) = present_libraries(edition, reader)
    assert [copies.location for copies in library.copies] == ["Tủ sách 05, Đồn biên phòng Y Tý"]
    assert library.copies[0].note.startswith("đến 30/12/2026")
    assert "Đồn biên phòng Y Tý" in present_place(edition, ("laocai",), reader).library
    later = present_place(edition, ("laocai",), make_reader(today=date(2026, 12, 31)))
    assert (later.status, "Y Tý" in later.library) == ("unknown", False)
