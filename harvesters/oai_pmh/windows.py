"""Windows of datestamps. A list that a server cannot give in one piece is asked for in halves, and halves of halves.

The first half keeps the open beginning and the last the open end, so that nothing is lost outside the dates that a
server admits to. The halves do not overlap: one ends a day (or a second) before the next begins.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from harvesters.oai_pmh.identity import parse_time

DAY_LENGTH = 10
"""Characters of a day; a datestamp to the second has more."""
OVERLAP = timedelta(hours=14)
"""Clocks may be apart by so much: servers stamp local time and call it UTC."""
BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)


class Window(msgspec.Struct, frozen=True):
    """``start`` and ``end`` are as the protocol sends them; empty means open. ``depth`` counts the divisions."""

    start: str = ""
    end: str = ""
    depth: int = 0

    @property
    def params(self) -> dict[str, str]:
        """The arguments of ListRecords that ask for it."""
        return {name: value for name, value in (("from", self.start), ("until", self.end)) if value}

    def is_by_second(self, *, otherwise: bool) -> bool:
        """How fine its bounds are: a server takes no day beside a second."""
        bound = self.start or self.end
        return len(bound) > DAY_LENGTH if bound else otherwise

    def __str__(self) -> str:
        return f"{self.start}..{self.end}" if self.start or self.end else ""


def format_time(moment: datetime, by_second: bool) -> str:
    """The inverse of parse_time, in the server's granularity."""
    # strftime writes years before 1000 without their zeros.
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat('T', 'seconds')}Z"[: 20 if by_second else 10]


def divide_window(
    window: Window, earliest: datetime, latest: datetime, by_second: bool
) -> tuple[Window, Window] | None:
    """Two halves; None where the window is a single day (or second) already. The bounds stand in for open ends."""
    unit = timedelta(seconds=1) if by_second else timedelta(days=1)
    low = _round(parse_time(window.start) or earliest, by_second)
    high = _round(parse_time(window.end) or latest, by_second)
    if high - low < unit:
        return None
    middle = low + (high - low) // 2 // unit * unit
    depth = window.depth + 1
    return (
        Window(window.start, format_time(middle, by_second), depth),
        Window(format_time(middle + unit, by_second), window.end, depth),
    )


def cut_out(window: Window, datestamp: str, by_second: bool) -> tuple[Window, Window] | None:
    """Two parts, one of which begins or ends at the *datestamp*. What was loaded in one go bears one, and cutting in
    the middle would come to it only after many lists that begin alike. None where it does not lie within."""
    stamped = parse_time(datestamp)
    if stamped is None:
        return None
    unit = timedelta(seconds=1) if by_second else timedelta(days=1)
    moment, depth = _round(stamped, by_second), window.depth + 1
    low, high = parse_time(window.start), parse_time(window.end)
    if high is not None and high < moment:
        return None
    if low is None or low < moment:
        end, start = moment - unit, moment
    elif low == moment and (high is None or high > moment):
        end, start = moment, moment + unit
    else:
        return None
    first = Window(window.start, format_time(end, by_second), depth)
    return first, Window(format_time(start, by_second), window.end, depth)


def reword_window(window: Window) -> Window | None:
    """The same or more in words that a server may take that refused it; None where there are no others.

    Some take no end without a beginning, some state seconds and take only days, some take no dates at all: then
    everything is asked for, but not in parts.
    """
    if window.end and not window.start:
        start = format_time(BEGINNING, window.is_by_second(otherwise=False))
        return Window(start, window.end, window.depth)
    if window.is_by_second(otherwise=False):
        return Window(window.start[:DAY_LENGTH], window.end[:DAY_LENGTH], window.depth)
    return Window() if window.start and not window.depth else None


def lies_outside(datestamp: str, window: Window, slack: timedelta) -> bool:
    """True if a record cannot belong to the window, even with the clocks apart by *slack*."""
    moment = parse_time(datestamp)
    if moment is None:
        return False
    start, end = parse_time(window.start), parse_time(window.end)
    before = start is not None and moment < start - slack
    after = end is not None and moment > end + slack + timedelta(days=1)
    return before or after


def lie_outside(datestamps: Sequence[str], window: Window, slack: timedelta) -> bool:
    """Whether most of them do."""
    return sum(lies_outside(datestamp, window, slack) for datestamp in datestamps) * 2 > len(datestamps)


def _round(moment: datetime, by_second: bool) -> datetime:
    moment = moment.astimezone(UTC).replace(microsecond=0)
    return moment if by_second else moment.replace(hour=0, minute=0, second=0)
