import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthu.query.language import ParsedQuery, parse_query
from lienthu.query.size import measure_tree
from lienthu.query.tree import (
    MAX_DEPTH,
    MAX_NODES,
    And,
    Everything,
    Not,
    Nothing,
    Number,
    Or,
    Phrase,
    Preferred,
    Query,
    Word,
    Words,
)
from lienthu.query.widening import widen_query
from lienthu.text import analyse


def words(text: str, scope: str = "any", marked: bool = False) -> Words:
    return Words(read(text), scope, marked)  # type: ignore[arg-type]


def phrase(text: str, scope: str = "any", marked: bool = False) -> Phrase:
    return Phrase(read(text), scope, marked)  # type: ignore[arg-type]


def read(text: str) -> tuple[Word, ...]:
    return tuple(Word(token.exact, token.folded) for token in analyse(text))


def parse_words(text: str) -> Query:
    """The tree less the turned names, which find nothing more."""
    tree = parse_query(text).tree
    if isinstance(tree, Or) and all(
        isinstance(child, Phrase) and child.scope == "author" for child in tree.children[1:]
    ):
        return tree.children[0]
    return tree


def unmark(tree: Query) -> str:
    """The tree without what only ranks: marks and the exact layer."""
    if isinstance(tree, Words | Phrase):
        forms = [sorted({word.folded, *word.alternatives}) for word in tree.words]
        return f"{type(tree).__name__}{forms}{tree.scope}"
    if isinstance(tree, And | Or):
        return f"{type(tree).__name__}({sorted(unmark(child) for child in tree.children)})"
    if isinstance(tree, Preferred):
        return unmark(tree.query)
    return repr(tree)


def test_words_must_all_match_and_keep_their_neighbours() -> None:
    assert parse_words("ca dao cổ") == words("ca dao cổ", marked=True)


def test_a_query_without_marks_is_not_marked() -> None:
    assert not parse_query("dang thuy tram").marked
    assert parse_query("dang thùy tram").marked


def test_a_phrase_and_an_excluded_word_are_told() -> None:
    parsed = parse_query('"phong tục" làng -Nùng')
    assert parsed.tree == And(
        (phrase("phong tục", marked=True), words("làng", marked=True), Not(words("Nùng", marked=True)))
    )
    assert parsed.read_as == (("phrase", "phong tục"), ("not", "Nùng"))


@pytest.mark.parametrize("text", ["Tày-Nùng", "Tày - Nùng", "Tày- Nùng", "Tày – Nùng"])
def test_a_hyphen_between_words_excludes_nothing(text: str) -> None:
    parsed = parse_query(text)
    assert parse_words(text) == words("Tày Nùng", marked=True)
    assert parsed.read_as == ()


def test_a_query_that_only_excludes_asks_for_everything_else() -> None:
    assert parse_query("-dao").tree == And((Everything(), Not(words("dao"))))


def test_several_excluded_words_are_a_phrase() -> None:
    assert parse_query('ca -"dân tộc"').tree == And((words("ca", marked=True), Not(phrase("dân tộc", marked=True))))


@pytest.mark.parametrize("operator", ["OR", "HOẶC", unicodedata.normalize("NFD", "HOẶC")])
def test_or_between_words_asks_for_either_side(operator: str) -> None:
    parsed = parse_query(f"ca dao {operator} lang")
    assert parsed.tree == Or((words("ca dao", marked=parsed.marked), words("lang", marked=parsed.marked)))
    assert parsed.read_as[0][0] == "or"


