"""`lienthu report`, `lienthu preview` and `lienthu explain` as an admin meets them, over the demo's rules."""

import json
from pathlib import Path

import pytest

from lienthu.__main__ import main
from tests.indexer.library import build_raw, open_library

PARTNERS = """
[[partner]]
id = "laocai"
name = {{ vi = "Thư viện tỉnh Lào Cai" }}

[[partner.feed]]
id = "oai"
protocol = "file"
path = "{folder}"
format = "marcxml"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "partners.toml").write_text(PARTNERS.format(folder=tmp_path.as_posix()), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIENTHU_HOME", str(tmp_path))
    monkeypatch.setenv("LIENTHU_LANG", "en")
    with open_library(tmp_path) as library:
        library.receive(build_raw("1", "Số đỏ", isbn="978-604-64-0154-5"), build_raw("2", "Tắt đèn"))
    run("reindex")
    return tmp_path


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(words)
    return int(ended.value.code or 0)


def test_a_report_is_told_in_words_as_json_and_as_a_table(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("report", "laocai") == 0
    told = capsys.readouterr().out
    assert "Score 50 of 100" in told
    assert "1 record [isbn-invalid]" in told
    assert run("report", "laocai", "--json") == 0
    shown = json.loads(capsys.readouterr().out)
    assert [problem["rule"] for problem in shown["problems"]] == ["isbn-invalid"]
    assert [day["score"] for day in shown["trend"]] == [50]
    assert run("report", "laocai", "--csv") == 0
    assert "isbn-invalid,warning,1,1," in capsys.readouterr().out
    assert run("report", "laocai", "--rule", "isbn-invalid") == 0
    assert "oai,1,isbn-invalid,warning,020$a,978-604-64-0154-5," in capsys.readouterr().out


def test_a_report_becomes_a_file_or_a_link(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("report", "laocai", "--html", "laocai.html") == 0
    assert "isbn-invalid" in (home / "laocai.html").read_text(encoding="utf-8")
    capsys.readouterr()
    assert run("report", "laocai", "--link") == 0
    link = capsys.readouterr().out.strip()
    assert "/partners/laocai/report?key=" in link
    assert (home / "report.key").read_text().strip() not in link


def test_what_cannot_be_reported_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("report", "nobody") == 1
    assert run("report", "laocai", "--rule", "no-such-rule") == 1
    assert run("report", "laocai", "--csv", "--json") == 2
    assert run("report", "laocai", "--html", "no/such/folder.html") == 2
    assert "no/such/folder.html cannot be written" in capsys.readouterr().err


def test_a_record_is_explained_and_a_change_is_previewed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("explain", "laocai/oai/1") == 0
    told = capsys.readouterr().out
    assert "title: main title = Số đỏ" in told
    assert "rule: 245 $a title" in told
    assert "020$a [isbn-invalid, warning]" in told
    assert run("preview") == 0
    assert "2 records in 2 editions looked at; 0 editions would change." in capsys.readouterr().out
    assert run("preview", "--partner", "nobody") == 1
