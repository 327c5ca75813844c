"""`lienthu report PARTNER`: what became of all that a library sent, what it should mend, and what it gains."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lienthu.commands.page_file import write_page_file
from lienthu.errors import NotFound, SettingsError
from lienthu.i18n import _, mark, plural
from lienthu.settings import Settings, read_settings

if TYPE_CHECKING:
    from lienthu.composition import Composition

SHOWN = 10


def register(app: typer.Typer) -> None:
    app.command("report", help=_("Tell a library how its records stand and what to mend."))(report)


def report(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help=_("The id of the library."))],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help=_("Write one page in three languages to this file."))
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help=_("As a table: one line for each rule."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("As one JSON value."))] = False,
    rule: Annotated[
        str | None, typer.Option("--rule", metavar="RULE", help=_("List every record that this rule concerns."))
    ] = None,
    link: Annotated[bool, typer.Option("--link", help=_("The address at which the library reads its report."))] = False,
) -> None:
    from lienthu.composition import compose
    from search_api.partner_report import write_csv, write_json

    if sum((html is not None, as_csv, as_json, rule is not None, link)) > 1:
        raise SettingsError(mark("Give one of --html, --csv, --json, --rule and --link."))
    settings = read_settings()
    with compose(settings) as made:
        if rule is not None:
            _print_rule(made, partner, rule)
        elif link:
            print(_build_link(made, partner))
        else:
            built = _build(made, partner)
            if html is not None:
                _write_file(built, html, settings)
            elif as_csv:
                sys.stdout.write(write_csv(built, settings.lang))
            elif as_json:
                sys.stdout.write(write_json(built, settings.lang).decode())
            else:
                _print_report(built, settings.lang)


def _build(made: "Composition", partner_id: str) -> Any:
    from search_api.partner_report import build_report

    _check_partner(made, partner_id)
    return build_report(made.store, made.engine.serving(), made.partners[partner_id])


def _check_partner(made: "Composition", partner_id: str) -> None:
    if partner_id not in made.partners:
        raise NotFound(mark("There is no partner “{id}”. Look at: lienthu status"), id=partner_id)


def _build_link(made: "Composition", partner_id: str) -> str:
    from search_api.report_link import build_report_path, make_report_key

    _check_partner(made, partner_id)
    settings = made.settings
    base = settings.public_url or f"http://{settings.host}:{settings.port}{settings.root_path}"
    return base + build_report_path(make_report_key(settings.home), partner_id)


def _write_file(built: Any, path: Path, settings: Settings) -> None:
    from datetime import datetime

    from web.report_file import write_report_file

    written = write_report_file(built, settings.zone, datetime.now(settings.zone).date(), settings.lang)
    write_page_file(written, path)


def _print_rule(made: "Composition", partner_id: str, rule: str) -> None:
    """Every finding of one rule, as CSV."""
    from lienthu.finding_rules import find_rule
    from search_api.partner_report import ACROSS, list_across, write_examples

    _check_partner(made, partner_id)
    serving = made.engine.serving()
    if find_rule(rule) is None:
        raise NotFound(
            mark("There is no rule “{rule}”. Look at: lienthu report {partner}"), rule=rule, partner=partner_id
        )
    if serving is None:
        raise NotFound(mark("There is no index yet. Run: lienthu reindex"))
    if rule in ACROSS:
        sys.stdout.write(write_examples(list_across(made.store, serving, partner_id, rule)))
    else:
        sys.stdout.write(write_examples(made.store.findings_of_rule(serving, partner_id, rule)))


def _print_report(built: Any, language: str) -> None:
    print(built.partner.name_in(language))
    if built.score is None:
        print(_("No score: nothing is known of the quality yet. Run: lienthu reindex"))
    else:
        print(
            _("Score {score} of 100: {clean} of {records} records are in the catalogue and need no mending.").format(
                score=built.score, clean=built.clean, records=built.records
            )
        )
    print(
        _("{editions} editions, {only_here} of them only through this library.").format(
            editions=built.editions, only_here=built.only_here
        )
    )
    for problem in built.problems[:SHOWN]:
        _print_problem(problem, language)
    for problem in (*built.problems[SHOWN:], *built.remarks):
        print(f"{problem.records:8}  {problem.rule}")
    rejected = _print_rejected(built)
    if built.known and not built.problems and not rejected:
        print(_("Nothing to mend."))


def _print_rejected(built: Any) -> bool:
    """What the last run of each feed could not keep: it is in no score, for nobody knows what it says."""
    found = [feed for feed in built.feeds if feed.rejections]
    for feed in found:
        count = feed.run.counts.rejected
        words = plural("{feed}: {count} record was rejected", "{feed}: {count} records were rejected", count)
        print("\n" + words.format(feed=feed.feed_id, count=count))
        for rejection in feed.rejections:
            print(f"    {rejection.source_id or '–'}  {rejection.reason}")
    return bool(found)


def _print_problem(problem: Any, language: str) -> None:
    from lienthu.finding_rules import tell_rule

    meaning, mending = tell_rule(problem.rule, language)
    records = plural("{n} record", "{n} records", problem.records).format(n=problem.records)
    print(f"\n{records} [{problem.rule}] {meaning}")
    print(f"  → {mending}")
    for example in problem.examples[:3]:
        print(f"    {example.source_id}  {example.field}  {example.found}")
