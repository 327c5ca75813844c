"""The golden queries of the demo library, which name its books; what they mean is in :mod:`lienthu.golden`.

``golden_queries.toml`` says what each further word of a table means. ``name_books`` turns an edition's members into
books, so that the judge fits the engine, the JSON API and the web alike. ``same``, ``title_order`` and ``years`` need
more than one answer, another order or the edition itself: they are for the caller.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

import msgspec

from lienthu.demo.library import list_deposits
from lienthu.demo.provincial import build_identifier
from lienthu.demo.web_catalogue import build_page_path
from lienthu.golden import GoldenQuery, Names


class DemoQuery(GoldenQuery, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"depth": "in"}):
    """One table of the file."""

    number: int
    same: bool = False
    polite: bool = False
    title_order: tuple[str, ...] = ()
    years: Mapping[str, tuple[int, ...]] = {}


@cache
def load_golden_queries() -> tuple[DemoQuery, ...]:
    table = tomllib.loads((files("lienthu.demo") / "golden_queries.toml").read_text(encoding="utf-8"))
    return msgspec.convert(table["query"], tuple[DemoQuery, ...])


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


def name_books(members: Iterable[str]) -> Names:
    """The books of which these records tell."""
    return frozenset(map_references()[member] for member in members if member in map_references())
