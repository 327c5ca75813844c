"""`lienthu tables`: the lists of names that a librarian can edit, where they are, and whether the index knows them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lienthu.errors import NotFound
from lienthu.i18n import _, mark, plural
from lienthu.settings import read_settings

if TYPE_CHECKING:
    from lienthu.composition import Composition


def register(app: typer.Typer) -> None:
    app.command("tables", help=_("List the tables of names that you can edit, or show one."))(tables)


def tables(
    name: Annotated[str | None, typer.Argument(metavar="TABLE", help=_("Show our lines of this table."))] = None,
) -> None:
    from lienthu.composition import compose
    from lienthu.tables import FOLDER, PACKAGED, PURPOSES

    if name is not None:
        if name not in PURPOSES:
            known = ", ".join(PURPOSES)
            raise NotFound(mark("There is no table “{name}”. Known: {known}."), name=name, known=known)
        print((PACKAGED / f"{name}.txt").read_text(encoding="utf-8"), end="")
        return
    settings = read_settings()
    folder = settings.home / FOLDER
    with compose(settings) as made:
        _print_tables(folder)
        _print_standing(made)


def _print_tables(folder: Path) -> None:
    from lienthu.tables import PURPOSES, READ_BY_SEARCHES, read_texts
    from lienthu.tables.variants import list_lines

    for name, purpose in PURPOSES.items():
        *own, ours = read_texts(name, folder)
        print(f"{name}.txt  {_(purpose)}")
        print(f"    {_count_lines(len(list(list_lines(ours.text))))}  {ours.path}")
        for text in own:
            print(f"    {_count_lines(len(list(list_lines(text.text))))}  {text.path}  " + _("(your own)"))
        if name in READ_BY_SEARCHES:
            print("    " + _("read by searches: restart the server after a change"))
    print(_("Your own lines go into {folder}, in a file of the same name.").format(folder=folder))


def _count_lines(count: int) -> str:
    return plural("{n} line", "{n} lines", count).format(n=count)


def _print_standing(made: "Composition") -> None:
    state = made.store.generation(made.engine.serving() or "")
    if state is not None and state.tables and state.tables != made.tables.digest:
        print(_("The index was built with other tables. See what changes: lienthu preview. Then run: lienthu reindex"))
