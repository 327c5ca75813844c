"""The golden queries of the demo library, and the judge of an answer to them.

``golden_queries.toml`` says what each word of a table means. An answer is given to the judge as the books of each hit,
so that it fits the engine, the JSON API and the web alike; ``name_books`` turns an edition's members into books.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from lienthu.demo.library import list_deposits
from lienthu.demo.provincial import build_identifier
from lienthu.demo.web_catalogue import build_page_path

Books = frozenset[str]


class FacetExpectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The facet ``name`` has ``label`` once, and no label that contains a text of ``without``."""

    name: str
    label: str
    without: tuple[str, ...] = ()


class GoldenQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"depth": "in"}):
    """One table of the file."""

    number: int
    ask: tuple[str, ...]
    first: str = ""
    top: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    depth: int = 20
    above: tuple[tuple[str, str], ...] = ()
    absent: tuple[str, ...] = ()
    same: bool = False
    total: int | None = None
    polite: bool = False
    facet: FacetExpectation | None = None
    title_order: tuple[str, ...] = ()
    years: Mapping[str, tuple[int, ...]] = {}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back for one way of asking: the books of each hit in order, the exact total, and the labels of the
    facet that the query looks at. ``editions`` are the ids of all hits, to compare two ways of asking."""

    hits: Sequence[Books]
    total: int
    editions: frozenset[str] = frozenset()
    labels: Sequence[str] = ()


@cache
def load_golden_queries() -> tuple[GoldenQuery, ...]:
    table = tomllib.loads((files("lienthu.demo") / "golden_queries.toml").read_text(encoding="utf-8"))
    return msgspec.convert(table["query"], tuple[GoldenQuery, ...])


@cache
def map_references() -> Mapping[str, str]:
    """Every record of the demo as ``partner/feed/source_id``, with the key of its book."""
    return dict(_list_references())


def _list_references() -> Iterator[tuple[str, str]]:
    for book, copies in list_deposits("laocai"):
        yield from ((f"laocai/oai/{build_identifier(copy.control_number)}", book.key) for copy in copies)
    for number, (book, _) in enumerate(list_deposits("daihoc"), start=1):
        yield f"daihoc/web{build_page_path(number)}", book.key
    for book, copies in list_deposits("truong"):
        yield f"truong/file/{copies[0].control_number}", book.key


def name_books(members: Iterable[str]) -> Books:
    """The books of which these records tell."""
    return frozenset(map_references()[member] for member in members if member in map_references())


def find_broken(query: GoldenQuery, answer: Answer) -> list[str]:
    """What one answer by relevance does not keep, in words; empty when all is well. ``same``, ``title_order`` and
    ``years`` need more than one answer, another order or the edition itself: they are for the caller."""
    return [*_judge_order(query, answer.hits), *_judge_sums(query, answer)]


def _judge_order(query: GoldenQuery, hits: Sequence[Books]) -> Iterator[str]:
    places = {key: place for place in range(len(hits) - 1, -1, -1) for key in hits[place]}
    if query.first and places.get(query.first) != 0:
        yield f"first is not {query.first} but {sorted(hits[0]) if hits else 'nothing'}"
    leading = set(query.top)
    others = min((place for place, books in enumerate(hits) if not books & leading), default=len(hits))
    yield from (f"{key} is not at the top" for key in query.top if places.get(key, others) >= others)
    yield from (
        f"{key} is not among the first {query.depth}: {places.get(key)}"
        for key in query.within
        if places.get(key, query.depth) >= query.depth
    )
    for upper, lower in query.above:
        if upper not in places or places.get(lower, len(hits)) <= places[upper]:
            yield f"{upper} ({places.get(upper)}) is not above {lower} ({places.get(lower)})"
    yield from (f"{key} is there" for key in query.absent if key in places)


def _judge_sums(query: GoldenQuery, answer: Answer) -> Iterator[str]:
    if query.total is not None and answer.total != query.total:
        yield f"the total is {answer.total}, not {query.total}"
    if query.facet is None:
        return
    if answer.labels.count(query.facet.label) != 1:
        yield f"{query.facet.label} is {answer.labels.count(query.facet.label)} times in {query.facet.name}"
    for text in query.facet.without:
        yield from (f"{label} holds {text}" for label in answer.labels if text in label)
