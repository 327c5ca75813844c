"""Days of a stay: from when and until when a bookcase or a mobile library stands somewhere.

Rule: ``2026-09-01``, ``01/09/2026``, ``1.9.2026`` and ``1-9-2026`` (day first, as here) are a day; ``9/2026`` and
``2026`` are its first or its last day, whichever is asked. Anything else, an impossible day among it, is no day.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_WRITTEN = re.compile(r"(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})")


@lru_cache(maxsize=4_096)
def read_day(written: str, *, last: bool = False) -> str:
    """ISO 8601, or an empty text. *last*: of a month or a year, its last day."""
    text = written.strip(" .,")
    found = _ISO.fullmatch(text)
    if found:
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        found = _WRITTEN.fullmatch(text)
        if found is None:
            return ""
        year = int(found[3])
        month = int(found[2]) if found[2] else 12 if last else 1
        if not 1 <= month <= 12 or year < 1:
            return ""
        day = int(found[1]) if found[1] else monthrange(year, month)[1] if last else 1
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
