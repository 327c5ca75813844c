"""Widening: where all words find too few editions, most of them do. The strict matches stay in front.

Most is two thirds, rounded up; two words or one cannot be widened. Phrases, numbers and what is excluded stay as they
are.
"""

from lienthu.query.size import measure_tree
from lienthu.query.tree import MAX_DEPTH, MAX_NODES, And, Or, Preferred, Query, Words

_LEAST_WORDS = 3


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
