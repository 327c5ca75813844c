"""How one generation answers the golden queries, asked as a reader asks: all words, then most of them.

A hit's names are its edition id, the ids that it took the place of, and its records. So a query that names an edition
which was put together with another still finds it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

import msgspec

from lienthu.edition import Edition
from lienthu.engine.protocol import SearchEngine
from lienthu.errors import RequestRefused
from lienthu.golden import Answer, Breach, GoldenQuery, Names, find_broken
from lienthu.i18n import mark
from lienthu.query.language import parse_query
from lienthu.query.widening import widen_search
from lienthu.search import Hit, SearchRequest
from lienthu.store import RecordStore

PAGE = 20
_decode_edition = msgspec.json.Decoder(Edition).decode


class BrokenQuery(msgspec.Struct, frozen=True):
    """One way of asking, and what its answer does not keep."""

    text: str
    breaches: Sequence[Breach]


def find_broken_queries(
    store: RecordStore, engine: SearchEngine, generation: str, golden: Iterable[GoldenQuery]
) -> list[BrokenQuery]:
    """Every way of asking that *generation* does not answer as written, in the order of the file."""
    return [
        BrokenQuery(text, breaches)
        for query in golden
        for text in query.ask
        if (breaches := _judge(store, engine, generation, query, text))
    ]


def _judge(
    store: RecordStore, engine: SearchEngine, generation: str, query: GoldenQuery, text: str
) -> Sequence[Breach]:
    request = SearchRequest(
        query=parse_query(text).tree,
        facets=(query.facet.name,) if query.facet else (),
        limit=max(PAGE, query.depth),
    )
    search = partial(engine.search, generation=generation)
    try:
        found = widen_search(search, request, search(request))
    except RequestRefused as refusal:
        return (Breach(mark("it is refused: {reason}"), {"reason": refusal}),)
    older = _list_older_ids(store, query)
    labels = [value.label for value in found.facets[query.facet.name]] if query.facet else []
    answer = Answer(hits=list(_name_hits(found.hits, older)), total=found.total, labels=labels)
    return find_broken(query, answer)


def _list_older_ids(store: RecordStore, query: GoldenQuery) -> Mapping[str, Names]:
    """The ids of the query that another id took the place of, by that other id."""
    older: dict[str, Names] = {}
    for name in query.names:
        entry = None if "/" in name else store.resolve_edition(name)
        if entry is not None and entry.edition_id != name:
            older[entry.edition_id] = older.get(entry.edition_id, frozenset()) | {name}
    return older


def _name_hits(hits: Iterable[Hit], older: Mapping[str, Names]) -> Iterator[Names]:
    for hit in hits:
        yield frozenset((hit.id, *_decode_edition(hit.source).members)) | older.get(hit.id, frozenset())
