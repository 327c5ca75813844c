"""How the tantivy engine keeps its generations, and what it will not open."""

from pathlib import Path

import pytest
import tantivy
from hypothesis import given
from hypothesis import strategies as some

from lienthu.engine import open_engine
from lienthu.engine.tantivy import TantivyEngine
from lienthu.engine.tantivy_generations import (
    CURRENT,
    GenerationName,
    build_generation_name,
    count_editions,
    current_version,
    parse_generation_name,
)
from lienthu.errors import EngineError, EngineUnavailable, LockHeld, SettingsError
from lienthu.query.tree import Everything
from tests.index_documents import fill, make_document, search


@given(
    some.builds(
        GenerationName,
        some.integers(1, 10**8),
        some.sampled_from(("0.27", "1.0", "10.12")),
        some.integers(0, 99),
        some.integers(0, 99),
    )
)
def test_a_generation_name_is_read_as_it_was_built(name: GenerationName) -> None:
    assert parse_generation_name(build_generation_name(name)) == name


@pytest.mark.parametrize("text", ["", "g1", "g0001-t0.27-s1", "../g0001-t0.27-s1-a1", "g0001-t0.27-s1-a1.old", ".lock"])
def test_what_is_no_generation_name_is_not_read_as_one(text: str) -> None:
    assert parse_generation_name(text) is None


def test_the_name_carries_engine_schema_and_analyser(tmp_path: Path) -> None:
    name = TantivyEngine(tmp_path).create_generation()
    assert name == build_generation_name(current_version(1))
    assert "-t0.27-" in name


@pytest.mark.parametrize("part", ["tantivy", "schema", "analyser"])
def test_an_index_of_another_version_is_never_opened(tmp_path: Path, part: str) -> None:
    engine = TantivyEngine(tmp_path)
    fits = fill(engine, [make_document("a", "sách")])
    other = current_version(1)._replace(**{part: "0.1" if part == "tantivy" else 99})
    name = build_generation_name(other)
    (tmp_path / fits).rename(tmp_path / name)
    (tmp_path / CURRENT).write_text(f"{name}\n")
    reopened = TantivyEngine(tmp_path)
    (generation,) = reopened.generations()
    assert (generation.name, generation.editions, generation.serving, generation.current) == (name, 1, True, False)
    with pytest.raises(EngineUnavailable, match="lienthu reindex"):
        search(reopened, Everything())
    with pytest.raises(EngineUnavailable, match="lienthu reindex"):
        reopened.promote(name)
    with pytest.raises(EngineUnavailable), reopened.open_writer(name):
        pass
    fill(reopened, [make_document("b", "sách")])
    assert reopened.count() == 1
    reopened.drop_generation(name)


def test_a_damaged_pointer_or_folder_is_unavailable_not_a_crash(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    name = fill(engine, [make_document("a")])
    (tmp_path / CURRENT).write_text("../../etc\n")
    with pytest.raises(EngineUnavailable):
        TantivyEngine(tmp_path).count()
    (tmp_path / CURRENT).write_text("g0099" + name[5:])
    with pytest.raises(EngineUnavailable, match="lienthu reindex"):
        TantivyEngine(tmp_path).count()
    (tmp_path / CURRENT).write_text(name)
    (tmp_path / name / "meta.json").write_text("{}")
    with pytest.raises(EngineUnavailable, match="lienthu reindex"):
        TantivyEngine(tmp_path).count()


def test_editions_are_counted_from_the_file_as_from_the_index(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    name = fill(engine, [make_document(f"d{n}") for n in range(30)])
    with engine.open_writer(name) as writer:
        writer.delete(f"d{n}" for n in range(0, 30, 3))
        writer.upsert([make_document("d1"), make_document("new")])
        writer.commit()
    assert engine.count() == count_editions(tmp_path / name) == 21


def test_a_writer_that_is_not_ours_is_respected(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    name = fill(engine, [])
    foreign = tantivy.Index.open(str(tmp_path / name)).writer(15_000_000, 1)
    with pytest.raises(LockHeld), engine.open_writer(name):
        pass
    del foreign
    with engine.open_writer(name) as writer:
        writer.commit()


def test_a_closed_writer_says_so(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path)
    with engine.open_writer(fill(engine, [])) as writer:
        pass
    with pytest.raises(EngineError, match="closed"):
        writer.commit()


def test_repeated_writers_leave_no_files_behind(tmp_path: Path) -> None:
    """Segments that merged away are removed; what stays belongs to the last commit or is ours."""
    engine = TantivyEngine(tmp_path)
    name = fill(engine, [])
    for turn in range(12):
        with engine.open_writer(name) as writer:
            writer.upsert(make_document(f"d{n}", f"lần {turn}") for n in range(20))
            writer.commit()
    with engine.open_writer(name) as writer:
        writer.commit()
    segments = {path.name.split(".")[0] for path in (tmp_path / name).glob("*.store")}
    meta = (tmp_path / name / "meta.json").read_text()
    assert all(f"{segment[:8]}-{segment[8:12]}" in meta for segment in segments)
    assert engine.count() == 20


def test_what_a_dead_process_left_half_made_is_swept(tmp_path: Path) -> None:
    for name in (".nascent-dead", ".dropped-dead"):
        (tmp_path / name).mkdir()
    TantivyEngine(tmp_path).create_generation()
    assert not list(tmp_path.glob(".nascent-*")) + list(tmp_path.glob(".dropped-*"))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("solr:core", "tantivy:folder"),
        ("ftp://u:secret@es.example.org", "tantivy:folder"),
        ("https://:secret@", "host"),
    ],
)
def test_an_address_of_no_engine_is_refused_in_words(address: str, words: str) -> None:
    with pytest.raises((EngineError, SettingsError), match=words) as caught:
        open_engine(address)
    assert "secret" not in str(caught.value)
