"""The algebra of tantivy's queries. What a query means is in :mod:`lienthu.engine.ranking`; here is only how tantivy
says it. tantivy keeps BM25's factor k1 + 1, so that constants stand as they are."""

from collections.abc import Sequence

import tantivy

from lienthu.engine.mending import mend_token

MUST, SHOULD, MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


class TantivyAlgebra:
    """For one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def everything(self) -> tantivy.Query:
        return tantivy.Query.all_query()

    def nothing(self) -> tantivy.Query:
        return tantivy.Query.empty_query()

    def term(self, name: str, token: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, name, mend_token(token))

    def phrase(self, name: str, tokens: Sequence[str]) -> tantivy.Query:
        return tantivy.Query.phrase_query(self._schema, name, [mend_token(token) for token in tokens])

    def number(self, values: Sequence[str]) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._schema, "identifiers", [mend_token(value) for value in values])

    def combine(
        self,
        required: Sequence[tantivy.Query],
        bonuses: Sequence[tantivy.Query] = (),
        excluded: Sequence[tantivy.Query] = (),
    ) -> tantivy.Query:
        clauses = [(MUST, query) for query in required]
        clauses.extend((SHOULD, query) for query in bonuses)
        clauses.extend((MUST_NOT, query) for query in excluded)
        return tantivy.Query.boolean_query(clauses)

    def any(self, queries: Sequence[tantivy.Query], minimum: int) -> tantivy.Query:
        clauses = [(SHOULD, query) for query in queries]
        return tantivy.Query.boolean_query(clauses, minimum) if minimum > 1 else tantivy.Query.boolean_query(clauses)

    def best(self, queries: Sequence[tantivy.Query], tie_breaker: float) -> tantivy.Query:
        return tantivy.Query.disjunction_max_query(queries, tie_breaker)

    def constant(self, query: tantivy.Query, score: float) -> tantivy.Query:
        return tantivy.Query.const_score_query(query, score)

    def boost(self, query: tantivy.Query, factor: float) -> tantivy.Query:
        return tantivy.Query.boost_query(query, factor)
