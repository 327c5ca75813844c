"""Years: how an edition's span of years is mended, and which decades it counts in. The same for every engine.

A decade is ``1960-1969``; an edition counts in every decade that its span touches, so that the number beside a decade
is the number of editions found by asking for those ten years. Spans that cannot be true are cut to their first year.
"""

from lienthu.search import UNKNOWN

FIRST_YEAR = 1
LAST_YEAR = 9_999
LONGEST_SPAN = 300
"""A periodical may have run for three centuries; ``0-9999`` is a cataloguer's filler."""


def mend_years(year: int | None, year_end: int | None) -> tuple[int, int] | None:
    """Both ends included; None where no year is known."""
    first = year if year is not None else year_end
    if first is None or not FIRST_YEAR <= first <= LAST_YEAR:
        return None
    last = first if year_end is None else year_end
    if not first <= last <= min(LAST_YEAR, first + LONGEST_SPAN):
        last = first
    return first, last


def name_decades(span: tuple[int, int] | None) -> tuple[str, ...]:
    """The decades of a mended span, or ``unknown``."""
    if span is None:
        return (UNKNOWN,)
    first, last = span
    return tuple(f"{start}-{start + 9}" for start in range(first - first % 10, last + 1, 10))
