"""Every word of the pages exists in Vietnamese and in Chinese, and says the same facts."""

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from lienthu.i18n import PAGE_LANGUAGES
from tests.web.sources import WEB, list_sources, list_sources_for_readers
from web.language import choose_language, load_language

TRANSLATED = [code for code in PAGE_LANGUAGES if code != "en"]


def read_catalogue(code: str) -> Catalog:
    with (WEB / "locale" / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def find_placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{\w*\}", text))


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_of_the_pages_is_translated_and_nothing_else_is(code: str) -> None:
    translated = {entry.id for entry in read_catalogue(code) if entry.id}
    assert translated == list_sources()


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_is_empty_or_doubtful(code: str) -> None:
    for entry in read_catalogue(code):
        if entry.id:
            strings = entry.string if isinstance(entry.string, tuple) else (entry.string,)
            assert all(strings), entry.id
            assert not entry.fuzzy, entry.id


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_source(code: str) -> None:
    for entry in read_catalogue(code):
        if entry.id:
            sources = entry.id if isinstance(entry.id, tuple) else (entry.id,)
            strings = entry.string if isinstance(entry.string, tuple) else (entry.string,)
            wanted = set().union(*map(find_placeholders, sources))
            assert all(find_placeholders(string) == wanted for string in strings), entry.id


@pytest.mark.parametrize(
    ("source", "vi", "zh"),
    [
        ("Search", "Tìm kiếm", "检索"),
        ("Author", "Tác giả", "著者"),
        ("Publisher", "Nhà xuất bản", "出版社"),
        ("Year of publication", "Năm xuất bản", "出版年"),
        ("Subject", "Chủ đề", "主题"),
        ("Call number", "Ký hiệu xếp giá", "索书号"),
        ("Available", "Còn trong kho", "在馆"),
        ("On loan", "Đang được mượn", "已借出"),
        ("Reference only", "Đọc tại chỗ", "馆内阅览"),
        ("No matching documents", "Không tìm thấy tài liệu nào phù hợp", "未找到匹配文献"),
        ("Clear all filters", "Xóa tất cả bộ lọc", "清除筛选"),
        ("Participating libraries", "Thư viện tham gia", "成员馆"),
        ("Previous page", "Trang trước", "上一页"),
    ],
)
def test_the_words_are_those_of_the_librarians(source: str, vi: str, zh: str) -> None:
    assert load_language("vi").say(source) == vi
    assert load_language("zh").say(source) == zh


@pytest.mark.parametrize("code", TRANSLATED)
def test_words_that_librarians_avoid_stand_nowhere(code: str) -> None:
    said = " ".join(str(entry.string) for entry in read_catalogue(code))
    for avoided in ("Tiêu đề", "Bằng tác giả", "Ca-ta-lô", "Khoản mục", "hoá", "khoá", "xoá"):
        assert avoided not in said


def test_readers_are_told_of_documents_not_of_records() -> None:
    """Librarians say record for the description and document for what it describes; readers know documents alone."""
    shown = list_sources_for_readers()
    said = [str(entry.string).lower() for entry in read_catalogue("vi") if entry.id in shown]
    assert len(said) > 100
    assert not [text for text in said if "biểu ghi" in text or "bản ghi" in text]


def test_one_and_many_differ_in_english() -> None:
    english = load_language("en")
    assert english.say_many("{n} document", "{n} documents", 1) == "1 document"
    assert english.say_many("{n} document", "{n} documents", 1234) == "1,234 documents"
    assert load_language("vi").say_many("{n} document", "{n} documents", 1234) == "1.234 tài liệu"


def test_braces_in_what_is_filled_in_stay_as_they_are() -> None:
    assert load_language("en").say("“{q}”", q="{name} {0}") == "“{name} {0}”"


def test_vietnamese_unless_asked_or_remembered() -> None:
    assert choose_language(None, None) == "vi"
    assert choose_language(None, "zh") == "zh"
    assert choose_language("en", "zh") == "en"
    assert choose_language("fr", None) == "vi"
    assert choose_language("<script>", "en") == "en"
