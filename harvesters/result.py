"""What came of one feed when it was its turn, and the one exit code that sums many up."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from lienthu.errors import EXIT_DONE, EXIT_FAILED, EXIT_HELD, EXIT_INCOMPLETE, EXIT_LOCKED
from lienthu.harvest_run import HarvestCounts
from lienthu.i18n import mark
from lienthu.store.nouns import Rejection

ResultVerdict = Literal["complete", "incomplete", "failed", "held", "waiting", "locked"]
"""``waiting``: its hours are closed, or the partner asked to be left alone; ``locked``: another process harvests it."""
WITHOUT_RUN = (mark("waiting"), mark("locked"))

_EXIT_CODES: dict[ResultVerdict, int] = {
    "complete": EXIT_DONE,
    "incomplete": EXIT_INCOMPLETE,
    "waiting": EXIT_INCOMPLETE,
    "failed": EXIT_FAILED,
    "held": EXIT_HELD,
    "locked": EXIT_LOCKED,
}
_MOST_SERIOUS_FIRST = (EXIT_FAILED, EXIT_INCOMPLETE, EXIT_HELD, EXIT_LOCKED)


class FeedResult(msgspec.Struct, frozen=True, kw_only=True):
    """``removed`` records were not seen in a full run and are tombstones now; they are no part of the sum.
    ``rejections`` are the first ones of the run; the store has them all."""

    partner_id: str
    feed_id: str
    verdict: ResultVerdict
    counts: HarvestCounts = HarvestCounts()
    message: str = ""
    removed: int = 0
    not_before: str = ""
    run_id: int = 0
    rejections: tuple[Rejection, ...] = ()

    @property
    def exit_code(self) -> int:
        return _EXIT_CODES[self.verdict]


def choose_exit_code(results: Iterable[FeedResult]) -> int:
    """The most serious one."""
    codes = {result.exit_code for result in results}
    return next((code for code in _MOST_SERIOUS_FIRST if code in codes), EXIT_DONE)
