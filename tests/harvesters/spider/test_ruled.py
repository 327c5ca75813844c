"""A catalogue read by rules that an admin wrote in partners.toml, from the file to the record."""

from typing import Any

import pytest
from parsel import Selector

from harvesters.spider.fields import read_ruled_fields
from harvesters.spider.spiders import SPIDERS as OPENED
from indexer.crosswalks import map_record
from lienthu.errors import SettingsError
from lienthu.outcome import Mapped
from lienthu.page_rules import PageRules
from lienthu.partner import SPIDERS
from lienthu.partners_file import parse_partners
from tests.harvesters.spider.catalogue import Crawl, serve, write_page

FILE = """
[[partner]]
id = "daihoc"
name = {{vi = "Thư viện Đại học"}}

[[partner.feed]]
id = "web"
protocol = "spider"
url = "{url}/thu-vien/"

[partner.feed.pages]
start = "{url}/thu-vien/danh-muc"
link = "ul.sach a"
next = "a[rel=next]"
title = "h1"
author = "th:contains('Tác giả') + td span"
publisher = "th:contains('Nhà xuất bản') + td"
year = "meta[name=year]::attr(content)"
copy = "table.ban tr.ban"
accession = "td.so"
status = "td:nth-child(2)"
"""


def write_book(title: str) -> str:
    return write_page(
        head='<meta name="year" content="2015">',
        body=f"<h1> {title} <script>x()</script></h1><table><tr><th>Tác giả:</th><td><span>Tô Hoài</span><br>"
        "<span>Nguyễn Thi</span></td></tr><tr><th>Nhà xuất bản</th><td>Kim Đồng</td></tr></table>"
        "<table class='ban'><tr><th>Số</th><th>?</th></tr><tr class='ban'><td class='so'>A1</td><td>Sẵn sàng</td></tr>"
        "<tr class='ban'><td class='so'>A2</td><td>Đang mượn</td></tr></table>",
    )


def write_list(*links: str, following: str = "") -> str:
    items = "".join(f'<li><a href="{link}">x</a></li>' for link in links)
    onward = f"<a rel='next' href='{following}'>»</a>" if following else ""
    return write_page(body=f"<ul class='sach'>{items}</ul>{onward}")


def test_a_site_is_read_by_its_rules_alone() -> None:
    pages: dict[str, Any] = {
        "/thu-vien/danh-muc": write_list("/xem/1", "/xem/2", following="?trang=2"),
        "/thu-vien/danh-muc?trang=2": write_list("/xem/3", "/xem/4", following="?trang=2"),
        "/xem/1": write_book("Dế mèn"),
        "/xem/2": (301, {"Location": "/xem/hai"}, ""),
        "/xem/hai": write_book("Hai"),
        "/xem/3": write_page("/xem/9", body="Trang này không có nhan đề"),
        "/xem/4": write_book("Bốn"),
    }
    with serve(pages) as site:
        (partner,) = parse_partners(FILE.format(url=site.url))
        feed = partner.feeds[0]
        crawl = Crawl(feed.url, spider=feed.spider, pages=feed.pages)
    assert crawl.ids == ["xem/1", "xem/4", "xem/hai"]
    assert crawl.ending.verdict == "complete"
    rejections = [rejection for page in crawl.pages for rejection in page.rejections]
    assert [(one.source_id, one.rule) for one in rejections] == [("xem/3", "title-missing")]
    assert "/xem/9" not in site.asked
    outcome = map_record(next(record for record in crawl.records if record.source_id == "xem/1"), partner)
    assert isinstance(outcome, Mapped)
    record = outcome.record
    assert (record.title.main, record.publication.year) == ("Dế mèn", 2015)
    assert [agent.name for agent in record.agents] == ["Tô Hoài", "Nguyễn Thi"]
    assert [(one.accession_number, one.status) for one in record.holdings] == [("A1", "available"), ("A2", "on_loan")]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('link = "ul.sach a"\n', "", ["pages", "link"]),
        ('title = "h1"\n', "", ["pages", "title"]),
        ('title = "h1"', 'title = "h1["', ["pages: title", "selector"]),
        ('title = "h1"', "title = 3", ["pages: title", "selector"]),
        ('title = "h1"', 'titel = "h1"\ntitle = "h1"', ["titel", "title"]),
        ('title = "h1"', 'title = ""', ["pages: title", "empty"]),
        ('title = "h1"', f'title = "{"a" * 501}"', ["501"]),
        ('title = "h1"', 'title = "h1::nothing"', ["pages: title", "selector"]),
        ('protocol = "spider"', 'protocol = "oai-pmh"', ["pages", "spider"]),
        ('protocol = "spider"', 'protocol = "spider"\nspider = "koha"', ["pages"]),
        ('start = "{url}', 'start = "file:///etc', ["start", "https://"]),
        ('protocol = "spider"', 'protocol = "spider"\nspider = "koala"', ["spider", "koha"]),
    ],
)
def test_a_mistake_in_the_rules_is_told_when_the_file_is_read(old: str, new: str, words: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_partners(FILE.replace(old, new).format(url="https://x.example"))
    for word in ["daihoc/web", *words]:
        assert word in str(caught.value)


def test_the_spiders_that_the_file_may_name_are_those_that_there_are() -> None:
    assert set(SPIDERS) == set(OPENED)


def test_what_a_page_may_bring_is_bounded() -> None:
    page = Selector(text="<h1>x</h1>" + "<p>y</p>" * 1_000 + f"<b>{'z' * 100_000}</b>")
    fields, copies = read_ruled_fields(page, PageRules(link="a", fields={"title": "b", "note": "p", "year": "i"}))
    assert (len(fields["note"]), len(fields["title"][0]), fields["year"], copies) == (200, 65_536, [], [])
