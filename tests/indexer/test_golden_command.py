"""A library's own golden queries, by the command line."""

from pathlib import Path

import pytest

from lienthu.errors import EXIT_DONE, EXIT_FAILED, EXIT_USAGE
from lienthu.golden import GOLDEN_FILE
from tests.contracts.test_promotion_contract import forget_titles
from tests.lienthu.commands.desk import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    desk = open_desk(tmp_path, monkeypatch, capsys)
    desk.run("index")
    return desk


def write(desk: Desk, text: str) -> None:
    (desk.home / GOLDEN_FILE).write_text(text, encoding="utf-8")


def test_how_they_are_answered_is_told_before_and_after_a_build(desk: Desk) -> None:
    write(desk, '[[query]]\nask = ["sach so 1"]\nfirst = "laocai/drop/r1"\n[[query]]\nask = ["sach"]\ntotal = 4\n')
    serving = desk.ask("status")["index"]["generation"]
    code, told = desk.run("reindex", "--dry-run")
    assert code == EXIT_DONE
    assert f"1 of 2 golden queries are answered as written by {serving}\n" in told
    assert "“sach”: 3 editions are found, not 4" in told
    code, told = desk.run("reindex")
    assert code == EXIT_DONE
    assert "1 of 2 golden queries" in told


def test_a_build_that_answers_worse_is_not_swapped_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    write(desk, '[[query]]\nask = ["sach so 1"]\nfirst = "laocai/drop/r1"\n')
    serving = desk.ask("status")["index"]["generation"]
    with monkeypatch.context() as defect:
        defect.setattr("indexer.step.build_index_document", forget_titles)
        code, told = desk.run("reindex")
    assert code == EXIT_FAILED
    assert "“sach so 1”: laocai/drop/r1 is not the first hit" in told
    assert desk.ask("status")["index"]["generation"] == serving
    (refused,) = (line.split("\t")[0] for line in desk.run("generations")[1].splitlines() if "serving" not in line)
    assert desk.run("promote", refused)[0] == EXIT_FAILED
    assert desk.run("promote", refused, "--force")[0] == EXIT_DONE
    assert desk.ask("status")["index"]["generation"] == refused


def test_a_mistake_in_the_file_stops_a_build_before_it_begins(desk: Desk) -> None:
    write(desk, '[[query]]\nask = ["sach"]\n')
    code, told = desk.run("reindex")
    assert code == EXIT_USAGE
    assert f"{GOLDEN_FILE}, #1" in told
    assert len(desk.run("generations")[1].splitlines()) == 1
