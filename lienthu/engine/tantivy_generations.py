"""Generations on disk: one folder each, and a file CURRENT that names the one which serves.

``g0001-t0.27-s1-a1``: running number, tantivy's minor version (its index format changes with it), version of the schema
and of the text analysis. A folder that another version wrote is never opened. Folders appear and go by one rename, the
file changes by one rename, so that a reader sees all of it or nothing. No running number is used twice.
"""

import contextlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import msgspec
import tantivy
from filelock import FileLock, Timeout

from lienthu.engine.fields import SCHEMA_VERSION
from lienthu.engine.protocol import Generation
from lienthu.engine.tantivy_schema import build_schema
from lienthu.errors import EngineError, EngineUnavailable, LockHeld
from lienthu.i18n import mark

CURRENT = "CURRENT"
NUMBER = "NUMBER"
BIRTH = "birth.json"
META = "meta.json"
_NAME = re.compile(r"g(\d{4,9})-t([\d.]+)-s(\d+)-a(\d+)")


class GenerationName(NamedTuple):
    number: int
    tantivy: str
    schema: int
    analyser: int


class _Birth(msgspec.Struct):
    created: str


@cache
def read_tantivy_minor() -> str:
    """``0.27`` of ``0.27.0``."""
    found = re.search(r"\d+\.\d+", version("tantivy"))
    return found.group() if found else "unknown"


def current_version(number: int) -> GenerationName:
    """What this program writes and reads."""
    from lienthu.text import ANALYSER_VERSION

    return GenerationName(number, read_tantivy_minor(), SCHEMA_VERSION, ANALYSER_VERSION)


def build_generation_name(name: GenerationName) -> str:
    return f"g{name.number:04d}-t{name.tantivy}-s{name.schema}-a{name.analyser}"


def parse_generation_name(text: str) -> GenerationName | None:
    """The inverse; None where *text* is not the name of a generation."""
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    number, engine, schema, analyser = found.groups()
    return GenerationName(int(number), engine, int(schema), int(analyser))


def fits(text: str) -> bool:
    """Whether this program can open the generation."""
    name = parse_generation_name(text)
    return name is not None and name == current_version(name.number)


class GenerationFolder:
    """The folder of all generations."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.current = root / CURRENT

    def path(self, name: str) -> Path:
        return self.root / name

    def names(self) -> list[str]:
        """Oldest first."""
        try:
            entries = [entry.name for entry in os.scandir(self.root)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        parsed = [(name.number, text) for text in entries if (name := parse_generation_name(text)) is not None]
        return [text for _, text in sorted(parsed)]

    def serving(self) -> str | None:
        try:
            name = self.current.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return name if parse_generation_name(name) else None

    def list(self) -> tuple[Generation, ...]:
        serving = self.serving()
        return tuple(
            Generation(
                name=name,
                editions=count_editions(self.path(name)),
                serving=name == serving,
                current=fits(name),
                created=_read_birth(self.path(name)),
            )
            for name in self.names()
        )

    def check(self, name: str) -> Path:
        """The folder of a generation that can be opened. Raises EngineError; EngineUnavailable for another version."""
        path = self.path(name)
        if parse_generation_name(name) is None or not (path / META).is_file():
            raise EngineError(mark("There is no generation “{name}”."), name=name)
        if not fits(name):
            raise EngineUnavailable(
                mark("The index {name} was built by another version of this program: run lienthu reindex."), name=name
            )
        return path

    def create(self) -> str:
        """An empty generation, complete from the moment it is there."""
        self.root.mkdir(parents=True, exist_ok=True)
        with self.lock("create", timeout=10):
            self._sweep(".nascent-*", ".dropped-*")
            name = build_generation_name(current_version(self._allot_number()))
            nascent = self.root / f".nascent-{uuid.uuid4().hex}"
            nascent.mkdir()
            tantivy.Index(build_schema(), path=str(nascent))
            birth = _Birth(datetime.now(UTC).isoformat(timespec="seconds"))
            (nascent / BIRTH).write_bytes(msgspec.json.encode(birth))
            nascent.rename(self.path(name))
            _sync_folder(self.root)
        return name

    def _allot_number(self) -> int:
        """Numbers of dropped generations are not used again: others may remember what they held."""
        file = self.root / NUMBER
        last = int(file.read_text()) if file.is_file() else 0
        for text in self.names():
            name = parse_generation_name(text)
            last = max(last, name.number if name else 0)
        _replace_file(file, str(last + 1))
        return last + 1

    def promote(self, name: str) -> None:
        self.check(name)
        _replace_file(self.current, f"{name}\n")

    def drop(self, name: str) -> None:
        """Gone at once for whoever looks; the files go as soon as the system lets them."""
        if name == self.serving():
            raise EngineError(mark("{name} is serving: promote another generation before dropping it."), name=name)
        if parse_generation_name(name) is None or not self.path(name).is_dir():
            return
        with self.lock(name):
            self.path(name).rename(self.root / f".dropped-{uuid.uuid4().hex}")
        self._sweep(".dropped-*")

    def _sweep(self, *patterns: str) -> None:
        """Removes what was dropped and, for who holds the lock of creation, what a dead process left half made. A file
        that another process still maps is left for the next time (Windows)."""
        for pattern in patterns:
            for entry in self.root.glob(pattern):
                shutil.rmtree(entry, ignore_errors=True)

    @contextlib.contextmanager
    def lock(self, name: str, timeout: float = 0) -> Iterator[None]:
        """Dies with its process. Raises LockHeld at once where another holds it."""
        lock = FileLock(self.root / f".lock-{name}")
        try:
            lock.acquire(timeout=timeout)
        except Timeout as error:
            raise LockHeld(
                mark("Another process is writing the index {name}: wait until it is done."), name=name
            ) from error
        try:
            yield
        finally:
            lock.release()


def count_editions(path: Path) -> int:
    """Live documents at the last commit, read without opening the index: that works for every version."""
    try:
        meta = msgspec.json.decode((path / META).read_bytes())
        return sum(
            segment["max_doc"] - (segment["deletes"] or {}).get("num_deleted_docs", 0) for segment in meta["segments"]
        )
    except (OSError, msgspec.DecodeError, KeyError, TypeError, AttributeError):
        return 0


def _read_birth(path: Path) -> str:
    try:
        return msgspec.json.decode((path / BIRTH).read_bytes(), type=_Birth).created
    except (OSError, msgspec.MsgspecError):
        return ""


def _replace_file(path: Path, text: str) -> None:
    """One step: a reader sees the old text or the new one, also after a power cut."""
    fresh = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
