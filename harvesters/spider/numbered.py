"""A catalogue whose records have numbers in their addresses: they are asked for one after the other, from 1 on.

The end is where so many numbers (``bounds.gap``) in a row have no record. Numbers that the start page links to are
asked for as well, so that a gap wider than that is passed over where the newest books are shown.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy.http import Request, Response, TextResponse
from twisted.python.failure import Failure

from harvesters.spider.address import Scope, clean_address
from harvesters.spider.lines import PageRead
from harvesters.spider.spider import CatalogueSpider

_LARGEST_NUMBER = 99_999_999
_AT_A_TIME = 8


class NumberedSpider(CatalogueSpider):
    """``record_page`` finds the number in the address of a record's page, as its group 1."""

    record_page: ClassVar[re.Pattern[str]]

    def __init__(self, *arguments: Any, **kwargs: Any) -> None:
        super().__init__(*arguments, **kwargs)
        self.next_number = 1
        self.top = max((number for stored in self.order.stored if (number := self.find_number(stored))), default=0)
        self.template = ""
        self.linked: list[int] = []
        self.pending: set[str] = set()
        self.starts = {self.start_address}
        self.default_page = ""
        self._settle_base(self.start_address)

    def find_base(self, path: str) -> str:
        """The folder of the catalogue, from the path of the feed's url."""
        raise NotImplementedError

    def name_page(self) -> str:
        """The address of record 1 within that folder."""
        raise NotImplementedError

    def read_record(self, response: Response, address: str) -> bool:
        """Hands over the record of a page; False where there is none."""
        raise NotImplementedError

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request]:
        yield from self.take(response)
        yield from self._go_on(response.meta["address"])

    def fail(self, failure: Failure) -> Iterator[Request]:
        yield from self.lose(failure)
        yield from self._go_on(failure.request.meta["address"])  # type: ignore[attr-defined]

    def take(self, response: Response) -> Iterator[Request]:
        """One answer; afterwards the next numbers are asked for."""
        yield from super().parse(response)

    def lose(self, failure: Failure) -> Iterator[Request]:
        """A request without an answer."""
        yield from super().fail(failure)

    def read_page(self, response: Response, address: str, depth: int) -> Iterator[Request]:
        if address in self.starts:
            self._begin(response)
        number = self.find_number(address)
        if number and self.read_record(response, address):
            self.top = max(self.top, number)
        else:
            self.send(PageRead(address=address))
        return iter(())

    def move(self, address: str, target: str) -> None:
        """A catalogue that begins elsewhere has its folder there."""
        if address in self.starts:
            self.starts.add(target)
            self._settle_base(target)

    def find_number(self, address: str) -> int:
        """The number in an address, 0 where there is none."""
        found = self.record_page.search(address)
        number = int(found[1]) if found and len(found[1]) < 12 else 0
        return number if number <= _LARGEST_NUMBER else 0

    def ask_number(self, number: int) -> Request | None:
        return self.build_request(self.name_address(number), 1)

    def name_address(self, number: int) -> str:
        """The page of a record."""
        found = self.record_page.search(self.template)
        if found is None:
            return ""
        return clean_address(f"{self.template[: found.start(1)]}{number}{self.template[found.end(1) :]}")

    def _go_on(self, answered: str) -> Iterator[Request]:
        """The next numbers, a few at a time: up to the last known record, and the gap behind it."""
        self.pending.discard(answered)
        while self.template and len(self.pending) < _AT_A_TIME and not self.cut:
            number = self._take_number()
            if not number:
                return
            request = self.ask_number(number)
            if request is not None:
                self.pending.add(request.meta["address"])
                yield request

    def _take_number(self) -> int:
        if self.linked:
            return self.linked.pop()
        if self.next_number > self.top + self.order.bounds.gap:
            return 0
        self.next_number += 1
        return self.next_number - 1

    def _settle_base(self, address: str) -> None:
        base = self.find_base(urlsplit(address).path)
        self.scope = Scope(self.scope.host, base)
        self.default_page = clean_address(base + self.name_page(), self.start_address)

    def _begin(self, response: Response) -> None:
        """Learns from the start page how records are addressed, and which there are."""
        links: list[str] = []
        if isinstance(response, TextResponse):
            hrefs = response.xpath("//a/@href").getall()[: self.order.bounds.links]
            links = [clean_address(href, response.url) for href in hrefs]
        pages = [link for link in links if self.find_number(link) and self.scope.holds(link)]
        own = self.start_address if self.find_number(self.start_address) else ""
        self.template = own or next(iter(pages), "") or self.default_page
        self.linked = list({self.find_number(page) for page in pages})
