"""Labels: how a facet value was written by a library. The index counts values; the label of one is read from the
edition with the smallest tie that has it, once per generation and process."""

import threading
from collections.abc import Iterable

from lienthu.engine.elasticsearch_cluster import Cluster
from lienthu.engine.fields import FACET_NAMES

KEPT = 100_000
AT_ONCE = 200

Term = tuple[str, str]
"""*(facet, value)*"""


class LabelShelf:
    """Thread-safe. Keeps the labels of one generation; another generation begins anew."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._generation = ""
        self._labels: dict[Term, str] = {}
        self._lock = threading.Lock()

    def find(self, generation: str, terms: Iterable[Term]) -> dict[Term, str]:
        with self._lock:
            if generation != self._generation or len(self._labels) > KEPT:
                self._generation, self._labels = generation, {}
            labels = self._labels
        found: dict[Term, str] = {}
        unknown: list[Term] = []
        for term in dict.fromkeys(terms):
            label = term[1] if term[0] == "year" else labels.get(term)
            if label is None:
                unknown.append(term)
            else:
                found[term] = label
        for begin in range(0, len(unknown), AT_ONCE):
            read = self._read(generation, unknown[begin : begin + AT_ONCE])
            found.update(read)
            with self._lock:
                labels.update(read)
        return found

    def _read(self, generation: str, terms: list[Term]) -> dict[Term, str]:
        searches: list[dict[str, object]] = []
        for facet, value in terms:
            searches.append({})
            searches.append(
                {
                    "query": {"constant_score": {"filter": {"term": {FACET_NAMES[facet]: value}}}},
                    "_source": [f"labels.{facet}"],
                    "size": 1,
                    "sort": ["tie"],
                    "track_total_hits": False,
                }
            )
        answers = self._cluster.ask(
            lambda: self._cluster.client.msearch(index=generation, searches=searches, max_concurrent_searches=20)
        )
        labels = {}
        for (facet, value), answer in zip(terms, answers["responses"], strict=True):
            hits = answer.get("hits", {}).get("hits", ())
            written = hits[0].get("_source", {}).get("labels", {}).get(facet, ()) if hits else ()
            labels[facet, value] = next((label for known, label in written if known == value), value)
        return labels
