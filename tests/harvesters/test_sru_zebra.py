"""SRU against a server that nobody here wrote (Zebra), serving real MARC."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymarc
import pytest

from tests.harvesters.desk import Desk
from tests.servers.zebra import Zebra, ZebraMissing

pytestmark = pytest.mark.shared
EVERYTHING: dict[str, Any] = {"protocol": "sru", "query": "everything", "format": "marcxml", "deletions": "snapshot"}


@pytest.fixture
def zebra(tmp_path: Path) -> Iterator[Zebra]:
    folder = tmp_path / "zebra"
    folder.mkdir()
    try:
        yield Zebra(folder)
    except ZebraMissing as error:
        if os.environ.get("LIENTHU_REQUIRE_ALL") == "1":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture
def marc(shared_data: Path) -> list[bytes]:
    """Two hundred records in UTF-8, each with a 001 of its own."""
    with (shared_data / "marc" / "uva_001-200.mrc").open("rb") as file:
        records = [record for record in pymarc.MARCReader(file, to_unicode=True) if record is not None]
    for record in records:
        record.leader = f"{str(record.leader)[:9]}a{str(record.leader)[10:]}"  # type: ignore[assignment]
    return [bytes(record.as_marc()) for record in records]


def test_zebra_is_harvested_wholly_then_with_changes_and_deletions(desk: Desk, zebra: Zebra, marc: list[bytes]) -> None:
    zebra.update(b"".join(marc))
    with zebra.serve() as url:
        whole = desk.harvest(url, **EVERYTHING)
    counts = whole.counts
    assert (whole.verdict, counts.received, counts.promised, counts.stored) == ("complete", 200, 200, 200)
    assert desk.live_ids() == {record_001(record) for record in marc}
    assert {raw.format for raw in desk.read_all().values()} == {"marcxml"}
    zebra.delete(b"".join(marc[:5]))
    changed = pymarc.Record(data=marc[10])
    changed.add_field(pymarc.Field(tag="500", indicators=pymarc.Indicators(" ", " "), subfields=[
        pymarc.Subfield("a", "Sách quý"),
    ]))  # fmt: skip
    zebra.update(bytes(changed.as_marc()))
    with zebra.serve() as url:
        again = desk.harvest(url, **EVERYTHING)
    assert (again.verdict, again.counts.received, again.counts.stored, again.removed) == ("complete", 195, 1, 5)
    assert desk.live_ids() == {record_001(record) for record in marc[5:]}
    assert "Sách quý".encode() in desk.read_all()[record_001(marc[10])].payload


def test_zebra_answers_queries_and_says_what_it_does_not_have(desk: Desk, zebra: Zebra, marc: list[bytes]) -> None:
    zebra.update(b"".join(marc[:30]))
    with zebra.serve() as url:
        some = desk.harvest(url, **{**EVERYTHING, "query": "dc.title = history"})
        none = desk.harvest(url, **{**EVERYTHING, "query": "dc.title = quyển-không-có"})
        unknown = desk.harvest(url, **{**EVERYTHING, "query": "dc.shelf = 1"})
        schema = desk.harvest(url, **{**EVERYTHING, "format": "mods"})
    assert some.verdict == "complete"
    assert some.counts.received == some.counts.promised
    assert (none.verdict, none.counts.received) == ("complete", 0)
    assert unknown.verdict == "failed"
    assert "does not have this index" in unknown.message
    assert schema.verdict == "failed"
    assert "mods" in schema.message


def record_001(record: bytes) -> str:
    found = pymarc.Record(data=record).get("001")
    return str(found.data) if found is not None else ""
