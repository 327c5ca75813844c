"""Presenters: from the catalogue's nouns to exactly what a page shows."""

from collections.abc import Callable, Sequence

import pytest

from lienthu.edition import Edition
from lienthu.holding import Holding
from lienthu.query.language import parse_query
from lienthu.record import Agent, Link, Publication, Relation, Title
from lienthu.search import FacetValue
from search_api.answer import Answer, Asked, Found
from tests.web.stub_catalogue import EDITIONS, PARTNERS, StubCatalogue, hold
from web.presenters.edition import FIELD_WORDS, build_citation, present_edition
from web.presenters.facets import MOST_CHOICES, describe_years, present_chips, present_facets, present_years
from web.presenters.holdings import (
    Place,
    Reader,
    list_other_links,
    name_online_access,
    order_libraries,
    present_libraries,
    present_online,
    present_place,
)
from web.presenters.results import count_libraries, present_paging, present_results
from web.presenters.rows import present_row

MakeReader = Callable[..., Reader]


def make_edition(*holdings: Holding, **changes: object) -> Edition:
    members = tuple(dict.fromkeys(f"{holding.partner_id}/oai/1" for holding in holdings)) or ("laocai/oai/1",)
    return Edition(id="e", members=members, title=Title(main="Sách"), holdings=holdings, **changes)  # type: ignore[arg-type]


def make_answer(asked: Asked | None = None, **changes: object) -> Answer:
    shown: dict[str, object] = {"total": 0, "strict_total": 0, "found": (), "facets": {}, **changes}
    return Answer(asked=asked or Asked(q="dao"), **shown)  # type: ignore[arg-type]


# Where it is


def find_place(edition: Edition, reader: Reader) -> Place:
    return present_place(edition, order_libraries(edition, reader.partners), reader)


def test_a_row_names_the_nearest_library_that_has_a_copy_now(make_reader: MakeReader) -> None:
    edition = make_edition(
        hold("taybac", status="available", as_of="2026-11-19"),
        hold("laocai", status="on_loan", as_of="2026-11-20"),
        hold("muonghum", status="available", as_of="2026-11-21"),
        hold("muonghum", status="available", as_of="2026-11-20", location=""),
    )
    place = find_place(edition, make_reader())
    assert (place.status, place.words) == ("available", "Còn 2 bản")
    assert place.library == "Thư viện Trường Tiểu học Mường Hum"
    assert place.as_of == "tính đến 20/11/2026", "the oldest of the days is how far the words can be trusted"


def test_a_status_that_is_not_known_says_whom_to_ask_and_no_date(make_reader: MakeReader) -> None:
    place = find_place(make_edition(hold("laocai", as_of="2026-11-20")), make_reader())
    assert (place.words, place.library, place.as_of) == ("1 bản, hỏi thư viện", "Thư viện tỉnh Lào Cai", "")


def test_an_edition_without_holdings_still_names_its_library(make_reader: MakeReader) -> None:
    place = find_place(make_edition(), make_reader("en"))
    assert (place.words, place.library) == ("Ask the library", "Lào Cai Provincial Library")


def test_libraries_stand_in_the_order_of_the_partners_and_strangers_last(make_reader: MakeReader) -> None:
    edition = make_edition(hold("gone-library"), hold("tinh1"), hold("laocai"))
    assert [library.name for library in present_libraries(edition, make_reader())] == [
        "Thư viện tỉnh Lào Cai",
        "Thư viện tỉnh số 1",
        "gone-library",
    ]


def test_copies_that_cannot_be_told_apart_are_one_line(make_reader: MakeReader) -> None:
    edition = make_edition(
        hold("laocai", call_number="39", accession_number="A1", status="on_loan"),
        hold("laocai", call_number="39", accession_number="A2", status="available"),
        hold("laocai", call_number="39", accession_number="A3", status="available"),
    )
    (library,) = present_libraries(edition, make_reader())
    assert [(line.status, line.count, line.accession_numbers) for line in library.copies] == [
        ("available", "2 bản", ("A2", "A3")),
        ("on_loan", "1 bản", ("A1",)),
    ]
    assert library.summary == "Còn 2 bản"


def test_no_copy_is_lost_behind_the_fold(make_reader: MakeReader) -> None:
    (library,) = present_libraries(EDITIONS[1], make_reader())
    shown = [number for line in (*library.copies, *library.more) for number in line.accession_numbers]
    assert sorted(shown) == sorted(copy.accession_number for copy in EDITIONS[1].holdings)
    assert library.more_words == f"Xem thêm {len(library.more)}"


