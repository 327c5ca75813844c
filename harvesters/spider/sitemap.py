"""The spider ``sitemap``: the pages that a site lists for machines (sitemaps.org), each read for what it says of a
record. Links on pages are not followed. A sitemap that cannot be read makes the run incomplete: its pages are missing.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree
from scrapy.http import Request, Response, TextResponse

from harvesters.body import unpack
from harvesters.spider.address import clean_address
from harvesters.spider.lines import PageRead
from harvesters.spider.spider import CatalogueSpider, is_html
from harvesters.xml import find_children, get_local_name, get_text, parse_strictly
from lienthu.errors import HarvestError

_ENDINGS = (".xml", ".gz", ".txt", ".php", ".aspx")
_ROOTS = {"sitemapindex": "sitemap", "urlset": "url"}
_MOST_LEVELS = 3


class SitemapSpider(CatalogueSpider):
    """The feed's url is a sitemap, an index of sitemaps, or the site: then it is ``sitemap.xml`` there."""

    name = "sitemap"

    def __init__(self, *arguments: Any, **kwargs: Any) -> None:
        super().__init__(*arguments, **kwargs)
        if not self.start_address.partition("?")[0].lower().endswith(_ENDINGS):
            self.start_address = clean_address(self.scope.prefix + "sitemap.xml", self.start_address)
        self.levels = {self.start_address: 0}

    def is_page(self, address: str) -> bool:
        return address in self.levels or super().is_page(address)

    def move(self, address: str, target: str) -> None:
        if address in self.levels:
            self.levels.setdefault(target, self.levels[address])

    def read_page(self, response: Response, address: str, depth: int) -> Iterator[Request]:
        if address in self.levels:
            yield from self._read_sitemap(response, address, depth)
        elif (
            not isinstance(response, TextResponse)
            or not is_html(response)
            or not self.hand_over_metadata(response, address, {})
        ):
            self.send(PageRead(address=address))

    def _read_sitemap(self, response: Response, address: str, depth: int) -> Iterator[Request]:
        try:
            kind, places = list_places(unpack(response.body, "", self.order.bounds.page_bytes))
        except (HarvestError, etree.XMLSyntaxError, ValueError) as error:
            self.note_failure(address, f"no sitemap: {str(error)[:200]}")
            return
        if kind == "sitemap" and self.levels[address] >= _MOST_LEVELS:
            self.note_failure(address, "sitemaps of sitemaps without end")
            return
        self.send(PageRead(address=address))
        for place in places:
            target = clean_address(place, response.url)
            if kind == "sitemap":
                self.levels.setdefault(target, self.levels[address] + 1)
            request = self.build_request(target, depth + 1)
            if request is not None:
                yield request


def list_places(body: bytes) -> tuple[str, list[str]]:
    """``url`` or ``sitemap``, and the addresses. Raises ValueError or XMLSyntaxError where this is no sitemap."""
    text = body.lstrip(b"\xef\xbb\xbf \r\n\t")
    if text.startswith((b"http://", b"https://")):
        return "url", text.decode("utf-8", "replace").split()
    root = parse_strictly(text)
    kind = _ROOTS.get(get_local_name(root))
    if kind is None:
        raise ValueError(f"<{get_local_name(root)}>")
    return kind, [place for child in find_children(root, kind) if (place := get_text(child, "loc"))]
