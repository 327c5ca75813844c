"""The harvest log: one line per page in ``logs/harvest.log`` below the home, so that a break can be found afterwards.

A partner's words are quoted as JSON, so that no identifier can write a line of its own.
"""

import json
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from harvesters.hours import format_moment
from harvesters.page import Page


class HarvestLog:
    """Appends to the log. A log that cannot be written stops no harvest."""

    def __init__(self, home: Path, now: Callable[[], datetime]) -> None:
        self._path = home / "logs" / "harvest.log"
        self._now = now
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)

    def write_page(self, feed_name: str, run_id: int, number: int, page: Page) -> None:
        first = page.records[0].source_id if page.records else ""
        self._write(
            f"{feed_name} run={run_id} page={number} cursor={json.dumps(page.cursor)} first={json.dumps(first)} "
            f"records={len(page.records)} rejected={len(page.rejections)}"
        )

    def write_ending(self, feed_name: str, run_id: int, verdict: str, message: str) -> None:
        self._write(f"{feed_name} run={run_id} verdict={verdict} message={json.dumps(message, ensure_ascii=False)}")

    def write_traceback(self, feed_name: str, run_id: int, error: BaseException) -> None:
        """The whole trace, for whoever mends the program."""
        trace = "".join(traceback.format_exception(error))
        self._write(f"{feed_name} run={run_id} broke:\n{trace}")

    def _write(self, line: str) -> None:
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{format_moment(self._now())} {line}\n")
        except OSError:
            return
