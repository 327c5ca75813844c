import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthu.encodings.typed import decode_telex, decode_vni
from lienthu.query.corrections import MAX_CORRECTIONS, suggest_corrections
from tests.lienthu.encodings.strings import list_demo_strings

CORRECTED = {
    "thuw vieejn tinhr laof cai": "thư viện tỉnh lào cai",
    "truyeenj kieeuf": "truyện kiều",
    "dduwowngf leen sa pa": "đường lên sa pa",
    "truowngf ddaij hocj": "trường đại học",
    "lichj suwr ddangr booj": "lịch sử đảng bộ",
    "Nguyeenx Du": "Nguyễn Du",
    "uwowcs mow": "ước mơ",
    "thuowr": "thuở",
    "Kyx thuật rèn": "Kỹ thuật rèn",
    "thu7 vie6n5": "thư viện",
    "tru7o7ng2 ho5c": "trường học",
    "d9uo7ng2 9786046401544": "đường 9786046401544",
    "Thñ tôc": "Thủ tục",
    "Thá»§ tá»¥c phÃºc tháº©m": "Thủ tục phúc thẩm",
    "Vieät Nam": "Việt Nam",
    "Tie^'ng Vie^.t": "Tiếng Việt",
}
LEFT = """kuv hlub koj|Hmoob|paj ntaub|Peb cov lus Hmoob|9786046401544|978-604-64-0154-4|Sara Says No|harry potter|law
lop 5|T.1|toan 8|huong dan|nguoi dao|thư viện tỉnh Lào Cai|café|thé|Hà Nội|C++|古籍|" ' % _ *""".replace("\n", "|")


@pytest.mark.parametrize("typed", CORRECTED)
def test_what_was_meant_is_the_first_suggestion(typed: str) -> None:
    assert suggest_corrections(typed)[:1] == (CORRECTED[typed],)


@pytest.mark.parametrize("typed", LEFT.split("|"))
def test_what_may_be_meant_as_it_stands_gets_no_suggestion(typed: str) -> None:
    assert suggest_corrections(typed) == ()


def test_right_titles_get_no_suggestion() -> None:
    assert [title for title in list_demo_strings() if len(title) < 200 and suggest_corrections(title)] == []


@given(st.text(max_size=250))
@settings(deadline=None, max_examples=150)
def test_any_query_is_answered(text: str) -> None:
    found = suggest_corrections(text)
    assert len(found) <= MAX_CORRECTIONS
    assert text not in found


@given(st.text(alphabet="abcdeghiklmnopqrstuvwxyz0123456789", max_size=12))
@settings(deadline=None, max_examples=200)
def test_a_decoded_word_holds_no_keys_any_more(word: str) -> None:
    for decoded in (decode_telex(word), decode_vni(word)):
        assert decoded is None or (decoded.isalpha() and not decoded.isascii())
