"""Where an admin sits in tests: the command line in a folder of its own, with two libraries that drop files."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lienthu.__main__ import main
from lienthu.composition import compose
from lienthu.settings import name_variable, read_settings
from search_api.answer import Asked
from search_api.service import Catalogue
from tests.indexer.library import build_marcxml

PARTNERS = """
[[partner]]
id = "laocai"
name = {vi = "Lào Cai"}
[[partner.feed]]
id = "drop"
protocol = "file"
path = "laocai/*.xml"
deletions = "snapshot"

[[partner]]
id = "yenbai"
name = {vi = "Yên Bái"}
[[partner.feed]]
id = "drop"
protocol = "file"
path = "yenbai/*.xml"
deletions = "snapshot"
"""


def drop(home: Path, partner_id: str, numbers: range) -> None:
    folder = home / partner_id
    folder.mkdir(exist_ok=True)
    records = b"".join(build_marcxml(f"r{number}", f"Sách số {number}") for number in numbers)
    (folder / "a.xml").write_bytes(b"<collection>" + records + b"</collection>")


class Desk:
    """The command line in a folder of its own."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.capsys = capsys
        self.language = "en"

    def drop(self, partner_id: str, numbers: range) -> None:
        drop(self.home, partner_id, numbers)

    def run(self, *arguments: str) -> tuple[int, str]:
        """The exit code and all that was said."""
        with pytest.raises(SystemExit) as stop:
            main(["--lang", self.language, *arguments])
        told = self.capsys.readouterr()
        code = stop.value.code
        return (code if isinstance(code, int) else 0), told.out + told.err

    def ask(self, *arguments: str) -> Any:
        with pytest.raises(SystemExit):
            main(["--lang", "en", *arguments, "--json"])
        return json.loads(self.capsys.readouterr().out)

    def sums(self) -> dict[str, tuple[int, int, int]]:
        """partner -> (live, mapped, skipped); the sum is checked."""
        sums = {}
        for partner in self.ask("status")["partners"]:
            records = partner["records"]
            assert records["live"] == records["mapped"] + records["skipped"] + records["failed"]
            sums[partner["id"]] = (records["live"], records["mapped"], records["skipped"])
        return sums

    @contextmanager
    def open(self) -> Iterator[Catalogue]:
        with compose(read_settings()) as made:
            yield Catalogue(made.settings, made.store, made.engine, made.partners)

    def find(self, query: str) -> set[str]:
        """Ids of the editions that are found."""
        with self.open() as catalogue:
            answer = catalogue.search(Asked(q=query, strict=True))
            assert answer.total == len(answer.found)
            return {found.edition.id for found in answer.found}


def live_in(home: Path, patch: pytest.MonkeyPatch) -> None:
    for key in ("store", "engine", "partners", "lang", "public_url"):
        patch.delenv(name_variable(key), raising=False)
    patch.setenv("LIENTHU_HOME", str(home))
    patch.chdir(home)


def open_desk(home: Path, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """With three books of Lào Cai, harvested and not yet indexed."""
    (home / "partners.toml").write_text(PARTNERS, encoding="utf-8")
    live_in(home, patch)
    desk = Desk(home, capsys)
    desk.drop("laocai", range(3))
    assert desk.run("harvest", "laocai")[0] == 0
    return desk
