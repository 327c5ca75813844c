"""The frame of the command line in its language: the headings of every help page, and what is said of a wrong command.

Typer speaks English only. Its help pages are written by a formatter of ours, and its errors of usage, which are plain
sentences, are said again in our words. A sentence that is not known here is shown as Typer wrote it.
"""

import re
from typing import Any

import typer
from typer.exceptions import TyperException

from lienthu.i18n import _, mark

_SENTENCES = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (
            r"No such command '(?P<name>.+)'\. Did you mean (?P<near>.+)\?",
            mark("There is no command “{name}”. Did you mean: {near}?"),
        ),
        (r"No such command '(?P<name>.+)'\.", mark("There is no command “{name}”.")),
        (
            r"No such option: (?P<name>\S+) \(Possible options: (?P<near>.+)\)",
            mark("There is no option {name}. Did you mean: {near}?"),
        ),
        (r"No such option: (?P<name>\S+)", mark("There is no option {name}.")),
        (r"Missing argument '(?P<name>.+)'\.", mark("{name} is missing.")),
        (r"Missing option '(?P<name>.+)'\.", mark("The option {name} is missing.")),
        (r"Option '(?P<name>.+)' requires an argument\.", mark("The option {name} needs a value.")),
        (r"Got unexpected extra argument\S* \((?P<name>.+)\)", mark("Too many words: {name}.")),
        (r"Invalid value for '(?P<name>.+?)': .*valid integer.*", mark("{name} must be a number.")),
        (
            r"Invalid value for '(?P<name>.+?)': .*greater than or equal to (?P<least>\d+).*",
            mark("{name} must be {least} at least."),
        ),
    )
)


def speak_frame(command: Any) -> None:
    """The help pages of *command* and of its subcommands get headings in the language of the command line."""
    for each in (command, *getattr(command, "commands", {}).values()):
        each.context_class = _Context


def tell_wrong_usage(error: TyperException) -> str:
    """What is wrong with the command that was typed, and how to see what it takes."""
    sentence = str(error.format_message()) if hasattr(error, "format_message") else str(error)
    for pattern, text in _SENTENCES:
        found = pattern.fullmatch(sentence)
        if found:
            sentence = _(text).format(**{part: word.replace("'", "") for part, word in found.groupdict().items()})
            break
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "lienthu"
    return f"{sentence} " + _("See: {command} --help").format(command=path)


class _Formatter(typer.Context.formatter_class):  # type: ignore[valid-type,misc]
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or _("Usage:") + " ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_(heading))

    def write_dl(self, rows: Any, col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(term, _(told)) for term, told in rows], col_max, col_spacing)


class _Context(typer.Context):
    formatter_class = _Formatter


# What Typer itself puts into a help page.
_TYPER_WORDS = (mark("Options"), mark("Commands"), mark("Arguments"), mark("Show this message and exit."))
