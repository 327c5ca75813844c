"""Sitemaps: what a site lists for machines is read, no more and no less."""

import pytest

from harvesters.spider.sitemap import list_places
from tests.harvesters.spider.catalogue import Crawl, serve, write_dublin_core, write_page

SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
XML = {"Content-Type": "application/xml"}


def write_sitemap(kind: str, *places: str) -> tuple[int, dict[str, str], str]:
    outer = {"sitemap": "sitemapindex", "url": "urlset"}[kind]
    inside = "".join(f"<{kind}><loc>{place}</loc><lastmod>2026-01-01</lastmod></{kind}>" for place in places)
    return 200, XML, f'<?xml version="1.0"?><{outer} {SCHEMA}>{inside}</{outer}>'


def test_the_pages_of_an_index_of_sitemaps_become_records() -> None:
    with serve({}) as site:
        site.pages |= {
            "/sitemap.xml": write_sitemap("sitemap", f"{site.url}/map-1.xml", f"{site.url}/map-2.xml"),
            "/map-1.xml": write_sitemap(
                "url", f"{site.url}/sach/1", f"{site.url}/sach/2", "https://elsewhere.example/3"
            ),
            "/map-2.xml": write_sitemap("url", f"{site.url}/gioi-thieu", f"{site.url}/mat"),
            "/sach/1": write_page("/sach/9", head=write_dublin_core("Một")),
            "/sach/2": write_page(head=write_dublin_core("Hai")),
            "/sach/9": write_page(head=write_dublin_core("Chín")),
            "/gioi-thieu": write_page(),
        }
        crawl = Crawl(site.url, spider="sitemap")
    assert (crawl.ids, crawl.ending.verdict) == (["sach/1", "sach/2"], "complete")
    assert "/sach/9" not in site.asked


def test_a_sitemap_that_cannot_be_read_makes_the_run_incomplete() -> None:
    with serve({}) as site:
        site.pages |= {
            "/sitemap.xml": write_sitemap("sitemap", f"{site.url}/map-1.xml", f"{site.url}/map-2.xml"),
            "/map-1.xml": write_sitemap("url", f"{site.url}/sach/1"),
            "/map-2.xml": (200, XML, "<urlset><url><loc>cut"),
            "/sach/1": write_page(head=write_dublin_core("Một")),
        }
        crawl = Crawl(f"{site.url}/sitemap.xml", spider="sitemap")
    assert (crawl.ids, crawl.ending.verdict) == (["sach/1"], "incomplete")
    assert "map-2.xml" in crawl.ending.message.tell()


def test_a_list_in_plain_text_is_a_sitemap_too_and_a_web_page_is_none() -> None:
    assert list_places(b"\xef\xbb\xbfhttps://x.vn/1\nhttps://x.vn/2\n") == ("url", ["https://x.vn/1", "https://x.vn/2"])
    with pytest.raises(ValueError, match="html"):
        list_places(b"<html></html>")