@pytest.mark.parametrize("text", ["OR", "ca OR", "or ca", "ca or dao", "ca HOặC dao"])
def test_or_elsewhere_is_a_word(text: str) -> None:
    assert isinstance(parse_words(text), Words)


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("tacgia", "author"), ("tác giả", "author"), ("Tac Gia ", "author"), ("author", "author"), ("著者", "author"),
        ("nhande", "title"), ("Nhan đề", "title"), ("tiêu đề", "title"), ("title", "title"), ("題名", "title"),
        ("chude", "subject"), ("chủ đề", "subject"), ("subject", "subject"), ("主题", "subject"),
        ("nxb", "publisher"), ("nhà xuất bản", "publisher"), ("publisher", "publisher"), ("出版社", "publisher"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("colon", [":", ": ", "："])
def test_a_field_is_known_under_each_of_its_names(name: str, scope: str, colon: str) -> None:
    parsed = parse_query(f"{name}{colon}Du")
    assert parsed.tree == words("Du", scope, parsed.marked)
    assert parsed.read_as == ((f"field:{scope}", "Du"),)


def test_a_field_holds_until_the_next_one() -> None:
    parsed = parse_query("truyện tác giả: Nguyễn Du nhan đề: Kiều")
    assert parsed.tree == And(
        (words("truyện", marked=True), words("Nguyễn Du", "author", True), words("Kiều", "title", True))
    )


def test_a_field_may_be_a_phrase_or_excluded() -> None:
    assert parse_query('title:"ca dao"').tree == phrase("ca dao", "title")
    assert parse_query("ca -author:du").tree == And((words("ca"), Not(words("du", "author"))))


def test_the_name_of_a_field_alone_is_words() -> None:
    assert parse_words("tác giả:") == words("tác giả", marked=True)
    assert parse_words("http://thuvien.vn") == words("http thuvien vn")


@pytest.mark.parametrize(
    "text",
    ["978-604-64-0154-4", "9786046401544", "978 604 640154 4", "ISBN: 978-604-64-0154-4", "isbn 9786046401544",
     "ISBN-13: 9786046401544", "6046401542", "604-64-0154-2", "604 640 154 2", " 9786046401544 ", "isbn:6046401542"],
)  # fmt: skip
def test_an_isbn_is_known_however_it_is_written(text: str) -> None:
    parsed = parse_query(text)
    assert parsed.tree == Number(("9786046401544",))
    assert parsed.read_as == (("isbn", "9786046401544"),)


def test_an_isbn_may_stand_among_words() -> None:
    assert parse_query("truyện 978-604-64-0154-4 tày").tree == And(
        (words("truyện", marked=True), Number(("9786046401544",)), words("tày", marked=True))
    )


@pytest.mark.parametrize("text", ["6046401548", "978-604-64-0154-5"])
def test_a_wrong_isbn_is_told_and_searched_as_it_is_written(text: str) -> None:
    parsed = parse_query(text)
    compact = text.replace("-", "")
    assert parsed.read_as == (("isbn-invalid", compact),)
    assert parsed.tree == Or((Number((compact,)), words(text)))


@pytest.mark.parametrize("text", ["lịch sử 1945 1975 12", "thu7 vie6n5", "1990-2000", "2024"])
def test_other_numbers_are_words(text: str) -> None:
    assert not any(kind.startswith("is") for kind, _ in parse_query(text).read_as)


def test_an_issn_is_known() -> None:
    assert parse_query("ISSN 0866-7349").tree == Number(("0866-7349", "08667349"))
    assert parse_query("ISSN 0866-7349").read_as == (("issn", "0866-7349"),)


def test_a_call_number_is_looked_for_as_one_and_as_words() -> None:
    assert parse_query("398.8 TH459C").tree == Or((Number(("3988th459c",)), words("398.8 TH459C")))


def test_a_run_of_han_is_a_phrase() -> None:
    assert parse_query("鲁迅全集").tree == phrase("鲁迅全集")
    assert parse_words("书 茶") == words("书 茶")
    assert parse_query("Sách 鲁迅 hay").tree == And(
        (words("Sách", marked=True), phrase("鲁迅", marked=True), words("hay", marked=True))
    )


def test_an_empty_query_asks_for_everything() -> None:
    for text in ("", "   ", "\n\t\u3000"):
        assert parse_query(text) == ParsedQuery(Everything())


@pytest.mark.parametrize("text", ["%", "🙂", "_ * ' \"", '""', "-", "…", "\ud800"])
def test_a_query_without_words_finds_nothing_and_says_so(text: str) -> None:
    parsed = parse_query(text)
    assert parsed.tree == Nothing()
    assert parsed.read_as[0][0] == "no-words"


def test_a_name_may_be_turned_round_and_finds_nothing_more() -> None:
    assert parse_query("Du Nguyễn").tree == Or(
        (words("Du Nguyễn", marked=True), phrase("Nguyễn Du", "author", marked=True))
    )
    assert phrase("tran huu son", "author") in parse_query("son tran huu").tree.children  # type: ignore[union-attr]
    for text in ("du", "tập 1", "một hai ba bốn năm", '"du nguyễn"', "title: du nguyễn", "-x du nguyễn"):
        assert "author" not in repr(parse_query(text).tree), text


def test_names_with_and_without_comma_ask_for_the_same_words() -> None:
    assert parse_query("Christie, Agatha").words == parse_query("Christie Agatha").words


@pytest.mark.parametrize(
    "same",
    [
        ("H'Mông", "H’mông", "Hmông", "H mông", "hmong", "người Mèo", "nguoi meo", "dân tộc Mông", "苗族"),
        ("Sapa du lịch", "Sa Pa du lịch", "Sa-pa du lịch"),
        ("Lê nin", "Lênin", "Lenin", "V.I.Lênin", "V. I. Lê-nin"),
        ("瑶族", "瑤族"),
        ("TP.HCM", "Tp Hồ Chí Minh", "thanh pho ho chi minh"),
        ("văn hoá dân tộc", "văn hóa dân tộc", "VĂN HÓA DÂN TỘC", "van hoa dan toc"),
        ("Vật lý đại cương tập 1", "vật lí đại cương T.1", "vat ly dai cuong t1".replace("t1", "t 1")),
        ("Hà Nhì", "Ha Nhi"),
    ],
)  # fmt: skip
def test_different_ways_of_asking_match_the_same(same: tuple[str, ...]) -> None:
    assert len({unmark(parse_query(text).tree) for text in same}) == 1


@pytest.mark.parametrize("text", ["mèo", "mông", "mán", "dao", "thái", "người đảo", "tiếng mẹo", "con mèo"])
def test_a_word_that_only_looks_like_a_people_is_not_expanded(text: str) -> None:
    assert isinstance(parse_words(text), Words)


def test_a_people_is_found_by_its_other_names_and_by_the_words_as_typed() -> None:
    tree = parse_query("người Dao Tuyển").tree
    assert isinstance(tree, Or)
    assert tree.children[0] == words("người Dao Tuyển", marked=True)
    assert phrase("瑶族", marked=True) in tree.children[1].children[0].children  # type: ignore[union-attr]


def test_tay_and_nung_are_not_the_same_people() -> None:
    assert "nung" not in unmark(parse_query("người Tày").tree)
    assert "nguoi" in unmark(parse_query("壮族").tree)


def test_the_word_for_publisher_is_left_out_beside_other_words() -> None:
    assert parse_words("nxb kim dong") == words("kim dong")


def test_most_words_are_two_thirds_and_strict_matches_stand_first() -> None:
    strict = parse_query("lễ cưới pa dí mường kương").tree
    assert widen_query(strict) == Preferred(Words(read("lễ cưới pa dí mường kương"), "any", True, 4), strict)


@pytest.mark.parametrize("text", ["", "thư viện", '"một hai ba bốn"', "9786046401544", "🙂", "-một"])
def test_what_cannot_be_widened_is_left(text: str) -> None:
    assert widen_query(parse_query(text).tree) is None


def test_phrases_and_excluded_words_stay_when_a_query_is_widened() -> None:
    strict = parse_query('"ca dao" một hai ba -bốn').tree
    widened = widen_query(strict)
    assert isinstance(widened, Preferred)
    assert isinstance(widened.query, And)
    assert isinstance(strict, And)
    assert widened.query.children[0] == strict.children[0]
    assert widened.query.children[2] == strict.children[2]


def test_a_query_that_is_too_long_is_cut_and_says_so() -> None:
    parsed = parse_query("từ " * 2_000)
    assert ("cut", "1000") in parsed.read_as
    assert ("cut", "100") in parsed.read_as


PIECES = (
    "-", '"', "“", "”", " OR ", " HOẶC ", ":", "tác giả:", "nxb:", "isbn:", "hmong ", "người Dao ", "苗族", "雲", " ",
    "978-604-64-0154-4 ", "0866-7349 ", "1234567890 ", "V.I.Lênin ", "\u0302", "\ud800", "\x00", "«", "《", "tập 1 ",
)  # fmt: skip


def check_bounds(text: str) -> None:
    parsed = parse_query(text)
    for tree in (parsed.tree, widen_query(parsed.tree)):
        if tree is not None:
            size = measure_tree(tree)
            assert size.nodes <= MAX_NODES
            assert size.depth <= MAX_DEPTH
            assert size.words <= 1_024
    assert all(kind and isinstance(shown, str) for kind, shown in parsed.read_as)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_a_query_within_bounds(text: str) -> None:
    check_bounds(text)


def test_operators_in_any_order_are_a_query_within_bounds() -> None:
    chance = random.Random(20)
    for _ in range(9_500):
        check_bounds("".join(chance.choice(PIECES) for _ in range(chance.randint(1, 12))))


@pytest.mark.parametrize(
    "unit",
    ["hmong ", "-a ", "a OR ", '"a b" ', "苗族 ", "9786046401544 ", "中国 a ", "tác giả: a ", "1234567890 ",
     '-"a b" OR ', "người dao sa pa "],
)  # fmt: skip
def test_a_query_of_nothing_but_operators_keeps_to_the_bounds(unit: str) -> None:
    check_bounds(unit * 500)
