"""Finds the files of a feed: ``path`` is a folder or a glob, relative to the home folder or absolute.

Files come in the order of their names. A file whose real place lies outside the folder that the path names (a
symbolic link out) is refused, for a partner may write into its drop folder and must not reach anything else with it.
What a program keeps beside its files (``~$list.xlsx``) is no file of the partner; one that is still being copied, by
its name or because it grows, is left for the next run.
"""

import glob
import time
from hashlib import blake2b
from pathlib import Path, PurePath

import msgspec

from lienthu.errors import HarvestError
from lienthu.i18n import mark

_HEAD_BYTES = 64 * 1024
SETTLE_SECONDS = 0.2
"""So long a file that was written just now is watched."""
_RECENT_SECONDS = 20.0
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp", ".!ut", ".opdownload")
_NOT_FILES = ("~$", ".~lock", "thumbs.db", "desktop.ini")


class DroppedFile(msgspec.Struct, frozen=True):
    """A file of a feed. ``name`` is its path below the feed's folder, with slashes, on Windows too."""

    name: str
    path: Path
    outside: bool = False
    """The file is a link to a place outside its folder, and is not read."""


def find_files(path: str, home: Path) -> list[DroppedFile]:
    """The files of a feed, by name. Raises HarvestError where the path names none at all."""
    if not path:
        raise HarvestError(mark('This feed has no path: write path = "drop/*.mrc" in partners.toml.'))
    base, pattern = _split_pattern(home / path)
    if not base.is_dir():
        raise HarvestError(
            mark("The folder {folder} is not there: make it, or mend path in partners.toml."), folder=base
        )
    matches = glob.glob(pattern, root_dir=base, recursive=True)
    files = [
        _build_file(base, match)
        for match in sorted(set(matches))
        if not (base / match).is_dir() and not PurePath(match).name.lower().startswith(_NOT_FILES)
    ]
    if not files:
        raise HarvestError(
            mark("No file matches {path}: put the partner's file there, or mend path in partners.toml."), path=path
        )
    return sorted(files, key=lambda file: file.name)


def part_unfinished(files: list[DroppedFile]) -> tuple[list[DroppedFile], list[DroppedFile]]:
    """(finished, still being copied), both in the order given."""
    before = {file.name: _read_state(file) for file in files}
    now = time.time()
    if any(state is not None and state[1] > now - _RECENT_SECONDS for state in before.values()):
        time.sleep(SETTLE_SECONDS)
    unfinished = [
        file
        for file in files
        if file.name.lower().endswith(_UNFINISHED)
        or (not file.outside and before[file.name] is not None and before[file.name] != _read_state(file))
    ]
    names = {file.name for file in unfinished}
    return [file for file in files if file.name not in names], unfinished


def _read_state(file: DroppedFile) -> tuple[int, float] | None:
    try:
        state = file.path.stat()
    except OSError:
        return None
    return state.st_size, state.st_mtime


def read_fingerprint(path: Path) -> str:
    """Changes when the file does: its size, its time and a digest of its head. Raises OSError."""
    with path.open("rb") as file:
        head = blake2b(file.read(_HEAD_BYTES), digest_size=12).hexdigest()
    state = path.stat()
    return f"{state.st_size}-{state.st_mtime_ns}-{head}"


def _split_pattern(path: Path) -> tuple[Path, str]:
    """``/home/drop/*/a.mrc`` -> (``/home/drop``, ``*/a.mrc``); a folder -> (itself, ``*``)."""
    if path.is_dir():
        return path.resolve(), "*"
    parts = path.parts
    fixed = next((index for index, part in enumerate(parts) if glob.has_magic(part)), len(parts) - 1)
    if path.exists():  # a file whose name happens to hold a bracket
        return path.parent.resolve(), glob.escape(path.name)
    return Path(*parts[:fixed]).resolve(), str(PurePath(*parts[fixed:]))


def _build_file(base: Path, match: str) -> DroppedFile:
    path = base / match
    return DroppedFile(PurePath(match).as_posix(), path, not path.resolve().is_relative_to(base))
