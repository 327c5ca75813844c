"""The tantivy schema and the document that goes into it, side by side so that neither has a field the other lacks.

Each text field is two: ``title_e`` (exact layer) and ``title_f`` (folded layer), split at U+0020 by the built-in
``whitespace`` tokeniser and nothing else. Facets are numbers of the generation's dictionary. All numbers are signed:
tantivy builds signed terms from Python numbers, and deletes or finds nothing in an unsigned field with them.
"""

from hashlib import blake2b
from typing import Any

import tantivy

from lienthu.engine.document import IndexDocument
from lienthu.engine.facet_dictionary import FacetDictionary, mend_text
from lienthu.engine.fields import TEXT_FIELDS
from lienthu.engine.years import LAST_YEAR, mend_years, name_decades
from lienthu.errors import EngineError
from lienthu.i18n import mark
from lienthu.search import FACETS

MAX_ID_BYTES = 512
MAX_TOKEN = 255
"""Characters of a token; the rest is cut, in documents and in queries alike, so that a word still finds itself."""
MAX_TITLE_KEY = 300
TEXT_NAMES = frozenset(field.name for field in TEXT_FIELDS)
EXACT_NAMES = {name: f"{name}_e" for name in TEXT_NAMES}
FOLDED_NAMES = {name: f"{name}_f" for name in TEXT_NAMES}
FACET_NAMES = {name: f"facet_{name}" for name in FACETS}
_NO_TITLE = "\U0010ffff"
_YEAR_SHIFT = 48


def build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("source", stored=True)
    for field in TEXT_FIELDS:
        builder.add_text_field(EXACT_NAMES[field.name], tokenizer_name="whitespace")
        builder.add_text_field(FOLDED_NAMES[field.name], tokenizer_name="whitespace")
    builder.add_text_field("identifiers", tokenizer_name="raw", index_option="basic")
    for name in FACET_NAMES.values():
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in ("year", "year_end", "id_head"):
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in ("newest", "oldest", "tie"):
        builder.add_integer_field(name, fast=True)
    builder.add_text_field("title_key", tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


def build_id_head(id: str) -> int:
    """The first 63 bits of the id: sorts as the id does, as far as it goes."""
    return int.from_bytes(id.encode()[:8].ljust(8, b"\0"), "big") >> 1


def build_tie(id: str) -> int:
    """63 bits that decide between equals: the same for an id wherever and whenever it is indexed."""
    return int.from_bytes(blake2b(id.encode(), digest_size=8).digest(), "big") >> 1


def mend_token(token: str) -> str:
    return mend_text(token[:MAX_TOKEN])


def build_document(document: IndexDocument, dictionary: FacetDictionary) -> tantivy.Document:
    """Raises EngineError naming the edition and the field where the engine cannot hold it."""
    id = check_id(document.id)
    fields: dict[str, Any] = {"id": id, "source": document.source}
    for name, (exact, folded) in document.texts.items():
        if name not in TEXT_NAMES:
            raise EngineError(mark("Edition {id}: there is no text field “{field}”."), id=id, field=name)
        if folded or exact:
            fields[EXACT_NAMES[name]] = _mend_layer(exact)
            fields[FOLDED_NAMES[name]] = _mend_layer(folded)
    if document.identifiers:
        fields["identifiers"] = [mend_token(value) for value in dict.fromkeys(document.identifiers)]
    for name, terms in document.facets.items():
        if name not in FACET_NAMES or name == "year":
            raise EngineError(mark("Edition {id}: there is no facet “{field}” to fill."), id=id, field=name)
        if terms:
            fields[FACET_NAMES[name]] = _number_terms(dictionary, name, [(term.value, term.label) for term in terms])
    _add_order(fields, document, dictionary)
    return tantivy.Document(**fields)


def check_id(id: str) -> str:
    """tantivy drops a longer key without a word, and could then never replace the document."""
    try:
        length = len(id.encode())
    except UnicodeEncodeError as error:
        raise EngineError(mark("Edition {id}: its id is not valid Unicode."), id=ascii(id)) from error
    if not 0 < length <= MAX_ID_BYTES:
        raise EngineError(mark("Edition {id}…: an id has 1 to {limit} bytes."), id=id[:60], limit=MAX_ID_BYTES)
    return id


def _mend_layer(text: str) -> str:
    if len(text) > MAX_TOKEN:
        longest = max(map(len, text.split(" ")))
        if longest > MAX_TOKEN:
            text = " ".join(token[:MAX_TOKEN] for token in text.split(" "))
    # a text that is not ASCII may hold half a character; encoding it is the only test
    return text if text.isascii() else mend_text(text)


def _number_terms(dictionary: FacetDictionary, facet: str, terms: list[tuple[str, str]]) -> list[int]:
    numbers = [dictionary.allot(facet, value, label) for value, label in terms]
    return numbers if len(numbers) == 1 else list(dict.fromkeys(numbers))


def _add_order(fields: dict[str, Any], document: IndexDocument, dictionary: FacetDictionary) -> None:
    """Years and the keys of every order. Each order is one number or text, as tantivy sorts by one key only: an edition
    of unknown year gets one that stands last in both directions."""
    id = document.id
    tie = build_tie(id)
    span = mend_years(document.year, document.year_end)
    fields[FACET_NAMES["year"]] = _number_terms(dictionary, "year", [(name, name) for name in name_decades(span)])
    if span is not None:
        fields["year"], fields["year_end"] = span
    first, last = span or (LAST_YEAR + 1, 0)
    fields["newest"] = (last << _YEAR_SHIFT) | (tie >> 15)
    fields["oldest"] = (first << _YEAR_SHIFT) | (tie >> 15)
    fields["tie"] = tie
    fields["id_head"] = build_id_head(id)
    fields["title_key"] = f"{mend_text(document.title_key[:MAX_TITLE_KEY]) or _NO_TITLE}\0{id}"
