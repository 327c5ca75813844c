"""The record store: what partners sent, untouched, and all that must outlive an index.

SQLite by default, PostgreSQL by another address. The nouns are light; SQLAlchemy is imported when a store is opened,
so that a command that needs none starts at once.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from lienthu.store.edition_id import build_edition_id, parse_edition_id
from lienthu.store.nouns import (
    HIDDEN_RULE,
    Fate,
    FateOutcome,
    FindingCount,
    FindingExample,
    GenerationState,
    Hidden,
    Hiding,
    Hold,
    LedgerEntry,
    OpenRun,
    QualityDay,
    Rejection,
    StagedCounts,
    StoreCounts,
    StoredRecord,
)

if TYPE_CHECKING:
    from lienthu.store.record_store import RecordStore

__all__ = [
    "HIDDEN_RULE",
    "Fate",
    "FateOutcome",
    "FindingCount",
    "FindingExample",
    "GenerationState",
    "Hidden",
    "Hiding",
    "Hold",
    "LedgerEntry",
    "OpenRun",
    "QualityDay",
    "RecordStore",
    "Rejection",
    "StagedCounts",
    "StoreCounts",
    "StoredRecord",
    "build_edition_id",
    "open_store",
    "parse_edition_id",
]


def open_store(address: str, home: Path | str) -> "RecordStore":
    """Opens the store at *address* (``sqlite:///file`` or ``postgresql://…``), creating or upgrading its schema.

    *home* holds the files of locks. Use it as a context manager, or close it. Raises StoreError with what to do next.
    """
    from lienthu.store.record_store import RecordStore

    return RecordStore(address, Path(home))


def __getattr__(name: str) -> object:
    if name == "RecordStore":
        from lienthu.store.record_store import RecordStore

        return RecordStore
    raise AttributeError(name)
