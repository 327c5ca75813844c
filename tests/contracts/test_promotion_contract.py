"""Promotion on both engines: a build that is worse never serves, readers notice neither a build nor its promotion, and
the way back never leads to what was refused."""

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from indexer.build import build_generation
from indexer.index_document import build_index_document
from indexer.promotion import (
    PromotionRefused,
    WorseAnswers,
    check_promotion,
    find_before,
    promote_generation,
    put_back,
    sweep_old,
)
from lienthu.edition import Edition
from lienthu.engine.document import IndexDocument
from lienthu.engine.protocol import SearchEngine
from lienthu.errors import CatalogueError
from lienthu.golden import GoldenQuery
from lienthu.query.language import parse_query
from lienthu.search import SearchRequest
from lienthu.store import open_store
from tests.indexer.library import Library, build_raw
from tests.readers import Readers

GOLDEN = (
    GoldenQuery(ask=("truyện kiều", "truyen kieu"), first="laocai/oai/kieu"),
    GoldenQuery(ask=("nguyễn du",), within=("laocai/oai/kieu",), depth=5, total=1),
    GoldenQuery(ask=("không có",), first="laocai/oai/nobody"),
)


@pytest.fixture
def library(engine: SearchEngine, tmp_path: Path) -> Iterator[Library]:
    with open_store(f"sqlite:///{tmp_path}/lienthu.db", tmp_path) as store:
        yield Library(store, engine)


def receive_shelf(library: Library) -> None:
    library.receive(
        build_raw("kieu", "Truyện Kiều", author="Nguyễn Du"), *(build_raw(str(n), f"Sách số {n}") for n in range(19))
    )


def build(library: Library) -> str:
    return build_generation(library.store, library.engine, library.partners).generation


def promote(library: Library, generation: str, *, force: bool = False) -> None:
    promote_generation(library.store, library.engine, generation, library.partners, GOLDEN, force=force)


def forget_titles(edition: Edition) -> IndexDocument:
    """What a defect in the analysis of titles would make."""
    document = build_index_document(edition)
    return msgspec.structs.replace(document, texts={**document.texts, "title": ("", "")})


def test_a_build_that_loses_answers_is_refused_in_words_and_the_old_one_serves(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive_shelf(library)
    library.rebuild()
    serving = library.engine.serving()
    with monkeypatch.context() as defect:
        defect.setattr("indexer.step.build_index_document", forget_titles)
        worse = build(library)
    with pytest.raises(WorseAnswers) as caught:
        promote(library, worse)
    told = str(caught.value)
    assert "answers 2 golden queries worse" in told
    assert "“truyen kieu”: laocai/oai/kieu is not the first hit" in told
    assert "nguyễn du" not in told, "that answer is as good as before"
    assert "không có" not in told, "the serving one does not keep that either"
    assert library.engine.serving() == serving
    promote(library, worse, force=True)
    assert library.engine.serving() == worse
    promote(library, build(library))


def test_a_golden_query_finds_an_edition_under_the_id_that_it_had(library: Library) -> None:
    library.receive(build_raw("1", "Truyện Kiều"), build_raw("2", "Truyện Kiêu"))
    library.rebuild()
    ids = {edition.members[0]: key for key, edition in library.editions().items()}
    golden = (GoldenQuery(ask=("truyen kieu",), first=ids["laocai/oai/2"], depth=1),)
    library.receive(build_raw("2", "Truyện Kiều"))
    library.update()
    built = build(library)
    check_promotion(library.store, library.engine, built, golden)


def test_an_empty_build_and_a_shrunken_one_are_refused(library: Library) -> None:
    receive_shelf(library)
    library.rebuild()
    serving = library.engine.serving()
    empty = library.engine.create_generation()
    with pytest.raises(PromotionRefused, match="is empty"):
        check_promotion(library.store, library.engine, empty)
    library.engine.drop_generation(empty)
    library.receive(*(build_raw(str(n), deleted=True) for n in range(10)))
    with pytest.raises(PromotionRefused, match="10 editions, the serving one 20"):
        promote(library, build(library))
    assert library.engine.serving() == serving


def test_what_was_refused_is_no_way_back_and_goes_with_the_next_build(library: Library) -> None:
    receive_shelf(library)
    first = library.rebuild().generation
    assert find_before(library.store, library.engine) is None
    refused = build(library)
    assert find_before(library.store, library.engine) is None
    second = library.rebuild().generation
    assert {generation.name for generation in library.engine.generations()} == {first, second}
    refused = build(library)
    assert find_before(library.store, library.engine) == first
    assert sweep_old(library.store, library.engine) == [refused]
    put_back(library.store, library.engine, first, library.partners)
    assert library.engine.serving() == first
    assert find_before(library.store, library.engine) is None


def test_an_index_of_another_version_gives_way_to_a_new_build(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive_shelf(library)
    library.rebuild()
    for module in ("tantivy_generations", "elasticsearch_generations"):
        monkeypatch.setattr(f"lienthu.engine.{module}.SCHEMA_VERSION", 10_000)
    library.receive(*(build_raw(str(n), deleted=True) for n in range(10)))
    built = build(library)
    with pytest.raises(PromotionRefused, match="10 editions, the serving one 20"):
        promote(library, built)
    promote(library, built, force=True)
    assert library.engine.count() == 10
    assert find_before(library.store, library.engine) is None


class ShelfReaders(Readers):
    """Two threads that search all the time; every error and every answer of two generations at once is kept."""

    def __init__(self, engine: SearchEngine) -> None:
        self.troubles: list[str] = []
        self.seen: dict[str, str] = {}
        self._engine = engine
        self._request = SearchRequest(query=parse_query("sách").tree, facets=("language", "author"), limit=30)
        super().__init__()

    def search_once(self) -> None:
        try:
            answer = self._engine.search(self._request)
        except CatalogueError as error:
            self.troubles.append(str(error))
            return
        shelves = {msgspec.json.decode(hit.source, type=Edition).title.main.split()[1] for hit in answer.hits}
        shelves |= {value.label.split()[1] for value in answer.facets["author"]}
        if len(shelves) != 1 or answer.total != len(answer.hits):
            self.troubles.append(f"{answer.generation}: {shelves}, {answer.total} of {len(answer.hits)}")
        self.seen.setdefault(answer.generation, *shelves)
        time.sleep(0.002)

    def wait_for(self, generation: str) -> None:
        deadline = time.monotonic() + 30
        while generation not in self.seen:
            assert time.monotonic() < deadline, f"{generation} never answers: {self.troubles[-1:]}"
            time.sleep(0.01)


def test_readers_notice_neither_a_build_nor_a_promotion_nor_the_way_back(library: Library) -> None:
    shelves = {}

    def rebuild(shelf: str) -> str:
        library.receive(*(build_raw(str(n), f"Sách {shelf} số {n}", author=f"Tủ {shelf}") for n in range(25)))
        generation = library.rebuild(force=True).generation
        shelves[generation] = shelf
        return generation

    rebuild("đầu")
    with ShelfReaders(library.engine) as readers:
        for shelf in ("giữa", "cuối"):
            readers.wait_for(rebuild(shelf))
            sweep_old(library.store, library.engine)
        before = find_before(library.store, library.engine)
        assert before is not None
        seen = dict(readers.seen)
        readers.seen.clear()
        put_back(library.store, library.engine, before, library.partners)
        readers.wait_for(before)
    assert readers.troubles == []
    assert {**seen, **readers.seen}.items() <= shelves.items()
