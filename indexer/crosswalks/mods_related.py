"""MODS relatedItem: other documents; and location: where copies stand.

Rule: ``type`` says what the other document is to this one; one without a title tells nothing. The ``part`` of a host
(volume, issue, pages, date) is where in it the article stands. A series is a series. A shelf mark or a holding of its
own is a copy, beside the addresses online.
"""

from collections.abc import Iterator, Mapping

from indexer.crosswalks.mods_elements import Element, children, text_of, values, write_title
from indexer.crosswalks.source import Source
from indexer.normalise.isbn import parse_isbn, parse_issn
from indexer.normalise.text import trim_marks
from lienthu.holding import Holding
from lienthu.record import Identifier, Relation, RelationKind

KINDS: Mapping[str, RelationKind] = {
    "host": "host", "preceding": "earlier", "succeeding": "later", "original": "original",
    "constituent": "constituent", "otherversion": "edition", "otherformat": "form", "isreferencedby": "other",
    "references": "other", "reviewof": "other", "": "other",
}  # fmt: skip
MAX_HOLDINGS = 1_000


def read_relations(root: Element) -> tuple[Relation, ...]:
    """relatedItem by its type: the host with volume, issue and pages (part), earlier and later titles, the original,
    other versions and formats, what it contains."""
    found: dict[tuple[str, str], Relation] = {}
    for item in children(root, "relatedItem"):
        kind = KINDS.get((item.get("type") or "").lower())
        title = _read_title(item)
        if kind is None or not title:
            continue
        authors = [" ".join(values(name, "namePart")) for name in children(item, "name")]
        relation = Relation(
            kind=kind,
            title=title[:500],
            author="; ".join(authors[:3]) if kind != "host" else "",
            label=(item.get("displayLabel") or "")[:200],
            place=", ".join(_read_part(item))[:200],
            numbers=tuple(_read_numbers(item)),
        )
        found.setdefault((kind, title), relation)
    return tuple(found.values())[:200]


def read_series(root: Element) -> tuple[str, ...]:
    """relatedItem of type series, with its number."""
    series = [item for item in children(root, "relatedItem") if (item.get("type") or "").lower() == "series"]
    found = [" ; ".join([text for text in (_read_title(item), *_read_part(item)) if text]) for item in series]
    return tuple(dict.fromkeys([text for text in found if text]))


def _read_title(item: Element) -> str:
    """Title, and the number and name of the part."""
    for info in children(item, "titleInfo"):
        main = write_title(info)
        if main:
            parts = [*values(info, "partNumber"), *values(info, "partName")]
            return trim_marks(". ".join([main, *parts]))
    return ""


def _read_part(item: Element) -> Iterator[str]:
    """``t. 4``, ``no 2``, ``100-120``, ``1904``."""
    for part in children(item, "part"):
        for detail in children(part, "detail"):
            numbers, captions = values(detail, "number"), values(detail, "caption")
            text = " ".join([*captions[:1], *numbers[:1]]) or " ".join(values(detail, "title")[:1])
            if text:
                yield text
        for extent in children(part, "extent"):
            pages = "-".join([*values(extent, "start")[:1], *values(extent, "end")[:1]])
            if text := pages or " ".join(values(extent, "list")):
                yield text
        yield from values(part, "date")[:1]


def _read_numbers(item: Element) -> Iterator[Identifier]:
    for element in children(item, "identifier"):
        kind = (element.get("type") or "").lower()
        if kind == "issn" and (issn := parse_issn(text_of(element))) is not None and not issn.rule:
            yield Identifier(kind="issn", value=issn.value)
        elif kind == "isbn" and (isbn := parse_isbn(text_of(element))) is not None and not isbn.rule:
            yield Identifier(kind="isbn", value=isbn.value)


def read_copies(root: Element, source: Source) -> tuple[Holding, ...]:
    """location with a shelf mark or a place: physicalLocation (subLocation), shelfLocator, note."""
    found: dict[tuple[str, str], Holding] = {}
    for location in children(root, "location"):
        places = [text_of(place) for place in children(location, "physicalLocation") if place.get("authority") is None]
        copies = [
            copy for simple in children(location, "holdingSimple") for copy in children(simple, "copyInformation")
        ]
        for copy in [location, *copies]:
            where = ", ".join([*places[:1], *values(copy, "subLocation")])
            for shelf in values(copy, "shelfLocator") or ([""] if where and not copies else []):
                name = source.practice.name_location(where)
                if name in source.practice.hidden_locations or where in source.practice.hidden_locations:
                    continue
                found.setdefault((where, shelf), _build_copy(source, name, shelf))
    return tuple(found.values())[:MAX_HOLDINGS]


def _build_copy(source: Source, location: str, call_number: str) -> Holding:
    return Holding(
        partner_id=source.raw.partner_id,
        record=source.reference,
        location=location[:300],
        call_number=call_number[:300],
        as_of=source.raw.harvested_at,
    )


def find_whole(root: Element) -> Element | None:
    """The host or series, which says what the part leaves out."""
    items = [item for item in children(root, "relatedItem") if (item.get("type") or "").lower() in ("host", "series")]
    return min(items, key=lambda item: item.get("type") != "host", default=None)
