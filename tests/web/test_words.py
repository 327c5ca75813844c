"""Numbers, dates, kinds: as each language writes them."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from web.language import load_language
from web.presenters.dates import format_time_as_day, read_day
from web.presenters.numbers import format_number
from web.presenters.pieces import Piece, cut_pieces
from web.presenters.words import describe_kind, name_language, name_roles, name_type

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(("code", "written"), [("vi", "1.234.567"), ("en", "1,234,567"), ("zh", "1,234,567")])
def test_numbers_are_grouped_as_the_language_does(code: str, written: str) -> None:
    assert format_number(1234567, code) == written


@pytest.mark.parametrize(("code", "written"), [("vi", "01/02/2026"), ("en", "1 Feb 2026"), ("zh", "2026年2月1日")])
def test_dates_are_written_as_the_language_does(code: str, written: str) -> None:
    assert format_time_as_day("2026-02-01", code, HERE) == written


def test_a_time_is_shown_as_the_day_it_was_here() -> None:
    assert read_day("2026-11-20T18:30:00Z", HERE) == date(2026, 11, 21)
    assert read_day("2026-11-20T18:30:00", HERE) == date(2026, 11, 21)
    assert read_day("2026-11-20T18:30:00+07:00", HERE) == date(2026, 11, 20)


def test_what_is_no_date_says_nothing() -> None:
    assert format_time_as_day("hôm qua", "vi", HERE) == ""
    assert format_time_as_day("2026-13-01", "vi", HERE) == ""
    assert format_time_as_day("", "vi", HERE) == ""


@pytest.mark.parametrize(
    ("code", "words"),
    [("vi", "Sách tiếng Việt"), ("en", "Book in Vietnamese"), ("zh", "越南语图书")],
)
def test_a_kind_is_one_phrase_in_every_language(code: str, words: str) -> None:
    assert describe_kind("book", ("vi",), load_language(code)) == words


def test_a_kind_without_a_known_language_is_the_kind_alone() -> None:
    assert describe_kind("map", ("und",), load_language("vi")) == "Bản đồ"
    assert describe_kind("unheard-of", (), load_language("vi")) == "Tài liệu khác"


def test_languages_of_the_province_have_their_names() -> None:
    vietnamese = load_language("vi")
    assert [name_language(code, vietnamese) for code in ("tyz", "nut", "hmn", "ium", "vi", "fr", "qqq")] == [
        "Tiếng Tày",
        "Tiếng Nùng",
        "Tiếng Hmông",
        "Tiếng Dao",
        "Tiếng Việt",
        "Tiếng Pháp",
        "QQQ",
    ]


def test_a_facet_names_the_kind_and_a_row_names_one() -> None:
    english = load_language("en")
    assert name_type("thesis", english) == "Theses"
    assert describe_kind("thesis", (), english) == "Thesis"


def test_roles_are_said_in_words_and_an_author_needs_none() -> None:
    assert name_roles(("edt", "trl", "xyz"), load_language("vi")) == "chủ biên, dịch"
    assert name_roles(("aut",), load_language("vi")) == ""


def test_matched_places_are_cut_out() -> None:
    assert cut_pieces("Lễ cưới của", ((0, 2), (3, 7))) == (Piece("Lễ cưới", True), Piece(" của"))
    assert cut_pieces("abc", ((1, 2),)) == (Piece("a"), Piece("b", True), Piece("c"))
    assert cut_pieces("abc", ((0, 2), (1, 3))) == (Piece("abc", True),)
    assert cut_pieces("abc", ((2, 99), (-5, 1), (2, 2))) == (Piece("a", True), Piece("b"), Piece("c", True))
    assert cut_pieces("", ((0, 1),)) == ()


def test_cut_pieces_join_to_the_text_again() -> None:
    text = "Trần Hữu Sơn; Triệu Văn Quẩy"
    assert "".join(piece.text for piece in cut_pieces(text, ((5, 8), (14, 19)))) == text
