"""The normalisers, on what real files hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import isbn, issn

from indexer.normalise.extent import normalise_extent
from indexer.normalise.isbn import parse_isbn, parse_issn
from indexer.normalise.keys import build_key
from indexer.normalise.languages import detect_language, normalise_language, split_languages
from indexer.normalise.links import normalise_url, read_access
from indexer.normalise.material import read_type_words
from indexer.normalise.names import parse_person
from indexer.normalise.numerals import parse_numeral
from indexer.normalise.places import normalise_place
from indexer.normalise.prices import is_price, normalise_price, read_print_run
from indexer.normalise.publishers import normalise_publisher
from indexer.normalise.responsibility import parse_responsibility
from indexer.normalise.text import clean_text, strip_brackets, strip_markup, trim_marks
from indexer.normalise.title import build_title, split_statement
from indexer.normalise.volumes import build_volume_key, split_volume
from indexer.normalise.years import choose_years, parse_fixed_years, parse_years
from lienthu.tables import tables_in_use
from lienthu.text import exact


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2011", 2011, None), ("c2004", 2004, None), ("©2004", 2004, None), ("/c1989", 1989, None), ("[1985?]",
        1985, None),
        ("[1963-65]", 1963, 1965), ("2002 - 2003", 2002, 2003), ("1998/1999", 1998, 1999), ("1910-", 1910, None),
        ("2006._Tủ sách dạy nghề", 2006, None), ("2004 + e1CD-ROM", 2004, None), ("Quý III/2004", 2004, None),
        ("1985 [i.e. 1986]", 1986, None), ("197-?", 1970, 1979), ("[198-]", 1980, 1989), ("MCMLXXV", 1975, None),
        ("2005, c2004", 2005, None), ("[2566] 2023", 2023, None),
    ],
)  # fmt: skip
def test_a_year_is_found_in_what_stands_around_it(written: str, first: int, last: int | None) -> None:
    years = parse_years(written, 2028)
    assert (years.first, years.last) == (first, last)


@pytest.mark.parametrize("written", ["20003", "19930", "19?", "c005.", "0000", "2566", "3020", "199", "12/05"])
def test_an_impossible_year_is_unknown_with_a_rule(written: str) -> None:
    years = parse_years(written, 2028)
    assert years.first is None
    assert years.rule == "year-impossible"


@pytest.mark.parametrize("written", ["[19--?]", "19--", "18uu"])
def test_a_century_that_is_stated_as_one_is_unknown_and_no_fault(written: str) -> None:
    assert parse_years(written, 2028) == (None, None, "year-uncertain")


@given(st.text(max_size=40))
def test_a_year_is_always_plausible(text: str) -> None:
    years = parse_years(text, 2028)
    assert years.first is None or 1000 <= years.first <= 2028
    assert years.last is None or (years.first is not None and years.last > years.first)


def test_008_tells_a_range_from_a_year() -> None:
    assert parse_fixed_years("000101s2004    vm ", 2028)[:2] == (2004, None)
    assert parse_fixed_years("000101m19951999vm ", 2028)[:2] == (1995, 1999)
    assert parse_fixed_years("000101c19109999vm ", 2028)[:2] == (1910, None)
    assert parse_fixed_years("000101q197u    vm ", 2028)[:2] == (1970, 1979)
    for unknown in ("000101n        vm ", "000101s19uu    vm ", "000101b        vm ", "", "x" * 40):
        assert parse_fixed_years(unknown, 2028).first is None


def test_among_several_dates_the_shortest_counts() -> None:
    written, years = choose_years(["2010-11-30T20:09:05Z", "2012-01-02", "2004"], 2028)
    assert (written, years.first) == ("2004", 2004)
    assert choose_years(["2015-06"], 2028)[1][:2] == (2015, None)
    assert choose_years(["info:eu-repo/date/embargoEnd/2020-01-01"], 2028)[1].first is None


def test_the_forms_of_one_name_have_one_key() -> None:
    for written in ("Nguyễn Du", "Nguyễn, Du, 1765-1820", "Du, Nguyễn", "NGUYỄN DU", "Nguyễn Du (1765-1820)"):
        assert parse_person(written).key == "nguyễn du"
    for written in ("Christie, Agatha", "Agatha Christie", "Christie, Agatha, 1890-1976."):
        assert parse_person(written).key == "agatha christie"
    assert parse_person("Nguyễn, Hữu Anh").key == "nguyễn hữu anh"


def test_a_name_stays_in_the_order_written() -> None:
    assert parse_person("Nguyễn, Du, 1765-1820").name == "Nguyễn, Du"
    assert parse_person("Nguyễn, Du, 1765-1820").dates == "1765-1820"
    assert parse_person("Christie, Agatha").name == "Christie, Agatha"
    assert parse_person("Rowling, J. K.").name == "Rowling, J. K."


@pytest.mark.parametrize(
    "written", ["TS Nguyễn Hải Quang", "PGS.TS. Nguyễn Hải Quang", "Th.S Nguyễn Hải Quang", "GS, TS Nguyễn Hải Quang",
                "Nguyễn Hải Quang (chủ biên)", "Nguyễn Hải Quang...[và những người khác]", "Cb.: Nguyễn Hải Quang,...",
                "Nguyễn Hải Quang, et al.", "Nguyễn Hải Quang dịch", "NCS. Nguyễn Hải Quang ...[et al.]"],
)  # fmt: skip
def test_titles_roles_and_others_are_set_aside(written: str) -> None:
    name = parse_person(written)
    assert (name.name, name.key) == ("Nguyễn Hải Quang", "nguyễn hải quang")


@pytest.mark.parametrize(
    "written", ["+AA2994AA2967:B3", "=SUM(A1)", "6th edition", "Vật lý: cơ học", "x" * 91, "123", "", "Nhiều tác giả"]
)
def test_what_is_no_name_is_told_so(written: str) -> None:
    assert parse_person(written).key == ""
    assert parse_person(written).rule


def test_a_statement_of_responsibility_gives_names_with_roles() -> None:
    found = [
        (name.name, name.roles) for _, name in parse_responsibility("Lê Lợi kể ; Nguyễn Trãi ghi ; Mạc Bảo Thần dịch")
    ]
    assert found == [("Lê Lợi", ("nrt",)), ("Nguyễn Trãi", ("trc",)), ("Mạc Bảo Thần", ("trl",))]
    assert [name.key for _, name in parse_responsibility("Dương Sách (sưu tầm, biên dịch)")] == ["dương sách"]
    assert parse_responsibility("Nhiều tác giả") == ()
    assert [kind for kind, _ in parse_responsibility("Sở Văn hóa và Thể thao")][:1] == ["corporate"]


@pytest.mark.parametrize(
    ("title", "main", "volume", "key", "part"),
    [
        ("Toán cao cấp. T.1", "Toán cao cấp", "T.1", "1", ""),
        ("Toán cao cấp. Tập 1, Đại số", "Toán cao cấp", "Tập 1", "1", "Đại số"),
        ("Toán cao cấp Tập3", "Toán cao cấp", "Tập3", "3", ""),
        ("Sử thi Ra Glai Quyển 2", "Sử thi Ra Glai", "Quyển 2", "2", ""),
        ("Sử thi - Phần 2, Tập 2", "Sử thi", "Phần 2, Tập 2", "2/2", ""),
        ("Sử thi .Tập 1 - Quyển 2", "Sử thi", "Tập 1 - Quyển 2", "1/2", ""),
        ("Physics, Vol 2", "Physics", "Vol 2", "2", ""),
        ("Physics. Volume II", "Physics", "Volume II", "2", ""),
        ("Tập hai của đời", "Tập hai của đời", "", "", ""),
        ("Chuyện đời. Tập hai", "Chuyện đời", "Tập hai", "2", ""),
        ("Bài tập 1", "Bài tập 1", "", "", ""),
        ("Thực tập 2", "Thực tập 2", "", "", ""),
        ("Phần mềm máy tính", "Phần mềm máy tính", "", "", ""),
        ("Nghệ thuật quân sự", "Nghệ thuật quân sự", "", "", ""),
        ("高等数学 第二册", "高等数学", "第二册", "2", ""),
    ],
)  # fmt: skip
def test_a_volume_is_taken_out_wherever_it_stands(title: str, main: str, volume: str, key: str, part: str) -> None:
    found = split_volume(title)
    assert found == (main, volume, part)
    assert build_volume_key(found[1]) == key


def test_a_volume_in_its_own_field_is_compared_by_its_numbers() -> None:
    assert build_title("X", volumes=("Tập II,",), parts=("Cơ học",)).volume_key == "2"
    assert build_title("X", volumes=("Phần 2", "Tập 2")).volume_key == "2/2"
    assert build_title("X", volumes=("T.1",)).volume_key == build_title("X. Tập 1").volume_key


def test_a_title_in_one_string_is_taken_apart() -> None:
    statement = split_statement("Đảo giấu vàng : Tiểu thuyết / Robert Louis Stevenson ; Nguỵ Thanh Tuyên dịch")
    assert statement[:2] == ("Đảo giấu vàng", "Tiểu thuyết")
    assert split_statement("Giao thức TCP/IP").main == "Giao thức TCP/IP"
    assert split_statement("Lôgic học/Vương Tất Đạt").responsibility == "Vương Tất Đạt"
    assert split_statement("Luật = Law : song ngữ").parallel == ("Law",)


@pytest.mark.parametrize("written", ["H", "H.", "H.:", "H. :", "Hà Nội", "[Hà Nội]", "Hanoi", "HN"])
def test_hanoi_is_one_place(written: str) -> None:
    assert normalise_place(written)[1] == "hà nội"


@pytest.mark.parametrize("written", ["Tp.HCM:", "Tp.Hồ Chí Minh:", "TpHCM:", "Tp.HCM.:", "Tp Hồ Chí Minh:",
        "TP.HCM.:", "Tp:Hồ Chí Minh:",
                                     "Yp.Hồ Chí Minh:", "HTp.HCM:", "Sài Gòn", "Thành phố Hồ Chí Minh"])  # fmt: skip
def test_ho_chi_minh_city_is_one_place(written: str) -> None:
    assert normalise_place(written)[1] == "tp hồ chí minh"


def test_no_place_is_no_place() -> None:
    for written in (":", "", "[S.l.] :", "[s.l.]", "K.đ."):
        assert normalise_place(written) == ("", "")


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("Văn hóa dân tộc,", "Văn hóa dân tộc"), ("Văn hóa Dân tộc,", "Văn hóa dân tộc"), ("Văn Hóa Dân tộc",
        "Văn hóa dân tộc"),
        ("văn hoá dân tộc", "Văn hóa dân tộc"), ("Văn hóa-Dân tộc", "Văn hóa dân tộc"), ("Nxb. Văn hóa dân tộc",
        "Văn hóa dân tộc"),
        ("CTQG", "Chính trị quốc gia - Sự thật"), ("Chính trị Quốc gia", "Chính trị quốc gia - Sự thật"),
        ("Nhà xuất bản Giáo dục", "Giáo dục Việt Nam"), ("KHXH", "Khoa học xã hội"), ("VHTT", "Văn hóa - Thông tin"),
        ("NXB Hà Nội", "Hà Nội"), ("Nxb. Tổng hợp Tp. Hồ Chí Minh", "Tổng hợp Thành phố Hồ Chí Minh"),
        ("QĐND", "Quân đội nhân dân"), ("Nhà xuá̂t bản Văn học", "Văn học"), ("Penguin Books", "Penguin Books"),
    ],
)  # fmt: skip
def test_a_publisher_is_one_however_it_is_written(written: str, label: str) -> None:
    publisher = normalise_publisher(clean_text(written))
    assert publisher.label == label
    assert publisher.key == normalise_publisher(label).key


def test_the_table_of_publishers_can_be_read() -> None:
    assert len(tables_in_use().publishers.ways) > 60


@pytest.mark.parametrize(
    ("written", "code"),
    [("vie", "vi"), ("Vie", "vi"), ("vi_VN", "vi"), ("VN", "vi"), ("fre", "fr"), ("fra", "fr"), ("chi", "zh"), ("zho",
    "zh"),
     ("ger", "de"), ("nut", "nut"), ("hmn", "hmn"), ("nun", "nun"), ("und", ""), ("Song ngữ", ""), ("|||", ""),
     ("Tiếng Anh", "en"), ("zzz9", "")],
)  # fmt: skip
def test_a_language_has_one_code(written: str, code: str) -> None:
    assert normalise_language(written) == code


def test_languages_written_together_are_parted() -> None:
    assert split_languages("vieeng") == ("vi", "en")
    assert split_languages("vie; eng") == ("vi", "en")
    assert split_languages("Việt - Anh") == ("vi", "en")


def test_a_language_is_detected_only_where_the_writing_tells() -> None:
    assert detect_language("Lễ hội của người Dao") == "vi"
    assert detect_language("红河州图书馆") == "zh"
    for unknown in ("Ban do Lao Cai", "Physics", "Économie générale du théâtre", "12345", ""):
        assert detect_language(unknown) == ""


def test_isbns_of_both_lengths_and_with_qualifiers() -> None:
    for written in (
        "978-604-64-0154-4 (bìa cứng)",
        "9786046401544",
        "978 604 640154 4",
        "ISBN 978-604-64-0154-4 : 50.000đ",
    ):
        found = parse_isbn(written)
        assert found is not None
        assert (found.value, found.rule) == ("9786046401544", "")
    ten = parse_isbn("0-306-40615-2")
    assert ten is not None
    assert ten.value == "9780306406157"
    for nothing in ("", ".", "17.000đ", "bìa mềm"):
        assert parse_isbn(nothing) is None
    serial = parse_issn("0866-7349")
    assert serial is not None
    assert serial.value == "0866-7349"


@given(st.from_regex(r"(?:97[89])?[0-9]{9}[0-9X]", fullmatch=True))
def test_an_isbn_is_right_where_a_published_check_says_so(number: str) -> None:
    right = isbn.is_valid(number)
    found = parse_isbn(number)
    assert found is not None
    assert found.rule == ("" if right else "isbn-invalid")
    assert found.value == (isbn.to_isbn13(number) if right else number)


@given(st.from_regex(r"(?:97[89])?[0-9]{9}", fullmatch=True))
def test_a_book_with_the_check_digit_of_its_number_is_right(stem: str) -> None:
    digits = [digit for digit in "0123456789X" if (found := parse_isbn(stem + digit)) and not found.rule]
    assert len(digits) == 1
    assert isbn.is_valid(stem + digits[0])


@given(st.from_regex(r"[0-9]{4}-[0-9]{3}[0-9X]", fullmatch=True))
def test_an_issn_is_right_where_a_published_check_says_so(number: str) -> None:
    found = parse_issn(number)
    assert found is not None
    assert found.rule == ("" if issn.is_valid(number) else "issn-invalid")


def test_prices_are_told_from_numbers() -> None:
    assert normalise_price("61.000đ") == normalise_price("61000 đồng") == normalise_price("61.000 VNĐ") == "61.000 đ"
    assert normalise_price("đ.") == normalise_price(".") == ""
    assert normalise_price("$12.50") == "$12.50"
    assert is_price("17.000đ")
    assert not is_price("978-604-64-0154-4")


def test_an_extent_without_a_number_says_nothing() -> None:
    assert normalise_extent(["614tr.;", "20.5cm"]) == "614tr.; 20.5cm"
    assert normalise_extent(["", ", ", "100 tr."]) == "100 tr."
    assert normalise_extent(["tr.;"]) == ""


@pytest.mark.parametrize("written", ["javascript:alert(1)", "ftp://x.example/a", "http://", "https://a b<c>",
        "data:text/html,x", "//x.example",
                                     "http://x.example/\u202e", "http://[::1", "x" * 3000])  # fmt: skip
def test_only_plain_web_addresses_become_links(written: str) -> None:
    assert normalise_url(written) == ""


def test_web_addresses_stay_as_they_are() -> None:
    for url in ("https://example.org/a?b=1&c=%20#d", "http://thư-viện.example/sách", "HTTP://EXAMPLE.ORG"):
        assert normalise_url(url) == url
    assert read_access("Cần tài khoản bạn đọc") == "login"
    assert read_access("Open access") == "open"
    assert read_access("Toàn văn") == "unknown"


def test_words_tell_the_type() -> None:
    assert read_type_words("Luận văn thạc sĩ") == "thesis"
    assert read_type_words("info:eu-repo/semantics/article") == "article"
    assert read_type_words("Sách nói") == "talking-book"
    assert read_type_words("no type provided") is None


def test_clean_text_has_one_order_of_marks_and_nothing_invisible() -> None:
    assert clean_text("xuá̂t bản") == "xuất bản"
    assert clean_text("a\x00b\u200bc\ufeff\u202ed\ud800e") == "abcde"
    assert clean_text("  nhiều \t\n  khoảng\u3000trắng ") == "nhiều khoảng trắng"
    assert strip_markup("<p>Tóm &amp;amp; <b>tắt</b></p><script>x()</script>") == "Tóm & tắt"
    assert strip_markup("a < b và c > d") == "a < b và c > d"
    assert trim_marks("H. :") == "H."


@given(st.text(max_size=200))
def test_clean_text_is_idempotent_and_can_be_stored(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    clean.encode()
    assert not any(ord(character) < 32 for character in clean)


@given(st.text(alphabet=st.sampled_from("ập TQuyển1IVX.,:;/=-[]( )độc tậphầnNguyễn,"), max_size=60))
def test_nothing_that_is_written_breaks_a_normaliser(text: str) -> None:
    build_title(text)
    split_statement(text)
    parse_person(text)
    parse_responsibility(text)
    normalise_publisher(text)
    normalise_place(text)
    parse_isbn(text)
    build_volume_key(text)


@given(st.text(alphabet=st.sampled_from("Hhmô ngM'’.,-quýKỹThưviện()河内é1"), max_size=40))
def test_a_key_is_the_exact_layer(text: str) -> None:
    assert build_key(text) == exact(text)


def test_numerals_of_four_kinds() -> None:
    assert [parse_numeral(text) for text in ("12", "XIV", "hai", "十二", "二十", "IIII", "x?")] == [
        12,
        14,
        2,
        12,
        20,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [("[Hà Nội]", "Hà Nội"), ("[Paris", "Paris"), ("Paris]", "Paris"), ("(Huế)", "Huế"),
     ("Văn học (Hà Nội)", "Văn học (Hà Nội)"), ("[x] y [z]", "[x] y [z]")],
)  # fmt: skip
def test_brackets_around_a_value_or_half_of_them_are_set_aside(written: str, shown: str) -> None:
    assert strip_brackets(written) == shown


def test_a_sign_that_marc_8_writes_as_a_reference_is_the_sign() -> None:
    assert clean_text("&#x6C49;&#x8BED; AT&T &#xFFFFFF;") == "汉语 AT&T &#xFFFFFF;"


@pytest.mark.parametrize(
    ("written", "run"),
    [
        ("1000b", "1.000"),
        ("89000đ. - 1000b", "1.000"),
        ("1.500 bản", "1.500"),
        ("61.000đ", ""),
        ("", ""),
        ("bìa mềm", ""),
    ],
)
def test_a_print_run_is_told_beside_the_price(written: str, run: str) -> None:
    assert read_print_run(written) == run
