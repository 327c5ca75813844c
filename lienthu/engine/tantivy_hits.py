"""Hits: one page in a stable order, and all documents in order of id.

tantivy sorts by one key and settles ties by where a document lies, which changes when segments merge. The orders by
year and title therefore have keys without ties. Ranks do tie (most titles of five words score alike for one word), so
more hits are fetched than the page needs, and those that tie stand in the order of ``tie``, a number made of the id.
Fetching a thousand costs a tenth of a millisecond.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import tantivy

from lienthu.engine.tantivy_reader import Snapshot
from lienthu.search import SearchRequest, Sort

FETCHED_BEYOND = (200, 4_000, 40_000)
"""How many hits beyond the page are fetched to complete a tie, at most. Ties of more documents than the last keep their
order within one commit only."""
SCAN_BATCH = 1_000

ORDERS = {
    Sort.NEWEST: ("newest", tantivy.Order.Desc),
    Sort.OLDEST: ("oldest", tantivy.Order.Asc),
    Sort.TITLE: ("title_key", tantivy.Order.Asc),
}


def find_hits(
    snapshot: Snapshot, query: tantivy.Query, request: SearchRequest, scored: bool
) -> tuple[Sequence[Any], int]:
    """Addresses of the page, and the total. ``request.limit`` is above 0: tantivy panics over none."""
    field, order = ORDERS.get(request.sort, ("tie", tantivy.Order.Asc))
    if request.sort != Sort.RELEVANCE or not scored:
        found: Any = snapshot.searcher.search(
            query, request.limit, order_by_field=field, offset=request.offset, order=order
        )
        return [address for _, address in found.hits], found.count
    return _find_ranked(snapshot, query, request.offset, request.offset + request.limit)


def _find_ranked(snapshot: Snapshot, query: tantivy.Query, start: int, end: int) -> tuple[Sequence[Any], int]:
    hits: list[tuple[float, Any]] = []
    total = 0
    for beyond in FETCHED_BEYOND:
        found: Any = snapshot.searcher.search(query, end + beyond)
        hits, total = found.hits, found.count
        if len(hits) <= start:
            return [], total
        if len(hits) < end + beyond or hits[-1][0] < hits[end - 1][0]:
            break
    return _settle_ties(snapshot, hits, start, min(end, len(hits))), total


def _settle_ties(snapshot: Snapshot, hits: list[tuple[float, Any]], start: int, end: int) -> Sequence[Any]:
    """``hits[start:end]`` with everything that ties with its first and last hit put in order."""
    first, last = start, end
    while first > 0 and hits[first - 1][0] == hits[start][0]:
        first -= 1
    while last < len(hits) and hits[last][0] == hits[end - 1][0]:
        last += 1
    addresses = [address for _, address in hits[first:last]]
    if len({score for score, _ in hits[first:last]}) < len(addresses):
        ties = snapshot.searcher.fast_field_values("tie", addresses)
        places = sorted(range(len(addresses)), key=lambda place: (-hits[first + place][0], ties[place]))
        addresses = [addresses[place] for place in places]
    return addresses[start - first : end - first]


def scan_documents(snapshot: Snapshot, schema: tantivy.Schema) -> Iterator[tuple[str, bytes]]:
    """Every (id, source) of the snapshot in order of id, a batch at a time: those whose ids begin alike together."""
    after = -1
    while True:
        query = tantivy.Query.range_query(
            schema, "id_head", tantivy.FieldType.Integer, after, None, include_lower=False
        )
        hits: list[tuple[int, Any]] = _search_heads(snapshot, query, SCAN_BATCH)
        if not hits:
            return
        if len(hits) == SCAN_BATCH:
            hits = [hit for hit in hits if hit[0] != hits[-1][0]] or _find_head(snapshot, schema, hits[-1][0])
        after = hits[-1][0]
        yield from _read_in_order(snapshot, [address for _, address in hits])


def _find_head(snapshot: Snapshot, schema: tantivy.Schema, head: int) -> list[tuple[int, Any]]:
    """All whose id begins with the same eight bytes: more than a batch of them."""
    return _search_heads(
        snapshot,
        tantivy.Query.range_query(schema, "id_head", tantivy.FieldType.Integer, head, head),
        snapshot.searcher.num_docs,
    )


def _search_heads(snapshot: Snapshot, query: tantivy.Query, limit: int) -> list[tuple[int, Any]]:
    found = snapshot.searcher.search(query, limit, count=False, order_by_field="id_head", order=tantivy.Order.Asc)
    return list(found.hits)


def _read_in_order(snapshot: Snapshot, addresses: Sequence[Any]) -> Iterator[tuple[str, bytes]]:
    """Only the ids are held while they are put in order."""
    ids = [(snapshot.searcher.doc(address)["id"][0], place) for place, address in enumerate(addresses)]
    for id, place in sorted(ids):
        yield id, snapshot.searcher.doc(addresses[place])["source"][0]
