"""The metadata that a catalogue page carries for machines: JSON-LD, Dublin Core and ``citation_*`` tags, COinS.

Only this and the page's address are kept, as canonical JSON with sorted keys: the page around it changes at every
visit. A page describes a record when it carries a title in its meta tags with something more beside it, else exactly
one work in JSON-LD, else exactly one COinS. A list of results carries none or several; a work that states the address
of another page to which this one links belongs to that page.
"""

import json
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

import msgspec
from parsel import Selector

from harvesters.spider.address import clean_address
from harvesters.spider.json_ld import read_json_ld

_PREFIXES = ("dc.", "dcterms.", "dc:", "dcterms:", "citation_", "bepress_citation_", "eprints.", "prism.")
_TITLES = frozenset(("dc.title", "dcterms.title", "citation_title", "bepress_citation_title", "eprints.title"))
_SITE_WIDE = frozenset(("publisher", "language", "format", "rights", "type", "relation", "source", "coverage", "title"))
"""Tags that some sites repeat on every page: with a title they do not make a record."""


class EmbeddedMetadata(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says of one record. ``url`` is the page's canonical address; names and values stand as written."""

    url: str
    json_ld: tuple[dict[str, object], ...] = ()
    meta: dict[str, list[str]] = {}
    coins: tuple[dict[str, list[str]], ...] = ()
    broken_scripts: int = 0
    links: frozenset[str] = frozenset()

    @property
    def describes_record(self) -> bool:
        if _has_described_title(self.meta):
            return True
        if self.json_ld:
            return self._is_about_this_page([_read_stated_address(work, self.url) for work in self.json_ld])
        return self._is_about_this_page([_read_coins_address(coins, self.url) for coins in self.coins])

    def _is_about_this_page(self, addresses: list[str]) -> bool:
        if self.url in addresses:
            return True
        return len(addresses) == 1 and addresses[0] not in self.links


def extract_metadata(page: str, address: str) -> EmbeddedMetadata:
    """Reads one page that was fetched from *address*; never fails, whatever the page is."""
    selector = Selector(text=page.replace("\x00", "") or "<html/>")
    works, broken = read_json_ld(selector.xpath('//script[contains(@type, "ld+json")]/text()').getall())
    links = {clean_address(link, address) for link in selector.xpath("//a/@href").getall()}
    return EmbeddedMetadata(
        url=_read_canonical(selector, address),
        json_ld=tuple(works),
        meta=_read_meta(selector),
        coins=_read_coins(selector.css('span[class~="Z3988"]::attr(title)').getall()),
        broken_scripts=broken,
        links=frozenset(links - {clean_address(address)}),
    )


def build_payload(metadata: EmbeddedMetadata) -> bytes:
    """Canonical JSON: the same metadata always gives the same bytes. Raises ValueError where it nests too deeply."""
    kept = {
        "url": metadata.url,
        "json_ld": list(metadata.json_ld),
        "meta": metadata.meta,
        "coins": list(metadata.coins),
    }
    try:
        text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return text.encode("utf-8", "replace")


def _read_canonical(selector: Selector, address: str) -> str:
    """The canonical link if it stays on this host and is not merely the front page; else the address itself."""
    own = clean_address(address)
    stated = clean_address(selector.css('link[rel="canonical"]::attr(href)').get(""), address)
    same_host = bool(stated) and urlsplit(stated).netloc == urlsplit(own).netloc
    front_page = same_host and urlsplit(stated).path in {"", "/"} and not urlsplit(stated).query
    return stated if same_host and not front_page else own


def _read_meta(selector: Selector) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for tag in selector.css("meta[content]"):
        name = (tag.attrib.get("name") or tag.attrib.get("property") or "").strip()
        value = tag.attrib["content"].strip()
        if value and name.lower().startswith(_PREFIXES):
            tags.setdefault(name, []).append(value)
    return tags


def _read_coins(titles: Iterable[str]) -> tuple[dict[str, list[str]], ...]:
    """Each COinS once (some themes print it twice), as key to values."""
    found: list[dict[str, list[str]]] = []
    for title in titles:
        coins: dict[str, list[str]] = {}
        for key, value in parse_qsl(title, keep_blank_values=False, max_num_fields=1_000):
            coins.setdefault(key, []).append(value.strip())
        if coins.get("ctx_ver") or any(key.startswith("rft") for key in coins):
            found.append(coins)
    return tuple(coins for position, coins in enumerate(found) if coins not in found[:position])


def _has_described_title(meta: dict[str, list[str]]) -> bool:
    names = {name.lower().replace(":", ".") for name in meta}
    tail = {name.rsplit(".", 1)[-1].removeprefix("bepress_").removeprefix("citation_") for name in names}
    return bool(names & _TITLES) and bool(tail - _SITE_WIDE)


def _read_stated_address(work: dict[str, object], base: str) -> str:
    for key in ("url", "mainEntityOfPage", "@id"):
        value = work.get(key)
        value = value.get("@id") if isinstance(value, dict) else value
        if isinstance(value, str) and value.strip() and not value.startswith(("#", "_:")):
            return clean_address(value, base)
    return ""


def _read_coins_address(coins: dict[str, list[str]], base: str) -> str:
    return next((clean_address(value, base) for value in coins.get("rft_id", []) if value.startswith("http")), "")
