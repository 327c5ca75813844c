"""The pages over the demo library: real records, really harvested, through the real engine."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from search_api.answer import Asked
from tests.conftest import Demo
from tests.web.conftest import make_settings
from tests.web.test_pages import LARGEST_RESULTS
from web.application import build_site

LANGUAGES = ("vi", "en", "zh")


@pytest.fixture
def client(demo: Demo) -> TestClient:
    return TestClient(build_site(demo.catalogue, make_settings()))


def read_summary(page: str) -> str:
    found = re.search(r'<span class="summary">(.*?)</span></h1>', page)
    assert found, page[:2000]
    return unescape(found[1])


def list_edition_ids(demo: Demo) -> Iterator[str]:
    for page in range(1, 100):
        found = demo.catalogue.search(Asked(page=page, size=100)).found
        if not found:
            return
        yield from (hit.edition.id for hit in found)


def test_every_edition_has_a_page_in_every_language(demo: Demo, client: TestClient) -> None:
    ids = list(list_edition_ids(demo))
    assert len(ids) > 200
    for place, edition_id in enumerate(ids):
        page = client.get(f"/editions/{edition_id}?lang={LANGUAGES[place % 3]}")
        assert page.status_code == 200
        assert 'class="library"' in page.text


def test_the_number_beside_a_value_is_the_number_shown_after_the_click(client: TestClient) -> None:
    page = client.get("/search?q=nguoi").text
    choices = re.findall(r'type="checkbox" name="(\w+)" value="([^"]*)">.*?class="count">\((.*?)\)', page)
    spans = re.findall(r'name="(year)" value="([\d-]+)">.*?class="count">\((.*?)\)', page)
    assert len(choices) > 20
    assert len(spans) > 2
    for facet, value, count in (*choices, *spans):
        shown = client.get("/search?" + urlencode({"q": "nguoi", facet: unescape(value)})).text
        assert read_summary(shown).startswith(f"{count} tài liệu"), (facet, value)


@pytest.mark.parametrize(
    "q", ["", "nguoi dao tuyen", "苗族", "Nguyễn Du", '"phong tục" người Tày -Nùng', "% _ * ' \"", "🙂"]
)
def test_a_page_of_results_is_small_whatever_is_asked(q: str, client: TestClient) -> None:
    for code in LANGUAGES:
        page = client.get("/search?" + urlencode({"q": q, "lang": code}))
        assert page.status_code == 200
        assert len(page.content) < LARGEST_RESULTS


def test_typed_without_marks_the_book_is_the_first_row(client: TestClient) -> None:
    page = client.get("/search?q=nguoi+dao+tuyen").text
    assert page.index("<mark>người Dao Tuyển</mark>") < page.index('class="where"')


def test_every_value_of_an_edition_finds_the_edition_again(demo: Demo, client: TestClient) -> None:
    for edition_id in list(list_edition_ids(demo))[:25]:
        page = client.get(f"/editions/{edition_id}").text
        facts = page[page.index("<dl>") : page.index("</dl>")]
        for address in re.findall(r'href="(/search\?[^"]*)"', facts):
            shown = client.get(unescape(address)).text
            assert not read_summary(shown).startswith("Không tìm thấy"), (edition_id, unescape(address))


def test_partners_say_how_they_stand(client: TestClient) -> None:
    page = client.get("/partners").text
    assert page.count('<li class="card"') == 3
    assert page.count("Hoàn tất") == 4  # one for each feed: the provincial library has two
    assert re.search("Đủ lần gần nhất: hôm (nay|qua)", page)


def test_below_a_root_path_machines_and_people_are_both_answered(demo: Demo) -> None:
    client = TestClient(build_site(demo.catalogue, make_settings("/catalogue")))
    assert client.get("/catalogue/api/v1/search?q=dao").json()["total"] > 0
    assert client.get("/catalogue/search?q=dao").status_code == 200