def test_the_way_home_is_the_partners_own_page_of_its_own_record(make_reader: MakeReader) -> None:
    libraries = {library.name: library for library in present_libraries(EDITIONS[0], make_reader())}
    home = libraries["Thư viện tỉnh Lào Cai"].record_address
    assert home == "https://thuvien.laocai.example/record/oai%3Alc%3ATVL%20140004940/a%3Fb"
    assert libraries["Thư viện Trường Tiểu học Mường Hum"].record_address == ""


def test_only_web_addresses_become_ways_to_read_online(make_reader: MakeReader) -> None:
    edition = make_edition(
        hold("laocai", url="https://a.example/1", access="login", label="Bản số hóa"),
        links=(Link(url="javascript:alert(1)", access="open"), Link(url="https://b.example/2", access="open")),
    )
    assert [(way.words, way.host) for way in present_online(edition, make_reader())] == [
        ("Đọc trực tuyến", "b.example"),
        ("Bản số hóa (cần tài khoản)", "a.example"),
    ]


def test_a_library_that_can_be_asked_stands_before_a_copy_that_is_out(make_reader: MakeReader) -> None:
    edition = make_edition(hold("muonghum", status="on_loan", as_of="2026-11-20"), hold("laocai"))
    assert find_place(edition, make_reader()).words == "1 bản, hỏi thư viện"


def test_a_link_of_unknown_access_is_no_promise_that_it_can_be_read(make_reader: MakeReader) -> None:
    about = "https://about.example/"
    own_page = "https://thuvien.laocai.example/record/1"
    edition = make_edition(hold("laocai"), links=(Link(url=about), Link(url=own_page)))
    reader = make_reader()
    assert present_online(edition, reader) == ()
    assert name_online_access(edition, reader) == ""
    assert list_other_links(edition, reader) == ((about, about),)


# A row


def test_a_row_tells_one_edition_from_another(make_reader: MakeReader) -> None:
    row = present_row(Found(edition=EDITIONS[0], highlights={"title": ((0, 2), (3, 7))}), make_reader())
    assert next((piece.text, piece.marked) for piece in row.title) == ("Lễ cưới", True)
    assert row.imprint == "Thời đại, Hà Nội, 2013 · 197 tr. ; 21 cm"
    assert row.kind == "Sách tiếng Việt"
    assert row.others == "9 thư viện khác"


def test_names_stand_as_written_and_never_fill_the_row(make_reader: MakeReader) -> None:
    row = present_row(Found(edition=EDITIONS[1], highlights={"authors": ((0, 6),)}), make_reader())
    assert "".join(piece.text for piece in row.authors) == "Nguyễn Viết Kính; Bạch Thành Công; Phan Văn Thích"
    assert row.authors[0].marked
    assert row.more_authors == "và 2 người khác"


def test_a_title_in_another_language_says_so(make_reader: MakeReader) -> None:
    assert present_row(Found(edition=EDITIONS[2]), make_reader("vi")).tag == "zh"
    assert present_row(Found(edition=EDITIONS[2]), make_reader("zh")).tag == ""
    assert present_row(Found(edition=EDITIONS[0]), make_reader("zh")).tag == "vi"
    assert present_row(Found(edition=EDITIONS[3]), make_reader("vi")).tag == "", "two languages: which is the title's?"


def test_a_title_without_end_is_cut(make_reader: MakeReader) -> None:
    edition = make_edition()
    endless = Edition(id="e", members=edition.members, title=Title(main="dài " * 2000))
    row = present_row(Found(edition=endless, highlights={"title": ((0, 3),)}), make_reader())
    assert len("".join(piece.text for piece in row.title)) <= 301


# Facets


def values(*pairs: tuple[str, int]) -> Sequence[FacetValue]:
    return tuple(FacetValue(value, value, count) for value, count in pairs)


def test_a_count_stands_in_the_label_as_the_language_writes_it(make_reader: MakeReader) -> None:
    (facet,) = present_facets(Asked(), {"type": values(("book", 1234))}, PARTNERS, make_reader().language)
    assert (facet.title, facet.choices[0].label, facet.choices[0].count) == ("Dạng tài liệu", "Sách", "1.234")


def test_long_facets_fold_but_never_hide_a_chosen_value(make_reader: MakeReader) -> None:
    many = values(*((f"s{number}", 50 - number) for number in range(20)))
    asked = Asked(filters={"subject": ("s15",)})
    (facet,) = present_facets(asked, {"subject": many}, PARTNERS, make_reader().language)
    assert [choice.value for choice in facet.choices] == ["s0", "s1", "s2", "s3", "s4", "s5", "s15"]
    assert len(facet.more) == MOST_CHOICES - 6
    assert facet.more_words == "Xem thêm 6"


def test_a_filter_that_would_narrow_nothing_is_left_out(make_reader: MakeReader) -> None:
    facets = {"type": values(("book", 7)), "language": values(("vi", 6)), "partner": values(("laocai", 7))}
    language = make_reader().language
    assert [facet.name for facet in present_facets(Asked(), facets, PARTNERS, language, 7)] == ["partner", "language"]
    chosen = Asked(filters={"type": ("book",)})
    assert "type" in [facet.name for facet in present_facets(chosen, facets, PARTNERS, language, 7)]


