"""Tests about the house itself: who may import whom, and that what exists is written down."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from lienthu import errors
from lienthu.settings import DEFAULTS, name_variable

REPOSITORY = Path(__file__).resolve().parent.parent
ROOMS = ("lienthu", "harvesters", "indexer", "search_api", "web")
MAY_IMPORT = {
    "lienthu": set(),
    "harvesters": {"lienthu"},
    "indexer": {"lienthu"},
    "search_api": {"lienthu"},
    "web": {"lienthu", "search_api"},
}
COMMAND_LINE = ("lienthu", "harvesters", "indexer", "search_api", "web/commands.py")
"""Whose texts `lienthu/locale` translates; the pages have a catalogue of their own."""
IMPORTS_EVERY_ROOM = ("lienthu/__main__.py", "lienthu/commands/")
"""The only places of `lienthu` that may import rooms, and only inside functions."""
ONLY_THESE = re.compile(r"\b(?:utils|helpers|manager|handler)\b")


def list_modules() -> list[Path]:
    return [path for room in ROOMS for path in sorted((REPOSITORY / room).rglob("*.py"))]


def find_room_imports(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """(room, whether at the top level of the module) for each import of one of our rooms."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            room = name.split(".")[0]
            if room in ROOMS:
                yield room, id(node) not in inside


