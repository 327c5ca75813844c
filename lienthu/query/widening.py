"""Widening: where all words find too few editions, most of them do. The strict matches stay in front.

Most is two thirds, rounded up; two words or one cannot be widened. Phrases, numbers and what is excluded stay as they
are.
"""

from collections.abc import Callable

import msgspec

from lienthu.errors import RequestRefused
from lienthu.query.size import measure_tree
from lienthu.query.tree import MAX_DEPTH, MAX_NODES, And, Or, Preferred, Query, Words
from lienthu.search import SearchRequest, SearchResult

FEW = 5
"""Fewer editions than these, and the search widens."""
_LEAST_WORDS = 3


def widen_search(
    search: Callable[[SearchRequest], SearchResult], request: SearchRequest, strict: SearchResult
) -> SearchResult:
    """*strict*, the answer to *request*, or the answer to most of its words where those find more."""
    if strict.total >= FEW:
        return strict
    widened = widen_query(request.query)
    if widened is None:
        return strict
    try:
        found = search(msgspec.structs.replace(request, query=widened))
    except RequestRefused:  # twice the tree was too much: the strict answer stands
        return strict
    return found if found.total > strict.total else strict


def widen_query(tree: Query) -> Query | None:
    """The query that asks for most of the words, with what *tree* matches before all else; None where nothing can be
    widened."""
    widened = _widen(tree)
    if widened is None:
        return None
    preferred = Preferred(widened, tree)
    size = measure_tree(preferred)
    return preferred if size.nodes <= MAX_NODES and size.depth <= MAX_DEPTH else None


def _widen(node: Query) -> Query | None:
    if isinstance(node, Words):
        if len(node.words) < _LEAST_WORDS or node.minimum is not None:
            return None
        return Words(node.words, node.scope, node.marked, minimum=(2 * len(node.words) + 2) // 3)
    if isinstance(node, And | Or):
        children = [_widen(child) for child in node.children]
        if not any(children):
            return None
        kept = tuple(new or old for new, old in zip(children, node.children, strict=True))
        return And(kept) if isinstance(node, And) else Or(kept)
    return None
