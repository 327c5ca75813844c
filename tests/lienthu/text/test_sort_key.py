from hypothesis import given
from hypothesis import strategies as st

from lienthu.text import build_sort_key


def sort(*titles: str, language: str = "vi") -> list[str]:
    return sorted(titles, key=lambda title: build_sort_key(title, language))


def test_titles_are_filed_in_vietnamese_order() -> None:
    filed = ["An", "Áo", "Az", "Ăn", "Âm nhạc", "Ấn Độ", "Ba", "Dao", "Dy", "Đà Nẵng", "Em", "Êđê", "Ong", "Ông", "Ơn",
             "Ung", "Ưng", "Zorro", "老街"]  # fmt: skip
    assert sort(*reversed(filed)) == filed


def test_tones_are_filed_syllable_by_syllable() -> None:
    assert sort("mạ", "má", "mã", "mả", "mà", "ma") == ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sort("Lào Cai", "Lao động", "Lão hạc") == ["Lao động", "Lào Cai", "Lão hạc"]


def test_a_shorter_title_stands_before_the_longer_one_that_begins_alike() -> None:
    assert sort("Lao xao", "Lao động xa", "Lao", "Lao động") == ["Lao", "Lao động", "Lao động xa", "Lao xao"]


def test_a_leading_quote_or_bracket_is_set_aside() -> None:
    assert sort("Dao", '"Đại Thư" sách dùng', "Em", "[Đà] Nẵng") == ["Dao", "[Đà] Nẵng", '"Đại Thư" sách dùng', "Em"]


def test_articles_are_set_aside_by_language_only() -> None:
    assert build_sort_key("The cat", "en") == build_sort_key("Cat", "en")
    assert build_sort_key("L'homme", "fr") == build_sort_key("Homme", "fr")
    assert build_sort_key("La", "fr") != build_sort_key("", "fr")
    assert build_sort_key("La cà", "vi") != build_sort_key("cà", "vi")


def test_numbers_go_by_value_and_stand_before_letters() -> None:
    assert sort("Tập 10", "Tập 9", "Tập 02", "Tập một") == ["Tập 02", "Tập 9", "Tập 10", "Tập một"]
    assert sort("An", "1000 năm", "99 năm") == ["99 năm", "1000 năm", "An"]


def test_a_title_without_words_is_filed_last() -> None:
    assert sort("…", "老街", "Ý") == ["Ý", "老街", "…"]


@given(st.text(max_size=80), st.sampled_from(["vi", "en", "fr", "xx"]))
def test_any_title_has_a_short_key_without_nul(title: str, language: str) -> None:
    key = build_sort_key(title, language)
    assert key
    assert "\0" not in key
    assert len(key.encode()) <= 400
