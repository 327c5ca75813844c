"""The one table of searchable fields: both engines build their schema and their queries from it, so they cannot drift.

Each text field has two layers, exact and folded. ``boost`` weighs a match in the folded layer; a match in the exact
layer counts EXACT_FACTOR times that where the reader typed marks. A phrase or adjacent pair weighs more than its words
(most Vietnamese words are several syllables).
"""

from typing import NamedTuple

from lienthu.query.tree import Scope
from lienthu.search import FACETS


class TextField(NamedTuple):
    """A searchable field: its name, its weight, and the scopes (besides ``any``) under which a reader may ask it."""

    name: str
    boost: float
    scopes: tuple[Scope, ...]


TEXT_FIELDS = (
    TextField("title", 8.0, ("title",)),
    TextField("author", 5.0, ("author",)),
    TextField("subject", 3.0, ("subject",)),
    TextField("series", 2.0, ("series", "title")),
    TextField("publisher", 1.0, ("publisher",)),
    TextField("notes", 0.7, ()),
)
TEXT_NAMES = frozenset(field.name for field in TEXT_FIELDS)
EXACT_NAMES = {name: f"{name}_e" for name in TEXT_NAMES}
FOLDED_NAMES = {name: f"{name}_f" for name in TEXT_NAMES}
FACET_NAMES = {name: f"facet_{name}" for name in FACETS}
EXACT_FACTOR = 1.5
PHRASE_FACTOR = 2.0
PAIR_FACTOR = 1.0
TIE_BREAKER = 0.2

SCHEMA_VERSION = 4
"""Bump when this table or IndexDocument changes: a generation of another version is rebuilt."""


def fields_in(scope: Scope) -> tuple[TextField, ...]:
    """The fields that a word in *scope* may match."""
    return tuple(field for field in TEXT_FIELDS if scope == "any" or scope in field.scopes)
