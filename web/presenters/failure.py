"""A page for what cannot be shown: what happened, in plain words, and the ways on. Never a code alone."""

from collections.abc import Iterable, Mapping

import msgspec

from lienthu.i18n import mark
from lienthu.partner import Partner
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


class Tombstone(msgspec.Struct, frozen=True):
    """What is still known of a document that no library has any more."""

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    partner_ids: tuple[str, ...] = ()


NOTHING_KNOWN = Tombstone()
NO_PARTNERS: Mapping[str, Partner] = {}


class FailurePage(msgspec.Struct, frozen=True):
    """``known`` is what is still known of a document that is gone, line by line."""

    status: int
    heading: str
    reason: str
    known: tuple[str, ...]
    title: str
    title_address: str


def present_failure(
    status: int,
    language: Language,
    links: Links,
    tombstone: Tombstone = NOTHING_KNOWN,
    partners: Mapping[str, Partner] = NO_PARTNERS,
) -> FailurePage:
    reason = REASONS.get(status, SERVER_REASON)
    if status == 410 and not tombstone.title:
        reason = mark("It has been withdrawn and is not shown any more.")
    return FailurePage(
        status=status,
        heading=language.say(HEADINGS.get(status, SERVER_HEADING)),
        reason=language.say(reason),
        known=tuple(_tell_known(tombstone, language, partners)),
        title=tombstone.title,
        title_address=links.words(tombstone.title) if tombstone.title else "",
    )


def _tell_known(tombstone: Tombstone, language: Language, partners: Mapping[str, Partner]) -> Iterable[str]:
    made = ", ".join((*tombstone.authors, *([str(tombstone.year)] if tombstone.year else [])))
    if made:
        yield made
    names = [partners[name].name_in(language.code) if name in partners else name for name in tombstone.partner_ids]
    if names:
        yield language.say("It was at: {libraries}", libraries=", ".join(names))


def read_tombstone(facts: Mapping[str, object]) -> Tombstone:
    """What the store kept of a document that is gone; whatever is missing is left out."""
    authors, year, partners = facts.get("authors"), facts.get("year"), facts.get("partner_ids")
    return Tombstone(
        title=str(facts.get("title") or ""),
        authors=tuple(map(str, authors)) if isinstance(authors, list | tuple) else (),
        year=year if isinstance(year, int) else None,
        partner_ids=tuple(map(str, partners)) if isinstance(partners, list | tuple) else (),
    )
