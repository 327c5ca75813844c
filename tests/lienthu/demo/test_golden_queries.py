"""The table of golden queries names only books that exist, and words it can be held to."""

import tomllib
from importlib.resources import files

from lienthu.demo.library import load_books

WORDS = {
    "number", "ask", "first", "top", "within", "in", "above", "absent", "same", "total", "polite", "facet",
    "title_order", "years",
}  # fmt: skip
ANSWERED = {1, 2, 3, 9, 10, 11, 12, 16, 17, 18, 19, 20, 22, 23, 24, 25, 26, 31, 33, 35, 36, 37, 38, 39, 40, 43, 44}


def read_queries() -> list[dict[str, object]]:
    return tomllib.loads((files("lienthu.demo") / "golden_queries.toml").read_text(encoding="utf-8"))["query"]


def list_books(query: dict) -> set[str]:
    named = {query.get("first", "")} | {key for pair in query.get("above", []) for key in pair}
    for word in ("top", "within", "absent", "title_order", "years"):
        named |= set(query.get(word, []))
    return named - {""}


def test_every_query_names_books_of_the_library_and_known_words() -> None:
    keys = {book.key for book in load_books()}
    for query in read_queries():
        assert list_books(query) <= keys, query["ask"]
        assert set(query) <= WORDS, query["ask"]


def test_every_query_that_can_be_answered_today_is_there() -> None:
    assert {query["number"] for query in read_queries()} == ANSWERED


def test_every_query_expects_something() -> None:
    expectations = WORDS - {"number", "ask", "in"}
    assert all(set(query) & expectations for query in read_queries())
