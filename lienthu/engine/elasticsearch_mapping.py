"""The mapping of an Elasticsearch generation and the document that goes into it, side by side so that neither has a
field the other lacks (``dynamic: strict`` would refuse it).

Each text field is two: ``title_e`` (exact layer) and ``title_f`` (folded layer), split at spaces by the built-in
``whitespace`` analyser and nothing else. A field without words holds the GAP's token, which no query asks for: Lucene
reckons how rare a word is among the documents that have the field at all, the embedded engine among all, and both
must rank alike. ``_source`` keeps the edition alone; everything else can be made again from the store.
"""

from base64 import b64decode, b64encode
from typing import Any

import msgspec

from lienthu.engine.document import IndexDocument
from lienthu.engine.fields import EXACT_NAMES, FACET_NAMES, FOLDED_NAMES, TEXT_NAMES
from lienthu.engine.mending import MAX_TOKEN, cut_tokens, mend_text, mend_value
from lienthu.engine.order import build_tie, build_title_order, build_year_orders, encode_id
from lienthu.engine.years import mend_years, name_decades
from lienthu.errors import EngineError
from lienthu.i18n import mark
from lienthu.text import GAP

SOURCE_FIELDS = ("source", "source_bytes")
NO_WORDS = GAP.split()[0]
_NO_TEXT = dict.fromkeys((*EXACT_NAMES.values(), *FOLDED_NAMES.values()), NO_WORDS)
_encoder = msgspec.json.Encoder()


def build_mapping() -> dict[str, Any]:
    """Facet values are counted by ordinals that are made at each commit, not by the first search after it."""
    sort_only = {"index": False, "norms": False}
    properties: dict[str, Any] = {
        "id": {"type": "keyword"},
        **{name: {"type": "keyword", "index": False, "doc_values": False} for name in SOURCE_FIELDS},
        "identifiers": {"type": "keyword", "doc_values": False},
        "title_key": {"type": "keyword", **sort_only},
        "year": {"type": "integer"},
        "year_end": {"type": "integer"},
        **{name: {"type": "long"} for name in ("tie", "newest", "oldest")},
        **{name: {"type": "text", "analyzer": "whitespace"} for name in _NO_TEXT},
        **{name: {"type": "keyword", "eager_global_ordinals": True} for name in FACET_NAMES.values()},
    }
    return {"dynamic": "strict", "_source": {"includes": list(SOURCE_FIELDS)}, "properties": properties}


def build_document(document: IndexDocument) -> bytes:
    """One line of JSON. Raises EngineError naming the edition and the field where the engine cannot hold it."""
    raw = encode_id(document.id)
    tie = build_tie(raw)
    span = mend_years(document.year, document.year_end)
    newest, oldest = build_year_orders(span)
    fields: dict[str, Any] = {
        "id": document.id,
        **_write_source(document.source),
        "title_key": build_title_order(document.title_key, document.id),
        "tie": tie,
        "newest": newest | tie >> 15,
        "oldest": oldest | tie >> 15,
        FACET_NAMES["year"]: name_decades(span),
        **_NO_TEXT,
    }
    if span is not None:
        fields["year"], fields["year_end"] = span
    _add_texts(fields, document)
    _add_facets(fields, document)
    try:
        return _encoder.encode(fields)
    except UnicodeEncodeError:  # half a character somewhere: rare, so looked for only now
        return _encoder.encode(_mend(fields))


def _write_source(source: bytes) -> dict[str, str]:
    """As text where it is text, which JSON is; anything else is held all the same."""
    try:
        return {"source": source.decode()}
    except UnicodeDecodeError:
        return {"source_bytes": b64encode(source).decode()}


def read_source(hit: dict[str, Any]) -> bytes:
    """The inverse, for a hit that was asked for SOURCE_FIELDS."""
    fields = hit["_source"]
    text: str | None = fields.get("source")
    return b64decode(fields["source_bytes"]) if text is None else text.encode()


def _add_texts(fields: dict[str, Any], document: IndexDocument) -> None:
    for name, (exact, folded) in document.texts.items():
        if name not in TEXT_NAMES:
            raise EngineError(mark("Edition {id}: there is no text field “{field}”."), id=document.id, field=name)
        if folded:
            fields[EXACT_NAMES[name]] = cut_tokens(exact)
            fields[FOLDED_NAMES[name]] = cut_tokens(folded)
    if document.identifiers:
        fields["identifiers"] = [value[:MAX_TOKEN] for value in dict.fromkeys(document.identifiers)]


def _add_facets(fields: dict[str, Any], document: IndexDocument) -> None:
    for facet, terms in document.facets.items():
        name = FACET_NAMES.get(facet)
        if name is None or facet == "year":
            raise EngineError(mark("Edition {id}: there is no facet “{field}” to fill."), id=document.id, field=facet)
        if terms:
            fields[name] = list(dict.fromkeys(mend_value(term.value) for term in terms))


def _mend(field: Any) -> Any:
    if isinstance(field, str):
        return mend_text(field)
    if isinstance(field, dict):
        return {name: _mend(value) for name, value in field.items()}
    return [_mend(value) for value in field] if isinstance(field, list | tuple) else field
