"""Which feeds a command means: all that are switched on, those of named partners, one feed by its name, those due."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from harvesters.hours import find_opening, find_retry, is_due, parse_moment
from lienthu.errors import SettingsError
from lienthu.i18n import mark
from lienthu.partner import Feed, Partner
from lienthu.store import RecordStore


def select_feeds(
    partners: Sequence[Partner], partner_ids: Sequence[str] = (), feed_id: str = ""
) -> list[tuple[Partner, Feed]]:
    """In the order of the file. Raises SettingsError with a suggestion for a name that is not there or switched off."""
    chosen = [_find_partner(partners, partner_id) for partner_id in dict.fromkeys(partner_ids)]
    if not partner_ids:
        chosen = [partner for partner in partners if partner.enabled]
    if not chosen:
        raise SettingsError(mark("No partner is switched on: write enabled = true for one in partners.toml."))
    feeds = [(partner, feed) for partner in chosen for feed in partner.feeds if feed_id in {"", feed.id}]
    if not feeds and not feed_id:
        raise SettingsError(
            mark("The partner “{id}” has no feed: write one under [[partner.feed]] in partners.toml."), id=chosen[0].id
        )
    if not feeds:
        known = sorted({feed.id for partner in chosen for feed in partner.feeds})
        raise SettingsError(
            mark("There is no feed “{id}” here. Did you mean: {hint}?"), id=feed_id, hint=_suggest(feed_id, known)
        )
    return feeds


def select_due(
    feeds: Iterable[tuple[Partner, Feed]], store: RecordStore, now: datetime
) -> Iterator[tuple[Partner, Feed]]:
    """Those whose schedule wants a run, whose hours are open, and whose partner does not want to be left alone."""
    for partner, feed in feeds:
        last = store.last_run(partner.id, feed.id)
        if last is not None and last.not_before and parse_moment(last.not_before) > now:
            continue
        if find_retry(last, now) is not None or find_opening(feed, now) is not None:
            continue
        # A held run is as good as a complete one here: asking again at once brings the same before anybody has decided.
        good = last if last is not None and last.verdict == "held" else store.last_complete(partner.id, feed.id)
        if is_due(feed, good.started if good else "", now):
            yield partner, feed


def _find_partner(partners: Sequence[Partner], partner_id: str) -> Partner:
    found = next((partner for partner in partners if partner.id == partner_id), None)
    if found is None:
        raise SettingsError(
            mark("There is no partner “{id}”. Did you mean: {hint}?"),
            id=partner_id,
            hint=_suggest(partner_id, [partner.id for partner in partners]),
        )
    if not found.enabled:
        raise SettingsError(
            mark("The partner “{id}” is switched off: write enabled = true in partners.toml."), id=partner_id
        )
    return found


def _suggest(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return near[0] if near else ", ".join(known)
