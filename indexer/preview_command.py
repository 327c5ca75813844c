"""`lienthu preview`: what a changed rule or table would change in the catalogue, before anything is reindexed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lienthu.errors import NotFound, SettingsError
from lienthu.i18n import _, mark
from lienthu.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.preview import Change, Preview
    from indexer.preview_searches import SearchChange


def register(app: typer.Typer) -> None:
    app.command("preview", help=_("Show what changed rules and tables would change, and change nothing."))(preview)


def preview(
    partner: Annotated[
        str | None, typer.Option("--partner", metavar="PARTNER", help=_("Only the records of this library."))
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help=_("Look at so many records at most."))
    ] = None,
    tables: Annotated[
        Path | None,
        typer.Option("--tables", metavar="FOLDER", help=_("With the tables of this folder in place of your own.")),
    ] = None,
) -> None:
    from indexer.commands import show_progress
    from indexer.preview import preview_changes
    from indexer.preview_searches import preview_searches
    from lienthu.composition import compose
    from lienthu.tables import read_tables, use_tables

    with compose(read_settings()) as made:
        before, after = read_tables(), made.tables
        if tables is not None:
            if not tables.is_dir():
                raise SettingsError(mark("{path} is no folder: give the folder of the tables."), path=tables)
            before, after = made.tables, read_tables(tables)
            use_tables(after)
        if partner is not None and partner not in made.partners and not made.store.list_feeds(partner):
            raise NotFound(mark("There is no partner “{id}”. Look at: lienthu status"), id=partner)
        total = limit if limit is not None else made.store.count_records().live
        with show_progress(_("Looking"), total) as progress:
            seen = preview_changes(
                made.store, made.engine, made.partners, partner_id=partner, limit=limit, progress=progress
            )
        _print_preview(seen)
        _print_searches(preview_searches(made.engine, before.synonyms, after.synonyms))


def _print_searches(changes: "Sequence[SearchChange]") -> None:
    """What the synonyms change. They take effect when the server starts anew, without a reindex."""
    if changes:
        print("\n" + _("What changed synonyms and names of places would find:"))
    for change in changes:
        print(f"{change.before:8} → {change.after:<8}{change.query}")


def _print_preview(seen: "Preview") -> None:
    from indexer.field_names import name_field

    print(
        _("{records} records in {editions} editions looked at; {changed} editions would change.").format(
            records=seen.records, editions=seen.editions, changed=seen.changed
        )
    )
    if seen.waiting:
        print(
            _("{waiting} changes wait to be indexed and were left out. Run first: lienthu index").format(
                waiting=seen.waiting
            )
        )
    if seen.parting:
        print(_("{n} editions would part: their records would no longer lie together.").format(n=seen.parting))
    if seen.joining:
        print(_("{n} editions would come to lie together with others.").format(n=seen.joining))
    for name, count in seen.fates.most_common():
        _print_changes(" → ".join(map(_, name.split(" → "))), count, seen.examples[name])
    for name, count in seen.fields.most_common():
        _print_changes(name_field(name), count, seen.examples[name])
    if seen.changed or seen.fates or seen.parting or seen.joining:
        print("\n" + _("Nothing was changed. To have it so, run: lienthu reindex"))


def _print_changes(name: str, count: int, examples: "Iterable[Change]") -> None:
    """A dash stands for nothing."""
    print(f"\n{count:8}  {name}")
    for example in examples:
        print(f"          {example.name}  {example.title}".rstrip())
        print(f"            - {example.before or '–'}\n            + {example.after or '–'}")
