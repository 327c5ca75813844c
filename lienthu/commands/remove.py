"""`lienthu remove PARTNER`: a library leaves, with everything it ever sent. Says what will vanish before it does."""

import contextlib
import shutil
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from lienthu.errors import EXIT_FAILED, NotFound, SettingsError
from lienthu.i18n import _, mark
from lienthu.settings import read_settings

if TYPE_CHECKING:
    from lienthu.composition import Composition

BATCH = 2_000


def register(app: typer.Typer) -> None:
    app.command("remove", help=_("Take a library out wholly: store and index."))(remove)


def remove(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help=_("The id of the library."))],
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
) -> None:
    from lienthu.composition import compose

    with compose(read_settings()) as made:
        feeds = made.store.list_feeds(partner)
        if not feeds and partner not in made.partners:
            raise NotFound(mark("There is no partner “{id}”. Look at: lienthu status"), id=partner)
        _print_what_vanishes(made, partner)
        if not yes and not _ask():
            print(_("Nothing was changed."))
            raise typer.Exit(EXIT_FAILED)
        with contextlib.ExitStack() as locks:
            for feed_id in feeds:
                locks.enter_context(made.store.lock(f"harvest-{partner}-{feed_id}"))
            remove_partner(made, partner)
            _drop_fetched_files(made, partner)
        print(_("{partner} is removed.").format(partner=partner))
        for feed in made.partners[partner].feeds if partner in made.partners else ():
            if feed.path:
                told = _("Its own files stay in {path}: delete them where they are no longer wanted.")
                print(told.format(path=made.settings.home / feed.path))
        if partner in made.partners:
            print(
                _(
                    "Now take {partner} out of {file} or switch it off there: else the next harvest brings it back."
                ).format(partner=partner, file=made.settings.partners)
            )


def remove_partner(made: "Composition", partner_id: str) -> None:
    """Buries its records, takes them out of every index that can still serve, then forgets them. May be done again."""
    from indexer.build import apply_again
    from indexer.commands import INDEX_LOCK

    made.store.bury_partner(partner_id)
    with made.store.lock(INDEX_LOCK):
        for generation in made.engine.generations():
            after = 0
            while generation.current and (numbers := made.store.numbers_of(partner_id, after, BATCH)):
                after = numbers[-1]
                apply_again(made.store, made.engine, generation.name, numbers, made.partners)
    made.store.forget_partner(partner_id)


def _drop_fetched_files(made: "Composition", partner_id: str) -> None:
    """The copies of files that were fetched from its addresses."""
    from harvesters.file.fetch import find_fetched

    folder = find_fetched(made.settings.home, partner_id)
    if folder.is_dir():
        shutil.rmtree(folder)


def _print_what_vanishes(made: "Composition", partner_id: str) -> None:
    live, deleted = made.store.count_records().by_partner.get(partner_id, (0, 0))
    serving = made.engine.serving()
    known = serving is not None and made.store.generation(serving) is not None
    editions, only_here = made.store.count_editions_of(serving, partner_id) if serving and known else (0, 0)
    name = made.partners[partner_id].name_in(made.settings.lang) if partner_id in made.partners else partner_id
    print(_("Removing {name} ({id}):").format(name=name, id=partner_id))
    print("  " + _("{live} records and {deleted} deleted ones leave the store").format(live=live, deleted=deleted))
    print(
        "  "
        + _("{only_here} editions vanish, which no other library has; {others} lose this library").format(
            only_here=only_here, others=editions - only_here
        )
    )


def _ask() -> bool:
    """On a terminal only: elsewhere nobody could answer."""
    if not sys.stdin.isatty():
        raise SettingsError(mark("Nobody can be asked here, so nothing was changed. If it is right, add --yes"))
    return typer.confirm(_("Remove all of it?"))
