"""The algebra of Elasticsearch's queries: plain dictionaries of its query language. What a query means is in
:mod:`lienthu.engine.ranking`; here is only how Elasticsearch says it.

Lucene dropped BM25's factor k1 + 1, so that its scores are 2.2 times smaller than those the constants were chosen for:
constants are divided by that.
"""

from collections.abc import Sequence
from typing import Any

from lienthu.engine.mending import mend_token
from lienthu.engine.ranking import BM25_FACTOR

Clause = dict[str, Any]


class ElasticsearchAlgebra:
    """No clause that was handed out is ever changed: the compiler shares them."""

    def everything(self) -> Clause:
        return {"match_all": {}}

    def nothing(self) -> Clause:
        return {"match_none": {}}

    def term(self, name: str, token: str) -> Clause:
        return {"term": {name: {"value": mend_token(token)}}}

    def phrase(self, name: str, tokens: Sequence[str]) -> Clause:
        return {"match_phrase": {name: {"query": " ".join(map(mend_token, tokens))}}}

    def number(self, values: Sequence[str]) -> Clause:
        return {"terms": {"identifiers": [mend_token(value) for value in values]}}

    def combine(
        self, required: Sequence[Clause], bonuses: Sequence[Clause] = (), excluded: Sequence[Clause] = ()
    ) -> Clause:
        clauses: Clause = {"must": list(required)}
        if bonuses:
            clauses["should"] = list(bonuses)
        if excluded:
            clauses["must_not"] = list(excluded)
        return {"bool": clauses}

    def any(self, queries: Sequence[Clause], minimum: int) -> Clause:
        return {"bool": {"should": list(queries), "minimum_should_match": minimum}}

    def best(self, queries: Sequence[Clause], tie_breaker: float) -> Clause:
        return {"dis_max": {"queries": list(queries), "tie_breaker": tie_breaker}}

    def constant(self, query: Clause, score: float) -> Clause:
        return {"constant_score": {"filter": query, "boost": score / BM25_FACTOR}}

    def boost(self, query: Clause, factor: float) -> Clause:
        ((kind, body),) = query.items()
        if kind in {"term", "match_phrase"}:
            ((name, leaf),) = body.items()
            return {kind: {name: {**leaf, "boost": leaf.get("boost", 1.0) * factor}}}
        return {kind: {**body, "boost": body.get("boost", 1.0) * factor}}
