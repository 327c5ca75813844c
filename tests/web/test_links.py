"""Addresses: read and written alike, below the root path, harmless whatever they are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from lienthu.search import Sort
from search_api.answer import Asked
from web.presenters.links import (
    PAGE_FACETS,
    PAGE_SIZE,
    Links,
    build_partner_record_address,
    build_telephone_address,
    keep_web_address,
    read_asked,
    split_reference,
    without_filter,
    write_asked,
)

printable = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs"]), min_size=1, max_size=20)


@given(
    q=printable,
    filters=st.dictionaries(st.sampled_from(PAGE_FACETS), st.lists(printable, min_size=1, max_size=3, unique=True)),
    year=st.sampled_from(["", "1990-2000", "1990-", "-2000", "1990", "unknown"]),
    sort=st.sampled_from(Sort),
    page=st.integers(1, 500),
    strict=st.booleans(),
)
def test_what_is_written_into_an_address_is_read_from_it(
    q: str, filters: dict[str, list[str]], year: str, sort: Sort, page: int, strict: bool
) -> None:
    asked = Asked(
        q=q,
        filters={facet: tuple(values) for facet, values in filters.items()},
        year=year,
        sort=sort,
        page=page,
        size=PAGE_SIZE,
        strict=strict,
    )
    address = Links("/catalogue").results(asked)
    assert address.startswith("/catalogue/search?")
    assert read_asked(QueryParams(address.partition("?")[2])) == asked


@given(st.text(max_size=200))
def test_any_address_is_a_search(query: str) -> None:
    asked = read_asked(QueryParams(query))
    assert 1 <= asked.page <= 500
    assert len(asked.q) <= 1000
    assert read_asked(QueryParams(write_asked(asked))) == asked


@pytest.mark.parametrize(
    ("query", "year"),
    [
        ("year_from=1990&year_to=2000", "1990-2000"),
        ("year_from=2000&year_to=1990", "1990-2000"),
        ("year_from=1990&year_to=", "1990-"),
        ("year_from=&year_to=2000", "-2000"),
        ("year_from=1990&year_to=1990", "1990"),
        ("year_from=abc&year_to=19900", ""),
        ("year_from=1990&year_to=1995&year=2010-2019", "2010-2019"),
        ("year=unknown&year=2010-2019", "2010-2019"),
        ("year=unknown&year_from=1990", "unknown"),
        ("year=x&year_from=1990", "1990-"),
        ("year=1990-1980-1970", ""),
        ("year=٢٠٠٠", ""),
    ],
)
def test_years_come_from_the_button_that_was_pressed_else_from_the_two_fields(query: str, year: str) -> None:
    assert read_asked(QueryParams(query)).year == year


@pytest.mark.parametrize("query", ["page=0", "page=-3", "page=x", "page=1.5", "sort=worst", "page=²"])
def test_what_makes_no_sense_counts_as_not_there(query: str) -> None:
    assert read_asked(QueryParams(query)) == Asked()


def test_a_page_beyond_all_pages_is_the_last_that_can_be_asked() -> None:
    assert read_asked(QueryParams("page=999999999")).page == 500


def test_removing_a_filter_keeps_the_others_and_goes_to_the_first_page() -> None:
    asked = Asked(q="dao", filters={"partner": ("a", "b"), "type": ("book",)}, page=4)
    assert without_filter(asked, "partner", "a") == Asked(q="dao", filters={"partner": ("b",), "type": ("book",)})
    assert without_filter(asked, "type", "book") == Asked(q="dao", filters={"partner": ("a", "b")})


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "//evil.example/x",
        "http://",
        "https:///x",
        "ftp://x.example/",
        "http://[::1",
        "https://x.example/\n",
        "",
    ],
)
def test_only_web_addresses_are_linked(url: str) -> None:
    assert keep_web_address(url) == ""


def test_a_web_address_stays_as_it_is() -> None:
    assert keep_web_address("HTTPS://x.example/a?b=1#c") == "HTTPS://x.example/a?b=1#c"


def test_a_source_id_cannot_leave_its_place_in_the_partners_address() -> None:
    template = "https://lib.example/record/{source_id}?v=1"
    assert (
        build_partner_record_address(template, "oai:x/../a?b#c&d é")
        == "https://lib.example/record/oai%3Ax/../a%3Fb%23c%26d%20%C3%A9?v=1"
    )
    assert build_partner_record_address("javascript:{source_id}", "alert(1)") == ""
    assert build_partner_record_address("{source_id}", "https://evil.example") == ""
    assert build_partner_record_address("https://lib.example{source_id}", "@evil.example") == (
        "https://lib.example%40evil.example"
    )
    assert build_partner_record_address(template, "") == ""


def test_a_source_id_may_hold_slashes_and_keeps_them() -> None:
    assert split_reference("laocai/oai/oai:lc:1/2") == ("laocai", "oai", "oai:lc:1/2")
    assert Links("/c").record("laocai/oai/a b/../?#") == "/c/api/v1/records/laocai/oai/a%20b/%2E%2E/%3F%23"


def test_a_telephone_address_has_digits_only() -> None:
    assert build_telephone_address("(0214) 3 840.034") == "tel:02143840034"
    assert build_telephone_address("javascript:alert") == ""
