"""The golden queries name only books that exist, and their judge sees what is wrong with an answer."""

from dataclasses import dataclass, field

import pytest

from lienthu.demo.golden import DemoQuery, load_golden_queries, map_references, name_books
from lienthu.demo.library import PARTNERS, count_expected, load_books
from lienthu.golden import Answer, FacetExpectation, GoldenQuery, Names, find_broken

ANSWERED = {1, 2, 3, 9, 10, 11, 12, 16, 17, 18, 19, 20, 22, 23, 24, 25, 26, 31, 33, 35, 36, 37, 38, 39, 40, 43, 44}


@dataclass
class Case:
    """An expectation with an answer that breaks it, and one that keeps it."""

    expectation: dict[str, object]
    wrong: list[str]
    right: list[str]
    totals: tuple[int, int] = (0, 0)
    labels: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))


def answer(hits: list[str], total: int = 0, labels: list[str] | None = None) -> Answer:
    return Answer(hits=[frozenset((key,)) for key in hits], total=total, labels=labels or [])


def list_books(query: DemoQuery) -> Names:
    return query.names | frozenset((*query.title_order, *query.years))


def test_every_query_names_books_of_the_library() -> None:
    keys = {book.key for book in load_books()}
    for query in load_golden_queries():
        assert list_books(query) <= keys, query.ask


def test_every_query_that_can_be_answered_today_is_there() -> None:
    assert {query.number for query in load_golden_queries()} == ANSWERED


def test_every_query_expects_something() -> None:
    for query in load_golden_queries():
        assert list_books(query) or query.polite or query.total is not None, query.ask


def test_every_record_of_the_demo_leads_back_to_its_book() -> None:
    references = map_references()
    assert len(references) == sum(count_expected(partner).records for partner in PARTNERS)
    assert set(references.values()) == {book.key for book in load_books()}
    assert name_books(["laocai/oai/oai:localhost:laocai/TVL140004641", "elsewhere/oai/1"]) == {"dai-thu"}


@pytest.mark.parametrize(
    "case",
    [
        Case({"first": "a"}, ["b", "a"], ["a", "b"]),
        Case({"first": "a"}, [], ["a"]),
        Case({"top": ("a", "b")}, ["a", "c", "b"], ["b", "a", "c"]),
        Case({"top": ("a", "b")}, ["a"], ["a", "b"]),
        Case({"within": ("a",), "depth": 2}, ["b", "c", "a"], ["b", "a", "c"]),
        Case({"above": (("a", "b"),)}, ["b", "a"], ["a", "b"]),
        Case({"above": (("a", "b"),)}, ["b"], ["a"]),
        Case({"absent": ("a",)}, ["b", "a"], ["b"]),
        Case({"total": 2}, ["a"], ["a"], totals=(1, 2)),
        Case({"facet": FacetExpectation("publisher", "X")}, [], [], labels=(["X", "X"], ["X", "Y"])),
        Case({"facet": FacetExpectation("publisher", "X", ("x",))}, [], [], labels=(["X", "x"], ["X"])),
    ],
)
def test_the_judge_tells_a_wrong_answer_from_a_right_one(case: Case) -> None:
    query = GoldenQuery(ask=("q",), **case.expectation)
    assert find_broken(query, answer(case.wrong, case.totals[0], case.labels[0]))
    assert not find_broken(query, answer(case.right, case.totals[1], case.labels[1]))


def test_a_book_in_two_editions_counts_where_it_stands_first() -> None:
    query = GoldenQuery(ask=("q",), above=(("a", "b"),))
    assert not find_broken(query, answer(["a", "b", "a"]))
