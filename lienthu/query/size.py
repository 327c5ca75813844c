"""The size of a query tree, so that whoever builds one keeps to the bounds of :mod:`lienthu.query.tree`."""

from typing import NamedTuple

from lienthu.query.tree import And, Not, Number, Or, Phrase, Preferred, Query, Words


class Size(NamedTuple):
    """``words`` counts words, their alternatives and numbers."""

    nodes: int
    words: int
    depth: int


def measure_tree(tree: Query) -> Size:
    """Walks without recursion, so that no tree is too deep for it."""
    nodes = words = deepest = 0
    waiting: list[tuple[Query, int]] = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        nodes += 1
        deepest = max(deepest, depth)
        if isinstance(node, Words | Phrase):
            words += sum(1 + len(word.alternatives) for word in node.words)
        elif isinstance(node, Number):
            words += len(node.values)
        waiting.extend((child, depth + 1) for child in _list_children(node))
    return Size(nodes, words, deepest)


def _list_children(node: Query) -> tuple[Query, ...]:
    if isinstance(node, And | Or):
        return node.children
    if isinstance(node, Not):
        return (node.child,)
    return (node.query, node.first) if isinstance(node, Preferred) else ()