@pytest.mark.parametrize("path", list_modules(), ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_every_module_imports_only_the_rooms_it_may(path: Path) -> None:
    place = path.relative_to(REPOSITORY).as_posix()
    own = place.split("/")[0]
    for room, at_top in find_room_imports(ast.parse(path.read_text(encoding="utf-8"))):
        if room == own or room in MAY_IMPORT[own]:
            continue
        assert place.startswith(IMPORTS_EVERY_ROOM), f"{place} imports {room}"
        assert not at_top, f"{place} imports {room} at the top: import it inside the function"


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_is_shadowed_by_another_package(room: str) -> None:
    module = importlib.import_module(room)
    assert module.__file__ is not None
    assert Path(module.__file__).resolve() == REPOSITORY / room / "__init__.py"


@pytest.mark.parametrize("path", list_modules(), ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_every_module_opens_with_its_rule(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), f"{path.name} has no docstring"


@pytest.mark.parametrize("path", list_modules(), ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_files_are_named_for_a_noun_of_the_field(path: Path) -> None:
    assert not ONLY_THESE.search(path.stem.replace("_", " "))


@pytest.mark.parametrize("key", DEFAULTS)
def test_every_setting_is_documented(key: str) -> None:
    assert f"`{name_variable(key)}`" in (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8")


def test_every_command_is_documented() -> None:
    from typer.main import get_command

    from lienthu.__main__ import build_command_line

    documented = (REPOSITORY / "docs" / "commands.md").read_text(encoding="utf-8")
    commands = get_command(build_command_line()).commands  # type: ignore[attr-defined]
    assert commands, "the command line has no commands"
    for name, command in commands.items():
        assert f"## lienthu {name}" in documented, f"{name} is not in docs/commands.md"
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--") and option != "--help":
                    assert f"`{option}" in documented, f"{name} {option} is not in docs/commands.md"


def test_every_route_is_documented() -> None:
    from tests.web.site import build_test_site

    documented = (REPOSITORY / "docs" / "api.md").read_text(encoding="utf-8")
    paths = [getattr(route, "path", "") for route in build_test_site().routes]
    assert len(paths) > 5
    for path in paths:
        assert path == "" or f"`{path}`" in documented, f"{path} is not in docs/api.md"


@pytest.mark.parametrize("language", ["vi"])
def test_every_word_of_the_command_line_is_translated(language: str) -> None:
    sources = find_marked_texts()
    translated = {key for key, texts in read_catalogue(language).items() if texts and all(texts)}
    assert sources - translated == set()


@pytest.mark.parametrize("language", ["vi"])
def test_a_translation_keeps_the_placeholders_of_its_source(language: str) -> None:
    for (one, many), texts in read_catalogue(language).items():
        for text in filter(None, texts):
            assert find_placeholders(text) == find_placeholders(one) | find_placeholders(many), one


@pytest.mark.parametrize("language", ["vi"])
def test_a_catalogue_keeps_no_text_that_nobody_says(language: str) -> None:
    assert read_catalogue(language).keys() - find_marked_texts() == set()


@pytest.mark.parametrize("language", ["vi"])
def test_the_words_that_are_looked_up_as_they_come_are_translated(language: str) -> None:
    """A verdict, a fate or an error's title is translated from a variable, where no extractor sees it."""
    from harvesters.progress import COUNT_NAMES
    from harvesters.result import ResultVerdict
    from lienthu.commands.status import FATES
    from lienthu.harvest_run import Verdict

    titles = {kind.title for kind in list_kinds_of_error(errors.CatalogueError)}
    looked_up = {*get_args(Verdict), *get_args(ResultVerdict), *FATES, *COUNT_NAMES, *titles}
    assert looked_up - {one for one, _ in read_catalogue(language)} == set()


def test_the_extractor_sees_every_marked_text() -> None:
    """Babel does not look inside f-strings: a text that it misses would be dropped by the next update."""
    from babel.messages.extract import extract_from_file

    keywords = {"_": None, "mark": None, "plural": (1, 2), "mark_plural": (1, 2)}
    seen: set[tuple[str, str]] = set()
    for path in list_command_line_modules():
        for _, message, _, _ in extract_from_file("python", path, keywords=keywords, strip_comment_tags=True):
            seen.add(message if isinstance(message, tuple) else (message, ""))  # type: ignore[arg-type]
    assert find_marked_texts() - seen == set()


def test_help_is_in_the_language_that_was_asked_for() -> None:
    """A text that is translated while modules are being imported stays English for ever."""
    asked = [sys.executable, "-m", "lienthu", "--lang", "vi", "--help"]
    shown = subprocess.run(asked, capture_output=True, check=True, cwd=REPOSITORY, encoding="utf-8").stdout
    catalogue = read_catalogue("vi")
    for command_line in ("lienthu/commands/root.py", "lienthu/commands/status.py"):
        for node in ast.walk(ast.parse((REPOSITORY / command_line).read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "help" and isinstance(node.value, ast.Call):
                source = ast.literal_eval(node.value.args[0])
                assert source not in shown
    assert catalogue["Folder of the store, the indexes and the logs.", ""][0] in shown


def list_kinds_of_error(kind: type[errors.CatalogueError]) -> Iterator[type[errors.CatalogueError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from list_kinds_of_error(narrower)


def read_catalogue(language: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """(source, its plural or an empty text) -> its translations, one for each form that the language has."""
    from babel.messages.pofile import read_po

    with (REPOSITORY / "lienthu" / "locale" / f"{language}.po").open("rb") as file:
        messages = [message for message in read_po(file, locale=language) if message.id and not message.fuzzy]
    return {
        message.id if isinstance(message.id, tuple) else (message.id, ""): tuple(message.string)
        if isinstance(message.string, list | tuple)
        else (str(message.string or ""),)
        for message in messages
    }


def list_command_line_modules() -> Iterator[Path]:
    for place in COMMAND_LINE:
        path = REPOSITORY / place
        yield from path.rglob("*.py") if path.is_dir() else (path,)


def find_marked_texts() -> set[tuple[str, str]]:
    """Every text that is given to `_`, `mark`, `plural` or `mark_plural`, as (source, its plural or an empty text)."""
    texts: set[tuple[str, str]] = set()
    for path in list_command_line_modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            written = [part.value for part in node.args[:2] if isinstance(part, ast.Constant)]
            if node.func.id in {"_", "mark"} and written:
                texts.add((written[0], ""))
            elif node.func.id in {"plural", "mark_plural"} and len(written) == 2:
                texts.add((written[0], written[1]))
    return texts


def find_placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", text))
