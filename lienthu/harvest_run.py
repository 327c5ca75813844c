"""HarvestRun: one run of one feed, and the verdict with the counts that prove it.

The sum that always holds: received = stored + unchanged + deleted + repeated + rejected.
"""

from typing import Literal

import msgspec

from lienthu.i18n import mark
from lienthu.message import Message

Verdict = Literal["running", "complete", "incomplete", "failed", "held"]
"""``running`` is a run whose process has not ended it: either it still works, or it was killed and will be resumed."""
VERDICTS = (mark("running"), mark("complete"), mark("incomplete"), mark("failed"), mark("held"))


class HarvestCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the records of a run (or of one page). ``promised`` is None where the partner states no total."""

    promised: int | None = None
    received: int = 0
    stored: int = 0
    unchanged: int = 0
    deleted: int = 0
    repeated: int = 0
    rejected: int = 0

    def plus(self, other: "HarvestCounts") -> "HarvestCounts":
        """The sum of both; ``promised`` is the latest one stated."""
        return HarvestCounts(
            promised=other.promised if other.promised is not None else self.promised,
            received=self.received + other.received,
            stored=self.stored + other.stored,
            unchanged=self.unchanged + other.unchanged,
            deleted=self.deleted + other.deleted,
            repeated=self.repeated + other.repeated,
            rejected=self.rejected + other.rejected,
        )

    @property
    def adds_up(self) -> bool:
        return self.received == self.stored + self.unchanged + self.deleted + self.repeated + self.rejected


class HarvestRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one feed. Times are ISO 8601 in UTC; ``finished`` is empty while it runs."""

    id: int
    partner_id: str
    feed_id: str
    verdict: Verdict
    counts: HarvestCounts
    started: str
    finished: str = ""
    message: Message = Message()
    full: bool = True
    removed: int = 0
    """Live records that a full run did not bring and that therefore became tombstones: not received, not in the sum."""
    sweep: bool = False
    """It asked for the list of all identifiers as well, to learn what is gone."""
    fingerprint: str = ""
    """Of the feed's settings that decide what was asked for; empty where it is not known."""
    not_before: str = ""
    """Nobody asks this feed again before this time (the partner said so)."""
