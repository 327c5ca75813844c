"""FacetDictionary: facet values as small integers, known to nobody outside the tantivy engine.

Counting integers is some ten times faster than counting text. The dictionary lies in its generation as one file that
only ever grows: one JSON line per value, whose number is its line. Lines are written and synced *before* the commit
that uses them, so that a committed document never has an unknown number; a crash in between leaves a value that nobody
has, which does no harm. A torn last line is not a value; the next writer cuts it off.
"""

import os
import threading
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import msgspec

from lienthu.engine.mending import mend_value
from lienthu.errors import EngineError
from lienthu.i18n import mark

FILE_NAME = "facets.jsonl"

_decoder = msgspec.json.Decoder(tuple[str, str, str])
_encoder = msgspec.json.Encoder()


class FacetDictionary:
    """All values of one generation. Thread-safe for reading; only the generation's writer calls ``allot``."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._numbers: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._terms: list[tuple[str, str]] = []
        self._unwritten: list[bytes] = []
        self._read_to = 0
        self._lock = threading.Lock()
        self.reload()

    def __len__(self) -> int:
        return len(self._terms)

    def reload(self) -> None:
        """Reads the lines that came since; those before never change."""
        with self._lock:
            try:
                with self._path.open("rb") as file:
                    file.seek(self._read_to)
                    added = file.read()
            except FileNotFoundError:
                return
            complete = added[: added.rfind(b"\n") + 1]
            for line in complete.splitlines():
                self._learn(line)
            self._read_to += len(complete)

    def _learn(self, line: bytes) -> None:
        try:
            facet, value, label = _decoder.decode(line)
        except msgspec.DecodeError as error:
            raise EngineError(
                mark("{path} is damaged at line {line}: run lienthu reindex."), path=self._path, line=len(self) + 1
            ) from error
        self._numbers[facet][value] = len(self._terms)
        self._terms.append((value, label))

    def find_number(self, facet: str, value: str) -> int | None:
        known = self._numbers.get(facet)
        return None if known is None else known.get(mend_value(value))

    def find_term(self, number: int) -> tuple[str, str]:
        """*(value, label)*. Raises EngineError for a number that the file does not have."""
        if number >= len(self._terms):
            self.reload()
        if number >= len(self._terms):
            raise EngineError(mark("{path} lacks value {number}: run lienthu reindex."), path=self._path, number=number)
        return self._terms[number]

    def numbers(self, facet: str) -> Mapping[str, int]:
        """Value to number, of one facet; grows as values are allotted."""
        return self._numbers[facet]

    def allot(self, facet: str, value: str, label: str) -> int:
        """The number of the value, a new one where it has none. The first label stays."""
        value = mend_value(value)
        known = self._numbers[facet]
        number = known.get(value)
        if number is None:
            label = mend_value(label)
            number = known[value] = len(self._terms)
            self._terms.append((value, label))
            self._unwritten.append(_encoder.encode((facet, value, label)) + b"\n")
        return number

    def cut_torn_line(self) -> None:
        """For the writer, before its first ``allot``: what a crash left half written goes."""
        if self._path.exists() and self._path.stat().st_size > self._read_to:
            os.truncate(self._path, self._read_to)

    def write(self) -> None:
        """Everything allotted is durable when this returns."""
        if not self._unwritten:
            return
        lines = b"".join(self._unwritten)
        with self._path.open("ab") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        self._read_to += len(lines)
        self._unwritten.clear()
