"""The demo library is what it claims: sums, real troubles, honest numbers."""

import unicodedata
from importlib.resources import files

import pytest
from lxml import etree
from stdnum import isbn

from lienthu.demo.book import Book
from lienthu.demo.cataloguing import Copy, compose_provincial_fields, compose_school_fields, put_tone_first
from lienthu.demo.library import PARTNERS, count_expected, find_book, list_deposits, load_books, load_withdrawn
from lienthu.demo.marc_writer import Field, build_leader, parse_field, write_marcxml
from lienthu.demo.provincial import build_provincial_repository, write_copy

WRONG_ISBNS = {"isbn-sai", "gia-trong-020"}


def fields_of(key: str, tag: str) -> list[Field]:
    book = find_book(key)
    return [field for field in compose_provincial_fields(book, Copy("X1", "LC1", False)) if field.tag == tag]


def test_the_real_records_r1_to_r26_are_all_there() -> None:
    assert {book.r for book in load_books()} - {""} == {f"R{number}" for number in range(1, 27)}


def test_three_partners_share_some_three_hundred_records_and_overlap() -> None:
    counts = {partner: count_expected(partner) for partner in PARTNERS}
    assert counts["laocai"].records > 200
    assert counts["daihoc"].records > 80
    assert counts["truong"].records > 60
    assert sum(len(book.at) == 3 for book in load_books()) >= 10
    assert sum("laocai" in book.at and "daihoc" in book.at for book in load_books()) >= 40


def test_every_book_is_held_somewhere_that_exists() -> None:
    assert all(book.at and set(book.at) <= set(PARTNERS) and min(book.at.values()) > 0 for book in load_books())


def test_control_and_accession_numbers_are_never_used_twice() -> None:
    for partner in PARTNERS:
        copies = [copy for deposit in list_deposits(partner) for copy in deposit.copies]
        assert len({copy.control_number for copy in copies}) == len(copies)
        assert len({copy.accession_number for copy in copies}) == len(copies)
    live = {copy.control_number for deposit in list_deposits("laocai") for copy in deposit.copies}
    assert not live & {record.id for record in load_withdrawn()}


def test_copies_of_a_title_differ_in_nothing_but_number_and_status() -> None:
    deposit = next(deposit for deposit in list_deposits("laocai") if deposit.book.key == "tieng-viet-5-1")
    assert len(deposit.copies) == 20
    described = {
        tuple(field for field in compose_provincial_fields(deposit.book, copy) if field.tag not in ("001", "852"))
        for copy in deposit.copies
    }
    assert len(described) == 1


def test_no_isbn_is_wrong_but_the_ones_that_are_meant_to_be() -> None:
    for book in load_books():
        for field in compose_provincial_fields(book, Copy("X1", "LC1", False)):
            numbers = [text for code, text in field.subfields if field.tag == "020" and code == "a"]
            assert all(isbn.is_valid(number) for number in numbers) or book.key in WRONG_ISBNS, book.key


def test_r10_r11_and_r12_share_one_isbn() -> None:
    sharing = [book.r for book in load_books() if book.isbn == "978-604-64-0154-4"]
    assert sharing == ["R10", "R11", "R12"]


def test_the_publisher_stands_there_in_five_spellings_and_more() -> None:
    spelt = {book.pub for deposit in (list_deposits("laocai"), list_deposits("daihoc")) for book, _ in deposit}
    wanted = {"Văn hóa dân tộc", "Văn hóa Dân tộc", "Văn Hóa Dân tộc", "văn hóa dân tộc", "Văn hóa-Dân tộc"}
    assert wanted <= spelt


def test_provincial_records_have_the_troubles_of_their_kind() -> None:
    assert not fields_of("de-men", "008")
    assert fields_of("de-men", "245")[0].indicators == "  "
    assert dict(fields_of("de-men", "260")[0].subfields)["a"] == "H.:"
    assert dict(fields_of("nam-2004-dd", "260")[0].subfields)["c"] == "2004" + " " * 180 + "dd"
    assert dict(fields_of("gia-trong-020", "020")[0].subfields)["a"] == "17.000đ"
    assert dict(fields_of("tai-lieu-noi-bo", "926")[0].subfields)["a"] == "M"
    assert not fields_of("khong-nhan-de", "245")
    assert fields_of("tai-lieu-so", "856")
    staff = {text for tag in ("911", "912") for field in fields_of("de-men", tag) for _, text in field.subfields}
    assert staff
    assert all("mẫu" in name for name in staff)


def test_some_records_write_their_marks_in_other_orders() -> None:
    decomposed = write_copy(find_book("tuc-ngu-ca-dao"), Copy("X1", "LC1", False))
    assert not unicodedata.is_normalized("NFC", decomposed)
    tone_first = write_copy(find_book("le-hoi-lao-cai"), Copy("X1", "LC1", False))
    assert "Lễ hội" not in unicodedata.normalize("NFC", tone_first)
    assert put_tone_first("xuất") == "xua\u0301\u0302t"
    assert unicodedata.normalize("NFC", put_tone_first("xuất")) != "xuất"


def test_a_title_goes_beyond_the_basic_multilingual_plane() -> None:
    assert any(ord(character) > 0xFFFF for character in find_book("tu-dien-chu-nom").title)


def test_every_provincial_record_is_well_formed_marcxml() -> None:
    for record in build_provincial_repository().records:
        for prefix in record.metadata:
            assert etree.fromstring(record.metadata[prefix].encode()) is not None


def test_the_contradicting_serial_says_vietnamese_in_008_and_english_in_041() -> None:
    assert len(fields_of("architecture-australia", "008")[0].value) == 40
    assert fields_of("architecture-australia", "008")[0].value[35:38] == "vie"
    assert fields_of("architecture-australia", "041")[0].subfields == (("a", "eng"),)


def test_the_school_codes_language_and_year_in_008() -> None:
    fields = compose_school_fields(find_book("hoang-tu-be"), [Copy("TM1", "TM1", True), Copy("TM2", "TM2", False)])
    coded = next(field.value for field in fields if field.tag == "008")
    assert len(coded) == 40
    assert (coded[7:11], coded[35:38]) == ("2013", "vie")
    assert [field.tag for field in fields].count("876") == 2


def test_a_written_field_is_read_back_and_any_other_line_refused() -> None:
    assert parse_field("260 ## $aH.:$bTrẻ,$c19?") == Field("260", "  ", (("a", "H.:"), ("b", "Trẻ,"), ("c", "19?")))
    for line in ("260", "26 ## $aH.", "260 # $aH.", "260 ## H."):
        with pytest.raises(ValueError, match="2"):
            parse_field(line)


def test_markup_in_a_title_is_escaped() -> None:
    book = Book(key="k", title="<b> & </b>", at={"laocai": 1})
    written = write_marcxml(build_leader("SH"), compose_provincial_fields(book, Copy("X1", "LC1", False)))
    assert "&lt;b&gt; &amp; &lt;/b&gt;" in written


def test_the_library_and_the_golden_queries_are_packed_beside_the_code() -> None:
    folder = files("lienthu.demo")
    assert (folder / "golden_queries.toml").is_file()
    assert (folder / "library" / "peoples.toml").is_file()
