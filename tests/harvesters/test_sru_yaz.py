"""SRU against a server that nobody here wrote (YAZ's own), which counts more than it can send in some formats."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harvesters.desk import Desk
from tests.servers.yaz import YazMissing, serve_yaz


@pytest.fixture
def yaz(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "yaz"
    folder.mkdir()
    try:
        with serve_yaz(folder) as url:
            yield url
    except YazMissing as error:
        if os.environ.get("LIENTHU_REQUIRE_ALL") == "1":
            pytest.fail(str(error))
        pytest.skip(str(error))


def test_yaz_is_harvested_wholly_and_again(desk: Desk, yaz: str) -> None:
    asked = {"protocol": "sru", "query": "computer", "format": "marcxml"}
    whole = desk.harvest(yaz, **asked)
    again = desk.harvest(yaz, **asked)
    assert (whole.verdict, again.verdict) == ("complete", "complete")
    assert whole.counts.received == whole.counts.promised == len(desk.live_ids()) > 5
    assert again.counts.unchanged == whole.counts.received
    assert {raw.format for raw in desk.read_all().values()} == {"marcxml"}


def test_yaz_has_no_record_in_dublin_core_and_such_a_run_is_not_complete(desk: Desk, yaz: str) -> None:
    result = desk.harvest(yaz, protocol="sru", query="computer", format="dc")
    assert (result.verdict, result.counts.rejected) == ("incomplete", result.counts.promised)
    assert "could not be kept" in result.message
    assert desk.live_ids() == set()
