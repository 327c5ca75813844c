"""`lienthu check URL|FILE`: what a library's server or file does and holds, before it joins. It needs no partners.toml
and no store, and leaves nothing behind."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lienthu.commands.page_file import write_page_file
from lienthu.errors import EXIT_DONE, EXIT_FAILED, EXIT_INCOMPLETE, SettingsError
from lienthu.i18n import PAGE_LANGUAGES, _, mark
from lienthu.settings import read_settings

if TYPE_CHECKING:
    from lienthu.examination import Contents, Examination


def register(app: typer.Typer) -> None:
    app.command("check", help=_("Look at a library's server or file before it joins."))(check)


def check(
    target: Annotated[str, typer.Argument(metavar="URL|FILE", help=_("An address, a file or a folder of files."))],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help=_("Write one page in three languages to this file."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("As one JSON value."))] = False,
    language: Annotated[str, typer.Option("--language", help=_("Language of the result: vi, en or zh."))] = "",
    format_name: Annotated[str, typer.Option("--format", help=_("The format to ask for, or that the file has."))] = "",
    query: Annotated[str, typer.Option("--query", help=_("What to search an SRU server for, in CQL."))] = "",
) -> None:
    import tempfile

    settings = read_settings()
    language = language or settings.lang
    if language not in PAGE_LANGUAGES:
        raise SettingsError(mark("--language is “{language}”: give vi, en or zh."), language=language)
    with tempfile.TemporaryDirectory(prefix="lienthu-check-") as folder:
        examination, contents = _look_at(target, Path(folder), format_name, query)
    if as_json:
        print(_write_json(examination, contents, language))
    elif html is not None:
        from web.check_file import write_check_file

        write_page_file(write_check_file(examination, contents, settings.zone, language), html)
    else:
        from web.check_file import write_check_text

        sys.stdout.write(write_check_text(examination, contents, settings.zone, language))
    raise typer.Exit(_choose_exit_code(examination, contents))


def _look_at(target: str, home: Path, format_name: str, query: str) -> "tuple[Examination, Contents]":
    from harvesters.check.examine import Wanted, examine
    from harvesters.check.progress import open_progress
    from indexer.sample import Sample
    from lienthu.partner import Partner

    sample = Sample(Partner(id="check", name={"vi": target}))
    wanted = Wanted(target=target, home=home, format=format_name, query=query)
    with open_progress() as watcher:
        records = examine(wanted, watcher)
        while True:
            try:
                sample.add(next(records))
            except StopIteration as stop:
                examination: Examination = stop.value
                return examination, sample.describe()


def _choose_exit_code(examination: "Examination", contents: "Contents") -> int:
    from lienthu.fault_rules import RULES

    if not examination.reached or not contents.read:
        return EXIT_FAILED
    broken = any(RULES[fault.rule].severity == "error" for fault in examination.faults)
    return EXIT_INCOMPLETE if broken else EXIT_DONE


def _write_json(examination: "Examination", contents: "Contents", language: str) -> str:
    """Both as they are, each fault with its section and its words."""
    import msgspec

    from lienthu.fault_rules import RULES, tell_fault

    told = msgspec.to_builtins(examination)
    for fault in told["faults"]:
        rule = RULES[fault["rule"]]
        meaning, mending = tell_fault(rule.slug, language)
        fault.update(severity=rule.severity, section=rule.section, meaning=meaning, mending=mending)
    return msgspec.json.encode({**told, "contents": contents}).decode()
