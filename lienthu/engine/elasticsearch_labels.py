"""Labels: how a facet value was written by a library. The index counts values; the first label that was written of
each lies in an index of its own beside the generation, as the embedded engine keeps it in its dictionary.

One document per value, found by its id: a page full of facets needs one request for the labels that this process has
not seen, and none for the rest.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

import msgspec

from lienthu.engine.document import IndexDocument
from lienthu.engine.elasticsearch_cluster import Cluster
from lienthu.engine.mending import mend_value

KEPT = 100_000
AT_ONCE = 500
MAX_ID_BYTES = 512
_SUFFIX = "-labels"

Term = tuple[str, str]
"""*(facet, value)*"""
_encode = msgspec.json.encode


def name_labels(generation: str) -> str:
    """The index of a generation's labels."""
    return generation + _SUFFIX


def find_generation(text: str) -> str | None:
    """The inverse; None where *text* is not the name of such an index."""
    return text.removesuffix(_SUFFIX) if text.endswith(_SUFFIX) else None


def build_labels_mapping() -> dict[str, Any]:
    return {"dynamic": "strict", "properties": {"label": {"type": "keyword", "index": False, "doc_values": False}}}


class NewLabels:
    """Those that a writer meets for the first time, as lines to be sent: Elasticsearch refuses the ones it has, so that
    the first label stays. To forget what was met is only to send it once more."""

    def __init__(self) -> None:
        self._met: defaultdict[str, set[str]] = defaultdict(set)
        self._size = 0

    def meet(self, document: IndexDocument) -> Iterator[tuple[str, bytes]]:
        """*(id, source)* of each new label."""
        for facet, terms in document.facets.items():
            met = self._met[facet]
            for term in terms:
                if term.value not in met:
                    met.add(term.value)
                    self._size += 1
                    yield _name_label(facet, mend_value(term.value)), _encode({"label": mend_value(term.label)})
        if self._size > KEPT:
            self._met.clear()
            self._size = 0


class LabelShelf:
    """Thread-safe. Keeps the labels of one generation; another generation begins anew."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._generation = ""
        self._labels: dict[Term, str] = {}
        self._lock = threading.Lock()

    def find(self, generation: str, terms: Sequence[Term]) -> dict[Term, str]:
        """The value itself where no label is known."""
        with self._lock:
            if generation != self._generation or len(self._labels) > KEPT:
                self._generation, self._labels = generation, {}
            labels = self._labels
        unknown = [term for term in dict.fromkeys(terms) if term not in labels and term[0] != "year"]
        read: dict[Term, str] = {}
        for begin in range(0, len(unknown), AT_ONCE):
            read.update(self._read(generation, unknown[begin : begin + AT_ONCE]))
        with self._lock:
            labels.update(read)
        return {term: labels.get(term, term[1]) for term in terms}

    def _read(self, generation: str, terms: list[Term]) -> dict[Term, str]:
        """As of the last commit. A value without a label is left out, so that it is asked for again: a commit may bring
        it, or the part of the cluster that is missing."""
        ids = [_name_label(facet, value) for facet, value in terms]
        client = self._cluster.client
        answer = self._cluster.ask(lambda: client.mget(index=name_labels(generation), ids=ids, realtime=False))
        told = zip(terms, answer["docs"], strict=True)
        return {term: document["_source"]["label"] for term, document in told if document.get("found")}


def _name_label(facet: str, value: str) -> str:
    id = f"{facet}:{value}"
    return id if len(id.encode()) <= MAX_ID_BYTES else f"{facet}#{sha256(value.encode()).hexdigest()}"