def test_classes_stand_in_their_order_and_all_in_sight(make_reader: MakeReader) -> None:
    found = values(("5", 30), ("10", 20), ("1", 9), ("12", 2), ("6", 1), ("7", 1), ("8", 1), ("9", 1))
    (facet,) = present_facets(Asked(), {"class": found}, PARTNERS, make_reader(code="zh").language)
    assert [choice.label for choice in facet.choices][:2] == ["1年级", "5年级"]
    assert ([choice.value for choice in facet.choices][-1], facet.more) == ("12", ())


def test_a_class_of_dewey_has_words_of_its_own_or_of_its_division(make_reader: MakeReader) -> None:
    (facet,) = present_facets(
        Asked(), {"ddc": values(("510", 3), ("515", 2), ("959", 1))}, PARTNERS, make_reader().language
    )
    assert [choice.label for choice in facet.choices] == [
        "510 Toán học", "515 Toán học", "959 Lịch sử Đông Nam Á, Việt Nam",
    ]  # fmt: skip


def test_one_value_alone_is_not_folded(make_reader: MakeReader) -> None:
    many = values(*((f"s{number}", 9) for number in range(7)))
    (facet,) = present_facets(Asked(), {"subject": many}, PARTNERS, make_reader().language)
    assert (len(facet.choices), facet.more) == (7, ())


def test_equal_labels_of_different_values_stay_apart(make_reader: MakeReader) -> None:
    twice = (FacetValue("hmn", "hmn", 3), FacetValue("mww", "mww", 3))
    (facet,) = present_facets(Asked(), {"language": twice}, PARTNERS, make_reader().language)
    assert [choice.value for choice in facet.choices] == ["hmn", "mww"]


def test_a_chip_takes_away_its_own_filter_alone(make_reader: MakeReader) -> None:
    asked = Asked(q="dao", filters={"partner": ("laocai",), "type": ("book",)}, year="1990-")
    reader = make_reader(root="/catalogue")
    chips = present_chips(asked, {}, PARTNERS, reader.links, reader.language)
    assert [(chip.words, chip.address) for chip in chips] == [
        ("Thư viện tỉnh Lào Cai", "/catalogue/search?q=dao&type=book&year=1990-"),
        ("Dạng tài liệu: Sách", "/catalogue/search?q=dao&partner=laocai&year=1990-"),
        ("Năm xuất bản: từ 1990", "/catalogue/search?q=dao&partner=laocai&type=book"),
    ]


def test_years_fill_the_fields_and_stand_newest_first(make_reader: MakeReader) -> None:
    spans = values(("990-999", 1), ("1990-1999", 5), ("2010-2019", 7), ("unknown", 2))
    years = present_years(Asked(year="2010-2019"), spans, make_reader().language)
    assert (years.first, years.last) == ("2010", "2019")
    assert [span.label for span in years.choices] == ["2010–2019", "1990–1999", "990–999"]
    assert years.choices[0].chosen
    assert years.unknown is not None
    assert (years.unknown.label, years.unknown.checked) == ("Không rõ năm", False)


@pytest.mark.parametrize(
    ("year", "words"),
    [("1990", "1990"), ("1990-2000", "1990–2000"), ("-2000", "đến 2000"), ("unknown", "không rõ năm")],
)
def test_years_are_described_in_words(year: str, words: str, make_reader: MakeReader) -> None:
    assert describe_years(year, make_reader().language) == words


# The page of results


def test_the_summary_counts_documents_and_the_libraries_shown(make_reader: MakeReader) -> None:
    answer = StubCatalogue().search(Asked())
    assert present_results(answer, make_reader()).summary == "65 tài liệu, ở 10 thư viện"
    everywhere = values(("laocai", 9), ("taybac", 2), ("muonghum", 0))
    assert count_libraries(Asked(), everywhere) == 2
    assert count_libraries(Asked(filters={"partner": ("taybac", "muonghum")}), everywhere) == 1


def test_a_widened_search_says_so_and_links_to_the_strict_one(make_reader: MakeReader) -> None:
    page = present_results(make_answer(total=9, strict_total=2, widened=True), make_reader())
    assert page.widened == "Chỉ 2 tài liệu có đủ các từ; đã mở rộng."
    assert page.strict_address == "/search?q=dao&strict=1"
    none_at_all = present_results(make_answer(total=9, strict_total=0, widened=True), make_reader())
    assert none_at_all.widened == "Không tài liệu nào có đủ các từ; đây là những tài liệu có gần đủ."


