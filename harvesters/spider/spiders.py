"""The spiders by the name that ``feed.spider`` gives; without a name it is the first."""

from importlib import import_module
from typing import Any

SPIDERS = {
    "embedded": "harvesters.spider.crawl:EmbeddedMetadataSpider",
    "koha": "harvesters.spider.koha:KohaSpider",
    "vietbiblio": "harvesters.spider.vietbiblio:VietBiblioSpider",
    "sitemap": "harvesters.spider.sitemap:SitemapSpider",
    "pages": "harvesters.spider.ruled:RuledSpider",
}
DEFAULT_SPIDER = next(iter(SPIDERS))


def find_spider(name: str) -> Any:
    """The class of a spider; Scrapy is imported only here, for it is slow to import. Raises KeyError."""
    module, _, spider = SPIDERS[name or DEFAULT_SPIDER].partition(":")
    return getattr(import_module(module), spider)
