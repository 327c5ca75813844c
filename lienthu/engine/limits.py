"""Limits: what any engine refuses before it begins, so that no request can exhaust it.

tantivy sets memory aside for ``offset + limit`` hits before it looks at any, and walks a tree of queries on the stack:
both end the process when they are too large, and nothing can catch that.
"""

from lienthu.errors import RequestRefused
from lienthu.i18n import mark
from lienthu.query.tree import MAX_DEPTH, MAX_NODES, And, Not, Number, Or, Phrase, Preferred, Query, Words
from lienthu.search import FACETS, MAX_LIMIT, MAX_WINDOW, SearchRequest

MAX_WORDS = 1_024
"""Words, alternatives and numbers of a whole tree."""
MAX_CHOSEN = 1_024
"""Chosen values of all filters together."""


def check_request(request: SearchRequest) -> None:
    """Raises RequestRefused naming the limit that the request passes."""
    if request.offset < 0 or not 0 <= request.limit <= MAX_LIMIT:
        raise RequestRefused(mark("At most {limit} hits can be asked for at once."), limit=MAX_LIMIT)
    if request.offset + request.limit > MAX_WINDOW:
        raise RequestRefused(
            mark("Only the first {window} hits can be looked through: make the search narrower."), window=MAX_WINDOW
        )
    if not 0 <= request.facet_size <= MAX_LIMIT:
        raise RequestRefused(mark("At most {limit} values of a facet can be asked for."), limit=MAX_LIMIT)
    for facet in (*request.facets, *request.filters):
        if facet not in FACETS:
            raise RequestRefused(
                mark("There is no facet “{facet}”: the facets are {known}."), facet=facet[:100], known=", ".join(FACETS)
            )
    if sum(len(values) for values in request.filters.values()) > MAX_CHOSEN:
        raise RequestRefused(mark("At most {limit} filter values can be chosen."), limit=MAX_CHOSEN)
    check_tree(request.query)


def check_tree(tree: Query) -> None:
    """Raises RequestRefused where the tree is too deep or too large. Walks without recursion."""
    waiting: list[tuple[Query, int]] = [(tree, 1)]
    nodes = words = 0
    while waiting:
        node, depth = waiting.pop()
        nodes += 1
        if isinstance(node, Words | Phrase):
            words += sum(1 + len(word.alternatives) for word in node.words)
        elif isinstance(node, Number):
            words += len(node.values)
        if depth > MAX_DEPTH or nodes > MAX_NODES or words > MAX_WORDS:
            raise RequestRefused(mark("This query is too long or too deeply nested: make it simpler."))
        waiting.extend((child, depth + 1) for child in _list_children(node))


def _list_children(node: Query) -> tuple[Query, ...]:
    if isinstance(node, And | Or):
        return node.children
    if isinstance(node, Not):
        return (node.child,)
    if isinstance(node, Preferred):
        return (node.query, node.first)
    return ()
