"""The tantivy schema and the document that goes into it, side by side so that neither has a field the other lacks.

Each text field is two: ``title_e`` (exact layer) and ``title_f`` (folded layer), split at U+0020 by the built-in
``whitespace`` tokeniser and nothing else. Facets are numbers of the generation's dictionary. All numbers are signed:
tantivy builds signed terms from Python numbers, and deletes or finds nothing in an unsigned field with them.
"""

from typing import Any, NamedTuple

import tantivy

from lienthu.engine.document import IndexDocument
from lienthu.engine.facet_dictionary import FacetDictionary
from lienthu.engine.fields import EXACT_NAMES, FACET_NAMES, FOLDED_NAMES, TEXT_FIELDS, TEXT_NAMES
from lienthu.engine.mending import MAX_TOKEN, cut_tokens, mend_text
from lienthu.engine.order import build_tie, build_title_order, build_year_orders, encode_id
from lienthu.engine.years import mend_years, name_decades
from lienthu.errors import EngineError
from lienthu.i18n import mark

LAYERS = {name: (EXACT_NAMES[name], FOLDED_NAMES[name]) for name in TEXT_NAMES}
MAX_SPANS = 10_000


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
    for name in ("year", "year_end", "newest", "oldest", "tie", "id_head"):
        builder.add_integer_field(name, fast=True)
    builder.add_text_field("title_key", tokenizer_name="raw", index_option="basic", fast=True)
    return builder.build()


def build_id_head(raw: bytes) -> int:
    """The first 63 bits of the id: sorts as the id does, as far as it goes."""
    return int.from_bytes(raw[:8].ljust(8, b"\0"), "big") >> 1


class DocumentBuilder:
    """Makes tantivy's documents for one generation, whose dictionary numbers the facet values. This is the inner loop
    of every build: what is the same for many documents is kept."""

    def __init__(self, dictionary: FacetDictionary) -> None:
        self._dictionary = dictionary
        self._slots = {facet: (name, dictionary.numbers(facet)) for facet, name in FACET_NAMES.items()}
        del self._slots["year"]
        self._spans: dict[tuple[int | None, int | None], _Span] = {}

    def build(self, document: IndexDocument) -> tantivy.Document:
        """Raises EngineError naming the edition and the field where the engine cannot hold it."""
        id = document.id
        raw = encode_id(id)
        tie = build_tie(raw)
        span = self._spans.get((document.year, document.year_end)) or self._keep_span(document)
        fields: dict[str, Any] = {
            "id": id,
            "source": document.source,
            "title_key": build_title_order(document.title_key, id),
            "newest": span.newest | tie >> 15,
            "oldest": span.oldest | tie >> 15,
            "tie": tie,
            "id_head": build_id_head(raw),
            **span.fields,
        }
        self._add_texts(fields, document)
        self._add_facets(fields, document)
        try:
            return tantivy.Document.from_dict(fields)
        except ValueError:  # half a character somewhere: rare, so looked for only now
            return _build_mended(id, fields)

    def _add_texts(self, fields: dict[str, Any], document: IndexDocument) -> None:
        for name, (exact, folded) in document.texts.items():
            names = LAYERS.get(name)
            if names is None:
                raise EngineError(mark("Edition {id}: there is no text field “{field}”."), id=document.id, field=name)
            if folded:
                fields[names[0]] = exact if len(exact) <= MAX_TOKEN else cut_tokens(exact)
                fields[names[1]] = folded if len(folded) <= MAX_TOKEN else cut_tokens(folded)
        if document.identifiers:
            fields["identifiers"] = [value[:MAX_TOKEN] for value in dict.fromkeys(document.identifiers)]

    def _add_facets(self, fields: dict[str, Any], document: IndexDocument) -> None:
        """Each number once: a value that stands twice would count twice."""
        for facet, terms in document.facets.items():
            slot = self._slots.get(facet)
            if slot is None:
                raise EngineError(
                    mark("Edition {id}: there is no facet “{field}” to fill."), id=document.id, field=facet
                )
            name, known = slot
            try:
                if len(terms) == 1:
                    fields[name] = known[terms[0].value]
                elif terms:
                    fields[name] = list({known[term.value]: None for term in terms})
            except KeyError:
                numbers = [self._dictionary.allot(facet, term.value, term.label) for term in terms]
                fields[name] = list(dict.fromkeys(numbers))

    def _keep_span(self, document: IndexDocument) -> "_Span":
        """Each order is one number, as tantivy sorts by one key only."""
        span = mend_years(document.year, document.year_end)
        decades = [self._dictionary.allot("year", name, name) for name in name_decades(span)]
        fields: dict[str, Any] = {FACET_NAMES["year"]: decades}
        if span is not None:
            fields |= {"year": span[0], "year_end": span[1]}
        if len(self._spans) > MAX_SPANS:
            self._spans.clear()
        kept = _Span(*build_year_orders(span), fields)
        self._spans[document.year, document.year_end] = kept
        return kept


class _Span(NamedTuple):
    """What the years of a document give: the upper bits of two orders, and fields."""

    newest: int
    oldest: int
    fields: dict[str, Any]


def _build_mended(id: str, fields: dict[str, Any]) -> tantivy.Document:
    try:
        return tantivy.Document.from_dict({name: _mend(field) for name, field in fields.items()})
    except (ValueError, TypeError) as error:
        raise EngineError(mark("Edition {id}: the engine cannot hold it. ({error})"), id=id, error=error) from error


def _mend(field: Any) -> Any:
    if isinstance(field, str):
        return mend_text(field)
    return [_mend(value) for value in field] if isinstance(field, list) else field
