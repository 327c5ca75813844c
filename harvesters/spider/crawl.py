"""The spider ``embedded``: follows the links of a catalogue and hands over what its pages say for machines.

It starts at the feed's url. A page that describes a record is handed over; the others are only followed. What was found
behind the records that this run has already is asked again.
"""

from collections.abc import Iterator

from scrapy.http import Request, Response, TextResponse

from harvesters.spider.address import clean_address
from harvesters.spider.lines import PageRead
from harvesters.spider.spider import CatalogueSpider, is_html


class EmbeddedMetadataSpider(CatalogueSpider):
    """Everything below the feed's folder that links lead to."""

    name = "embedded"

    def read_page(self, response: Response, address: str, depth: int) -> Iterator[Request]:
        if not isinstance(response, TextResponse) or not is_html(response):
            self.send(PageRead(address=address))
            return
        requests = list(self._follow_links(response, depth))
        if not self.hand_over_metadata(response, address, {request.meta["address"]: depth + 1 for request in requests}):
            self.send(PageRead(address=address))
        yield from requests

    def _follow_links(self, response: TextResponse, depth: int) -> Iterator[Request]:
        links = response.xpath('//a[@href and not(contains(@rel, "nofollow"))]/@href | //link[@rel="next"]/@href')
        base = response.urljoin(response.xpath("//base/@href").get(""))
        for link in links.getall()[: self.order.bounds.links]:
            request = self.build_request(clean_address(link, base), depth + 1)
            if request is not None:
                yield request
