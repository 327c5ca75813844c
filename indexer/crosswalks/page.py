"""A catalogue page's embedded metadata to a Record: JSON-LD (schema.org), ``<meta>`` (Dublin Core, ``citation_*``),
COinS.

Rule: the payload is ``{"url", "json_ld", "meta", "coins"}``. JSON-LD is believed first, then ``citation_*``, then
Dublin
Core, then COinS: a name that an earlier one filled is not filled again, so that a title is not said three times. The
page's address is the way to the partner's own page, not to the document.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from indexer.crosswalks.element_values import Elements
from indexer.crosswalks.elements import map_elements
from indexer.crosswalks.source import RuleBroken, Source
from indexer.normalise.text import clean_text
from lienthu.holding import Holding, Status
from lienthu.record import Record

MAX_DEPTH = 6
MAX_COPIES = 1_000
_AVAILABILITY: Mapping[str, Status] = {
    "instock": "available", "outofstock": "on_loan", "instoreonly": "reference", "soldout": "on_loan",
}  # fmt: skip
_WORKS = frozenset(
    ("book", "creativework", "thesis", "article", "scholarlyarticle", "periodical", "publicationissue",
    "publicationvolume",
     "map", "audiobook", "movie", "musicrecording", "musicalbum", "sheetmusic", "visualartwork", "photograph", "report",
     "dataset", "digitaldocument", "newspaper", "audioobject", "videoobject", "product", "manuscript", "course")
)  # fmt: skip
_JSON_LD = {
    "name": "title", "headline": "title", "alternatename": "alternative", "alternativeheadline": "alternative",
    "author": "creator", "creator": "creator", "editor": "editor", "translator": "translator",
    "contributor": "contributor",
    "illustrator": "contributor", "publisher": "publisher", "datepublished": "issued", "copyrightyear": "date",
    "inlanguage": "language", "isbn": "isbn", "issn": "issn", "about": "subject", "keywords": "keywords",
    "numberofpages": "numberofpages", "bookedition": "edition", "description": "description", "abstract": "abstract",
    "ispartof": "ispartof", "locationcreated": "place", "contentlocation": "spatial", "genre": "subject",
    "volumenumber": "volumenumber", "additionaltype": "type", "callnumber": "callnumber", "sameas": "",
}  # fmt: skip
_CITATION = {
    "title": "title", "author": "creator", "authors": "creator", "publisher": "publisher", "publication_date": "issued",
    "date": "date", "year": "date", "isbn": "isbn", "issn": "issn", "doi": "doi", "language": "language",
    "keywords": "keywords", "editor": "editor", "translator": "translator", "journal_title": "ispartof",
    "series_title": "ispartof", "abstract": "abstract", "pdf_url": "pdf_url", "dissertation_institution": "publisher",
    "technical_report_institution": "publisher", "volume": "volumenumber", "inbook_title": "ispartof",
}  # fmt: skip
_COINS = {
    "rft.btitle": "title", "rft.title": "title", "rft.atitle": "title", "rft.au": "creator", "rft.creator": "creator",
    "rft.pub": "publisher", "rft.publisher": "publisher", "rft.place": "place", "rft.date": "date", "rft.isbn": "isbn",
    "rft.issn": "issn", "rft.edition": "edition", "rft.series": "series", "rft.tpages": "numberofpages",
    "rft.genre": "type",
    "rft.language": "language", "rft.subject": "subject", "rft.format": "type",
}  # fmt: skip


def map_page(payload: bytes, source: Source) -> Record:
    """Raises RuleBroken where the payload is not what a spider hands over."""
    try:
        page = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError) as error:
        raise RuleBroken("page", "page-broken", f"the page's metadata is not JSON: {error}") from error
    if not isinstance(page, Mapping):
        raise RuleBroken("page", "page-broken", "the page's metadata is not a JSON object")
    elements = Elements("page:")
    for layer in (
        _read_json_ld(page.get("json_ld")),
        _read_citation(page.get("meta")),
        _read_dublin_core(page.get("meta")),
        _read_coins(page.get("coins")),
    ):
        _fill(elements, layer)
    own = page.get("url")
    record = map_elements(elements, source, own_address=own if isinstance(own, str) else "")
    copies = tuple(_read_copies(page.get("json_ld"), source))
    return msgspec.structs.replace(record, holdings=copies) if copies else record


def _fill(elements: Elements, layer: Iterable[tuple[str, str]]) -> None:
    known = set(elements.values)
    for name, value in layer:
        if name and name not in known and not (name == "date" and "issued" in known):
            elements.add(name, value)


def _read_json_ld(found: Any) -> Iterator[tuple[str, str]]:
    """The first object that is a work, whose type is the type of the document."""
    for work in _find_works(found, 0):
        for kind in _list(work.get("@type")):
            yield "type", str(kind)
        for name, value in work.items():
            element = _JSON_LD.get(str(name).lower())
            if element:
                for text in _read_texts(value, 0):
                    yield element, text
        for example in _list(work.get("workExample")):
            if isinstance(example, Mapping):
                for text in _read_texts(example.get("isbn"), 0):
                    yield "isbn", text
        return


def _read_copies(found: Any, source: Source) -> Iterator[Holding]:
    """Each offer of the work that a library makes is a copy: accession number, call number, where, and whether it is
    there. An offer without a number of either kind is a price, not a copy."""
    for work in _find_works(found, 0):
        for offer in _list(work.get("offers"))[:MAX_COPIES]:
            if not isinstance(offer, Mapping):
                continue
            number, call_number, place = (
                clean_text(next(_read_texts(offer.get(name), 0), ""))
                for name in ("serialNumber", "sku", "availableAtOrFrom")
            )
            if number or call_number:
                yield Holding(
                    partner_id=source.raw.partner_id,
                    record=source.reference,
                    location=place[:200],
                    call_number=call_number[:200],
                    accession_number=number[:200],
                    status=_AVAILABILITY.get(str(offer.get("availability")).rpartition("/")[2].lower(), "unknown"),
                    as_of=source.raw.harvested_at,
                )
        return


def _find_works(found: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(found, list):
        for part in found:
            yield from _find_works(part, depth + 1)
    elif isinstance(found, Mapping):
        kinds = {str(kind).rpartition("/")[2].lower() for kind in _list(found.get("@type"))}
        if kinds & _WORKS and (found.get("name") or found.get("headline")):
            yield found
        for name in ("@graph", "mainEntity"):
            if name in found:
                yield from _find_works(found[name], depth + 1)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _read_texts(value: Any, depth: int) -> Iterator[str]:
    """Text, a number, the name of an object, or each of a list."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, list):
        for part in value[:500]:
            yield from _read_texts(part, depth + 1)
    elif isinstance(value, Mapping):
        for name in ("name", "alternateName", "@value", "termCode", "headline"):
            if value.get(name):
                yield from _read_texts(value[name], depth + 1)
                return


