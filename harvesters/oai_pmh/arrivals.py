"""What one run has brought so far, by identifier: read from the store when it is first asked for."""

from collections.abc import Iterable
from datetime import datetime

from harvesters.bounds import LONGEST_ID
from harvesters.oai_pmh.envelope import Envelope
from harvesters.oai_pmh.identity import parse_time
from harvesters.oai_pmh.windows import OVERLAP
from harvesters.page import HarvestContext
from lienthu.raw_record import RawRecord
from lienthu.store.nouns import Rejection
from lienthu.store.page import clean_id


class Arrivals:
    """*started* is when the run began: what is newer need not have come."""

    def __init__(self, context: HarvestContext, started: datetime | None) -> None:
        self._context = context
        self._started = started
        self._seen: set[str] | None = None
        self._rejected: set[str] | None = None

    def count_distinct(self) -> int:
        """What came, without what came again."""
        counts = self._context.counts()
        return counts.received - counts.repeated

    def drop_seen(self, records: Iterable[RawRecord]) -> list[RawRecord]:
        """Asking twice was our doubt, not the partner's doing: records that this run has already are not counted."""
        seen = self._read_seen()
        fresh = [record for record in records if clean_id(record.source_id) not in seen]
        seen.update(clean_id(record.source_id) for record in fresh)
        return fresh

    def drop_rejected(self, rejections: Iterable[Rejection]) -> list[Rejection]:
        """The same for what was rejected by name; *rejections* are noted."""
        rejected = self._read_rejected()
        fresh = [one for one in rejections if not one.source_id or clean_id(one.source_id) not in rejected]
        self.note_rejected(fresh)
        return fresh

    def note_rejected(self, rejections: Iterable[Rejection]) -> None:
        if self._rejected is not None:
            self._rejected.update(clean_id(one.source_id) for one in rejections)

    def has(self, identifier: str) -> bool:
        """Whether it has come, kept or rejected."""
        return clean_id(identifier) in self._read_seen() or clean_id(identifier) in self._read_rejected()

    def forget(self) -> None:
        """What is known here is read again when it is asked for."""
        self._seen = self._rejected = None

    def lacks(self, header: Envelope) -> bool:
        """It was there before the run began, and has not come. A second question for it is answered with no."""
        identifier = clean_id(header.identifier)
        seen = self._read_seen()
        if len(header.identifier) > LONGEST_ID or identifier in seen or identifier in self._read_rejected():
            return False
        seen.add(identifier)
        changed = parse_time(header.datestamp)
        return changed is None or self._started is None or changed <= self._started - OVERLAP

    def _read_seen(self) -> set[str]:
        if self._seen is None:
            self._seen = self._context.seen()
        return self._seen

    def _read_rejected(self) -> set[str]:
        if self._rejected is None:
            self._rejected = self._context.rejected()
        return self._rejected
