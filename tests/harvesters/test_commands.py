"""`lienthu harvest`: what it prints, what it answers, and that one failing feed never stops the others."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from harvesters.commands import register
from lienthu.errors import SettingsError
from lienthu.settings import DEFAULTS, name_variable
from tests.servers.oai_server import Library, OaiServer, build_records, serve_library

PARTNER = '[[partner]]\nid = "{id}"\nname = {{vi = "{id}"}}\nenabled = {enabled}\n'
FEED = '[[partner.feed]]\nid = "{id}"\nprotocol = "oai-pmh"\nurl = "{url}"\nformat = "marcxml"\ndelay = 0\n'


@pytest.fixture
def server() -> Iterator[OaiServer]:
    with serve_library(Library(build_records(15))) as serving:
        yield serving


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: OaiServer) -> Path:
    """A folder with partners.toml: ``broken`` first, then ``tlu`` with two feeds, then one that is switched off."""
    dead = server.url.replace("/oai", "/nowhere")
    text = PARTNER.format(id="broken", enabled="true") + FEED.format(id="oai", url=dead)
    text += 'auth = {basic = "env:NOT_SET_ANYWHERE"}\n'
    text += PARTNER.format(id="tlu", enabled="true") + FEED.format(id="oai", url=server.url)
    text += FEED.format(id="books", url=server.url) + 'set = "books"\nschedule = "never"\n'
    text += PARTNER.format(id="ctu", enabled="false") + FEED.format(id="oai", url=server.url)
    (tmp_path / "partners.toml").write_text(text, encoding="utf-8")
    for key in DEFAULTS:
        monkeypatch.delenv(name_variable(key), raising=False)
    monkeypatch.delenv("NOT_SET_ANYWHERE", raising=False)
    monkeypatch.setenv("LIENTHU_HOME", str(tmp_path / "var"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lienthu(*arguments: str) -> Result:
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    return CliRunner().invoke(app, ["harvest", *arguments])


@pytest.mark.usefixtures("catalogue")
def test_one_failing_feed_does_not_stop_the_others() -> None:
    result = lienthu("--json")
    answer = json.loads(result.stdout)
    assert [(feed["partner"], feed["id"], feed["verdict"]) for feed in answer["feeds"]] == [
        ("broken", "oai", "failed"),
        ("tlu", "oai", "complete"),
        ("tlu", "books", "complete"),
    ]
    assert result.exit_code == 1
    assert "NOT_SET_ANYWHERE" in answer["feeds"][0]["message"]


@pytest.mark.usefixtures("catalogue")
def test_the_json_answer_proves_its_verdict() -> None:
    result = lienthu("tlu", "--feed", "oai", "--json")
    (feed,) = json.loads(result.stdout)["feeds"]
    assert result.exit_code == 0
    assert (feed["promised"], feed["received"], feed["stored"]) == (15, 15, 15)
    names = ("stored", "unchanged", "deleted", "repeated", "rejected")
    assert feed["received"] == sum(feed[name] for name in names)


@pytest.mark.usefixtures("catalogue")
def test_the_table_names_every_feed_with_its_counts() -> None:
    result = lienthu("tlu")
    assert result.exit_code == 0
    (line,) = [line for line in result.stdout.splitlines() if "tlu/oai" in line]
    assert line.split()[1:4] == ["complete", "15", "15"]
    assert result.stderr == ""


@pytest.mark.usefixtures("catalogue")
def test_a_rejected_record_is_named(server: OaiServer) -> None:
    server.library.records[3].xml = ""
    result = lienthu("tlu", "--feed", "oai")
    assert f"rejected {server.library.records[3].id}" in result.stdout
    (feed,) = json.loads(lienthu("tlu", "--feed", "oai", "--full", "--json").stdout)["feeds"]
    assert [(one["rule"], one["position"]) for one in feed["rejections"]] == [("metadata-missing", 4)]


@pytest.mark.usefixtures("catalogue")
def test_only_what_is_due_is_asked(server: OaiServer) -> None:
    lienthu("tlu", "--due")
    asked = len(server.library.requests)
    result = lienthu("tlu", "--due")
    assert asked == 2
    assert (result.exit_code, len(server.library.requests)) == (0, asked)
    assert json.loads(lienthu("tlu", "--due", "--json").stdout) == {"feeds": []}


@pytest.mark.usefixtures("catalogue")
def test_full_asks_for_everything_again(server: OaiServer) -> None:
    lienthu("tlu", "--feed", "oai")
    (feed,) = json.loads(lienthu("tlu", "--feed", "oai", "--full", "--json").stdout)["feeds"]
    assert feed["unchanged"] == 15


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["tul"], "tlu"), (["tlu", "--feed", "boks"], "books"), (["ctu"], "enabled = true"), (["--feed", "x"], "books")],
)
def test_a_wrong_name_is_answered_with_a_suggestion(arguments: list[str], words: str) -> None:
    result = lienthu(*arguments)
    assert isinstance(result.exception, SettingsError)
    assert words in str(result.exception)
    assert result.exception.exit_code == 2


def test_a_partner_without_a_feed_is_told_what_is_missing(catalogue: Path) -> None:
    (catalogue / "partners.toml").write_text('[[partner]]\nid = "moi"\nname = {vi = "Mới"}\n', encoding="utf-8")
    result = lienthu("moi")
    assert isinstance(result.exception, SettingsError)
    assert "“moi” has no feed: write one under [[partner.feed]]" in str(result.exception)


def test_without_partners_it_says_how_to_begin(catalogue: Path) -> None:
    (catalogue / "partners.toml").unlink()
    result = lienthu()
    assert isinstance(result.exception, SettingsError)
    assert "partners.example.toml" in str(result.exception)
