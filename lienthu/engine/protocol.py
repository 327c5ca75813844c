"""SearchEngine: what an engine can do. tantivy and Elasticsearch both keep this contract, and one suite proves it.

Calls are synchronous and thread-safe for reading; each search is answered from one consistent snapshot. All errors are
``CatalogueError``s: ``EngineUnavailable`` where no generation serves, ``EngineError`` otherwise, ``LockHeld`` where
another process writes the generation.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec

from lienthu.engine.document import IndexDocument
from lienthu.errors import EngineError
from lienthu.search import SearchRequest, SearchResult


class Generation(msgspec.Struct, frozen=True, kw_only=True):
    """One complete build of an index. ``name`` carries the engine's format, the schema and the analyser version;
    ``current`` is whether it fits this program (else it must be rebuilt)."""

    name: str
    editions: int
    serving: bool
    current: bool
    created: str = ""


class IndexWriter(Protocol):
    """The only one who writes a generation. Nothing is visible before ``commit``."""

    def upsert(self, documents: Iterable[IndexDocument]) -> int:
        """Adds documents or replaces those of the same id; returns how many. A document that the engine cannot
        hold raises EngineError naming the edition."""

    def delete(self, ids: Iterable[str]) -> None: ...

    def commit(self) -> None:
        """Durable and visible to every reader when it returns."""


class SearchEngine(Protocol):
    name: str

    def search(self, request: SearchRequest, generation: str | None = None) -> SearchResult:
        """The serving generation's answer; *generation* asks another one, before it is promoted."""

    def get(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The stored sources of those ids that the serving generation has."""

    def scan(self, generation: str | None = None) -> Iterator[tuple[str, bytes]]:
        """Every (id, source) of a generation, the serving one by default, in order of id."""

    def count(self, generation: str | None = None) -> int: ...

    def find_trouble(self) -> EngineError | None:
        """What is wrong though searches are answered (copies are missing, say); None where nothing is. Raises
        EngineUnavailable where none is answered."""

    def serving(self) -> str | None:
        """The name of the generation that answers, or None."""

    def generations(self) -> tuple[Generation, ...]:
        """All that exist, oldest first."""

    def create_generation(self) -> str:
        """An empty generation beside the others; returns its name."""

    def open_writer(self, generation: str) -> AbstractContextManager[IndexWriter]: ...

    def promote(self, generation: str) -> None:
        """Makes it the serving one in one step; the one before is kept."""

    def drop_generation(self, generation: str) -> None: ...

    def close(self) -> None: ...