def _pair_meta(meta: Any) -> Iterator[tuple[str, str]]:
    """``{name: value}``, ``{name: [values]}`` or ``[[name, value]]``; names in lower case."""
    pairs = meta.items() if isinstance(meta, Mapping) else meta if isinstance(meta, list) else ()
    for pair in pairs:
        if isinstance(pair, Mapping):
            pair = (pair.get("name", ""), pair.get("content", ""))
        if isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[0], str):
            for text in _read_texts(pair[1], 0):
                yield pair[0].lower(), text


def _read_citation(meta: Any) -> Iterator[tuple[str, str]]:
    for name, value in _pair_meta(meta):
        if name.startswith("citation_"):
            yield _CITATION.get(name.removeprefix("citation_"), ""), value
            if name == "citation_dissertation_institution":
                yield "type", "thesis"


def _read_dublin_core(meta: Any) -> Iterator[tuple[str, str]]:
    """``DC.title``, ``dcterms.issued``, ``DC.Creator.PersonalName``: the part after the prefix, its refinement if
    known."""
    for name, value in _pair_meta(meta):
        prefix, _, rest = name.replace(":", ".").partition(".")
        if prefix in ("dc", "dcterms") and rest:
            element, _, refinement = rest.partition(".")
            known = ("issued", "alternative", "extent", "abstract", "spatial", "ispartof")
            yield refinement if refinement in known else element, value


def _read_coins(found: Any) -> Iterator[tuple[str, str]]:
    """The first context object; its values are in the form of a query string, or already taken apart."""
    for span in _list(found)[:1]:
        if isinstance(span, str):
            yield from _pair_coins(parse_qsl(span.replace("&amp;", "&"), max_num_fields=500))
        elif isinstance(span, Mapping):
            yield from _pair_coins(
                [(str(name), text) for name, value in span.items() for text in _read_texts(value, 0)]
            )


def _pair_coins(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    values = dict(pairs)
    if "rft.aulast" in values and "rft.au" not in values:
        given = values.get("rft.aufirst", "")
        yield "creator", f"{values['rft.aulast']}, {given}" if given else values["rft.aulast"]
    for name, value in pairs:
        yield _COINS.get(name, ""), value
