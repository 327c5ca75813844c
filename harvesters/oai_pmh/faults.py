"""How a list can break, sorted by what to do about it."""

from lienthu.errors import HarvestError
from lienthu.i18n import mark


class DatesIgnored(HarvestError):
    """The server does not heed dates: its list cannot be had in parts."""


class ListBroken(Exception):
    """A list that cannot be followed to its end. ``reason`` is an English template, marked for translation."""

    reason = ""


class TokenDead(ListBroken):
    """The server no longer knows its resumption token."""

    reason = mark("the resumption token was no longer known")


class TokenRepeats(ListBroken):
    """The server leads in a circle."""

    reason = mark("the resumption token came back, the list leads in a circle")


class TokenDrifts(ListBroken):
    """The token leads to what was not asked for."""

    reason = mark("the resumption token forgets the set or the format that was asked for")
