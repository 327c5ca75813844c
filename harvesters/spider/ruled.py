"""The spider ``pages``: a catalogue read by the rules that an admin wrote in partners.toml (see lienthu.page_rules).

From the first list it goes to the pages of records and to the next list. A record's page without a title is rejected by
name: then the site has changed, or the selector is wrong.
"""

from collections.abc import Iterator
from typing import Any

from parsel import Selector
from scrapy.http import Request, Response, TextResponse

from harvesters.spider.address import Scope, clean_address, name_source
from harvesters.spider.fields import build_fields_payload, list_links, read_ruled_fields
from harvesters.spider.lines import PageRead
from harvesters.spider.spider import CatalogueSpider
from lienthu.page_rules import PageRules


class RuledSpider(CatalogueSpider):
    """Follows ``order.pages``, anywhere on the feed's host."""

    name = "pages"

    def __init__(self, *arguments: Any, **kwargs: Any) -> None:
        super().__init__(*arguments, **kwargs)
        self.rules = self.order.pages or PageRules(link="a")
        self.scope = Scope(self.scope.host, "/")
        self.records: set[str] = set()

    def move(self, address: str, target: str) -> None:
        if address in self.records:
            self.records.add(target)

    def read_page(self, response: Response, address: str, depth: int) -> Iterator[Request]:
        if not isinstance(response, TextResponse):
            self.send(PageRead(address=address))
            return
        page = Selector(text=response.text.replace("\x00", "") or "<html/>")
        if address in self.records:
            self._read_record(page, address)
            return
        self.send(PageRead(address=address))
        base = response.urljoin(page.xpath("//base/@href").get(""))
        for selector, is_record in ((self.rules.link, True), (self.rules.next, False)):
            links = list_links(page.css(selector)) if selector else []
            for link in links[: self.order.bounds.links]:
                target = clean_address(link, base)
                request = self.build_request(target, depth + 1)
                if request is not None:
                    if is_record:
                        self.records.add(target)
                    yield request

    def _read_record(self, page: Selector, address: str) -> None:
        fields, copies = read_ruled_fields(page, self.rules)
        if not fields.get("title"):
            self.refuse(address, name_source(address), "title-missing", 0, {})
            return
        self.hand_over(address, name_source(address), build_fields_payload(address, fields, copies), {}, "fields")
