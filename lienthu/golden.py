"""Golden queries: what readers ask and must find, kept in a plain file, and the judge of an answer to them.

A file holds one table ``[[query]]`` for each. ``ask`` are the ways of asking; every way must meet every line of its
table. What is found is named by edition ids or by records (``partner/feed/source_id``); the demo library names its own
books. A hit answers to a name when it is that edition or holds that record.
"""

import difflib
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from lienthu.errors import SettingsError
from lienthu.i18n import mark

GOLDEN_FILE = "golden_queries.toml"
Names = frozenset[str]
"""All names of one hit."""


class FacetExpectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The facet ``name`` has ``label`` once, and no label that contains a text of ``without``."""

    name: str
    label: str
    without: tuple[str, ...] = ()


class GoldenQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"depth": "in"}):
    """One table of the file. ``first``: the first hit. ``top``: before any other hit. ``within``: among the first
    ``depth``. ``above``: the first of each pair is a hit, the second below it or no hit. ``absent``: no hit.
    ``total``: the exact number."""

    ask: tuple[str, ...]
    first: str = ""
    top: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    depth: int = 20
    above: tuple[tuple[str, str], ...] = ()
    absent: tuple[str, ...] = ()
    total: int | None = None
    facet: FacetExpectation | None = None

    @property
    def names(self) -> Names:
        """All that it names."""
        pairs = [name for pair in self.above for name in pair]
        return frozenset((self.first, *self.top, *self.within, *self.absent, *pairs)) - {""}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back for one way of asking: the names of each hit in order, the exact total, and the labels of the
    facet that the query looks at. ``editions`` are the ids of all hits, to compare two ways of asking."""

    hits: Sequence[Names]
    total: int
    editions: frozenset[str] = frozenset()
    labels: Sequence[str] = ()


class Breach(msgspec.Struct, frozen=True):
    """One expectation that an answer does not keep."""

    message: str
    facts: Mapping[str, object]

    def __str__(self) -> str:
        return self.tell(lambda text: text)

    def tell(self, translate: Callable[[str], str]) -> str:
        return translate(self.message).format(**self.facts)


# -- the file -------------------------------------------------------------------------------------------------------


def read_golden_queries(path: Path) -> tuple[GoldenQuery, ...]:
    """The queries of the file, none where there is no file. Raises SettingsError naming the file and the query."""
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8").removeprefix("\ufeff"))
    except FileNotFoundError:
        return ()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(mark("{path} is not valid TOML: {error}."), path=path, error=error) from error
    except OSError as error:
        raise SettingsError(mark("{path} cannot be read: {reason}."), path=path, reason=error.strerror) from error
    tables = written.pop("query", [])
    if written or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError(mark("{path}: write each query under [[query]], in double brackets."), path=path)
    return tuple(_read_query(table, f"{path.name}, #{at}") for at, table in enumerate(tables, start=1))


def _read_query(table: dict[str, Any], place: str) -> GoldenQuery:
    keys = [field.encode_name for field in msgspec.structs.fields(GoldenQuery)]
    for key in table.keys() - set(keys):
        near = difflib.get_close_matches(key, keys, n=1)
        raise SettingsError(
            mark("{place}: there is no key “{key}”. Did you mean: {hint}?"),
            place=place,
            key=key,
            hint=near[0] if near else ", ".join(keys),
        )
    try:
        query = msgspec.convert(table, GoldenQuery)
    except msgspec.ValidationError as error:
        raise SettingsError(mark("{place}: {reason}."), place=place, reason=error) from error
    if not query.ask or (not query.names and query.total is None and query.facet is None):
        raise SettingsError(
            mark("{place}: say what is asked (ask) and what must be found (first, top, within, above, absent, total)."),
            place=place,
        )
    return query


# -- the judge ------------------------------------------------------------------------------------------------------


def find_broken(query: GoldenQuery, answer: Answer) -> list[Breach]:
    """What one answer by relevance does not keep; empty when all is well."""
    return [*_judge_order(query, answer.hits), *_judge_sums(query, answer)]


def _judge_order(query: GoldenQuery, hits: Sequence[Names]) -> Iterator[Breach]:
    places = {name: place for place in range(len(hits), 0, -1) for name in hits[place - 1]}
    nowhere = len(hits) + 1

    def breach(message: str, **facts: object) -> Breach:
        return Breach(message, facts)

    if query.first and places.get(query.first) != 1:
        yield breach(mark("{name} is not the first hit"), name=query.first)
    leading = set(query.top)
    others = min((place for place, names in enumerate(hits, start=1) if not names & leading), default=nowhere)
    for name in query.top:
        if places.get(name, others) >= others:
            yield breach(mark("{name} is not before all others"), name=name)
    for name in query.within:
        if places.get(name, query.depth + 1) > query.depth:
            yield breach(mark("{name} is not among the first {depth}"), name=name, depth=query.depth)
    for upper, lower in query.above:
        if upper not in places or places.get(lower, nowhere) <= places[upper]:
            yield breach(mark("{upper} is not above {lower}"), upper=upper, lower=lower)
    for name in query.absent:
        if name in places:
            yield breach(mark("{name} is found and should not be"), name=name)


def _judge_sums(query: GoldenQuery, answer: Answer) -> Iterator[Breach]:
    if query.total is not None and answer.total != query.total:
        yield Breach(
            mark("{total} editions are found, not {expected}"), {"total": answer.total, "expected": query.total}
        )
    if query.facet is None:
        return
    times = answer.labels.count(query.facet.label)
    if times != 1:
        facts = {"label": query.facet.label, "facet": query.facet.name, "times": times}
        yield Breach(mark("“{label}” stands {times} times in the facet {facet}"), facts)
    for text in query.facet.without:
        for label in answer.labels:
            if text in label:
                yield Breach(mark("“{label}” stands in the facet {facet}"), {"label": label, "facet": query.facet.name})
