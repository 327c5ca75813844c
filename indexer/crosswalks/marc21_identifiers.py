"""MARC 21 identifiers: 020, 022, 024, 010, and the other numbers a document is known by.

Rule: a right ISBN, ISSN, ISMN, DOI or LCCN is one of its kind. Every other number (a wrong ISBN in print, that of
another format in 020 $z, a former ISSN, a publisher's number, a report's, the number in a union catalogue) is kept as
``other``: nobody is shown it, but whoever types it finds the document.
"""

from indexer.crosswalks.source import Source
from indexer.normalise.isbn import parse_isbn, parse_issn
from indexer.normalise.prices import is_price
from indexer.normalise.text import clean_text
from lienthu.marc import MarcField, MarcRecord
from lienthu.record import Identifier, IdentifierKind
from lienthu.text import normalise_number

_OTHER_NUMBERS = {"013": "a", "015": "a", "016": "a", "027": "a", "028": "a", "030": "a", "035": "a", "088": "a"}
_OTHER_TAGS = tuple(_OTHER_NUMBERS)
_DOI = "10."
_DOI_PREFIXES = ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:")
MAX_IDENTIFIERS = 100


def read_identifiers(record: MarcRecord, source: Source) -> tuple[Identifier, ...]:
    """020 $a, 022 $a $l, 024 (ISMN, DOI, EAN of a book), 010 $a, and the DOI in an address (856 $u). A wrong number is
    kept as ``other``, with a finding: it is what the book bears in print. A price in 020 $a is no number. Others to be
    found by: 020 $z, 022 $y $z, 015, 016, 024, 027, 028, 030, 035, 088."""
    found: dict[str, Identifier] = {}
    for field in record.get("020"):
        for value in field.every("a"):
            _add_isbn(found, clean_text(value), source)
    for field in record.get("022"):
        _add_issns(found, field, source)
    for field in record.get("024"):
        _add_standard_number(found, field, source)
    for field in record.get("010"):
        number_text = clean_text(field.first("a"))
        if number_text:
            value = number_text.replace(" ", "").partition("/")[0]
            found.setdefault(value, Identifier(kind="lccn", value=value, written=number_text))
    for field in record.get("020"):
        for value in field.every("z"):
            number = parse_isbn(clean_text(value))
            if number is not None:
                found.setdefault(number.value, Identifier(kind="other", value=number.value, written=number.written))
    for field in record.get("856") if record.has("856") else ():
        address = field.first("u")
        if "doi.org/10." in address:
            value = address.partition("doi.org/")[2].lower().rstrip("/.")
            found.setdefault(value, Identifier(kind="doi", value=value, written=address))
    for tag in record.having(_OTHER_TAGS):
        for field in record.get(tag):
            _add_other(found, field.first(_OTHER_NUMBERS[tag]))
    return tuple(found.values())[:MAX_IDENTIFIERS]


def _add_issns(found: dict[str, Identifier], field: MarcField, source: Source) -> None:
    """$a and the linking $l are its ISSN; wrong ($y) and former ($z) ones are others."""
    for code, value in field.subfields:
        number = parse_issn(clean_text(value)) if code in "alyz" else None
        if number is None:
            continue
        if code == "a" and number.rule:
            source.note(number.rule, "022$a", value, "kept as written")
        kind: IdentifierKind = "issn" if code in "al" and not number.rule else "other"
        found.setdefault(number.value, Identifier(kind=kind, value=number.value, written=number.written))


def _add_isbn(found: dict[str, Identifier], text: str, source: Source) -> None:
    if not text.strip(" .,:;"):
        return
    if is_price(text):
        source.note("price-in-isbn", "020$a", text, "taken for the price")
        return
    number = parse_isbn(text)
    if number is None:
        if any(map(str.isdigit, text)):
            source.note("isbn-invalid", "020$a", text, "passed over")
        return
    if number.rule:
        source.note(number.rule, "020$a", text, "kept as written")
    kind: IdentifierKind = "other" if number.rule else "isbn"
    found.setdefault(number.value, Identifier(kind=kind, value=number.value, written=number.written))


def _add_standard_number(found: dict[str, Identifier], field: MarcField, source: Source) -> None:
    text = clean_text(field.first("a"))
    if not text:
        return
    if (field.ind1 == "7" and field.first("2").lower() == "doi") or text.startswith(_DOI):
        value = text.lower()
        for prefix in _DOI_PREFIXES:
            value = value.removeprefix(prefix)
        found.setdefault(value, Identifier(kind="doi", value=value, written=text))
    elif field.ind1 == "2":
        value = text.replace("-", "").replace(" ", "").upper()
        found.setdefault(value, Identifier(kind="ismn", value=value, written=text))
    elif field.ind1 == "3" and text.replace("-", "").startswith(("978", "979")):
        _add_isbn(found, text, source)
    else:
        _add_other(found, text)


def _add_other(found: dict[str, Identifier], written: str) -> None:
    """With its prefix (``(OCoLC)49576820``): bare digits of a union catalogue may be anybody's."""
    text = clean_text(written)[:100]
    value = normalise_number(text)
    if value not in found and any(map(str.isdigit, value)):
        found[value] = Identifier(kind="other", value=value, written=text)
