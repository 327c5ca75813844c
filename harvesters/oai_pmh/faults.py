"""How a list can break, sorted by what to do about it."""


class ListBroken(Exception):
    """A list that cannot be followed to its end. ``reason`` is an English template, marked for translation."""

    reason = ""


class TokenDead(ListBroken):
    """The server no longer knows its resumption token."""


class TokenRepeats(ListBroken):
    """The server leads in a circle."""
