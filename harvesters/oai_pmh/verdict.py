"""The verdict of an OAI-PMH run: complete only where nothing is in doubt."""

from collections.abc import Sequence

from harvesters.oai_pmh import comparison
from harvesters.oai_pmh.arrivals import Arrivals
from harvesters.oai_pmh.bookmark import Bookmark
from harvesters.oai_pmh.detour import FAILS, tell_failing
from harvesters.page import Ending, tell_share
from lienthu.i18n import mark
from lienthu.message import Message, build_message, join_messages

_NOTHING = mark("the server has no record of what is asked for; if that is wrong, look at set and format")


def build_ending(bookmark: Bookmark, arrivals: Arrivals, survivors: Sequence[str], *, asked_for_all: bool) -> Ending:
    """What the bookmark proves. *survivors* are not in the list though the server has them; *asked_for_all*: not only
    for changes."""
    doubts = [Message(doubt) for doubt in bookmark.doubts if doubt != FAILS]
    doubts.extend(tell_failing(bookmark))
    is_short = bookmark.whole is not None and bookmark.settled < bookmark.whole
    is_swept_short = bookmark.swept_whole is not None and bookmark.swept < bookmark.swept_whole
    if (is_short or (is_swept_short and not bookmark.comparing)) and not doubts:
        doubts.append(Message(mark("the list ended early")))
    if not doubts and bookmark.settled < arrivals.count_distinct():
        doubts.append(Message(mark("the list was shorter when it was asked for again")))
    doubts.extend(comparison.tell_difference(bookmark, arrivals, sure=not doubts))
    if survivors and not doubts:
        doubts.append(Message(mark("the list leaves out records that the server still has")))
        doubts.append(
            build_message(mark("nothing is taken for gone, not {identifier} either"), identifier=survivors[0])
        )
    if not doubts:
        is_nothing = asked_for_all and not arrivals.count_distinct()
        return Ending(verdict="complete", message=Message(_NOTHING) if is_nothing else Message())
    message = tell_share(bookmark.settled, bookmark.whole, join_messages(doubts))
    return Ending(verdict="incomplete", message=message)
