"""Detour: one record that a server fails at must not hide all that lie behind it in the list.

A page that cannot be had, however often it is asked for, while the server still answers who it is: then the list is
asked for in smaller and smaller parts, and only the part with the bad record is missing in the end. It is named, so
that the partner can look there.
"""

from datetime import datetime

from harvesters.faults import PassingFault
from harvesters.oai_pmh.bookmark import Bookmark
from harvesters.oai_pmh.client import OaiClient
from harvesters.oai_pmh.identity import Identity, read_identity
from lienthu.errors import HarvestError
from lienthu.i18n import mark
from lienthu.message import Message, build_message

MOST_FAILURES = 40
"""One after the other, with no answer between them: a server that fails at everything is not asked for ever. Halving
thirty years down to a second takes thirty."""
MOST_FAILING = 10
"""Parts that cannot be had: with more of them it is no single record that is bad."""
_FAILURES_TO_AN_IDENTITY = 5
_MOST_TOLD = 3

FAILS = "failing"


def can_go_around(client: OaiClient, bookmark: Bookmark, error: HarvestError, now: datetime) -> bool:
    """Whether a part of the list may be had although this one cannot. Asks the server now and then who it is."""
    if not isinstance(error.__cause__, PassingFault):
        return False
    if bookmark.failures >= MOST_FAILURES or len(bookmark.failing) >= MOST_FAILING:
        return False
    bookmark.failures += 1
    return bookmark.failures % _FAILURES_TO_AN_IDENTITY != 1 or read_identity(client, now) != Identity()


def tell_failing_parts(bookmark: Bookmark) -> Message:
    """Where the records lie that could not be had; empty where there are none."""
    if not bookmark.failing:
        return Message()
    shown = ", ".join(bookmark.failing[:_MOST_TOLD]) + (" …" if len(bookmark.failing) > _MOST_TOLD else "")
    words = mark("the server fails at records of {parts}: the partner should look at them")
    return build_message(words, parts=shown)
