"""What changed synonyms would change for readers: every form whose group is another than before, asked both ways of the
serving index. Nothing is written; the synonyms of a running server stay what they are until it starts anew."""

from collections.abc import Sequence

import msgspec

from lienthu.engine.protocol import SearchEngine
from lienthu.query.language import parse_query
from lienthu.search import SearchRequest
from lienthu.tables.synonyms import Group, SynonymTable

MAX_ASKED = 500


class SearchChange(msgspec.Struct, frozen=True):
    """How many editions *query* finds before and after."""

    query: str
    before: int
    after: int


def preview_searches(engine: SearchEngine, before: SynonymTable, after: SynonymTable) -> list[SearchChange]:
    """The queries that find another number of editions, the largest change first."""
    if before is after or engine.serving() is None:
        return []
    changed = []
    for query in list_changed_forms(before, after)[:MAX_ASKED]:
        totals = [
            engine.search(SearchRequest(query=parse_query(query, table).tree, limit=0)).total
            for table in (before, after)
        ]
        if totals[0] != totals[1]:
            changed.append(SearchChange(query, *totals))
    return sorted(changed, key=lambda change: (-abs(change.after - change.before), change.query))


def list_changed_forms(before: SynonymTable, after: SynonymTable) -> Sequence[str]:
    """Forms that stand for something else in *after*, or only in one of the two."""
    keys = dict.fromkeys((*after.groups, *before.groups))
    return [" ".join(key) for key in keys if _tell(before.groups.get(key)) != _tell(after.groups.get(key))]


def _tell(group: Group | None) -> object:
    return None if group is None else (frozenset(group.forms), frozenset(group.first), group.loose)
