"""A wrong command is answered in the language of the command line, on one line, with where to read on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lienthu import __version__
from lienthu.errors import EXIT_DONE, EXIT_USAGE

REPOSITORY = Path(__file__).resolve().parents[2]


def ask(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inside = {**os.environ, "PYTHONPATH": str(REPOSITORY), "LIENTHU_LANG": "", "LC_ALL": "C.UTF-8", **environment}
    asked = [sys.executable, "-m", "lienthu", *words]
    return subprocess.run(asked, capture_output=True, cwd=folder, env=inside, encoding="utf-8", check=False)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["harvst"], "Lỗi: Không có lệnh “harvst”. Có phải ý bạn là: harvest? Hãy xem: lienthu --help\n"),
        (["harvest", "--foo"], "Lỗi: Không có tùy chọn --foo. Hãy xem: lienthu harvest --help\n"),
        (["explain"], "Lỗi: Thiếu RECORD|EDITION. Hãy xem: lienthu explain --help\n"),
        (["serve", "--port", "x"], "Lỗi: --port phải là một số. Hãy xem: lienthu serve --help\n"),
        (["run", "--every", "0"], "Lỗi: --every ít nhất phải là 1. Hãy xem: lienthu run --help\n"),
        (["--lang", "en", "status", "x"], "Error: Too many words: x. See: lienthu status --help\n"),
    ],
)
def test_a_wrong_command_is_told_in_words(tmp_path: Path, words: list[str], told: str) -> None:
    answer = ask(tmp_path, *words)
    assert (answer.returncode, answer.stdout, answer.stderr) == (EXIT_USAGE, "", told)


def test_a_wrong_setting_is_told_in_the_language_of_the_command_line(tmp_path: Path) -> None:
    answer = ask(tmp_path, "status", LIENTHU_ENGINE="foo:")
    assert answer.returncode == EXIT_USAGE
    assert answer.stderr.startswith("Lỗi: LIENTHU_ENGINE đang là “foo:”")


def test_the_version_is_told_without_a_command(tmp_path: Path) -> None:
    answer = ask(tmp_path, "--version")
    assert (answer.returncode, answer.stdout, answer.stderr) == (EXIT_DONE, f"Liên Thư {__version__}\n", "")


def test_without_words_the_commands_are_listed(tmp_path: Path) -> None:
    answer = ask(tmp_path)
    assert answer.returncode == EXIT_DONE
    assert "Cách dùng: lienthu" in answer.stdout
    assert "Các lệnh:" in answer.stdout
