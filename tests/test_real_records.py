"""Every file of real MARC, harvested as a file partner and indexed: both sums hold, nothing is lost silently."""

import os
from pathlib import Path

import pytest

from harvesters.run import Harvest, harvest_feed
from indexer.build import build_generation
from indexer.promotion import promote_generation
from lienthu.engine import open_engine
from lienthu.partner import Feed, Partner
from lienthu.store import open_store

SHARED = Path(os.environ.get("LIENTHU_SHARED", Path(__file__).resolve().parent.parent.parent / "shared")) / "data"
FILES = sorted(SHARED.rglob("*.mrc")) + sorted(SHARED.rglob("*.mrc.gz"))


def test_the_real_records_are_there(shared_data: Path) -> None:
    assert len(FILES) >= 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_both_sums_hold_for_a_file_of_real_records(path: Path, tmp_path: Path) -> None:
    feed = Feed(id="file", protocol="file", path=str(path))
    partner = Partner(id="real", name={"en": "Real records"}, feed=(feed,))
    engine = open_engine(f"tantivy:{(tmp_path / 'index').as_posix()}")
    try:
        with open_store(f"sqlite:///{(tmp_path / 'lienthu.db').as_posix()}", tmp_path) as store:
            result = harvest_feed(Harvest(store=store, home=tmp_path), partner, feed)
            counts = result.counts
            assert counts.received > 0
            assert counts.adds_up
            assert len(store.rejections(result.run_id, 10_000)) == counts.rejected
            built = build_generation(store, engine, {"real": partner})
            promote_generation(store, engine, built.generation, {"real": partner}, force=True)
            live = store.count_records().live
            assert live == counts.stored
            tally = store.tally(built.generation).get("real", {})
            assert sum(tally.values()) == live
            for outcome in ("skipped", "failed"):
                told = store.fate_examples(built.generation, outcome, None, 10_000)
                assert len(told) == tally.get(outcome, 0)
                assert all(rule and reason for _, rule, reason in told)
            assert sum(len(members) for members in list_members(engine)) == tally.get("mapped", 0)
    finally:
        engine.close()


def list_members(engine: object) -> list[list[str]]:
    import msgspec

    from lienthu.edition import Edition

    return [list(msgspec.json.decode(source, type=Edition).members) for _, source in engine.scan()]  # type: ignore[attr-defined]
