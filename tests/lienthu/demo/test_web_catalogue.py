"""The demo university's pages: linked, paged, and each with metadata that a machine can read."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs
from urllib.robotparser import RobotFileParser

import pytest
import requests
from parsel import Selector

from lienthu.demo.book import Book
from lienthu.demo.embedded import STYLES, write_json_ld, write_whole_title
from lienthu.demo.library import count_expected, list_deposits
from lienthu.demo.servers import DemoServers, run_demo_servers
from lienthu.demo.web_catalogue import FORBIDDEN_PATH, answer_page, build_page_path, choose_style

SITE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def servers() -> Iterator[DemoServers]:
    with run_demo_servers() as running:
        yield running


def read_titles(number: int) -> list[str]:
    """The titles that the page's metadata gives, whatever its style."""
    page = Selector(answer_page(build_page_path(number), {}, SITE).text)
    scripts = page.xpath("//script[@type='application/ld+json']/text()").getall()
    coins = page.xpath("//span[@class='Z3988']/@title").getall()
    return [
        *(json.loads(script)["name"] for script in scripts),
        *page.xpath("//meta[@name='DC.title' or @name='citation_title']/@content").getall(),
        *(parse_qs(context)["rft.btitle"][0] for context in coins),
    ]


def test_every_page_tells_its_title_to_machines_exactly_once() -> None:
    for number, deposit in enumerate(list_deposits("daihoc"), start=1):
        assert read_titles(number) == [write_whole_title(deposit.book)]


def test_all_four_ways_of_embedding_are_used() -> None:
    styles = [choose_style(number) for number in range(1, count_expected("daihoc").records + 1)]
    assert all(styles.count(style) > 10 for style in STYLES)


def test_following_links_from_the_list_reaches_every_title(servers: DemoServers) -> None:
    site, waiting, seen = servers.catalogue_url.rstrip("/"), ["/sach"], set()
    with requests.Session() as session:
        while waiting:
            path = waiting.pop()
            if path in seen or path == FORBIDDEN_PATH:
                continue
            seen.add(path)
            answer = session.get(site + path, timeout=10)
            assert answer.status_code == 200
            waiting += Selector(answer.text).xpath("//a/@href").getall()
    titles = {path for path in seen if re.fullmatch(r"/sach/\d+", path)}
    assert len(titles) == count_expected("daihoc").records


def test_robots_txt_forbids_one_page_that_every_page_links(servers: DemoServers) -> None:
    robots = RobotFileParser(f"{servers.catalogue_url}robots.txt")
    robots.read()
    assert robots.can_fetch("anybody", f"{servers.catalogue_url}sach/1")
    assert not robots.can_fetch("anybody", servers.catalogue_url.rstrip("/") + FORBIDDEN_PATH)
    assert FORBIDDEN_PATH in requests.get(f"{servers.catalogue_url}sach/1", timeout=10).text


@pytest.mark.parametrize("path", ["/sach/0", "/sach/9999", "/sach/x", "/none"])
def test_a_page_that_is_not_there_is_404(path: str) -> None:
    assert answer_page(path, {}, SITE).status == 404


@pytest.mark.parametrize("number", ["0", "99", "x", ""])
def test_a_list_page_that_is_not_there_is_404(number: str) -> None:
    assert answer_page("/sach", {"trang": number}, SITE).status == 404


def test_the_server_remembers_what_was_asked(servers: DemoServers) -> None:
    requests.get(f"{servers.catalogue_url}sach?trang=2", timeout=10)
    assert servers.visited[-1] == "/sach?trang=2"


def test_a_title_cannot_end_its_script() -> None:
    written = write_json_ld(Book(key="k", title="</script><b>", at={"daihoc": 1}), (), SITE)
    assert written.count("</script>") == 1


def test_the_servers_are_gone_when_the_block_ends() -> None:
    with run_demo_servers() as servers:
        assert requests.get(servers.catalogue_url, timeout=10).ok
    with pytest.raises(requests.ConnectionError):
        requests.get(servers.catalogue_url, timeout=10)