def test_a_search_that_was_not_widened_says_nothing_of_it(make_reader: MakeReader) -> None:
    page = present_results(make_answer(total=9, strict_total=9), make_reader())
    assert (page.widened, page.loosen_address) == ("", "")


def test_operators_are_explained_and_unknown_ones_left_out(make_reader: MakeReader) -> None:
    read_as = (
        ("phrase", "phong tục"),
        ("not", "Nùng"),
        ("isbn-invalid", "6046401548"),
        ("or", "a OR b"),
        ("no-words", "%"),
        ("?", "x"),
    )
    explanations = present_results(make_answer(read_as=read_as), make_reader()).explanations
    assert explanations[0] == "Đã tìm đúng cụm từ “phong tục”."
    assert explanations[1] == "Đã bỏ những tài liệu có “Nùng”."
    assert explanations[2].startswith("6046401548 giống một ISBN nhưng sai chữ số kiểm tra")
    assert explanations[3] == "Đã hiểu OR là “một trong các từ này”."
    assert explanations[4].startswith("“%” không có từ nào để tìm")
    assert len(explanations) == 5


def test_from_nothing_there_is_a_way_on(make_reader: MakeReader) -> None:
    asked = Asked(q="lễ cưới rồng", filters={"type": ("map",)})
    page = present_results(make_answer(asked), make_reader())
    assert [link.words for link in page.fewer_words] == ["cưới rồng", "lễ rồng", "lễ cưới"]
    assert page.clear_address == "/search?q=l%E1%BB%85+c%C6%B0%E1%BB%9Bi+r%E1%BB%93ng"
    assert page.phone_address == "tel:02143840034"


def test_paging_reaches_every_page_that_can_be_asked(make_reader: MakeReader) -> None:
    paging = present_paging(make_answer(Asked(q="dao", page=5), total=20_000), make_reader())
    assert paging is not None
    assert [link.label for link in paging.pages] == ["1", "…", "4", "5", "6", "…", "500"]
    assert paging.words == "Trang 5 trên 500"
    assert present_paging(make_answer(total=20), make_reader()) is None
    last = present_paging(make_answer(Asked(page=2), total=21), make_reader())
    assert last is not None
    assert (last.previous, last.next) == ("/search", "")


# The page of an edition


def test_every_library_is_shown_or_folded_once(make_reader: MakeReader) -> None:
    page = present_edition(EDITIONS[0], make_reader())
    assert (len(page.libraries), len(page.more_libraries)) == (3, 7)
    assert page.more_words == "Xem 7 thư viện nữa"


def test_values_search_for_more_of_the_same(make_reader: MakeReader) -> None:
    facts = {fact.name: fact.values for fact in present_edition(EDITIONS[0], make_reader()).facts}
    assert facts["Tác giả"][0].address == "/search?q=t%C3%A1c+gi%E1%BA%A3%3A%22Nguy%E1%BB%85n+Th%E1%BB%8B+L%C3%A0nh%22"
    assert facts["ISBN"][0].address == "/search?q=9786049305900"
    assert "Nhan đề song song" not in facts, "a line without values is no line"


@pytest.mark.parametrize("code", ["vi", "en", "zh"])
@pytest.mark.parametrize("field", FIELD_WORDS)
def test_the_query_language_reads_the_fields_that_pages_link_to(field: str, code: str) -> None:
    parsed = parse_query(f'{FIELD_WORDS[field][code]}:"Nguyễn Du"')
    assert (f"field:{field}", "Nguyễn Du") in parsed.read_as


def test_a_quotation_mark_in_a_value_cannot_break_its_search(make_reader: MakeReader) -> None:
    edition = make_edition(agents=(Agent(name='Nguyễn "A" B', key="a"),))
    facts = {fact.name: fact.values for fact in present_edition(edition, make_reader()).facts}
    assert facts["Tác giả"][0].address == "/search?q=t%C3%A1c+gi%E1%BA%A3%3A%22Nguy%E1%BB%85n++A++B%22"


@pytest.mark.parametrize(
    ("edition", "citation"),
    [
        (
            EDITIONS[0],
            "Nguyễn Thị Lành (2013). Lễ cưới của người Pa Dí ở huyện Mường Khương tỉnh Lào Cai. Hà Nội: Thời đại.",
        ),
        (make_edition(publication=Publication(publisher="Trẻ", year=1999)), "Sách. Trẻ. 1999."),
        (make_edition(), "Sách."),
        (
            make_edition(
                type="article", relations=(Relation(kind="host", title="Tạp chí", place="Số 2 (2010), tr. 5-9"),)
            ),
            "Sách. Tạp chí, Số 2 (2010), tr. 5-9.",
        ),
    ],
)
def test_a_citation_never_inverts_a_name_and_leaves_out_what_is_not_known(edition: Edition, citation: str) -> None:
    assert build_citation(edition) == citation
