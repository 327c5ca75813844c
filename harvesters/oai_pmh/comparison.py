"""What no total proves is compared with the list of identifiers.

A server that cuts its lists at some number cuts both lists at the same place, and the list of identifiers as a whole
would prove nothing. So it is asked for in two halves, divided at the middle datestamp of what came, each shorter than
the list that may have been cut: then they name what lies beyond the cut. It costs as many pages, or one more; an answer
to a question for changes that came in one piece is not divided. What they name and did not come is asked for once more
by its dates, in windows that are halved while they are as long as the list that was cut; then it is compared again in
the same way.

The halves only ever accuse by name. A record that moves from one to the other meanwhile has come; one that lies in
neither accuses nobody. Where a server refuses the dates, or its halves come to less than what it sent, the list is
taken as a whole; where it does not heed them, the first half is the whole.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from harvesters.oai_pmh.arrivals import Arrivals
from harvesters.oai_pmh.bookmark import Bookmark
from harvesters.oai_pmh.identity import parse_time
from harvesters.oai_pmh.windows import DAY_LENGTH, Window, format_time
from lienthu.i18n import mark
from lienthu.message import Message, build_message

LEAST_COVER = 0.9
"""Halves that list a smaller share of what came do not cover it."""


def is_unproven(bookmark: Bookmark, arrivals: Arrivals) -> bool:
    """Something came, and no total says that it is everything: none was stated, or some of it came twice. Or all was
    asked for, and the server has nothing."""
    if bookmark.doubts:
        return False
    if not bookmark.settled:
        return not bookmark.asked.start
    return bookmark.whole is None or arrivals.count_distinct() < bookmark.whole


def open_comparison(bookmark: Bookmark, arrivals: Arrivals, find_middle: Callable[[], str]) -> None:
    """Begins it. *find_middle* gives the datestamp that divides what came; empty where nothing does."""
    arrivals.forget()
    in_one_piece = bookmark.asked.start and not bookmark.paged
    halves = None if in_one_piece else halve_window(bookmark.asked, find_middle())
    bookmark.begin_comparison(halves or (bookmark.asked,))


def skip_second_half(bookmark: Bookmark, arrivals: Arrivals) -> None:
    """The first half that lists all that came is the whole list: the server does not heed dates."""
    is_between = bookmark.halved and len(bookmark.windows) == 1 and not bookmark.pages and not bookmark.divisions
    if is_between and bookmark.swept - bookmark.missing >= arrivals.count_distinct():
        bookmark.windows.clear()
        bookmark.parts.clear()


def go_on(bookmark: Bookmark, arrivals: Arrivals) -> bool:
    """What comes behind a comparison: what is missing, or the whole where the halves named nothing and did not cover
    what came. False where nothing more can be done."""
    if bookmark.missing:
        if bookmark.fetched or not bookmark.parts:
            return False
        arrivals.forget()
        bookmark.begin_fetching()
        return True
    if bookmark.halved and bookmark.swept < LEAST_COVER * arrivals.count_distinct():
        take_whole(bookmark, arrivals)
        return True
    return False


def fall_back(bookmark: Bookmark, arrivals: Arrivals, *, refused_dates: bool) -> bool:
    """A half cannot be had: halves by the day where seconds were refused, else the whole. False where it was whole."""
    if not bookmark.halved:
        return False
    start = bookmark.windows[-1].start
    if refused_dates and len(start) > DAY_LENGTH:
        by_day = halve_window(bookmark.asked, start[:DAY_LENGTH])
        if by_day is not None:
            arrivals.forget()
            bookmark.begin_comparison(by_day)
            return True
    take_whole(bookmark, arrivals)
    return True


def take_whole(bookmark: Bookmark, arrivals: Arrivals) -> None:
    arrivals.forget()
    bookmark.begin_comparison((bookmark.asked,))


def halve_window(asked: Window, middle: str) -> tuple[Window, Window] | None:
    """Two windows that meet at *middle*, which lies in the second one; None where it divides nothing."""
    moment = parse_time(middle)
    if moment is None:
        return None
    by_second = len(middle) > DAY_LENGTH and len(asked.start) != DAY_LENGTH
    try:
        end = format_time(moment - (timedelta(seconds=1) if by_second else timedelta(days=1)), by_second)
    except OverflowError:
        return None
    if end < asked.start:
        return None
    return Window(asked.start, end, 1), Window(format_time(moment, by_second), asked.end, 1)


def tell_difference(bookmark: Bookmark, arrivals: Arrivals, *, sure: bool) -> Iterator[Message]:
    """What the list of identifiers has and did not come; or, where all else is *sure*, that nothing tells whether
    what came twice stands for something that did not come."""
    if bookmark.missing:
        words = mark("{missing} of the list of identifiers did not come, {first} among them")
        yield build_message(words, missing=bookmark.missing, first=bookmark.first_missing)
    elif sure and bookmark.whole is not None and arrivals.count_distinct() < bookmark.whole and not bookmark.compared:
        yield Message(mark("some records came twice, and others may be missing"))
