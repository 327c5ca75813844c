"""The command line's root: its language, every room's commands, and errors turned into words and exit codes."""

import os
import sys
import traceback
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from lienthu.errors import EXIT_FAILED, EXIT_USAGE, CatalogueError
from lienthu.i18n import _, load_translations, use_translations
from lienthu.settings import read_language, read_settings
from lienthu.usage import speak_frame, tell_wrong_usage


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and exits with its code. Nothing of a traceback reaches an admin: an error says what to do."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _make_output_utf8()
    try:
        _speak(words)
        command = typer.main.get_command(build_command_line())
        speak_frame(command)
        sys.exit(command.main(args=words or ["--help"], prog_name="lienthu", standalone_mode=False))
    except TyperException as error:
        print(_("Error") + f": {tell_wrong_usage(error)}", file=sys.stderr)
        sys.exit(EXIT_USAGE)
    except CatalogueError as error:
        print(_("Error") + f": {error.tell(_)}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print(_("Stopped."), file=sys.stderr)
        sys.exit(EXIT_FAILED)
    except BrokenPipeError:
        # Whoever read our output has gone (`lienthu status | head`): nothing left to say to anyone.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_FAILED)
    except Exception as error:  # noqa: BLE001 - the last border: an admin gets words, the log gets the traceback
        print(_("Error") + f": {_report_defect(error)}", file=sys.stderr)
        sys.exit(EXIT_FAILED)


def build_command_line() -> typer.Typer:
    """The whole command line. Rooms are imported here and their heavy parts only inside their commands."""
    from harvesters import commands as harvest_commands
    from indexer import commands as index_commands
    from indexer import preview_command
    from lienthu.commands import check, demo, explain, hide, holds, remove, report, root, run, status, tables
    from web import commands as web_commands

    app = typer.Typer(
        name="lienthu",
        help=_("Liên Thư: one search box over the holdings of many libraries."),
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for room in (
        root,
        demo,
        harvest_commands,
        index_commands,
        web_commands,
        status,
        explain,
        check,
        holds,
        hide,
        remove,
        run,
        report,
        preview_command,
        tables,
    ):
        room.register(app)
    return app


def _report_defect(error: Exception) -> str:
    """Writes the traceback to a log and says where it is: this is a defect of the program, not of the admin."""
    path = read_settings().home / "logs" / "defects.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(error)) + "\n")
    told = _("This is a defect of the program: {kind}. Please report it with the end of {path}.")
    return told.format(kind=type(error).__name__, path=path)


def _speak(words: Sequence[str]) -> None:
    """Sets the language before any command is described: from --lang, else as the settings say."""
    flag = next((words[i + 1] for i, word in enumerate(words[:-1]) if word == "--lang"), None)
    flag = next((word.split("=", 1)[1] for word in words if word.startswith("--lang=")), flag)
    use_translations(load_translations(read_language({"lang": flag})))


def _make_output_utf8() -> None:
    """Vietnamese on a Windows console or a C locale: never a UnicodeEncodeError."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    main()
