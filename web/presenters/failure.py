"""A page for what cannot be shown: what happened, in plain words, and the ways on. Never a code alone."""

from collections.abc import Mapping

import msgspec

from lienthu.i18n import mark
from web.language import Language
from web.presenters.links import Links

HEADINGS: Mapping[int, str] = {
    400: mark("This address cannot be answered"),
    404: mark("There is no such page"),
    405: mark("This page can only be read"),
    410: mark("This document is no longer here"),
    503: mark("The catalogue is being prepared"),
}
REASONS: Mapping[int, str] = {
    400: mark("Something in the address asks for more than the catalogue gives. Try a shorter search."),
    404: mark("The address may be mistyped, or the page may have moved."),
    405: mark("Go back and try again from the search box."),
    410: mark("The libraries that had it have withdrawn it. This is what is known of it:"),
    503: mark("Please try again in a few minutes."),
}
SERVER_HEADING = mark("Something went wrong here")
SERVER_REASON = mark("It is our fault, not yours. Please try again; if it goes on, tell a librarian.")


class FailurePage(msgspec.Struct, frozen=True):
    """``known`` is what is still known of a document that is gone, line by line."""

    status: int
    heading: str
    reason: str
    known: tuple[str, ...]
    title: str
    title_address: str


def present_failure(
    status: int, language: Language, links: Links, title: str = "", known: tuple[str, ...] = ()
) -> FailurePage:
    reason = REASONS.get(status, SERVER_REASON)
    if status == 410 and not title and not known:
        reason = mark("The libraries that had it have withdrawn it.")
    return FailurePage(
        status=status,
        heading=language.say(HEADINGS.get(status, SERVER_HEADING)),
        reason=language.say(reason),
        known=known,
        title=title,
        title_address=links.words(title) if title else "",
    )
