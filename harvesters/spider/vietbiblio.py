"""The spider ``vietbiblio``: VietBiblio, which schools use, and every other OpenBiblio. Its records are the pages
``shared/biblio_view.php?bibid=N&tab=opac``, in tables of labels and values with the copies and whether they are there.
"""

import re
from typing import ClassVar

from parsel import Selector
from scrapy.http import Response, TextResponse

from harvesters.spider.address import name_source
from harvesters.spider.fields import build_fields_payload
from harvesters.spider.label_table import LabelTable
from harvesters.spider.numbered import NumberedSpider

_FOLDERS = re.compile(r"(?:opac|shared|home)/[^/]*\Z")


class VietBiblioSpider(NumberedSpider):
    """An OpenBiblio; the feed's url is any page of it."""

    name = "vietbiblio"
    record_page: ClassVar[re.Pattern[str]] = re.compile(r"biblio_view\.php\?(?:[^#]*&)?bibid=(\d+)")

    def find_base(self, path: str) -> str:
        return _FOLDERS.sub("", path) if _FOLDERS.search(path) else path[: path.rfind("/") + 1]

    def name_page(self) -> str:
        return "shared/biblio_view.php?bibid=1&tab=opac"

    def read_record(self, response: Response, address: str) -> bool:
        if not isinstance(response, TextResponse):
            return False
        table = LabelTable(Selector(text=response.text.replace("\x00", "") or "<html/>"), self.order.columns)
        if not table.describes_record:
            return False
        payload = build_fields_payload(address, table.fields, table.copies)
        self.hand_over(address, name_source(address), payload, {}, "fields")
        return True
