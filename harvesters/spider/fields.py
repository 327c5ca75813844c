"""The fields that a page shows to people, as canonical JSON: ``{"url", "fields": {label: [values]}, "copies": [{label:
value}]}``. Labels stand as the page (or the rules of the feed) has them; what they mean is not decided here.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from parsel import Selector, SelectorList

from lienthu.page_rules import COPY_FIELDS, PageRules

MOST_VALUES = 200
MOST_COPIES = 1_000
LONGEST_VALUE = 64 * 1024

Fields = Mapping[str, Sequence[str]]
Copies = Sequence[Mapping[str, str]]


def build_fields_payload(url: str, fields: Fields, copies: Copies) -> bytes:
    """The same fields always give the same bytes."""
    kept = {
        "url": url,
        "fields": {label: list(values[:MOST_VALUES]) for label, values in fields.items() if values},
        "copies": [dict(copy) for copy in copies[:MOST_COPIES]],
    }
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def read_ruled_fields(page: Selector, rules: PageRules) -> tuple[dict[str, list[str]], list[dict[str, str]]]:
    """What the rules' selectors find on a record's page."""
    within = {name: selector for name, selector in rules.fields.items() if rules.copy and name in COPY_FIELDS}
    fields = {name: list_texts(page.css(selector)) for name, selector in rules.fields.items() if name not in within}
    copies = []
    for copy in page.css(rules.copy)[:MOST_COPIES] if within else ():
        found = {name: next(iter(list_texts(copy.css(selector))), "") for name, selector in within.items()}
        found = {name: text for name, text in found.items() if text}
        if found:
            copies.append(found)
    return fields, copies


def list_texts(found: "SelectorList[Selector]") -> list[str]:
    """The text of each element, or what ``::text`` and ``::attr()`` selected; empty ones left out."""
    texts = (read_text(one) for one in found[:MOST_VALUES])
    return [text for text in texts if text]


def read_text(found: Selector) -> str:
    """All text below an element, as a person would read it: scripts left out, parts that stand apart kept apart."""
    if isinstance(found.root, str):
        return clean(found.root)
    parts = found.xpath(".//text()[not(ancestor::script or ancestor::style)]").getall()
    return clean(" ".join(parts) if _has_blocks(found) else "".join(parts))


def clean(text: str) -> str:
    return " ".join(text.split())[:LONGEST_VALUE]


def list_links(found: Iterable[Selector]) -> list[str]:
    """The addresses of what was selected: an element's own, or those of the links within it."""
    links: list[str] = []
    for one in found:
        if isinstance(one.root, str):
            links.append(one.root)
        else:
            links.extend(one.xpath("(self::*|.//*)[self::a or self::link or self::area]/@href").getall())
    return links


def _has_blocks(found: Selector) -> bool:
    return bool(found.xpath(".//br|.//p|.//div|.//li|.//td"))
