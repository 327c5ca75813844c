"""A page that a command writes for somebody else to read."""

from pathlib import Path

from lienthu.errors import SettingsError
from lienthu.i18n import _, mark


def write_page_file(page: str, path: Path) -> None:
    """Raises SettingsError where the file cannot be written."""
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            mark("{path} cannot be written: {reason}."), path=path, reason=error.strerror or error
        ) from error
    print(_("Written: {path}").format(path=path))
