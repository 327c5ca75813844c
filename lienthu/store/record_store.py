"""RecordStore: one of the two tables at which rooms meet. It keeps what partners sent, untouched, so that everything
to its right can be rebuilt without asking a single library."""

from collections.abc import Sequence
from pathlib import Path

from lienthu.store.changes import Changes
from lienthu.store.findings import Findings
from lienthu.store.hidings import Hidings
from lienthu.store.index_side import IndexSide
from lienthu.store.ledger import Ledger
from lienthu.store.locks import Locks
from lienthu.store.payloads import Payloads
from lienthu.store.removal import Removal
from lienthu.store.staging import Staging
from lienthu.store.upgrade import STEPS, Step


class RecordStore(Staging, Hidings, Removal, Changes, Findings, IndexSide, Ledger, Locks):
    """Any number of threads and processes may read and write it; one writes at a time."""

    def __init__(self, address: str, home: Path, steps: Sequence[Step] = STEPS) -> None:
        super().__init__(address, home, steps)
        self.payloads = Payloads()
