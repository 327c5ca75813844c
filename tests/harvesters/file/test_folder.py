import os
from pathlib import Path

import pytest

from harvesters.file import folder
from harvesters.file.folder import find_files, part_unfinished, read_fingerprint
from lienthu.errors import HarvestError
from tests.harvesters.file.dropping import Reading, write_marc


def drop(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    drop(tmp_path, "drop/b.mrc", "drop/a.mrc", "drop/c.xml", "drop/.hidden.mrc")
    assert [file.name for file in find_files("drop/*.mrc", tmp_path)] == ["a.mrc", "b.mrc"]
    assert [file.name for file in find_files("drop", tmp_path)] == ["a.mrc", "b.mrc", "c.xml"]
    assert [file.name for file in find_files(str(tmp_path / "drop" / "?.mrc"), Path("/"))] == ["a.mrc", "b.mrc"]


def test_a_glob_may_reach_into_folders_below(tmp_path: Path) -> None:
    drop(tmp_path, "drop/2025/a.mrc", "drop/2026/a.mrc")
    assert [file.name for file in find_files("drop/**/*.mrc", tmp_path)] == ["2025/a.mrc", "2026/a.mrc"]


def test_one_file_by_its_name_even_with_brackets(tmp_path: Path) -> None:
    drop(tmp_path, "drop/sách [2025].mrc")
    assert [file.name for file in find_files("drop/sách [2025].mrc", tmp_path)] == ["sách [2025].mrc"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_out_of_its_folder_is_marked_and_one_within_is_not(tmp_path: Path) -> None:
    drop(tmp_path, "secret.mrc", "drop/a.mrc")
    (tmp_path / "drop" / "b.mrc").symlink_to(tmp_path / "secret.mrc")
    (tmp_path / "drop" / "c.mrc").symlink_to(tmp_path / "drop" / "a.mrc")
    assert [(file.name, file.outside) for file in find_files("drop", tmp_path)] == [
        ("a.mrc", False),
        ("b.mrc", True),
        ("c.mrc", False),
    ]


@pytest.mark.parametrize(("path", "words"), [("", "no path"), ("none/*.mrc", "not there"), ("drop/*.mrc", "No file")])
def test_a_path_that_names_nothing_is_an_error_that_says_what_to_do(tmp_path: Path, path: str, words: str) -> None:
    (tmp_path / "drop").mkdir()
    with pytest.raises(HarvestError, match=words):
        find_files(path, tmp_path)


def test_the_fingerprint_changes_with_the_file(tmp_path: Path) -> None:
    drop(tmp_path, "a.mrc")
    before = read_fingerprint(tmp_path / "a.mrc")
    assert read_fingerprint(tmp_path / "a.mrc") == before
    (tmp_path / "a.mrc").write_bytes(b"b.mrc")
    assert read_fingerprint(tmp_path / "a.mrc") != before


def test_a_file_that_is_still_being_copied_is_left_for_the_next_run(tmp_path: Path) -> None:
    drop(tmp_path, "a.mrc", "b.mrc.part", "c.xlsx.crdownload", "~$d.xlsx", "Thumbs.db")
    finished, unfinished = part_unfinished(find_files(".", tmp_path))
    assert [file.name for file in finished] == ["a.mrc"]
    assert [file.name for file in unfinished] == ["b.mrc.part", "c.xlsx.crdownload"]


def test_a_file_that_grows_is_left_for_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(tmp_path, "a.mrc", "b.mrc")

    def copy_more(_seconds: float) -> None:
        with (tmp_path / "b.mrc").open("ab") as file:
            file.write(b"more")

    monkeypatch.setattr(folder.time, "sleep", copy_more)
    finished, unfinished = part_unfinished(find_files(".", tmp_path))
    assert ([file.name for file in finished], [file.name for file in unfinished]) == (["a.mrc"], ["b.mrc"])


def test_a_run_that_left_a_file_says_so_and_is_not_complete(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "a.mrc").write_bytes(write_marc("1"))
    (tmp_path / "drop" / "b.mrc.part").write_bytes(write_marc("2")[:20])
    reading = Reading("drop", tmp_path)
    assert (reading.ids, reading.verdict) == (["1"], "incomplete")
    assert "b.mrc.part is still being copied" in reading.message
