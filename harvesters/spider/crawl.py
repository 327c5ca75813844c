"""The spider ``embedded``: follows the links of a catalogue and hands over what its pages say for machines.

It starts at the feed's url and stays on that host, below that folder. A page that describes a record is handed over;
the others are only followed. Every address is asked once; those of records that this run has already are not asked
again, but what was found behind them is. A page gone (404, 410) is an answer; one that fails is named.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any

import scrapy
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Request, Response, TextResponse
from scrapy.linkextractors import IGNORED_EXTENSIONS
from twisted.python.failure import Failure

from harvesters.spider.address import clean_address, name_source, read_scope
from harvesters.spider.embedded_metadata import EmbeddedMetadata, build_payload, extract_metadata
from harvesters.spider.lines import RECORD_BYTES, Line, PageRead, RecordFound, RecordRefused, SpiderOrder, SpiderSummary

_GONE = frozenset((404, 410))
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_LONGEST_CHAIN = 10
_NAMED_FAILURES = 1_000
_NOT_PAGES = tuple(f".{ending}" for ending in IGNORED_EXTENSIONS)


class EmbeddedMetadataSpider(scrapy.Spider):
    """``send`` takes each line to the parent; it blocks while the parent is busy, and the spider waits with it."""

    name = "embedded"

    def __init__(self, order: SpiderOrder, send: Callable[[Line], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.order = order
        self.send = send
        self.start_address = clean_address(order.url)
        self.scope = read_scope(order.url)
        self.asked: set[str] = set()
        self.digests: dict[str, bytes] = {}
        self.statuses: Counter[str] = Counter()
        self.failed: dict[str, str] = {}
        self.failures = self.forbidden = self.cut = 0
        self.start_forbidden = False
        self.start_failure = self.first_cut = self.not_before = ""

    async def start(self) -> AsyncIterator[Request]:
        """The start page and the doors of the records that are not asked again."""
        for address, depth in {**self.order.doors, self.start_address: 0}.items():
            request = self._build_request(address, depth)
            if request is not None:
                yield request

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request]:
        """One answer, whatever it is."""
        self.statuses[str(response.status)] += 1
        address, depth = response.meta["address"], response.meta["distance"]
        if response.status in _REDIRECTS and "Location" in response.headers:
            yield from self._follow_redirect(response, address, depth)
        elif response.status in _GONE and address != self.start_address:
            self.send(PageRead(address=address))
        elif response.status != 200:
            self._fail(address, f"HTTP {response.status}")
        elif isinstance(response, TextResponse) and _is_html(response):
            requests = list(self._follow_links(response, depth))
            self._hand_over(response, address, {request.meta["address"]: depth + 1 for request in requests})
            yield from requests
        else:
            self.send(PageRead(address=address))

    def fail(self, failure: Failure) -> None:
        """A request without an answer: robots.txt forbids it, or the network failed after the retries."""
        address = failure.request.meta["address"]  # type: ignore[attr-defined]
        if isinstance(failure.value, IgnoreRequest):
            self.forbidden += 1
            self.start_forbidden = self.start_forbidden or address == self.start_address
            self.send(PageRead(address=address))
        else:
            self._fail(address, f"{type(failure.value).__name__}: {str(failure.value)[:200]}")

    def stop_until(self, moment: datetime) -> None:
        """The partner asked for a longer pause than one run can take."""
        self.not_before = moment.isoformat(timespec="seconds")
        if self.crawler.engine is not None:
            self.crawler.engine.close_spider(self, "retry_after")

    def summarise(self, reason: str) -> SpiderSummary:
        return SpiderSummary(
            reason=reason,
            pages=sum(self.statuses.values()),
            statuses=dict(self.statuses),
            failed=self.failed,
            failures=self.failures,
            forbidden=self.forbidden,
            start_forbidden=self.start_forbidden,
            start_failure=self.start_failure,
            cut=self.cut,
            first_cut=self.first_cut,
            not_before=self.not_before,
        )

    def _hand_over(self, response: TextResponse, address: str, doors: dict[str, int]) -> None:
        metadata = extract_metadata(response.text, response.url)
        source_id = name_source(metadata.url)
        if not metadata.describes_record:
            if metadata.broken_scripts and not metadata.json_ld:
                self._refuse(address, source_id, "json-ld-broken", 0, doors)
            else:
                self.send(PageRead(address=address))
            return
        payload = _build_payload(metadata)
        if not payload or len(payload) > RECORD_BYTES:
            self._refuse(address, source_id, "record-too-large", len(payload), doors)
            return
        digest = blake2b(payload, digest_size=16).digest()
        if self.digests.get(source_id) == digest:  # a second address of the same record
            self.send(PageRead(address=address))
            return
        self.digests[source_id] = digest
        self.send(RecordFound(address=address, source_id=source_id, payload=payload, doors=doors))

    def _refuse(self, address: str, source_id: str, rule: str, size: int, doors: dict[str, int]) -> None:
        self.send(RecordRefused(address=address, source_id=source_id, rule=rule, size=size, doors=doors))

    def _follow_links(self, response: TextResponse, depth: int) -> Iterator[Request]:
        links = response.xpath('//a[@href and not(contains(@rel, "nofollow"))]/@href | //link[@rel="next"]/@href')
        base = response.urljoin(response.xpath("//base/@href").get(""))
        for link in links.getall()[: self.order.bounds.links]:
            request = self._build_request(clean_address(link, base), depth + 1)
            if request is not None:
                yield request

    def _follow_redirect(self, response: Response, address: str, depth: int) -> Iterator[Request]:
        location = response.headers.get("Location") or b""
        target = clean_address(location.decode("utf-8", "replace"), response.url)
        chain = (*response.meta.get("chain", ()), address)
        if target in chain or len(chain) > _LONGEST_CHAIN:
            self._fail(address, "redirects in a circle")
            return
        if address == self.start_address and target and not self.scope.holds(target):
            self._fail(address, f"leads to {target}")
            return
        self.send(PageRead(address=address))
        request = self._build_request(target, depth + 1, chain)
        if request is not None:
            yield request

    def _build_request(self, address: str, depth: int, chain: tuple[str, ...] = ()) -> Request | None:
        """The request for an address that is worth one; None for one outside, asked before, or stored already."""
        if not address or address in self.asked or not self.scope.holds(address) or _is_no_page(address):
            return None
        if address != self.start_address and name_source(address) in self.order.stored:
            return None
        if depth > self.order.bounds.depth or len(self.asked) >= self.order.bounds.pages:
            self.cut += 1
            self.first_cut = self.first_cut or address
            return None
        self.asked.add(address)
        meta = {"address": address, "distance": depth, "chain": chain}
        return Request(address, callback=self.parse, errback=self.fail, meta=meta)

    def _fail(self, address: str, reason: str) -> None:
        self.failures += 1
        if len(self.failed) < _NAMED_FAILURES:
            self.failed[address] = reason
        if address == self.start_address:
            self.start_failure = reason
        self.send(PageRead(address=address))


def _build_payload(metadata: EmbeddedMetadata) -> bytes:
    try:
        return build_payload(metadata)
    except ValueError:
        return b""


def _is_html(response: TextResponse) -> bool:
    return isinstance(response, HtmlResponse) or b"xhtml" in (response.headers.get("Content-Type") or b"")


def _is_no_page(address: str) -> bool:
    return address.split("?", 1)[0].lower().endswith(_NOT_PAGES)
