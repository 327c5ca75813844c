"""Every released schema can be opened: ``fixtures/store/schema-N.sql`` is a small store as release N left it."""

import re
import sqlite3
from pathlib import Path

import pytest

from lienthu.raw_record import RecordKey
from lienthu.store import open_store
from lienthu.store.upgrade import STEPS

RELEASED = sorted((Path(__file__).resolve().parents[1] / "fixtures" / "store").glob("schema-*.sql"))


def read_tables(path: Path) -> set[str]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {re.sub(r"\s+", " ", sql).strip() for (sql,) in rows}


def test_every_schema_number_has_its_store() -> None:
    assert [path.stem for path in RELEASED] == [f"schema-{number}" for number in range(1, len(STEPS) + 1)]


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_released_store_is_upgraded_with_all_that_it_holds(released: Path, tmp_path: Path) -> None:
    old, fresh = tmp_path / "old.db", tmp_path / "fresh.db"
    connection = sqlite3.connect(old)
    connection.executescript(released.read_text(encoding="utf-8"))
    connection.close()
    open_store(f"sqlite:///{fresh}", tmp_path).close()
    with open_store(f"sqlite:///{old}", tmp_path) as store:
        assert store.schema_number == len(STEPS)
        live = {entry.raw.source_id: entry.raw.payload.decode() for entry in store.changes_since(0, 10)}
        assert live == {"1": "Truyện Kiều", "1~2": "Số đỏ", "2": "Tắt đèn"}
        deleted = store.find_record(RecordKey("laocai", "oai", "2"))
        assert deleted is not None
        assert deleted.raw.deleted
        run = store.begin_run("laocai", "oai")
        assert (run.resumed, run.checkpoint, run.full) == (True, b"next", False)
        complete = store.last_complete("laocai", "oai")
        assert complete is not None
        assert (complete.counts.received, complete.counts.rejected) == (4, 1)
        assert str(complete.message) in {"", "received 4: the list ended early"}
        assert store.tally("g1") == {"laocai": {"mapped": 2}}
        alias = store.resolve_edition("lt000002")
        assert alias is not None
        assert alias.edition_id == "lt000001"
        assert store.allot_editions([9]) == {9: "lt000004"}
    assert read_tables(old) == read_tables(fresh)
