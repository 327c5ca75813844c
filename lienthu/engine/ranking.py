"""Our query tree, compiled once for every engine: what matches, and what stands before what.

The rules are written here over a tiny algebra of queries (:class:`Algebra`); each engine brings its own, so that the
engines cannot drift.

*Matching* looks at the folded layer only (what is excluded with marks is excluded in the exact layer) and is what
counts and facets use. *Ranking* is matching plus bonuses that never add a document:

- a word scores in its best field, a little in the others (``TIE_BREAKER``);
- words beside each other in a weighty field: as one phrase (``PHRASE_FACTOR``), and as pairs (``PAIR_FACTOR``);
- where the reader typed marks: each word with marks that stands in the exact layer gives a constant larger than all
  that the folded layer can give for these words. So *đường* stands before *dương* and *duong* whatever their BM25, and
  a document with more of the typed tones before one with fewer. Bare words of such a query (*hoa lan rừng*) gain only
  EXACT_FACTOR. A query without marks gains nothing in the exact layer.

Constants stand beside BM25 and are chosen from its bound: a term gives at most ``boost * 2.2 * idf`` (the factor
k1 + 1, as tantivy keeps it; an engine without it divides constants by 2.2), and idf is below 16 for ten million
documents. Scores are 32-bit floats; at the largest bonus of a ten-word query they still tell 0.02 apart.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice, pairwise, product
from typing import Generic, Protocol, TypeVar

from lienthu.engine.fields import (
    EXACT_FACTOR,
    EXACT_NAMES,
    FOLDED_NAMES,
    PAIR_FACTOR,
    PHRASE_FACTOR,
    TEXT_FIELDS,
    TIE_BREAKER,
    TextField,
    fields_in,
)
from lienthu.query.tree import And, Everything, Not, Number, Or, Phrase, Preferred, Query, Word, Words

BM25_FACTOR = 2.2
BM25_BOUND = BM25_FACTOR * 16
NEIGHBOUR_BOOST = 2.0
"""Neighbours count in fields of at least this weight (or in the only field of a scope): looking for phrases is the
dearest part of a query, and in a publisher's name or a note they tell little."""
MAX_PAIRED = 16
"""A query of more words is ranked by its words and as a whole phrase, not by its pairs: they would cost too much."""
MAX_FORMS = 16
"""Phrases tried for the alternatives of a phrase's words."""

_BOOSTS = [field.boost for field in TEXT_FIELDS]
_FIELDS_BOUND = BM25_BOUND * (max(_BOOSTS) + TIE_BREAKER * (sum(_BOOSTS) - max(_BOOSTS)))
WORD_BOUND = _FIELDS_BOUND * (1 + PHRASE_FACTOR + 2 * PAIR_FACTOR)
"""The most that one word of the folded layer can add to a score, with its share of every phrase."""

Q = TypeVar("Q")


class Algebra(Protocol[Q]):
    """What an engine's queries are made of. ``name`` is a text field in one layer (``title_f``)."""

    def everything(self) -> Q: ...

    def nothing(self) -> Q: ...

    def term(self, name: str, token: str) -> Q: ...

    def phrase(self, name: str, tokens: Sequence[str]) -> Q:
        """Two tokens or more, in this order, beside each other."""

    def number(self, values: Sequence[str]) -> Q:
        """Any of these identifiers, one or more; its score is never looked at."""

    def combine(self, required: Sequence[Q], bonuses: Sequence[Q] = (), excluded: Sequence[Q] = ()) -> Q:
        """All of *required* (one or more), none of *excluded*; scores are added."""

    def any(self, queries: Sequence[Q], minimum: int) -> Q:
        """At least *minimum* of two or more; scores are added."""

    def best(self, queries: Sequence[Q], tie_breaker: float) -> Q:
        """Any of two or more: the best score, and that share of the others."""

    def constant(self, query: Q, score: float) -> Q:
        """The same documents, each with this score."""

    def boost(self, query: Q, factor: float) -> Q:
        """The same documents, their scores multiplied."""


