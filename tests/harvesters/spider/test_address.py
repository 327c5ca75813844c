import pytest

from harvesters.spider.address import clean_address, name_source, read_scope


@pytest.mark.parametrize(
    "same",
    [
        "https://x.vn/opac/biblio?id=1&tab=2",
        "https://x.vn/opac/biblio?tab=2&id=1#copies",
        "HTTPS://X.VN:443/opac/biblio;jsessionid=A1B2?id=1&tab=2",
        "https://x.vn/opac/biblio?id=1&PHPSESSID=0f3a&utm_source=zalo&tab=2",
        " https://x.vn/opac/../opac/biblio?id=1&tab=2 ",
    ],
)
def test_what_names_a_visit_and_not_a_page_is_left_out(same: str) -> None:
    assert clean_address(same) == "https://x.vn/opac/biblio?id=1&tab=2"


@pytest.mark.parametrize(
    "bad", ["mailto:a@x.vn", "javascript:void(0)", "ftp://x.vn/", "http://[::1", "http:///a", "", "#"]
)
def test_what_cannot_be_asked_is_no_address(bad: str) -> None:
    assert clean_address(bad) == ""


def test_a_password_in_an_address_is_never_followed() -> None:
    assert clean_address("http://me:secret@x.vn/") == ""


def test_links_are_read_from_where_they_stand() -> None:
    assert clean_address("../sach/2", "https://x.vn/a/b/") == "https://x.vn/a/sach/2"
    assert clean_address("/sách/hai", "https://x.vn/a") == "https://x.vn/s%C3%A1ch/hai"


def test_a_record_is_named_by_its_page_without_scheme_and_host() -> None:
    assert name_source("https://x.vn/opac/biblio?id=1") == "opac/biblio?id=1"
    assert name_source("http://x.vn:8080/opac/biblio?id=1") == "opac/biblio?id=1"
    assert name_source("https://x.vn/") == "/"


def test_the_scope_is_one_host_and_everything_below_the_start() -> None:
    scope = read_scope("https://x.vn/opac/index.php")
    assert scope.holds("https://x.vn/opac/a/b?c=1")
    assert scope.holds("http://x.vn/opac/")
    assert not scope.holds("https://x.vn/intranet/")
    assert not scope.holds("https://y.vn/opac/")
    assert not scope.holds("https://x.vn:8443/opac/")
    assert not scope.holds("https://x.vn.evil.example/opac/")
