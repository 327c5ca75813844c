"""Examines a page of a web catalogue: whether robots.txt lets us in, and what the page, and a few that it links to, say
for machines. Six pages at most are asked for."""

from collections.abc import Callable, Generator, Iterator
from typing import Any
from urllib.parse import urljoin

from parsel import Selector
from protego import Protego

from harvesters.check.asking import NoAnswer
from harvesters.check.journal import Journal
from harvesters.spider.address import clean_address, name_source, read_scope
from harvesters.spider.embedded_metadata import EmbeddedMetadata, build_payload, extract_metadata
from lienthu.examination import Examination
from lienthu.raw_record import RawRecord

MOST_PAGES = 6
_OK = 200
_AGENT = "LienThu"
_KNOWN_CATALOGUES = (("/cgi-bin/koha/", "koha"), ("biblio_view.php", "vietbiblio"), ("/lms/", "vietbiblio"))
_LIKE_RECORDS = (
    "record", "biblio", "detail", "item", "handle", "view", "article", "book", "title", "id=", "sach", "tai-lieu",
)  # fmt: skip

Fetch = Callable[[str], tuple[Any, bytes]]
"""An address -> its response and body. Raises NoAnswer, with the reason in the journal."""


class PageExaminer:
    """``first`` is the body of the page that was given, where it has been fetched already."""

    def __init__(self, fetch: Fetch, journal: Journal, address: str, first: bytes) -> None:
        self._fetch = fetch
        self._journal = journal
        self._address = address
        self._first = first

    def records(self) -> Generator[RawRecord, None, Examination]:
        journal = self._journal
        spider = next((name for part, name in _KNOWN_CATALOGUES if part in self._address), "")
        journal.note("spider", spider or "embedded")
        robots = self._read_robots()
        if not robots.can_fetch(self._address, _AGENT):
            journal.blame("robots-forbid", self._address, "robots.txt")
        found = 0
        for address, body in self._walk(robots):
            metadata = extract_metadata(body.decode("utf-8", "replace"), address)
            if metadata.broken_scripts:
                journal.blame("json-ld-broken", address, address)
            if metadata.describes_record:
                found += 1
                yield _build_record(metadata)
        if not found:
            journal.blame("page-without-metadata", self._address, self._address)
        return journal.close()

    def _read_robots(self) -> Protego:
        try:
            response, body = self._fetch(urljoin(self._address, "/robots.txt"))
        except NoAnswer:
            return Protego.parse("")
        return Protego.parse(body.decode("utf-8", "replace") if response.status_code == _OK else "")

    def _walk(self, robots: Protego) -> Iterator[tuple[str, bytes]]:
        """The page itself, then pages that it links to and that look like records."""
        yield self._address, self._first
        scope = read_scope(self._address)
        links = Selector(text=self._first.decode("utf-8", "replace") or "<html/>").xpath("//a/@href").getall()
        addresses = dict.fromkeys(clean_address(link, self._address) for link in links)
        own = [
            address
            for address in addresses
            if address and address != clean_address(self._address) and scope.holds(address)
            and any(word in address.lower() for word in _LIKE_RECORDS)
            and robots.can_fetch(address, _AGENT)
        ]  # fmt: skip
        for address in own[: MOST_PAGES - 1]:
            try:
                response, body = self._fetch(address)
            except NoAnswer:
                continue
            if response.status_code == _OK:
                yield address, body


def _build_record(metadata: EmbeddedMetadata) -> RawRecord:
    return RawRecord(
        partner_id="check",
        feed_id="web",
        source_id=name_source(metadata.url),
        format="page",
        payload=build_payload(metadata),
    )
