"""Commands that keep the index: index, reindex, generations, promote, rollback."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from lienthu.errors import NotFound
from lienthu.i18n import _, mark
from lienthu.settings import read_settings

if TYPE_CHECKING:
    from indexer.build import Indexed
    from indexer.step import Progress
    from lienthu.composition import Composition
    from lienthu.golden import GoldenQuery

INDEX_LOCK = "index"
REINDEX_LOCK = "reindex"


def register(app: typer.Typer) -> None:
    """Adds this room's commands to the command line."""
    app.command("index", help=_("Bring the index up to date with what was harvested."))(index)
    app.command("reindex", help=_("Build a new index beside the old one, check it, and swap it in."))(reindex)
    app.command("generations", help=_("List the builds of the index."))(generations)
    app.command("promote", help=_("Put a build of the index into service."))(promote)
    app.command("rollback", help=_("Put the build before the present one back into service."))(rollback)


def index() -> None:
    from indexer.build import is_rebuild_needed, update_index
    from lienthu.composition import compose

    with compose(read_settings()) as made:
        reason = is_rebuild_needed(made.store, made.engine)
        if reason:
            print(_("A new index is built because {reason}.").format(reason=_(reason)), file=sys.stderr)
            _rebuild(made, force=False)
            return
        with made.store.lock(INDEX_LOCK), show_progress(_("Indexing"), _count_waiting(made)) as progress:
            done = update_index(made.store, made.engine, made.partners, progress)
            if any(done.tally.values()):
                note_quality(made, done.generation)
        _print_indexed(done)


def reindex(
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Say what would be built, and build nothing."))] = False,
    force: Annotated[
        bool, typer.Option("--force", help=_("Swap it in even if it lost many editions or answers worse."))
    ] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", min=0, max=256, help=_("Processes to work with; 1 does all in one."))
    ] = None,
) -> None:
    from lienthu.composition import compose

    with compose(read_settings()) as made:
        if dry_run:
            _print_dry_run(made)
        else:
            _rebuild(made, force=force, workers=workers)


def generations() -> None:
    from lienthu.composition import compose

    with compose(read_settings()) as made:
        known = made.engine.generations()
        if not known:
            print(_("There is no index yet. Run: lienthu reindex"))
        for generation in known:
            state = made.store.generation(generation.name)
            standing = _("serving") if generation.serving else _("kept")
            if not generation.current:
                standing += ", " + _("made by another version")
            promoted = state.promoted if state else ""
            print(f"{generation.name}\t{standing}\t{generation.editions}\t{promoted}")


def promote(
    generation: Annotated[str, typer.Argument(help=_("The build's name, as `lienthu generations` lists it."))],
    force: Annotated[bool, typer.Option("--force", help=_("Even if it lost many editions or answers worse."))] = False,
) -> None:
    from indexer.promotion import promote_generation
    from lienthu.composition import compose

    with compose(read_settings()) as made, made.store.lock(REINDEX_LOCK):
        golden = read_golden(made)
        if generation not in {known.name for known in made.engine.generations()}:
            raise NotFound(mark("There is no build {name}. Look at: lienthu generations"), name=generation)
        promote_generation(made.store, made.engine, generation, made.partners, golden, force=force)
        print(_("Now serving: {generation}").format(generation=generation))


def rollback() -> None:
    from indexer.promotion import find_before, put_back
    from lienthu.composition import compose

    with compose(read_settings()) as made, made.store.lock(REINDEX_LOCK):
        before = find_before(made.store, made.engine)
        if before is None:
            raise NotFound(mark("There is no earlier build to go back to. Look at: lienthu generations"))
        put_back(made.store, made.engine, before, made.partners)
        print(_("Now serving: {generation}").format(generation=before))


def _rebuild(made: "Composition", *, force: bool, workers: int | None = None) -> None:
    from indexer.build import build_generation
    from indexer.promotion import promote_generation, sweep_old

    golden = read_golden(made)  # first, so that a mistake in the file costs no build
    with made.store.lock(REINDEX_LOCK):
        live = made.store.count_records().live
        with show_progress(_("Building a new index"), live) as progress:
            built = build_generation(made.store, made.engine, made.partners, progress, workers=workers)
        promote_generation(made.store, made.engine, built.generation, made.partners, golden, force=force)
        note_quality(made, built.generation)
        sweep_old(made.store, made.engine)
        _print_indexed(built)
        _print_golden(made, built.generation, golden)


def read_golden(made: "Composition") -> "tuple[GoldenQuery, ...]":
    """The library's golden queries, in a file beside partners.toml; none where there is no such file."""
    from lienthu.golden import GOLDEN_FILE, read_golden_queries

    return read_golden_queries(made.settings.partners.parent / GOLDEN_FILE)


def _print_golden(made: "Composition", generation: str, golden: "tuple[GoldenQuery, ...]") -> None:
    """How many are answered as written, then each that is not."""
    from indexer.golden_answers import find_broken_queries
    from indexer.promotion import tell_broken

    asked = sum(len(query.ask) for query in golden)
    if not asked:
        return
    broken = find_broken_queries(made.store, made.engine, generation, golden)
    told = _("{kept} of {asked} golden queries are answered as written by {generation}")
    print(told.format(kept=asked - len(broken), asked=asked, generation=generation))
    for line in tell_broken(broken, _):
        print(line)


def note_quality(made: "Composition", generation: str) -> None:
    """Keeps how every partner's records stand today, for the trend of its report."""
    from datetime import datetime

    made.store.note_quality(generation, datetime.now(made.settings.zone).date().isoformat())


def _print_indexed(done: "Indexed") -> None:
    """The closing line: every record's fate, then the editions."""
    print(describe_tally(done.tally))
    print(_("{editions} editions in {generation}").format(editions=done.editions, generation=done.generation))
    if done.tally.get("failed") or done.tally.get("skipped"):
        print(_("What was not taken in, and why: lienthu status --outcomes"))


def describe_tally(tally: Mapping[str, int]) -> str:
    """``312 records: 300 mapped, 5 deleted, 4 skipped, 3 failed``."""
    return _("{total} records: {mapped} mapped, {deleted} deleted, {skipped} skipped, {failed} failed").format(
        total=sum(tally.values()),
        **{name: tally.get(name, 0) for name in ("mapped", "deleted", "skipped", "failed")},
    )


def _print_dry_run(made: "Composition") -> None:
    from indexer.promotion import find_serving

    golden = read_golden(made)
    counts = made.store.count_records()
    serving = find_serving(made.engine)
    print(_("{live} records would be indexed into a new build.").format(live=counts.live))
    if serving:
        print(
            _("{serving} goes on serving {editions} editions until the new one is checked.").format(
                serving=serving.name, editions=serving.editions
            )
        )
        if serving.current:
            _print_golden(made, serving.name, golden)


def _count_waiting(made: "Composition") -> int | None:
    state = made.store.generation(made.engine.serving() or "")
    return made.store.count_changes_since(state.change) if state else None


@contextmanager
def show_progress(title: str, total: int | None) -> Iterator["Progress"]:
    """A bar on stderr where that is a terminal; silent elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=total)
        yield lambda n: bar.advance(task, n)
