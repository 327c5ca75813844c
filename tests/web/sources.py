"""The English sources of the pages: every text that a template or a module of ``web`` says, with its plural form."""

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment
from jinja2.ext import extract_from_ast

import web

WEB = Path(web.__file__).parent
SAYERS = ("say", "say_many", "mark")
Source = str | tuple[str, str]


LIBRARIANS = frozenset({"report", "check", "report_file", "check_file", "_report", "_check"})
"""The pages that librarians read, not readers, by the names of their modules and templates."""


def list_sources() -> set[Source]:
    """A plain text, or (one, many) where the language counts."""
    return {source for _, source in _read()}


def list_sources_for_readers() -> set[Source]:
    return {source for path, source in _read() if path.stem not in LIBRARIANS}


def _read() -> Iterator[tuple[Path, Source]]:
    yield from _read_templates()
    yield from _read_modules()


def _read_templates() -> Iterator[tuple[Path, Source]]:
    environment = Environment(autoescape=True)
    for path in (WEB / "templates").iterdir():
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for _line, function, message in extract_from_ast(tree, SAYERS):
            texts = message if isinstance(message, tuple) else (message,)
            kept = tuple(text for text in texts if text is not None)
            yield path, kept[:2] if function == "say_many" else kept[0]  # type: ignore[misc]


def _read_modules() -> Iterator[tuple[Path, Source]]:
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            texts = [text for text in texts if isinstance(text, str)]
            if function in {"say_many", "mark_plural"} and len(texts) >= 2:
                yield path, (texts[0], texts[1])
            elif function in {"say", "mark"} and texts:
                yield path, texts[0]
