"""A secret is used and never shown: printed, logged or put into an error, it is three dots."""


class Secret(str):
    """``str.__str__`` gives the true value to whoever needs it: :meth:`reveal`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'…'" if self else "''"

    def __str__(self) -> str:
        return "…" if self else ""

    def __format__(self, specification: str) -> str:
        return str(self)

    def reveal(self) -> str:
        return "".join(self)
