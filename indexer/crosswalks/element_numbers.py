"""Numbers among elements: class numbers, the ISBN, ISSN and DOI of the document, price and print run."""

import re

from indexer.crosswalks.element_values import Elements
from indexer.crosswalks.source import Source
from indexer.normalise.isbn import parse_isbn, parse_issn
from indexer.normalise.prices import normalise_price, read_print_run, split_price
from lienthu.record import Classification, Identifier

_ISSN = re.compile(r"[0-9]{4}-[0-9]{3}[0-9Xx]$")
DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
CLASS = re.compile(r"(?:info:eu-repo/classification/)?(ddc|udc|lcc|clc)[:/]\s*(\S.*)", re.IGNORECASE)
_DDC = re.compile(r"[0-9]{3}(?:\.[0-9]+)?$")
PRICED = ("extent", "format", "description")
"""Elements at whose end a price may stand."""


def read_classifications(elements: Elements) -> tuple[Classification, ...]:
    """Subjects whose scheme is a classification (``xsi:type``, ``subject.ddc``), or that say so themselves
    (``info:eu-repo/classification/ddc/959``, ``ddc:959``)."""
    found: dict[tuple[str, str], Classification] = {}
    for scheme in ("ddc", "lcc", "udc", "clc", "classification"):
        for value in elements.every(scheme):
            _add_class(found, "other" if scheme == "classification" else scheme, value)
    for value in elements.every("subject"):
        stated = CLASS.match(value)
        if stated:
            _add_class(found, stated[1].lower(), stated[2])
    return tuple(found.values())[:50]


def _add_class(found: dict[tuple[str, str], Classification], scheme: str, written: str) -> None:
    stated = CLASS.match(written)
    number = (stated[2] if stated else written).strip(" .,;:")[:60]
    if scheme == "other" and _DDC.match(number):
        scheme = "ddc"
    if number:
        found.setdefault((scheme, number), Classification(scheme=scheme, number=number))


def read_identifiers(elements: Elements, source: Source) -> tuple[Identifier, ...]:
    """ISBN, ISSN and DOI among the identifiers and relations, whatever prefix they bear. The others are the partner's
    own business. An ISSN in ``source`` is that of the journal."""
    found: dict[str, Identifier] = {}
    for name in ("isbn", "issn", "doi", "identifier", "source", "relation", "url"):
        for value in elements.every(name):
            doi = DOI.search(value) if "10." in value else None
            if doi is not None:
                number = doi[1].rstrip(".,;").lower()
                found.setdefault(number, Identifier(kind="doi", value=number, written=value))
            elif name in ("isbn", "issn", "identifier") and not value.startswith(("http:", "https:")):
                _add_number(found, name, value, source, elements.prefix)
    return tuple(found.values())


def _add_number(found: dict[str, Identifier], name: str, value: str, source: Source, prefix: str) -> None:
    lowered = value.lower()
    if name == "issn" or "issn" in lowered or _ISSN.match(value):
        issn = parse_issn(value)
        if issn is not None:
            found.setdefault(
                issn.value, Identifier(kind="other" if issn.rule else "issn", value=issn.value, written=value)
            )
        return
    isbn = parse_isbn(lowered.replace("urn:", "").replace("isbn", "").strip(" :"))
    if isbn is None or (isbn.rule and name != "isbn" and "isbn" not in lowered):
        return
    if isbn.rule:
        source.note(isbn.rule, prefix + name, value, "kept as written")
    found.setdefault(
        isbn.value, Identifier(kind="other" if isbn.rule else "isbn", value=isbn.value, written=isbn.written)
    )


def read_price(elements: Elements) -> str:
    """price, else one at the end of extent, format or description (21 cm. - 89000đ. - 1000b)."""
    stated = next((price for value in elements.every("price") if (price := normalise_price(value))), "")
    return stated or next((price for value in elements.every(*PRICED) if (price := split_price(value)[1])), "")


def read_run(elements: Elements) -> str:
    """What stands after a price: 1000b."""
    return next((run for value in elements.every("price") if (run := read_print_run(value))), "") or next(
        (run for value in elements.every(*PRICED) if (run := split_price(value)[2])), ""
    )
