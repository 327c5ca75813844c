"""Ids of editions: ``lt`` and the ledger's serial in base 32, at least six digits, without i, l, o and u (nobody
reads them as 1 or 0, and none spells a word)."""

PREFIX = "lt"
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
WIDTH = 6
_VALUES = {digit: value for value, digit in enumerate(DIGITS)}


def build_edition_id(serial: int) -> str:
    """``42`` -> ``"lt00001a"``."""
    digits = ""
    while serial:
        serial, rest = divmod(serial, 32)
        digits = DIGITS[rest] + digits
    return PREFIX + digits.rjust(WIDTH, "0")


def parse_edition_id(edition_id: str) -> int | None:
    """The inverse of :func:`build_edition_id`; None for what can be no id of ours. One serial has one spelling."""
    digits = edition_id.removeprefix(PREFIX)
    if not edition_id.startswith(PREFIX) or not WIDTH <= len(digits) <= 12:
        return None
    serial = 0
    for digit in digits:
        if digit not in _VALUES:
            return None
        serial = serial * 32 + _VALUES[digit]
    return serial if build_edition_id(serial) == edition_id else None
