"""MARC 21 identifiers, extent, notes, abstract, contents and price: 020, 022, 024, 010, 300, 5XX."""

from indexer.crosswalks.doubts import strip_noted
from indexer.crosswalks.source import Source
from indexer.normalise.extent import normalise_extent
from indexer.normalise.isbn import ParsedNumber, parse_isbn, parse_issn
from indexer.normalise.prices import is_price, normalise_price
from indexer.normalise.text import clean_text, trim_marks
from lienthu.marc import MarcRecord
from lienthu.record import Identifier, IdentifierKind

_NOTE_TAGS = (
    "500", "501", "502", "504", "508", "511", "515", "518", "521", "525", "530", "533", "534", "538", "546", "550",
    "580", "585", "586",
)  # fmt: skip
MAX_NOTES = 100
_DOI = "10."


def read_identifiers(record: MarcRecord, source: Source) -> tuple[Identifier, ...]:
    """020 $a, 022 $a, 024 (ISMN, DOI, EAN of a book), 010 $a. A wrong number is kept as ``other``, with a finding: it
    is what the book bears in print. A price in 020 $a is no number."""
    found: dict[str, Identifier] = {}
    for field in record.get("020"):
        for value in field.every("a"):
            _add_isbn(found, clean_text(value), source)
    for field in record.get("022"):
        for value in field.every("a"):
            number = parse_issn(clean_text(value))
            if number is not None:
                _add(found, "issn" if not number.rule else "other", number, "022$a", source)
    for field in record.get("024"):
        _add_standard_number(found, field.ind1, field.first("2"), clean_text(field.first("a")), source)
    for field in record.get("010"):
        number_text = clean_text(field.first("a"))
        if number_text:
            value = number_text.replace(" ", "").partition("/")[0]
            found.setdefault(value, Identifier(kind="lccn", value=value, written=number_text))
    return tuple(found.values())[:100]


def _add_isbn(found: dict[str, Identifier], text: str, source: Source) -> None:
    if not text.strip(" .,:;"):
        return
    if is_price(text):
        source.note("price-in-isbn", "020$a", text, "taken for the price")
        return
    number = parse_isbn(text)
    if number is None:
        if any(character.isdigit() for character in text):
            source.note("isbn-invalid", "020$a", text, "passed over")
        return
    _add(found, "isbn" if not number.rule else "other", number, "020$a", source)


def _add(found: dict[str, Identifier], kind: IdentifierKind, number: ParsedNumber, field: str, source: Source) -> None:
    if number.rule:
        source.note(number.rule, field, number.written, "kept as written")
    found.setdefault(number.value, Identifier(kind=kind, value=number.value, written=number.written))


def _add_standard_number(found: dict[str, Identifier], ind1: str, scheme: str, text: str, source: Source) -> None:
    if not text:
        return
    if (ind1 == "7" and scheme.lower() == "doi") or text.startswith(_DOI):
        value = text.lower().removeprefix("https://doi.org/").removeprefix("http://dx.doi.org/").removeprefix("doi:")
        found.setdefault(value, Identifier(kind="doi", value=value, written=text))
    elif ind1 == "2":
        value = text.replace("-", "").replace(" ", "").upper()
        found.setdefault(value, Identifier(kind="ismn", value=value, written=text))
    elif ind1 == "3" and text.replace("-", "").startswith(("978", "979")):
        _add_isbn(found, text, source)


def read_extent(record: MarcRecord, source: Source) -> str:
    """300 $a $b $c $e as written; nothing where no number is in it (``tr.;``)."""
    fields = record.get("300")
    if not fields:
        return ""
    return " ; ".join(
        [text for field in fields if (text := normalise_extent([clean_text(v) for v in field.every("abcef")]))]
    )


def read_notes(record: MarcRecord, source: Source) -> tuple[str, ...]:
    """The 5XX that are for readers. Notes about processing (583, 59X) and the 9XX are the library's own business."""
    notes = []
    for tag in record.having(_NOTE_TAGS):
        for field in record.get(tag):
            text = strip_noted(field.join("abcdegu3"), tag, source)
            if text.strip(" .,:;-"):
                notes.append(text)
    return tuple(dict.fromkeys(notes))[:MAX_NOTES] if notes else ()


def read_abstract(record: MarcRecord, source: Source) -> str:
    """520 $a $b, of several one after the other."""
    fields = record.get("520")
    return strip_noted(" ".join([field.join("ab") for field in fields]), "520$a", source) if fields else ""


def read_contents(record: MarcRecord, source: Source) -> str:
    """505 in all its subfields."""
    fields = record.get("505")
    return strip_noted(" ".join([field.join("agrt") for field in fields]), "505", source) if fields else ""


def read_price(record: MarcRecord, source: Source) -> str:
    """020 $c, else a price that stands in 020 $a, else 365 $b."""
    for field in record.get("020"):
        for value in field.every("c"):
            price = normalise_price(clean_text(value))
            if price:
                return price
    for field in record.get("020"):
        for value in field.every("a"):
            if is_price(clean_text(value)):
                return normalise_price(clean_text(value))
    for field in record.get("365"):
        price = trim_marks(clean_text(field.join("bc")))
        if price:
            return normalise_price(price)
    return ""