class QueryCompiler(Generic[Q]):
    """Compiles with one engine's algebra and keeps what it compiled last. Thread-safe."""

    def __init__(self, algebra: Algebra[Q], cached: int = 512) -> None:
        self._algebra = algebra
        self.match: Callable[[Query], Q] = lru_cache(cached)(self._match)
        self.rank: Callable[[Query], Q] = lru_cache(cached)(self._rank)

    # -- matching -----------------------------------------------------------------------------------------------

    def _match(self, node: Query, excluded: bool = False) -> Q:
        if isinstance(node, Words):
            exact = excluded and node.marked
            return self._require([self._match_word(word, node, exact) for word in node.words], node.minimum)
        if isinstance(node, Phrase):
            if not node.words:
                return self._algebra.everything()
            exact = excluded and node.marked
            return self._any([self._phrase(field, node.words, exact) for field in fields_in(node.scope)])
        if isinstance(node, Number):
            return self._number(node)
        if isinstance(node, And):
            return self._conjunction(node, lambda child: self._match(child, excluded), excluded)
        if isinstance(node, Or):
            return self._any([self._match(child, excluded) for child in node.children])
        if isinstance(node, Not):
            return self._algebra.combine([self._algebra.everything()], excluded=[self._match(node.child, not excluded)])
        if isinstance(node, Preferred):
            return self._match(node.query, excluded)
        return self._algebra.everything() if isinstance(node, Everything) else self._algebra.nothing()

    def _conjunction(self, node: And, compile_child: Callable[[Query], Q], excluded: bool) -> Q:
        required: list[Q] = []
        refused: list[Q] = []
        for child in _flatten(node):
            if isinstance(child, Not):
                refused.append(self._match(child.child, not excluded))
            else:
                required.append(compile_child(child))
        if not required:
            required.append(self._algebra.constant(self._algebra.everything(), 0.0))
        return self._algebra.combine(required, excluded=refused)

    def _match_word(self, word: Word, words: Words, exact: bool) -> Q:
        names = EXACT_NAMES if exact else FOLDED_NAMES
        forms = (word.exact,) if exact else _list_forms(word)
        term = self._algebra.term
        return self._any([term(names[field.name], form) for field in fields_in(words.scope) for form in forms])

    def _number(self, node: Number) -> Q:
        return self._algebra.number(node.values) if node.values else self._algebra.nothing()

    # -- ranking ------------------------------------------------------------------------------------------------

    def _rank(self, node: Query) -> Q:
        if isinstance(node, Words) and node.words:
            return self._rank_words(node)
        if isinstance(node, Phrase) and node.words:
            return self._rank_phrase(node)
        if isinstance(node, Number):
            return self._algebra.constant(self._number(node), WORD_BOUND)
        if isinstance(node, And):
            return self._conjunction(node, self._rank, excluded=False)
        if isinstance(node, Or):
            return self._any([self._rank(child) for child in node.children])
        if isinstance(node, Preferred):
            bonus = self._algebra.constant(self._match(node.first), bound_score(node.query) + 1)
            return self._algebra.combine([self._rank(node.query)], [bonus])
        return self._algebra.constant(self._match(node), 0.0)

    def _rank_words(self, node: Words) -> Q:
        fields = fields_in(node.scope)
        required = [self._rank_word(word, fields) for word in node.words]
        bonuses = [*self._rank_neighbours(node.words, fields)]
        if node.marked:
            bonuses.extend(self._rank_exact_word(word, fields, len(node.words)) for word in node.words)
        if node.minimum is not None and node.minimum < len(required):
            required = [self._require(required, node.minimum)]
        return required[0] if len(required) == 1 and not bonuses else self._algebra.combine(required, bonuses)

    def _rank_word(self, word: Word, fields: Sequence[TextField]) -> Q:
        forms = _list_forms(word)
        by_field = []
        for field in fields:
            terms = [self._algebra.term(FOLDED_NAMES[field.name], form) for form in forms]
            by_field.append(self._boost(self._best(terms, 0.0), field))
        return self._best(by_field)

    def _rank_exact_word(self, word: Word, fields: Sequence[TextField], of: int) -> Q:
        terms = [self._algebra.term(EXACT_NAMES[field.name], word.exact) for field in fields]
        if word.exact != word.folded:
            return self._algebra.constant(self._any(terms), WORD_BOUND * of)
        boosted = [self._boost(term, field, EXACT_FACTOR - 1) for term, field in zip(terms, fields, strict=True)]
        return self._best(boosted)

    def _rank_neighbours(self, words: tuple[Word, ...], fields: Sequence[TextField]) -> Iterable[Q]:
        if len(words) < 2:
            return
        weighty = [field for field in fields if field.boost >= NEIGHBOUR_BOOST] or fields
        yield self._best([self._boost(self._phrase(field, words, False), field, PHRASE_FACTOR) for field in weighty])
        if 2 < len(words) <= MAX_PAIRED:
            for pair in pairwise(words):
                yield self._best(
                    [self._boost(self._phrase(field, pair, False), field, PAIR_FACTOR) for field in weighty]
                )

    def _rank_phrase(self, node: Phrase) -> Q:
        fields = fields_in(node.scope)
        folded = self._best([self._boost(self._phrase(field, node.words, False), field) for field in fields])
        if not node.marked:
            return folded
        tier = WORD_BOUND * len(node.words)
        exact = self._any([self._phrase(field, node.words, True) for field in fields])
        return self._algebra.combine([folded], [self._algebra.constant(exact, tier)])

    # -- parts --------------------------------------------------------------------------------------------------

    def _phrase(self, field: TextField, words: Sequence[Word], exact: bool) -> Q:
        """One word is a term: tantivy panics over a phrase of one."""
        name = (EXACT_NAMES if exact else FOLDED_NAMES)[field.name]
        forms = [(word.exact,) if exact else _list_forms(word) for word in words]
        if len(words) == 1:
            return self._best([self._algebra.term(name, form) for form in forms[0]], 0.0)
        return self._best([self._algebra.phrase(name, p) for p in islice(product(*forms), MAX_FORMS)], 0.0)

    def _boost(self, query: Q, field: TextField, factor: float = 1.0) -> Q:
        return self._algebra.boost(query, field.boost * factor)

    def _require(self, queries: Sequence[Q], minimum: int | None) -> Q:
        """All of them, or at least *minimum*. Of no words all match."""
        if not queries:
            return self._algebra.everything()
        if minimum is None or minimum >= len(queries):
            return queries[0] if len(queries) == 1 else self._algebra.combine(queries)
        return self._algebra.any(queries, max(1, minimum))

    def _any(self, queries: Sequence[Q]) -> Q:
        if len(queries) == 1:
            return queries[0]
        return self._algebra.any(queries, 1) if queries else self._algebra.nothing()

    def _best(self, queries: Sequence[Q], tie_breaker: float = TIE_BREAKER) -> Q:
        if len(queries) == 1:
            return queries[0]
        return self._algebra.best(queries, tie_breaker) if queries else self._algebra.nothing()


def bound_score(node: Query) -> float:
    """No document's rank for *node* is above this."""
    if isinstance(node, Words | Phrase):
        tiers = len(node.words) * WORD_BOUND * (len(node.words) + 1) if node.marked else 0.0
        return len(node.words) * WORD_BOUND + tiers
    if isinstance(node, Number):
        return WORD_BOUND
    if isinstance(node, And | Or):
        return sum(bound_score(child) for child in node.children)
    if isinstance(node, Preferred):
        return 2 * bound_score(node.query) + 1
    return 0.0


def is_scored(node: Query) -> bool:
    """Whether ranks can differ at all; if not, hits stand in the fixed order of ties."""
    if isinstance(node, And | Or):
        return any(is_scored(child) for child in node.children)
    return isinstance(node, Words | Phrase | Number | Preferred)


def _list_forms(word: Word) -> tuple[str, ...]:
    return tuple(dict.fromkeys((word.folded, *word.alternatives))) if word.alternatives else (word.folded,)


def _flatten(node: And) -> Iterable[Query]:
    for child in node.children:
        if isinstance(child, And):
            yield from _flatten(child)
        else:
            yield child
