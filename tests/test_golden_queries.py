"""The table of golden queries, asked of the whole catalogue: harvested, indexed, searched as a reader searches."""

import pytest

from lienthu.demo.golden import DemoQuery, load_golden_queries, name_books
from lienthu.errors import RequestRefused
from lienthu.golden import Answer, find_broken
from lienthu.search import Sort
from search_api.answer import Asked
from search_api.service import Catalogue
from tests.conftest import Demo

QUERIES = [query for query in load_golden_queries() if query.ask]


def ask(catalogue: Catalogue, text: str, facet: str = "") -> Answer:
    answer = catalogue.search(Asked(q=text))
    everything = catalogue.search(Asked(q=text, size=100))
    return Answer(
        hits=[name_books(found.edition.members) for found in answer.found],
        total=answer.total,
        editions=frozenset(found.edition.id for found in everything.found),
        labels=[value.label for value in answer.facets.get(facet, ())],
    )


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: f"{query.number}-{query.ask[0][:30]}")
def test_every_way_of_asking_is_answered_as_written(demo: Demo, query: DemoQuery) -> None:
    answers = {}
    for text in query.ask:
        try:
            answers[text] = ask(demo.catalogue, text, query.facet.name if query.facet else "")
        except RequestRefused:
            assert query.polite, f"“{text}” was refused"
            continue
        assert find_broken(query, answers[text]) == [], text
    if query.same:
        assert len({answer.editions for answer in answers.values()}) == 1


@pytest.mark.parametrize("query", [query for query in QUERIES if query.title_order], ids=lambda query: query.number)
def test_titles_stand_in_vietnamese_order(demo: Demo, query: DemoQuery) -> None:
    answer = demo.catalogue.search(Asked(q=query.ask[0], sort=Sort.TITLE, size=100))
    order = [book for found in answer.found for book in name_books(found.edition.members) if book in query.title_order]
    assert tuple(dict.fromkeys(order)) == query.title_order


@pytest.mark.parametrize("query", [query for query in load_golden_queries() if query.years], ids=lambda q: q.number)
def test_years_are_read_and_never_guessed(demo: Demo, query: DemoQuery) -> None:
    spans = {}
    page = 1
    while (answer := demo.catalogue.search(Asked(size=100, page=page))).found:
        for found in answer.found:
            publication = found.edition.publication
            span = () if publication.year is None else (publication.year, publication.year_end or publication.year)
            spans.update(dict.fromkeys(name_books(found.edition.members), span))
        page += 1
    assert {book: spans[book] for book in query.years} == dict(query.years)


def test_every_demo_record_is_accounted_for(demo: Demo) -> None:
    serving = demo.made.engine.serving()
    assert serving is not None
    tally = demo.made.store.tally(serving)
    counts = demo.made.store.count_records()
    assert {name: sum(own.values()) for name, own in tally.items()} == {
        name: live for name, (live, _) in counts.by_partner.items()
    }
    for partner in demo.made.partners.values():
        for feed in partner.feeds:
            run = demo.made.store.last_run(partner.id, feed.id)
            assert run is not None
            assert run.verdict == "complete"
            assert run.counts.adds_up
