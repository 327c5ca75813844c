"""What is being asked, on a terminal; nothing elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from harvesters.check.journal import Watcher
from lienthu.i18n import _

_WIDTH = 100


@contextmanager
def open_progress() -> Iterator[Watcher]:
    """One line that is written over, and gone at the end."""
    if not sys.stderr.isatty():
        yield lambda request: None
        return

    def show(request: str) -> None:
        line = f"{_('Looking')}: {request}"[:_WIDTH]
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
