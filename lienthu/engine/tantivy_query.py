"""Our query tree, compiled to tantivy's queries: once to match, once to rank.

*Matching* looks at the folded layer only (what is excluded with marks is excluded in the exact layer) and is what
counts and facets use. *Ranking* is matching plus bonuses that never add a document:

- a word scores in its best field, a little in the others (``TIE_BREAKER``);
- words beside each other in a weighty field: as one phrase (``PHRASE_FACTOR``), and as pairs (``PAIR_FACTOR``);
- where the reader typed marks: each word with marks that stands in the exact layer gives a constant larger than all
  that the folded layer can give for these words. So *đường* stands before *dương* and *duong* whatever their BM25, and
  a document with more of the typed tones before one with fewer. Bare words of such a query (*hoa lan rừng*) gain only
  EXACT_FACTOR. A query without marks gains nothing in the exact layer.

Constants stand beside BM25 and are chosen from its bound: a term gives at most ``boost * 2.2 * idf`` (tantivy keeps
BM25's factor k1 + 1), and idf is below 16 for ten million documents. Scores are 32-bit floats; at the largest bonus of
a ten-word query they still tell 0.02 apart.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice, pairwise, product

import tantivy

from lienthu.engine.fields import (
    EXACT_FACTOR,
    PAIR_FACTOR,
    PHRASE_FACTOR,
    TEXT_FIELDS,
    TIE_BREAKER,
    TextField,
    fields_in,
)
from lienthu.engine.tantivy_schema import EXACT_NAMES, FOLDED_NAMES, mend_token
from lienthu.query.tree import (
    And,
    Everything,
    Not,
    Number,
    Or,
    Phrase,
    Preferred,
    Query,
    Word,
    Words,
)

MUST, SHOULD, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
BM25_BOUND = 2.2 * 16
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

Clause = tuple[tantivy.Occur, tantivy.Query]


class QueryCompiler:
    """Compiles for one schema and keeps what it compiled last. Thread-safe."""

    def __init__(self, schema: tantivy.Schema, cached: int = 512) -> None:
        self._schema = schema
        self.match: Callable[[Query], tantivy.Query] = lru_cache(cached)(self._match)
        self.rank: Callable[[Query], tantivy.Query] = lru_cache(cached)(self._rank)

    # -- matching -----------------------------------------------------------------------------------------------

    def _match(self, node: Query, excluded: bool = False) -> tantivy.Query:
        if isinstance(node, Words):
            exact = excluded and node.marked
            return _require([self._match_word(word, node, exact) for word in node.words], node.minimum)
        if isinstance(node, Phrase):
            exact = excluded and node.marked
            return _any(
                [self._phrase(field, node.words, exact) for field in fields_in(node.scope)] if node.words else None
            )
        if isinstance(node, Number):
            return self._number(node)
        if isinstance(node, And):
            return self._conjunction(node, lambda child: self._match(child, excluded), excluded)
        if isinstance(node, Or):
            return _any([self._match(child, excluded) for child in node.children])
        if isinstance(node, Not):
            return tantivy.Query.boolean_query(
                [(MUST, tantivy.Query.all_query()), (MUST_NOT, self._match(node.child, not excluded))]
            )
        if isinstance(node, Preferred):
            return self._match(node.query, excluded)
        return tantivy.Query.all_query() if isinstance(node, Everything) else tantivy.Query.empty_query()

    def _conjunction(self, node: And, compile_child: Callable[[Query], tantivy.Query], excluded: bool) -> tantivy.Query:
        clauses: list[Clause] = []
        for child in _flatten(node):
            if isinstance(child, Not):
                clauses.append((MUST_NOT, self._match(child.child, not excluded)))
            else:
                clauses.append((MUST, compile_child(child)))
        if all(occur == MUST_NOT for occur, _ in clauses):
            clauses.append((MUST, tantivy.Query.const_score_query(tantivy.Query.all_query(), 0.0)))
        return tantivy.Query.boolean_query(clauses)

    def _match_word(self, word: Word, words: Words, exact: bool) -> tantivy.Query:
        names = EXACT_NAMES if exact else FOLDED_NAMES
        forms = (word.exact,) if exact else _list_forms(word)
        return _any([self._term(names[field.name], form) for field in fields_in(words.scope) for form in forms])

    def _number(self, node: Number) -> tantivy.Query:
        values = [mend_token(value) for value in node.values]
        return tantivy.Query.term_set_query(self._schema, "identifiers", values) if values else _nothing()

    # -- ranking ------------------------------------------------------------------------------------------------

    def _rank(self, node: Query) -> tantivy.Query:
        if isinstance(node, Words) and node.words:
            return self._rank_words(node)
        if isinstance(node, Phrase) and node.words:
            return self._rank_phrase(node)
        if isinstance(node, Number):
            return tantivy.Query.const_score_query(self._number(node), WORD_BOUND)
        if isinstance(node, And):
            return self._conjunction(node, self._rank, excluded=False)
        if isinstance(node, Or):
            return _any([self._rank(child) for child in node.children])
        if isinstance(node, Preferred):
            bonus = tantivy.Query.const_score_query(self._match(node.first), bound_score(node.query) + 1)
            return tantivy.Query.boolean_query([(MUST, self._rank(node.query)), (SHOULD, bonus)])
        return tantivy.Query.const_score_query(self._match(node), 0.0)

    def _rank_words(self, node: Words) -> tantivy.Query:
        fields = fields_in(node.scope)
        required = [self._rank_word(word, fields) for word in node.words]
        bonuses = [*self._rank_neighbours(node.words, fields)]
        if node.marked:
            bonuses.extend(self._rank_exact_word(word, fields, len(node.words)) for word in node.words)
        if node.minimum is None or node.minimum >= len(required):
            clauses = [(MUST, query) for query in required]
        else:
            clauses = [(MUST, _require(required, node.minimum))]
        clauses.extend((SHOULD, bonus) for bonus in bonuses)
        return clauses[0][1] if len(clauses) == 1 else tantivy.Query.boolean_query(clauses)

    def _rank_word(self, word: Word, fields: Sequence[TextField]) -> tantivy.Query:
        forms = _list_forms(word)
        by_field = []
        for field in fields:
            terms = [self._term(FOLDED_NAMES[field.name], form) for form in forms]
            by_field.append(self._boost(_best(terms, 0.0), field))
        return _best(by_field)

    def _rank_exact_word(self, word: Word, fields: Sequence[TextField], of: int) -> tantivy.Query:
        terms = [self._term(EXACT_NAMES[field.name], word.exact) for field in fields]
        if word.exact != word.folded:
            return tantivy.Query.const_score_query(_any(terms), WORD_BOUND * of)
        boosted = [self._boost(term, field, EXACT_FACTOR - 1) for term, field in zip(terms, fields, strict=True)]
        return _best(boosted)

    def _rank_neighbours(self, words: tuple[Word, ...], fields: Sequence[TextField]) -> Iterable[tantivy.Query]:
        if len(words) < 2:
            return
        weighty = [field for field in fields if field.boost >= NEIGHBOUR_BOOST] or fields
        yield _best([self._boost(self._phrase(field, words, False), field, PHRASE_FACTOR) for field in weighty])
        if 2 < len(words) <= MAX_PAIRED:
            for pair in pairwise(words):
                yield _best([self._boost(self._phrase(field, pair, False), field, PAIR_FACTOR) for field in weighty])

    def _rank_phrase(self, node: Phrase) -> tantivy.Query:
        fields = fields_in(node.scope)
        folded = _best([self._boost(self._phrase(field, node.words, False), field) for field in fields])
        if not node.marked:
            return folded
        tier = WORD_BOUND * len(node.words)
        exact = _any([self._phrase(field, node.words, True) for field in fields])
        return tantivy.Query.boolean_query([(MUST, folded), (SHOULD, tantivy.Query.const_score_query(exact, tier))])

    # -- leaves -------------------------------------------------------------------------------------------------

    def _term(self, name: str, form: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, name, mend_token(form))

    def _phrase(self, field: TextField, words: Sequence[Word], exact: bool) -> tantivy.Query:
        """One word is a term: tantivy panics over a phrase of one."""
        name = (EXACT_NAMES if exact else FOLDED_NAMES)[field.name]
        forms = [(word.exact,) if exact else _list_forms(word) for word in words]
        if len(words) == 1:
            return _best([self._term(name, form) for form in forms[0]], 0.0)
        phrases = [
            tantivy.Query.phrase_query(self._schema, name, [mend_token(form) for form in phrase])
            for phrase in islice(product(*forms), MAX_FORMS)
        ]
        return _best(phrases, 0.0)

    def _boost(self, query: tantivy.Query, field: TextField, factor: float = 1.0) -> tantivy.Query:
        return tantivy.Query.boost_query(query, field.boost * factor)


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


def _nothing() -> tantivy.Query:
    return tantivy.Query.empty_query()


def _require(queries: Sequence[tantivy.Query], minimum: int | None) -> tantivy.Query:
    """All of them, or at least *minimum*. Of no words all match."""
    if not queries:
        return tantivy.Query.all_query()
    if minimum is None or minimum >= len(queries):
        return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(MUST, query) for query in queries])
    return tantivy.Query.boolean_query([(SHOULD, query) for query in queries], max(1, minimum))


def _any(queries: Sequence[tantivy.Query] | None) -> tantivy.Query:
    """At least one of them; None is no condition at all."""
    if queries is None:
        return tantivy.Query.all_query()
    if not queries:
        return _nothing()
    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(SHOULD, query) for query in queries])


def _best(queries: Sequence[tantivy.Query], tie_breaker: float = TIE_BREAKER) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.disjunction_max_query(queries, tie_breaker) if queries else _nothing()
