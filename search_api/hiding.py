"""The guard at the door: what is hidden by a decision is not answered, even by an index that has not heard of it yet.

An index takes hidden records out when it meets the decision; until then, and in an earlier build that was put back,
an edition with a hidden member is not shown at all. Asked for by name the guard looks at the decisions of this moment;
for a search, at those of at most a second ago.
"""

import threading
import time

import msgspec

from lienthu.edition import Edition
from lienthu.raw_record import RecordKey, build_reference
from lienthu.store import RecordStore

_FRESH_SECONDS = 1.0


class HiddenNames(msgspec.Struct, frozen=True):
    """``records`` as ``partner/feed/source_id``, ``editions`` by id."""

    records: frozenset[str] = frozenset()
    editions: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.records or self.editions)

    def hides(self, edition: Edition) -> bool:
        return edition.id in self.editions or not self.records.isdisjoint(edition.members)

    def hides_record(self, key: RecordKey) -> bool:
        return build_reference(key) in self.records


class Guard:
    """Thread-safe."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._names = HiddenNames()
        self._read_at = float("-inf")

    def read_names(self) -> HiddenNames:
        """What is hidden at this moment."""
        hidden = self._store.hidden()
        names = HiddenNames(frozenset(build_reference(key) for key in hidden.records), hidden.editions)
        with self._lock:
            self._names, self._read_at = names, time.monotonic()
        return names

    def find_recent_names(self) -> HiddenNames:
        """What was hidden a second ago at most."""
        with self._lock:
            if time.monotonic() - self._read_at < _FRESH_SECONDS:
                return self._names
        return self.read_names()
