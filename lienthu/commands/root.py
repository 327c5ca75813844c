"""The options that stand before every command. A module of its own: it is read when the language is already chosen."""

import os
from typing import Annotated

import typer

from lienthu import __version__
from lienthu.i18n import _
from lienthu.settings import name_variable


def register(app: typer.Typer) -> None:
    app.callback()(_read_root_flags)


def _tell_version(asked: bool) -> None:
    if asked:
        print(f"Liên Thư {__version__}")
        raise typer.Exit


def _read_root_flags(
    home: Annotated[str | None, typer.Option(help=_("Folder of the store, the indexes and the logs."))] = None,
    partners: Annotated[str | None, typer.Option(help=_("The file that names the partner libraries."))] = None,
    store: Annotated[str | None, typer.Option(help=_("sqlite:///file.db or postgresql://…"))] = None,
    engine: Annotated[str | None, typer.Option(help=_("tantivy:folder or http(s)://… of Elasticsearch."))] = None,
    lang: Annotated[str | None, typer.Option(help=_("Language of the command line: vi or en."))] = None,
    version: Annotated[  # the callback answers before a command is missed
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help=_("Show the version."))
    ] = False,
) -> None:
    # A flag wins over the environment; put there, it reaches child processes as well.
    given = {"home": home, "partners": partners, "store": store, "engine": engine, "lang": lang}
    for key, value in given.items():
        if value is not None:
            os.environ[name_variable(key)] = value
