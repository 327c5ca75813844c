"""What can go wrong with one answer of a partner's server, sorted by what to do about it."""

from datetime import datetime

from lienthu.errors import HarvestError


class PassingFault(HarvestError):
    """May be better the next time: the same page is asked for again. ``wait`` is what the server asked for, seconds."""

    wait: float | None = None


class Busy(PassingFault):
    """The server has too much to do: asking it for something else instead would only add to that."""


class NotReached(PassingFault):
    """No answer came at all, so that asking for less makes no sense either."""


class NotFound(HarvestError):
    """What was asked for is not there, or was asked for wrongly: an HTTP status that trying again does not help."""


class AskedToWait(HarvestError):
    """The server wants to be left alone for longer than a run waits."""

    not_before: datetime
