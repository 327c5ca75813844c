"""Query: what a reader asks, as a tree of our own with no engine's words in it. Each engine compiles it.

Words carry both layers of the text analysis; an engine matches the folded layer and ranks the exact layer higher where
the reader typed marks (``marked``). Depth is at most MAX_DEPTH and the number of nodes at most MAX_NODES: whoever
builds a tree keeps to that (the query language does).
"""

from typing import Literal

import msgspec

MAX_DEPTH = 20
MAX_NODES = 256

Scope = Literal["any", "title", "author", "subject", "publisher", "series"]


class Word(msgspec.Struct, frozen=True):
    """One analysed word. ``alternatives`` are other folded forms that match as well (synonyms)."""

    exact: str
    folded: str
    alternatives: tuple[str, ...] = ()


class Words(msgspec.Struct, frozen=True, tag=True):
    """Words that stand beside each other in the query. Each may match in any field of the scope; neighbours and
    phrases rank higher. ``minimum`` is how many of them must match: None is all."""

    words: tuple[Word, ...]
    scope: Scope = "any"
    marked: bool = False
    minimum: int | None = None


class Phrase(msgspec.Struct, frozen=True, tag=True):
    """Words in this order, beside each other, in one field of the scope."""

    words: tuple[Word, ...]
    scope: Scope = "any"
    marked: bool = False


class Number(msgspec.Struct, frozen=True, tag=True):
    """An identifier: any of these normal forms (ISBN-13, ISSN, call number, accession number: folded, no spaces)."""

    values: tuple[str, ...]


class And(msgspec.Struct, frozen=True, tag=True):
    children: "tuple[Query, ...]"


class Or(msgspec.Struct, frozen=True, tag=True):
    children: "tuple[Query, ...]"


class Not(msgspec.Struct, frozen=True, tag=True):
    child: "Query"


class Preferred(msgspec.Struct, frozen=True, tag=True):
    """Matches what ``query`` matches; what ``first`` matches as well stands before all else."""

    query: "Query"
    first: "Query"


class Everything(msgspec.Struct, frozen=True, tag=True):
    """Matches every edition."""


class Nothing(msgspec.Struct, frozen=True, tag=True):
    """Matches no edition."""


Query = Words | Phrase | Number | And | Or | Not | Preferred | Everything | Nothing
