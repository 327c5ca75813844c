"""The JSON-LD of a page: the nodes that describe something a library lends, and nothing of the site around it.

Scripts of type ``application/ld+json`` are read, alone or in an ``@graph``. A node counts when its ``@type`` is one
of schema.org's creative works. A bare reference (``{"@id": …}``) to another node of the page is replaced by that node,
so that what is kept stands by itself. A result list (``ItemList``) is not looked into: each work has its own page.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

# fmt: off
WORK_TYPES = frozenset((
    "Book", "Audiobook", "Article", "ScholarlyArticle", "Thesis", "Report", "Chapter", "Manuscript",
    "CreativeWork", "Periodical", "PublicationIssue", "PublicationVolume", "Newspaper", "BookSeries",
    "CreativeWorkSeries", "Map", "Atlas", "SheetMusic", "MusicComposition", "MusicRecording", "MusicAlbum",
    "Photograph", "Movie", "Dataset", "DigitalDocument", "TextDigitalDocument", "PresentationDigitalDocument",
    "LearningResource", "Drawing", "Painting", "Poster", "VisualArtwork", "ComicStory", "ComicIssue",
    "ArchiveComponent", "Legislation",
))
# fmt: on
_MAIN_KEYS = ("mainEntity", "about")
_REFERENCE_DEPTH = 3
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$")


def read_json_ld(scripts: Iterable[str]) -> tuple[list[dict[str, object]], int]:
    """The nodes that describe works, and the number of scripts that are not JSON."""
    roots: list[object] = []
    broken = 0
    for script in scripts:
        try:
            roots.append(json.loads(_WRAPPING.sub("", script), strict=False))
        except (ValueError, RecursionError):
            broken += 1
    nodes = [node for root in roots for node in _list_nodes(root)]
    named = {str(node["@id"]): node for node in nodes if "@id" in node}
    works = [node for node in nodes if is_work(node)]
    parts = {reference for work in works for reference in _list_references(work, _REFERENCE_DEPTH)}
    works = [work for work in works if work.get("@id") not in parts] or works
    works = works or [main for node in nodes for main in _list_main(node, named)]
    return [_inline(work, named, _REFERENCE_DEPTH) for work in works], broken


def is_work(node: Mapping[str, object]) -> bool:
    """``Book``, ``schema:Book`` and ``https://schema.org/Book`` are one type; a node may have several."""
    stated = node.get("@type")
    types = stated if isinstance(stated, list) else [stated]
    return any(isinstance(name, str) and re.split(r"[/#:]", name)[-1] in WORK_TYPES for name in types)


def _list_nodes(root: object) -> Iterator[dict[str, object]]:
    for value in root if isinstance(root, list) else [root]:
        if not isinstance(value, dict):
            continue
        graph = value.get("@graph")
        if isinstance(graph, list):
            yield from (node for node in graph if isinstance(node, dict))
        elif isinstance(graph, dict):
            yield graph
        else:
            yield value


def _list_main(node: Mapping[str, object], named: Mapping[str, dict[str, object]]) -> Iterator[dict[str, object]]:
    """A page's node (``WebPage``, ``ItemPage``) names the work that it is about."""
    for key in _MAIN_KEYS:
        value = node.get(key)
        for main in value if isinstance(value, list) else [value]:
            if isinstance(main, dict):
                found = named.get(str(main.get("@id")), main) if len(main) == 1 else main
                if is_work(found):
                    yield found


def _list_references(value: object, depth: int) -> Iterator[str]:
    """The ids to which a node refers: a series that its book names is no second work."""
    if isinstance(value, list):
        for part in value:
            yield from _list_references(part, depth)
    elif isinstance(value, dict) and set(value) == {"@id"}:
        yield str(value["@id"])
    elif isinstance(value, dict) and depth > 0:
        for part in value.values():
            yield from _list_references(part, depth - 1)


def _inline(node: dict[str, object], named: Mapping[str, dict[str, object]], depth: int) -> dict[str, object]:
    return {key: _inline_value(value, named, depth) for key, value in node.items()}


def _inline_value(value: object, named: Mapping[str, dict[str, object]], depth: int) -> object:
    if isinstance(value, list):
        return [_inline_value(part, named, depth) for part in value]
    if isinstance(value, dict) and set(value) == {"@id"} and depth > 0:
        found = named.get(str(value["@id"]))
        return value if found is None else _inline(found, named, depth - 1)
    return value
