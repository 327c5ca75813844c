"""`lienthu run`: harvests what is due and brings the index up to date, again and again, for who has no timer or cron.

It reads the settings and partners.toml anew at every turn. Asked to stop (SIGTERM, Ctrl-C) it stops at once: a harvest
that is under way goes on where it stood when the next process starts.
"""

import signal
import sys
import time
from types import FrameType
from typing import Annotated

import typer

from lienthu.errors import CatalogueError
from lienthu.i18n import _
from lienthu.settings import read_settings

EVERY = 300


class Stopped(BaseException):
    """Somebody asked the process to end."""


def register(app: typer.Typer) -> None:
    app.command("run", help=_("Harvest what is due and index it, again and again, until stopped."))(run)


def run(
    every: Annotated[int, typer.Option("--every", min=1, help=_("Seconds from one turn to the next."))] = EVERY,
    once: Annotated[bool, typer.Option("--once", help=_("One turn only."))] = False,
) -> None:
    read_settings()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        while True:
            take_turn()
            if once:
                return
            time.sleep(every)
    except Stopped:
        print(_("Stopped."), file=sys.stderr)


def take_turn() -> None:
    """One turn. What goes wrong is told, and the next turn tries again."""
    from harvesters.commands import harvest_feeds

    try:
        results = harvest_feeds(read_settings(), [], "", due=True)
        for result in results:
            told = _("{feed}: {verdict}, received {received}")
            line = told.format(
                feed=f"{result.partner_id}/{result.feed_id}",
                verdict=_(result.verdict),
                received=result.counts.received,
            )
            print(": ".join(filter(None, (line, result.message))), flush=True)
    except CatalogueError as error:
        _complain(error)
    try:
        _index()
    except CatalogueError as error:
        _complain(error)


def _index() -> None:
    """Brings the index up to date where something has changed."""
    from indexer.build import is_rebuild_needed
    from indexer.commands import index
    from lienthu.composition import compose

    with compose(read_settings()) as made:
        state = made.store.generation(made.engine.serving() or "")
        waiting = made.store.count_changes_since(state.change if state else 0)
        needed = is_rebuild_needed(made.store, made.engine)
    if waiting or (needed and state is not None):
        index()
        sys.stdout.flush()


def _complain(error: CatalogueError) -> None:
    print(_("Error") + f": {error.tell(_)}", file=sys.stderr, flush=True)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped
