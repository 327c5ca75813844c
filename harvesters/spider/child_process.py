"""The parent's side of a spider's process: starts it, gives it the order, reads its lines, and ends it.

The child's standard input stays open as long as this side lives, so a parent that is killed takes its child along. Its
complaints go to a file of bounded use: only the end of it is ever shown.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType

import msgspec

from harvesters.spider.lines import LINE_BYTES, Line, SpiderOrder, read_line
from lienthu.errors import HarvestError
from lienthu.i18n import mark

_CODE = Path(__file__).resolve().parents[2]
_LAST_WORDS = 600
_PATIENCE = 10.0


class ChildProcess:
    """A running spider, as a context manager: leaving it ends the process."""

    def __init__(self, order: SpiderOrder, environment: Mapping[str, str]) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "harvesters.spider.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            env=_build_environment(environment),
        )
        self._order = order

    def __enter__(self) -> "ChildProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    pass
        self._complaints.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def read_lines(self) -> Iterator[Line]:
        """Every line until the child ends. Raises HarvestError for one that is too long or no line of ours."""
        if self._process.stdin is None or self._process.stdout is None:
            return
        try:
            self._process.stdin.write(msgspec.json.encode(self._order) + b"\n")
            self._process.stdin.flush()
        except OSError:
            return
        while line := self._process.stdout.readline(LINE_BYTES):
            if not line.endswith(b"\n"):
                if len(line) < LINE_BYTES:
                    return  # the child died within a line
                raise HarvestError(mark("The spider sent more than {size} bytes at once."), size=LINE_BYTES)
            try:
                yield read_line(line)
            except msgspec.DecodeError as error:
                raise HarvestError(mark("The spider sent what is no line of ours ({error})."), error=error) from error

    def read_last_words(self) -> str:
        """What a child that ended without a summary complained of, for the message."""
        try:
            code = self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            return "?"
        size = self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(0, size - _LAST_WORDS))
        words = self._complaints.read().decode("utf-8", "replace").strip().splitlines()
        return " ".join([f"({code})", *words[-1:]])


def _build_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Ours, with the code's own folder first, so that the child runs the same code wherever it is started."""
    inherited = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(_CODE), *([inherited] if inherited else [])])
    return {**os.environ, **environment, "PYTHONPATH": path, "PYTHONUTF8": "1"}
