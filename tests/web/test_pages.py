"""The pages over HTTP: what a browser gets, in three languages, below a root path, whatever is asked."""

from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import pytest
from fastapi.testclient import TestClient

from tests.web.conftest import make_client
from tests.web.stub_catalogue import StubCatalogue

PAGES = ("/", "/search", "/search?q=dân+tộc", "/editions/lt1", "/editions/lt4", "/partners", "/help", "/nowhere")
LARGEST_RESULTS = 60_000


class Addresses(HTMLParser):
    """Every address of a page, by the attribute it stands in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.found += [value or "" for name, value in attrs if name in {"href", "src", "action"}]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_whole_in_every_language(page: str, client: TestClient) -> None:
    for code, tag in (("vi", "vi"), ("en", "en"), ("zh", "zh-Hans")):
        client.cookies.clear()
        answer = client.get(page, params=None, headers={"cookie": f"lienthu_lang={code}"})
        assert answer.status_code == (404 if page == "/nowhere" else 200)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.text.startswith(f'<!doctype html>\n<html lang="{tag}">')
        assert answer.headers["content-language"] == tag
        assert answer.text.count("<h1") == 1


def test_vietnamese_comes_first_and_a_choice_is_remembered(client: TestClient) -> None:
    assert '<html lang="vi">' in client.get("/", headers={"accept-language": "en"}).text
    asked = client.get("/partners?lang=zh")
    assert '<html lang="zh-Hans">' in asked.text
    cookie = asked.headers["set-cookie"]
    assert cookie.startswith("lienthu_lang=zh; HttpOnly; Max-Age=31536000; Path=/; SameSite=lax")
    assert '<html lang="zh-Hans">' in client.get("/help").text


def test_a_language_that_is_not_there_changes_nothing(client: TestClient) -> None:
    answer = client.get('/?lang="><script>')
    assert "set-cookie" not in answer.headers
    assert '<html lang="vi">' in answer.text
    assert "<script>" not in answer.text


def test_changing_the_language_stays_on_the_page_and_keeps_the_search(client: TestClient) -> None:
    page = client.get("/search?q=dân&type=book&lang=vi").text
    assert "/search?q=d%C3%A2n&amp;type=book&amp;lang=en" in page


@pytest.mark.parametrize("page", PAGES)
def test_below_a_root_path_every_address_keeps_it(page: str) -> None:
    client = make_client("/catalogue")
    for path in (page, f"/catalogue{page}"):  # a proxy in front may cut the root path off, or not
        answer = client.get(path)
        own = [address for address in Addresses(answer.text).found if not urlsplit(address).netloc]
        strays = [a for a in own if not a.startswith(("/catalogue/", "tel:", "#"))]
        assert len(own) > 8
        assert strays == []
        assert "/catalogue/catalogue" not in answer.text


def test_below_a_root_path_cookies_and_redirects_keep_it() -> None:
    client = make_client("/catalogue")
    assert "Path=/catalogue;" in client.get("/?lang=en").headers["set-cookie"]
    merged = client.get("/editions/merged", follow_redirects=False)
    assert (merged.status_code, merged.headers["location"]) == (301, "/catalogue/editions/lt1")
    beyond = client.get("/search?q=dân&page=400", follow_redirects=False)
    assert (beyond.status_code, beyond.headers["location"]) == (302, "/catalogue/search?q=d%C3%A2n&page=4")
    assert client.get("/catalogue/static/site.css").status_code == 200


def test_a_merged_edition_leads_to_the_one_that_stayed(client: TestClient) -> None:
    answer = client.get("/editions/merged", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/editions/lt1")


def test_an_edition_that_is_gone_tells_what_is_known(client: TestClient) -> None:
    answer = client.get("/editions/gone")
    assert answer.status_code == 410
    assert "Sách đã rút" in answer.text
    assert "Tài liệu này không còn ở đây" in answer.text
    assert "Tô Hoài, 1960" in answer.text
    assert "Từng có ở: Thư viện tỉnh Lào Cai, x" in answer.text
    assert "/search?q=S%C3%A1ch+%C4%91%C3%A3+r%C3%BAt" in answer.text


def test_an_edition_that_never_was_is_a_page_with_ways_on(client: TestClient) -> None:
    answer = client.get("/editions/never")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.text
    assert 'href="/partners"' in answer.text


def test_while_there_is_no_index_the_page_says_when_to_come_back() -> None:
    catalogue = StubCatalogue()
    catalogue.broken = True
    answer = make_client(catalogue=catalogue).get("/search?q=dao")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"
    assert "Mục lục đang được chuẩn bị" in answer.text


def test_what_nobody_foresaw_is_still_a_page_and_tells_no_secrets() -> None:
    class Broken(StubCatalogue):
        def list_partners(self) -> tuple[()]:  # type: ignore[override]
            raise ZeroDivisionError("secret")

    answer = make_client(catalogue=Broken()).get("/partners")
    assert answer.status_code == 500
    assert "Đã có lỗi ở đây" in answer.text
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("page", [*PAGES, "/static/site.css", "/opensearch.xml", "/robots.txt"])
def test_every_answer_carries_the_headers_that_keep_it_harmless(page: str, client: TestClient) -> None:
    headers = client.get(page).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "% _ * ' \"",
    "{{ 7*7 }} {q} %(q)s %s",
    "🙂" * 50,
    " " * 20,
    "a" * 5000,
    "\x00\x01\x7f\ud7ff",
    "((((((((((",
    "-",
    '"',
    "javascript:alert(1)",
)


@pytest.mark.parametrize("q", HOSTILE)
def test_nothing_a_reader_types_breaks_a_page_or_becomes_markup(q: str, client: TestClient) -> None:
    for name in ("q", "partner", "author", "year", "year_from", "sort", "page", "strict", "lang"):
        answer = client.get(f"/search?{name}={quote(q)}")
        assert answer.status_code == 200
        scripts = [attributes for tag, attributes in Addresses(answer.text).tags if tag == "script"]
        assert [script.get("src", "")[:15] for script in scripts] == ["/static/site.js"]
        assert "onerror" not in {name for _tag, attributes in Addresses(answer.text).tags for name in attributes}


def test_a_question_longer_than_can_be_asked_says_that_it_was_cut(client: TestClient) -> None:
    assert "Câu hỏi quá dài" in client.get("/search?q=" + "a" * 1001).text
    assert "Câu hỏi quá dài" not in client.get("/search?q=" + "a" * 1000).text


def test_what_a_partner_sent_is_text_and_nothing_else(client: TestClient) -> None:
    for path in ("/editions/lt4", "/search"):
        page = client.get(path).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<b>" not in page
        assert not [a for a in Addresses(page).found if a.lower().startswith(("javascript:", "data:"))]


def test_links_out_are_web_addresses_only(client: TestClient) -> None:
    for path in ("/editions/lt1", "/editions/lt3", "/editions/lt4", "/partners"):
        schemes = {urlsplit(address).scheme for address in Addresses(client.get(path).text).found}
        assert schemes <= {"", "http", "https", "tel"}


def test_a_page_of_twenty_results_is_small(client: TestClient) -> None:
    page = client.get("/search").content
    assert page.count(b'<li class="row">') == 20
    assert len(page) < LARGEST_RESULTS
    style = client.get("/static/site.css").content
    script = client.get("/static/site.js").content
    assert len(style) < 25_000
    assert len(script) < 5_000


def test_facets_are_a_plain_form_that_carries_the_search_along(client: TestClient) -> None:
    page = client.get("/search?q=dân&strict=1&language=tyz&sort=newest").text
    tags = Addresses(page).tags
    form = next(attributes for tag, attributes in tags if tag == "form" and attributes.get("id") == "filters")
    assert (form["action"], form["method"]) == ("/search", "get")
    inputs = [attributes for tag, attributes in tags if tag == "input"]
    assert {"type": "hidden", "name": "q", "value": "dân"} in inputs
    assert {"type": "hidden", "name": "strict", "value": "1"} in inputs
    assert {"type": "checkbox", "name": "language", "value": "tyz", "checked": None} in inputs
    assert '<option value="newest" selected>' in page


def test_pressing_enter_in_the_form_applies_it_and_presses_no_year(client: TestClient) -> None:
    page = client.get("/search").text
    form = page[page.index('id="filters"') :]
    first_button = form[form.index("<button") :].partition(">")[0]
    assert 'name="' not in first_button


def test_searches_stay_out_of_search_engines_and_editions_do_not(client: TestClient) -> None:
    assert "Disallow: /search\n" in client.get("/robots.txt").text
    assert 'content="noindex"' in client.get("/search").text
    assert "noindex" not in client.get("/editions/lt1").text
    assert "Disallow: /c/search\n" in make_client("/c").get("/robots.txt").text


def test_no_way_from_the_home_page_leads_to_nothing(client: TestClient) -> None:
    page = client.get("/").text
    main = page[page.index("<main") : page.index("</main>")]
    ways = [address for address in Addresses(main).found if address.startswith("/search?")]
    assert len(ways) >= 3
    assert "Sách theo lớp" not in main, "there is no textbook among the stub's editions"
    for way in ways:
        assert "tài liệu" in client.get(way).text.partition("</h1>")[0]
        assert "Không tìm thấy" not in client.get(way).text


def test_a_machine_gets_a_problem_document_where_a_person_gets_a_page() -> None:
    client = make_client("/catalogue")
    for path in ("/api/v1/nothing", "/catalogue/api/v1/nothing"):
        assert client.get(path).headers["content-type"] == "application/problem+json"
    assert client.get("/apiary").headers["content-type"] == "text/html; charset=utf-8"
    assert client.get("/healthz").headers["content-type"].startswith("application/json")


def test_a_browser_can_search_here_from_its_own_bar() -> None:
    answer = make_client("/catalogue").get("/opensearch.xml")
    assert answer.headers["content-type"].startswith("application/opensearchdescription+xml")
    assert 'template="http://testserver/catalogue/search?q={searchTerms}"' in answer.text


def test_files_are_kept_while_their_name_names_their_content(client: TestClient) -> None:
    page = client.get("/").text
    address = next(a for a in Addresses(page).found if "site.css" in a)
    assert client.get(address).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in client.get("/static/site.css?v=other").headers["cache-control"]


@pytest.mark.parametrize("name", ["nothing.css", "..%2fsite.py", "%2e%2e/site.py", "site.css%00"])
def test_no_other_file_can_be_had(name: str, client: TestClient) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_pages_of_one_address_in_two_languages_are_not_mixed_up_by_a_cache(client: TestClient) -> None:
    headers = client.get("/").headers
    assert "Cookie" in headers["vary"]
    assert "private" in headers["cache-control"]


def test_pages_can_be_asked_for_their_headers_and_not_be_posted_to(client: TestClient) -> None:
    assert client.head("/").status_code == 200
    assert client.post("/search").status_code == 405
