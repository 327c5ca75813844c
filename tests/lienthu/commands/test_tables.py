"""`lienthu tables` and `lienthu preview --tables`: a librarian looks before an edit takes effect."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.indexer.library import build_raw, open_library

PARTNERS = """[[partner]]
id = "laocai"
name = {vi = "Thư viện tỉnh Lào Cai"}
country = "VN"
"""


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "LIENTHU_HOME": str(home), "LIENTHU_PARTNERS": str(home / "partners.toml"), "LIENTHU_LANG": "en",
        "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path),
    }  # fmt: skip
    command = [sys.executable, "-m", "lienthu", *words]
    return subprocess.run(command, capture_output=True, check=False, env=environment, encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An index of two books about two old names of places."""
    (tmp_path / "partners.toml").write_text(PARTNERS, encoding="utf-8")
    with open_library(tmp_path) as library:
        library.receive(
            build_raw("1", "Chợ phiên Thanh Bình"), build_raw("2", "Người Liên Minh"), build_raw("3", "Phở")
        )
        library.rebuild()
    return tmp_path


def test_the_tables_are_listed_with_those_of_the_library_itself(home: Path) -> None:
    (home / "tables").mkdir()
    (home / "tables" / "peoples.txt").write_text("Người Núi\n", encoding="utf-8")
    shown = run(home, "tables")
    assert shown.returncode == 0, shown.stderr
    assert f"1 line  {home / 'tables' / 'peoples.txt'}  (your own)" in shown.stdout
    assert "synonyms.txt" in shown.stdout
    assert "The index was built with other tables" in shown.stdout
    assert "Hà Nhì" in run(home, "tables", "peoples").stdout
    assert run(home, "tables", "people").returncode != 0


def test_a_draft_shows_what_it_would_change_and_changes_nothing(home: Path) -> None:
    draft = home / "draft"
    draft.mkdir()
    (draft / "places.txt").write_text("Liên Minh\nThanh Bình → Liên Minh\n", encoding="utf-8")
    (draft / "synonyms.txt").write_text("[names]\nphở ; bún bò\n", encoding="utf-8")
    seen = run(home, "preview", "--tables", str(draft))
    assert seen.returncode == 0, seen.stderr
    assert "3 records in 3 editions looked at; 2 editions would change" in seen.stdout
    assert "found under: place that it is about" in seen.stdout
    assert "0 → 1       bún bò" in seen.stdout
    assert "1 → 2       thanh bình" in seen.stdout
    assert "there is no index" not in run(home, "index").stderr.lower()
    assert run(home, "preview").stdout.startswith("3 records in 3 editions looked at; 0 editions would change")


def test_an_edited_table_has_the_index_built_anew(home: Path) -> None:
    assert "A new index is built" not in run(home, "index").stderr
    (home / "tables").mkdir()
    (home / "tables" / "places.txt").write_text("Liên Minh\nThanh Bình → Liên Minh\n", encoding="utf-8")
    built = run(home, "index")
    assert "because the tables of names were changed" in built.stderr
    assert "A new index is built" not in run(home, "index").stderr


def test_a_mistake_in_an_own_table_stops_every_command_with_file_and_line(home: Path) -> None:
    (home / "tables").mkdir()
    (home / "tables" / "peoples.txt").write_text("Dao\nDao\n", encoding="utf-8")
    for command in ("tables", "index", "preview"):
        refused = run(home, command)
        assert refused.returncode == 2
        assert "peoples.txt, line 2: “Dao” already belongs" in refused.stderr
