"""`lienthu status` tells the truth about the index, also where the engine does not answer or a part is missing."""

from pathlib import Path

import pytest

from lienthu.errors import EXIT_DONE, EXIT_FAILED, EngineError
from lienthu.settings import name_variable
from tests.lienthu.commands.desk import Desk, open_desk
from tests.servers.process import find_free_port


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return open_desk(tmp_path, monkeypatch, capsys)


def test_with_the_engine_down_the_store_and_the_partners_are_told_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run("index")
    address = f"http://127.0.0.1:{find_free_port()}"
    monkeypatch.setenv(name_variable("engine"), address.replace("//", "//reader:s3same@"))
    code, told = desk.run("status")
    assert code == EXIT_FAILED
    assert "Store: 3 records" in told
    assert f"Index: it does not answer. Elasticsearch at {address} cannot be reached" in told
    assert "laocai: 3 records = 3 mapped + 0 skipped + 0 failed\n" in told
    assert "s3same" not in told
    standing = desk.ask("status")
    assert standing["index"].items() >= {
        "engine": "elasticsearch", "generation": None, "editions": None, "behind": 0, "state": "unavailable",
    }.items()  # fmt: skip
    assert address in standing["index"]["message"]
    assert standing["partners"][0]["records"] == {"live": 3, "mapped": 3, "skipped": 0, "failed": 0}


def test_copies_that_are_missing_are_told_and_are_no_failure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.run("index")
    trouble = EngineError("1 of 2 parts is missing")
    monkeypatch.setattr("lienthu.engine.tantivy.TantivyEngine.find_trouble", lambda engine: trouble)
    code, told = desk.run("status")
    assert code == EXIT_DONE
    assert "Index: 3 editions" in told
    assert "1 of 2 parts is missing" in told
    assert desk.ask("status")["index"]["state"] == "degraded"


def test_every_rejected_row_is_listed_and_the_harvest_says_where(desk: Desk) -> None:
    rows = "".join(f"{number},\n" for number in range(1, 8))
    (desk.home / "laocai" / "b.xml").write_text(f"Số ĐKCB,Nhan đề\n0,Có\n{rows}", encoding="utf-8")
    told = desk.run("harvest", "laocai")[1]
    assert told.count("b.xml: row ") == 5
    assert "laocai/drop: 2 more were rejected: lienthu status --outcomes" in told
    listed = [line for line in desk.run("status", "--outcomes")[1].splitlines() if line.startswith("rejected\t")]
    assert [line.split("\t")[1] for line in listed] == [f"laocai/drop/{number}" for number in range(1, 8)]
    assert "b.xml: row 9, column B" in listed[-1]
    desk.run("index")
    told = desk.run("report", "laocai")[1]
    assert "drop: 7 records were rejected\n    1  b.xml: row 3, column B" in told
    assert "Nothing to mend" not in told


def test_why_a_record_failed_is_told_in_the_language_of_the_command_line(desk: Desk) -> None:
    path = desk.home / "laocai" / "a.xml"
    path.write_bytes(path.read_bytes().replace(b'tag="245"', b'tag="945"', 1))
    desk.run("harvest", "laocai")
    desk.run("index")
    assert "title-missing\tlaocai, record r0: there is no title in 245" in desk.run("status", "--outcomes")[1]
    desk.language = "vi"
    assert "title-missing\tBiểu ghi không có nhan đề" in desk.run("status", "--outcomes")[1]


def test_no_index_yet_is_no_failure(desk: Desk) -> None:
    assert desk.run("status")[0] == EXIT_DONE
    assert desk.ask("status")["index"].items() >= {"generation": None, "editions": 0, "state": "none"}.items()
