"""What all spiders share: which addresses they ask, what they do with an answer that is no page, what they hand over.

A spider stays on the feed's host, below its folder. Every address is asked once; those of records that this run has
already are not asked again. A page gone (404, 410) is an answer; one that fails is named.
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


class CatalogueSpider(scrapy.Spider):
    """``send`` takes each line to the parent; it blocks while the parent is busy, and the spider waits with it. A
    spider of one's own says what to do with a page in ``read_page``."""

    name = "catalogue"

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
            request = self.build_request(address, depth)
            if request is not None:
                yield request

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request]:
        """One answer, whatever it is."""
        self.statuses[str(response.status)] += 1
        address, depth = response.meta["address"], response.meta["distance"]
        if response.status in _REDIRECTS and "Location" in response.headers:
            yield from self._follow_redirect(response, address, depth)
        elif response.status in _GONE and address != self.start_address:
            yield from self.miss(address, depth)
        elif response.status != 200:
            self.note_failure(address, f"HTTP {response.status}")
        else:
            yield from self.read_page(response, address, depth)

    def read_page(self, response: Response, address: str, depth: int) -> Iterator[Request]:
        """What to do with an answer of status 200: hand over what it is, and go on to where it leads."""
        raise NotImplementedError

    def is_page(self, address: str) -> bool:
        """False for pictures and other files, which are not asked for."""
        return not address.partition("?")[0].lower().endswith(_NOT_PAGES)

    def move(self, address: str, target: str) -> None:
        """A page now stands elsewhere: what a spider knows of the one it knows of the other."""

    def miss(self, address: str, depth: int) -> Iterator[Request]:
        """A page that is gone, or that robots.txt keeps from us: it was answered, and that is all."""
        self.send(PageRead(address=address))
        return iter(())

    def fail(self, failure: Failure) -> Iterator[Request]:
        """A request without an answer: robots.txt forbids it, or the network failed after the retries."""
        address = failure.request.meta["address"]  # type: ignore[attr-defined]
        if isinstance(failure.value, IgnoreRequest):
            self.forbidden += 1
            self.start_forbidden = self.start_forbidden or address == self.start_address
            yield from self.miss(address, failure.request.meta["distance"])  # type: ignore[attr-defined]
        else:
            self.note_failure(address, f"{type(failure.value).__name__}: {str(failure.value)[:200]}")

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

    def hand_over(
        self, address: str, source_id: str, payload: bytes, doors: dict[str, int], format_name: str = "page"
    ) -> None:
        """One record, once; *doors* are the addresses that its page was first to name."""
        if not payload or len(payload) > RECORD_BYTES:
            self.refuse(address, source_id, "record-too-large", len(payload), doors)
            return
        digest = blake2b(payload, digest_size=16).digest()
        if self.digests.get(source_id) == digest:  # a second address of the same record
            self.send(PageRead(address=address))
            return
        self.digests[source_id] = digest
        self.send(RecordFound(address=address, source_id=source_id, payload=payload, doors=doors, format=format_name))

    def hand_over_metadata(
        self, response: TextResponse, address: str, doors: dict[str, int], source_id: str = ""
    ) -> bool:
        """The record that a page describes for machines; False where it describes none. Without *source_id* it is
        called by the page's canonical address."""
        metadata = extract_metadata(response.text, response.url)
        source_id = source_id or name_source(metadata.url)
        if metadata.describes_record:
            self.hand_over(address, source_id, _build_payload(metadata), doors)
        elif metadata.broken_scripts and not metadata.json_ld:
            self.refuse(address, source_id, "json-ld-broken", 0, doors)
        else:
            return False
        return True

    def refuse(self, address: str, source_id: str, rule: str, size: int, doors: dict[str, int]) -> None:
        self.send(RecordRefused(address=address, source_id=source_id, rule=rule, size=size, doors=doors))

    def _follow_redirect(self, response: Response, address: str, depth: int) -> Iterator[Request]:
        location = response.headers.get("Location") or b""
        target = clean_address(location.decode("utf-8", "replace"), response.url)
        chain = (*response.meta.get("chain", ()), address)
        if target in chain or len(chain) > _LONGEST_CHAIN:
            self.note_failure(address, "redirects in a circle")
            return
        if address == self.start_address and target and not self.scope.holds(target):
            self.note_failure(address, f"leads to {target}")
            return
        self.send(PageRead(address=address))
        self.move(address, target)
        request = self.build_request(target, depth + 1, chain)
        if request is not None:
            yield request

    def build_request(self, address: str, depth: int, chain: tuple[str, ...] = ()) -> Request | None:
        """The request for an address that is worth one; None for one outside, asked before, or stored already."""
        if not address or address in self.asked:
            return None
        is_wanted = (
            self.scope.holds(address) and self.is_page(address) and name_source(address) not in self.order.stored
        )
        if address != self.start_address and not is_wanted:
            return None
        if depth > self.order.bounds.depth or len(self.asked) >= self.order.bounds.pages:
            self.cut += 1
            self.first_cut = self.first_cut or address
            return None
        self.asked.add(address)
        meta = {"address": address, "distance": depth, "chain": chain}
        return Request(address, callback=self.parse, errback=self.fail, meta=meta)

    def note_failure(self, address: str, reason: str) -> None:
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


def is_html(response: TextResponse) -> bool:
    return isinstance(response, HtmlResponse) or b"xhtml" in (response.headers.get("Content-Type") or b"")
