"""`lienthu check` as a library uses it before it joins: in words, as a page, for machines, with an exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lienthu.errors import EXIT_DONE, EXIT_FAILED, EXIT_INCOMPLETE, EXIT_USAGE
from tests.indexer.crosswalks.marc_writing import write_iso2709

REPOSITORY = Path(__file__).resolve().parents[3]
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fields = ("001 1", "020 ## $a9786046401544", "100 ## $aTô Hoài", "245 ## $aDế mèn phiêu lưu ký", "260 ## $c2020")
    sound = write_iso2709("\n".join(fields))
    strange = write_iso2709(f"001 2\n245 ## $a{HOSTILE}\n260 ## $c20003")
    (tmp_path / "sach.mrc").write_bytes(sound + strange)
    (tmp_path / "cut.mrc").write_bytes(sound + sound[:50])
    return tmp_path


def check(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "LIENTHU_LANG": "vi"}
    asked = [sys.executable, "-m", "lienthu", "check", *words]
    return subprocess.run(asked, capture_output=True, cwd=folder, env=environment, encoding="utf-8", check=False)


@pytest.mark.parametrize(
    ("language", "verdict", "part"),
    [
        ("vi", "Có thể thu hoạch.", "Nhan đề"),
        ("en", "It can be harvested.", "Title"),
        ("zh", "可以收割。", "题名"),
    ],
)
def test_the_result_is_told_in_three_languages(folder: Path, language: str, verdict: str, part: str) -> None:
    told = check(folder, "sach.mrc", "--language", language)
    assert (told.returncode, told.stderr) == (EXIT_DONE, "")
    assert verdict in told.stdout
    assert part in told.stdout
    assert "[year-impossible]" in told.stdout


def test_the_page_has_all_languages_and_nothing_of_a_record_runs_in_it(folder: Path) -> None:
    told = check(folder, "sach.mrc", "--html", "check.html")
    page = (folder / "check.html").read_text(encoding="utf-8")
    assert told.returncode == EXIT_DONE
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    for verdict in ("Có thể thu hoạch.", "It can be harvested.", "可以收割。"):
        assert verdict in page


def test_machines_get_the_faults_with_their_sections(folder: Path) -> None:
    told = check(folder, "cut.mrc", "--json")
    answer = json.loads(told.stdout)
    assert told.returncode == EXIT_INCOMPLETE
    assert {fault["rule"] for fault in answer["faults"]} == {"file-rejected", "file-unreadable"}
    assert all(fault["section"] == "ISO 2709" and fault["meaning"] for fault in answer["faults"])
    assert answer["contents"]["mapped"] == 1


def test_nothing_but_the_page_that_was_asked_for_is_left_behind(folder: Path) -> None:
    before = sorted(folder.iterdir())
    check(folder, "sach.mrc")
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["none.mrc"], EXIT_USAGE),
        (["sach.mrc", "--language", "fr"], EXIT_USAGE),
        (["http://127.0.0.1:9/oai"], EXIT_FAILED),
    ],
)
def test_the_exit_code_tells_how_it_went(folder: Path, words: list[str], code: int) -> None:
    assert check(folder, *words).returncode == code
