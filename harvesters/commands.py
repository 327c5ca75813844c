"""`lienthu harvest`: asks the partners for what is new. One failing feed never stops the others."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lienthu.i18n import _
from lienthu.settings import Settings, read_settings

if TYPE_CHECKING:
    from harvesters.result import FeedResult


def register(app: typer.Typer) -> None:
    app.command("harvest", help=_("Fetch records from the partners."))(harvest)
    app.command("template", help=_("Write an empty Excel list for a school or a rotating bookcase."))(template)


def harvest(
    partner: Annotated[list[str] | None, typer.Argument(help=_("Ids of partners; all that are on, if none."))] = None,
    feed: Annotated[str, typer.Option("--feed", help=_("Only this feed."))] = "",
    full: Annotated[bool, typer.Option("--full", help=_("Everything, not only what changed."))] = False,
    due: Annotated[bool, typer.Option("--due", help=_("Only feeds whose schedule says so."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("As one JSON value."))] = False,
) -> None:
    import msgspec

    from harvesters.progress import print_table
    from harvesters.result import choose_exit_code

    results = harvest_feeds(read_settings(), partner or [], feed, full=full, due=due)
    if as_json:
        print(msgspec.json.encode({"feeds": [describe_result(result) for result in results]}).decode())
    elif results:
        print_table(results)
    else:
        print(_("No feed is due."))
    raise typer.Exit(choose_exit_code(results))


def template(
    kind: Annotated[str, typer.Argument(help=_("school or bookcase"))],
    file: Annotated[Path, typer.Argument(help=_("The Excel file to write, such as list.xlsx."))],
) -> None:
    from harvesters.file.template import parse_kind, write_template

    write_template(parse_kind(kind), file)
    print(_("{file} is written: fill it in and put it into the drop folder of its library.").format(file=file))


def harvest_feeds(
    settings: Settings, partner_ids: list[str], feed_id: str, *, full: bool = False, due: bool = False
) -> "list[FeedResult]":
    """Every chosen feed, several hosts at once.

    Raises SettingsError for a wrong name, StoreError where the store is broken.
    """
    import os

    from harvesters.metrics import write_metrics
    from harvesters.progress import ProgressBars
    from harvesters.run import Harvest, build_agent
    from harvesters.selection import select_due, select_feeds
    from harvesters.turns import take_turns
    from lienthu.commands.works import build_judge
    from lienthu.partners_file import read_partners
    from lienthu.store import open_store
    from lienthu.tables import FOLDER, read_tables, use_tables

    use_tables(read_tables(settings.home / FOLDER))
    partners = read_partners(settings.partners)
    chosen = select_feeds(partners, partner_ids, feed_id)
    with open_store(settings.store, settings.home) as store, ProgressBars() as bars:
        harvest = Harvest(
            store=store,
            home=settings.home,
            agent=build_agent(settings.public_url),
            full=full,
            environment=os.environ,
            watcher=bars,
            judge=build_judge({partner.id: partner for partner in partners}),
        )
        wanted = list(select_due(chosen, store, harvest.now())) if due else chosen
        results = take_turns(harvest, wanted, opened=bars.open_feed, closed=bars.close_feed)
        write_metrics(store, [(one, its_feed) for one in partners for its_feed in one.feeds], settings.home)
    return results


def describe_result(result: "FeedResult") -> dict[str, object]:
    """One feed in the JSON answer; the names are those of ``status --json``."""
    import msgspec

    return {
        "partner": result.partner_id,
        "id": result.feed_id,
        "run": result.run_id,
        "verdict": result.verdict,
        **{name: getattr(result.counts, name) for name in result.counts.__struct_fields__},
        "removed": result.removed,
        "not_before": result.not_before,
        "message": result.message,
        "rejections": [msgspec.structs.asdict(rejection) for rejection in result.rejections],
    }
