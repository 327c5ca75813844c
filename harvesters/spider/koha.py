"""The spider ``koha``: the records of a Koha by their biblionumbers. Each is asked for as MARCXML by Koha's own export
(``opac-export.pl``); where a library does not offer that, its page (``opac-detail.pl``) is read for what it says to
machines. Either way the record is called by the address of its page.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from lxml import etree
from scrapy.http import Request, Response, TextResponse
from twisted.python.failure import Failure

from harvesters.spider.address import clean_address, name_source
from harvesters.spider.lines import PageRead
from harvesters.spider.numbered import NumberedSpider
from harvesters.spider.spider import is_html
from harvesters.xml import find_child, get_local_name, parse_strictly

_FOLDER = "/cgi-bin/koha/"
_EXPORT = re.compile(r"opac-export\.pl\?(?:[^#]*&)?bib=(\d+)")
_TRIES = 3


class KohaSpider(NumberedSpider):
    """A Koha; the feed's url is any page of it. After three records whose export failed, none is asked for any more."""

    name = "koha"
    record_page: ClassVar[re.Pattern[str]] = re.compile(
        r"opac-(?:detail|MARCdetail|ISBDdetail)\.pl\?(?:[^#]*&)?biblionumber=(\d+)"
    )

    def __init__(self, *arguments: Any, **kwargs: Any) -> None:
        super().__init__(*arguments, **kwargs)
        self.exported = self.described = 0
        self.exports = True

    def find_base(self, path: str) -> str:
        before, found, _rest = path.partition(_FOLDER)
        return (before if found else "") + _FOLDER

    def name_page(self) -> str:
        return "opac-detail.pl?biblionumber=1"

    def name_address(self, number: int) -> str:
        """Whatever page the catalogue links to, a record is called by this one."""
        return self.default_page[: -len("1")] + str(number)

    def ask_number(self, number: int) -> Request | None:
        if not self.exports or name_source(self.name_address(number)) in self.order.stored:
            return super().ask_number(number)
        export = f"opac-export.pl?op=export&bib={number}&format=marcxml"
        return self.build_request(clean_address(export, self.default_page), 1)

    def take(self, response: Response) -> Iterator[Request]:
        exported = _EXPORT.search(response.meta["address"])
        if exported is None:
            yield from super().take(response)
            return
        self.statuses[str(response.status)] += 1
        number = int(exported[1])
        payload = read_marcxml(response.body) if response.status == 200 else b""
        if payload:
            self.exported += 1
            self.top = max(self.top, number)
            page = self.name_address(number)
            self.hand_over(page, name_source(page), payload, {}, "marcxml")
        elif self.exported and response.status in (404, 410):
            self.send(PageRead(address=response.meta["address"]))
        else:
            yield from self._ask_page(number)

    def lose(self, failure: Failure) -> Iterator[Request]:
        exported = _EXPORT.search(failure.request.meta["address"])  # type: ignore[attr-defined]
        if exported is None:
            yield from super().lose(failure)
        else:
            yield from self._ask_page(int(exported[1]))

    def read_record(self, response: Response, address: str) -> bool:
        if not isinstance(response, TextResponse) or not is_html(response):
            return False
        source_id = name_source(self.name_address(self.find_number(address)))
        if not self.hand_over_metadata(response, address, {}, source_id):
            return False
        self.described += 1
        self.exports = self.exports and (self.exported > 0 or self.described < _TRIES)
        return True

    def _ask_page(self, number: int) -> Iterator[Request]:
        request = super().ask_number(number)
        if request is not None:
            self.pending.add(request.meta["address"])
            yield request


def read_marcxml(body: bytes) -> bytes:
    """The one MARC record of an export, with its namespaces; empty where this is none."""
    try:
        root = parse_strictly(body.strip())
    except (etree.XMLSyntaxError, ValueError):
        return b""
    record = find_child(root, "record") if get_local_name(root) == "collection" else root
    if record is None or get_local_name(record) != "record" or find_child(record, "datafield") is None:
        return b""
    return etree.tostring(record, encoding="utf-8", with_tail=False)
