"""What every search engine must do, whatever is inside it: writing, reading by id, generations."""

import random

import msgspec
import pytest

from lienthu.engine.document import IndexDocument
from lienthu.engine.protocol import SearchEngine
from lienthu.errors import EngineError, EngineUnavailable, LockHeld, RequestRefused
from lienthu.query.tree import Everything, Number, Phrase, Word, Words
from lienthu.search import SearchRequest
from tests.index_documents import ask, fill, find, make_document, search

# -- writing ----------------------------------------------------------------------------------------------------------


def test_the_same_id_replaces_the_document(engine: SearchEngine) -> None:
    generation = fill(engine, [make_document("a", "cũ"), make_document("b", "cũ")])
    with engine.open_writer(generation) as writer:
        assert writer.upsert([make_document("a", "mới")]) == 1
        writer.commit()
    assert find(engine, ask("mới")) == ["a"]
    assert find(engine, ask("cũ")) == ["b"]
    assert engine.count() == 2


def test_the_last_of_a_batch_wins(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", "một"), make_document("a", "hai"), make_document("a", "ba")])
    assert engine.count() == 1
    assert [find(engine, ask(word)) for word in ("mot", "hai", "ba")] == [[], [], ["a"]]


def test_deleting_takes_a_document_away_and_none_other(engine: SearchEngine) -> None:
    generation = fill(engine, [make_document("a", "một"), make_document("b", "một")])
    with engine.open_writer(generation) as writer:
        writer.delete(["a", "never there", "a"])
        writer.commit()
        writer.upsert([make_document("c", "một"), make_document("d", "một")])
        writer.delete(["c"])
        writer.upsert([make_document("a", "một")])
        writer.delete(["a"])
        writer.commit()
    assert set(find(engine, ask("mot"))) == {"b", "d"}
    assert engine.get(["a", "b"]) == {"b": b"source of b"}


def test_random_histories_leave_what_a_dictionary_would(engine: SearchEngine) -> None:
    chance = random.Random(5)
    model: dict[str, str] = {}
    generation = fill(engine, [])
    for _ in range(12):
        with engine.open_writer(generation) as writer:
            for _ in range(chance.randint(1, 3)):
                for _ in range(chance.randint(0, 15)):
                    id = f"id{chance.randint(0, 20)}"
                    if chance.random() < 0.3:
                        writer.delete([id])
                        model.pop(id, None)
                    else:
                        model[id] = chance.choice(["một", "hai", "ba"])
                        writer.upsert([make_document(id, model[id])])
                writer.commit()
        for word in ("một", "hai", "ba"):
            assert set(find(engine, ask(word), limit=50)) == {id for id, title in model.items() if title == word}
        assert engine.count() == len(model)


def test_nothing_is_visible_before_the_commit_and_all_is_after(engine: SearchEngine) -> None:
    generation = fill(engine, [make_document("a", "một")])
    with engine.open_writer(generation) as writer:
        writer.upsert([make_document("b", "một")])
        assert find(engine, ask("mot")) == ["a"]
        writer.commit()
        assert set(find(engine, ask("mot"))) == {"a", "b"}
        writer.upsert([make_document("c", "một")])
    assert engine.count() == 2


def test_a_failed_step_leaves_the_last_commit(engine: SearchEngine) -> None:
    generation = fill(engine, [make_document("a", "một")])
    with pytest.raises(ZeroDivisionError), engine.open_writer(generation) as writer:
        writer.upsert(make_document("b" * (1 // n), "một") for n in (1, 0))
    with engine.open_writer(generation) as writer:
        writer.upsert([make_document("c", "một")])
        writer.commit()
    assert set(find(engine, ask("mot"))) == {"a", "c"}


@pytest.mark.parametrize(
    "document",
    [
        make_document("x" * 513),
        make_document(""),
        make_document("half \ud800"),
        make_document("a", facets={"colour": ("red",)}),
        IndexDocument(id="a", texts={"smell": ("sweet", "sweet")}),
    ],
    ids=["long id", "no id", "surrogate id", "unknown facet", "unknown field"],
)
def test_a_document_that_cannot_be_held_is_refused_by_name(engine: SearchEngine, document: IndexDocument) -> None:
    generation = fill(engine, [])
    with engine.open_writer(generation) as writer:
        with pytest.raises(EngineError, match=r"Edition"):
            writer.upsert([make_document("before", "một"), document])
        writer.upsert([make_document("after", "một")])
        writer.commit()
    assert set(find(engine, ask("mot"))) == {"before", "after"}


def test_what_can_be_mended_is_mended_and_found(engine: SearchEngine) -> None:
    long_word = "a" * 70_000
    document = IndexDocument(
        id="a",
        texts={"title": (f"một {long_word}", f"mot {long_word}"), "notes": ("hai \ud800 ba", "hai \ud800 ba")},
        identifiers=("9" * 70_000, "half \ud800"),
        title_key="\ud800" * 70_000,
        source=b"s",
    )
    fill(engine, [document])
    for word in ("mot", long_word, "hai", "ba", "\ud800"):
        assert find(engine, Words((Word(word, word),))) == ["a"], word[:10]
    assert find(engine, Number(("9" * 70_000,))) == ["a"]
    assert find(engine, Number(("half \ud800",))) == ["a"]


def test_odd_characters_neither_fail_nor_match(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", "một")])
    for text in ("\0", "\ud800", "*", '"', "mot\0", "m?t", "mo*", "title:mot", "é" * 9_000):
        assert find(engine, Words((Word(text, text),))) == [], text
        assert find(engine, Phrase((Word(text, text), Word("mot", "mot")))) == []
        assert engine.get([text]) == {}


def test_only_one_writes_a_generation(engine: SearchEngine) -> None:
    generation = fill(engine, [])
    with engine.open_writer(generation), pytest.raises(LockHeld), engine.open_writer(generation):
        pass
    with engine.open_writer(generation) as writer:
        writer.commit()


def test_two_generations_are_written_side_by_side(engine: SearchEngine) -> None:
    old, new = engine.create_generation(), engine.create_generation()
    with engine.open_writer(old) as one, engine.open_writer(new) as other:
        one.upsert([make_document("a")])
        other.upsert([make_document("b"), make_document("c")])
        one.commit()
        other.commit()
    assert (engine.count(old), engine.count(new)) == (1, 2)


# -- reading ----------------------------------------------------------------------------------------------------------


def test_hits_carry_the_stored_source(engine: SearchEngine) -> None:
    fill(engine, [make_document("a", "một")])
    (hit,) = search(engine, ask("mot")).hits
    assert (hit.id, hit.source) == ("a", b"source of a")
    assert engine.get(["a", "z", "a"]) == {"a": b"source of a"}


def test_a_source_comes_back_byte_for_byte(engine: SearchEngine) -> None:
    sources = {"text": '{"a": "đ\\u0000 \\" 𝄞"}'.encode(), "cut": "đường".encode()[:1], "none": b""}
    fill(engine, [msgspec.structs.replace(make_document(id), source=source) for id, source in sources.items()])
    assert engine.get(list(sources)) == dict(engine.scan()) == sources


def test_a_scan_gives_everything_in_order_of_id(engine: SearchEngine) -> None:
    ids = [f"lt{n:06d}" for n in range(2_500)] + ["a", "é", "zz", "lt000001-longer", "𝄞"]
    random.Random(3).shuffle(ids)
    fill(engine, [make_document(id) for id in ids])
    assert list(engine.scan()) == [(id, f"source of {id}".encode()) for id in sorted(ids)]


def test_a_scan_in_order_holds_where_ids_begin_alike(engine: SearchEngine) -> None:
    ids = [f"edition-with-a-long-name-{n % 7}-{n}" for n in range(2_300)]
    fill(engine, [make_document(id) for id in ids])
    assert [id for id, _ in engine.scan()] == sorted(ids)


# -- generations ------------------------------------------------------------------------------------------------------


def test_without_a_serving_generation_there_is_no_answer(engine: SearchEngine) -> None:
    assert engine.serving() is None
    assert engine.generations() == ()
    for call in (lambda: search(engine, Everything()), engine.count, lambda: engine.get(["a"])):
        with pytest.raises(EngineUnavailable, match="lienthu reindex"):
            call()
    fill(engine, [], promote=False)
    with pytest.raises(EngineUnavailable):
        engine.count()


def test_a_new_generation_is_beside_the_old_until_it_is_promoted(engine: SearchEngine) -> None:
    old = fill(engine, [make_document("a", "một")])
    new = fill(engine, [make_document("b", "một"), make_document("c", "một")], promote=False)
    assert find(engine, ask("mot")) == ["a"]
    assert [(g.name, g.editions, g.serving, g.current) for g in engine.generations()] == [
        (old, 1, True, True),
        (new, 2, False, True),
    ]
    engine.promote(new)
    result = search(engine, ask("mot"))
    assert (result.generation, result.total) == (new, 2)
    engine.promote(old)
    assert search(engine, ask("mot")).generation == old
    assert [id for id, _ in engine.scan(new)] == ["b", "c"]


def test_a_dropped_generation_is_gone_and_its_name_is_not_used_again(engine: SearchEngine) -> None:
    fill(engine, [make_document("a")])
    new = fill(engine, [], promote=False)
    engine.drop_generation(new)
    assert new not in [generation.name for generation in engine.generations()]
    assert engine.create_generation() != new
    with pytest.raises(EngineError):
        engine.count(new)
    with pytest.raises(EngineError):
        engine.promote(new)
    engine.drop_generation(new)


def test_the_serving_generation_is_not_dropped(engine: SearchEngine) -> None:
    generation = fill(engine, [make_document("a")])
    with pytest.raises(EngineError, match="serving"):
        engine.drop_generation(generation)
    assert engine.count() == 1


def test_a_request_for_an_unknown_facet_is_refused(engine: SearchEngine) -> None:
    fill(engine, [])
    with pytest.raises(RequestRefused, match="colour"):
        engine.search(SearchRequest(query=Everything(), facets=("colour",)))
    with pytest.raises(RequestRefused, match="colour"):
        engine.search(SearchRequest(query=Everything(), filters={"colour": ("red",)}))
