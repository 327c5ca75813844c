"""The file of golden queries: a mistake is told with its place before anything is built."""

import re
from pathlib import Path

import pytest

from lienthu.errors import SettingsError
from lienthu.golden import GOLDEN_FILE, GoldenQuery, read_golden_queries


def write(folder: Path, text: str) -> Path:
    path = folder / GOLDEN_FILE
    path.write_text(text, encoding="utf-8")
    return path


def test_a_library_without_the_file_has_no_golden_queries(tmp_path: Path) -> None:
    assert read_golden_queries(tmp_path / GOLDEN_FILE) == ()


def test_a_query_is_read_with_what_must_be_found(tmp_path: Path) -> None:
    path = write(tmp_path, '[[query]]\nask = ["truyen kieu"]\nwithin = ["laocai/oai/1", "lt000002"]\nin = 3\n')
    assert read_golden_queries(path) == (
        GoldenQuery(ask=("truyen kieu",), within=("laocai/oai/1", "lt000002"), depth=3),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[query]\n", "not valid TOML"),
        ('query = "x"\n', "double brackets"),
        ('[[queries]]\nask = ["x"]\n', "double brackets"),
        ('[[query]]\nask = ["x"]\nfist = "lt000001"\n', "#1: there is no key “fist”. Did you mean: first?"),
        ('[[query]]\nask = "x"\nfirst = "lt000001"\n', "#1: Expected `array`"),
        ('[[query]]\nask = ["x"]\ntotal = 1\n\n[[query]]\nask = ["x"]\n', "#2: say what is asked"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(told)) as caught:
        read_golden_queries(write(tmp_path, text))
    assert GOLDEN_FILE in str(caught.value)
