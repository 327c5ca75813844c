"""The page of partner libraries: what each shares, what only it has, and how far its news can be trusted, in words."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from lienthu.harvest_run import HarvestRun
from lienthu.i18n import mark
from lienthu.partner import Feed
from search_api.answer import Asked, FeedStanding, PartnerStanding
from web.language import Language
from web.presenters.dates import format_day, read_day
from web.presenters.holdings import Reader
from web.presenters.links import build_telephone_address, keep_web_address
from web.presenters.numbers import format_number
from web.presenters.run_reasons import find_news, find_reason
from web.presenters.words import PARTNER_TYPES, PROTOCOLS, VERDICTS

GROUPS = (mark("In the province"), mark("Elsewhere in Vietnam"), mark("Abroad"))
HOME_COUNTRY = "VN"


class FeedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One feed: what became of its last run, in words, and how much of what was promised came (0 to 100)."""

    protocol: str
    verdict: str
    verdict_words: str
    meaning: str
    share: int
    counts: str
    last_complete: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One library. ``tag`` is the language of its name where that is not the page's."""

    id: str
    name: str
    tag: str
    area: str
    kind: str
    editions: str
    editions_address: str
    only_here: str
    feeds: tuple[FeedLine, ...]
    homepage: str
    homepage_host: str
    phone: str
    phone_address: str


class Group(msgspec.Struct, frozen=True):
    title: str
    cards: tuple[Card, ...]


class PartnersPage(msgspec.Struct, frozen=True):
    summary: str
    groups: tuple[Group, ...]


def present_partners(standings: Sequence[PartnerStanding], reader: Reader, today: date) -> PartnersPage:
    """Grouped by nearness to the home library, which is the first of partners.toml."""
    home_area = standings[0].partner.area if standings else ""
    groups: dict[str, list[Card]] = {name: [] for name in GROUPS}
    for standing in standings:
        groups[_find_group(standing, home_area)].append(_present_card(standing, reader, today))
    return PartnersPage(
        summary=reader.language.say_many(
            "{n} library shares what it has in this one catalogue.",
            "{n} libraries share what they have in this one catalogue.",
            len(standings),
        ),
        groups=tuple(Group(reader.language.say(name), tuple(cards)) for name, cards in groups.items() if cards),
    )


def say_when(written: str, reader: Reader, today: date) -> str:
    """A time as people say it: *hôm nay*, *hôm qua*, *3 ngày trước (18/11/2026)*; empty where there is none."""
    language = reader.language
    day = read_day(written, reader.zone) if written else None
    if day is None:
        return ""
    ago = (today - day).days
    if ago <= 0:
        return language.say("today")
    if ago == 1:
        return language.say("yesterday")
    written_day = format_day(day, language.code)
    if ago > 60:
        return language.say("on {date}", date=written_day)
    return language.say_many("{n} day ago ({date})", "{n} days ago ({date})", ago, date=written_day)


def _find_group(standing: PartnerStanding, home_area: str) -> str:
    partner = standing.partner
    if partner.country != HOME_COUNTRY:
        return GROUPS[2]
    return GROUPS[0] if partner.area == home_area else GROUPS[1]


def _present_card(standing: PartnerStanding, reader: Reader, today: date) -> Card:
    partner, language = standing.partner, reader.language
    homepage = keep_web_address(partner.homepage)
    named_here = bool(partner.name.get(language.code))
    return Card(
        id=partner.id,
        name=partner.name_in(language.code),
        tag="" if named_here else next((code for code in ("vi", "en") if partner.name.get(code)), ""),
        area=partner.area,
        kind=language.say(PARTNER_TYPES[partner.type]),
        editions=language.say_many("{n} document", "{n} documents", standing.editions),
        editions_address=reader.links.results(Asked(filters={"partner": (partner.id,)})),
        only_here=language.say_many("{n} only here", "{n} only here", standing.only_here),
        feeds=tuple(_list_feeds(standing, reader, today)),
        homepage=homepage,
        homepage_host=homepage.split("/")[2].rpartition("@")[2] if homepage else "",
        phone=partner.phone,
        phone_address=build_telephone_address(partner.phone),
    )


def _list_feeds(standing: PartnerStanding, reader: Reader, today: date) -> Iterable[FeedLine]:
    feeds = {feed.id: feed for feed in standing.partner.feeds}
    for feed_standing in standing.feeds:
        yield _present_feed(feed_standing, feeds.get(feed_standing.feed_id), reader, today)


def _present_feed(standing: FeedStanding, feed: Feed | None, reader: Reader, today: date) -> FeedLine:
    language, run = reader.language, standing.last_run
    verdict = run.verdict if run else "never"
    when = say_when(standing.last_complete, reader, today)
    return FeedLine(
        protocol=language.say(PROTOCOLS[feed.protocol]) if feed else standing.feed_id,
        verdict=verdict,
        verdict_words=language.say(VERDICTS[verdict]),
        meaning=_explain_verdict(standing, language),
        share=_measure_share(run),
        counts=_tell_last_run(run, reader, today),
        last_complete=language.say("Last complete: {when}", when=when) if when else language.say("Never complete yet"),
    )


def _explain_verdict(standing: FeedStanding, language: Language) -> str:
    """What a verdict means to a reader."""
    run = standing.last_run
    if run is None:
        return language.say("Its documents are not here yet.")
    if run.verdict in {"failed", "held"} and not standing.last_complete:
        return language.say("No update has gone through yet: its documents may be missing.")
    if run.verdict == "complete" and run.counts.rejected:
        return language.say_many(
            "All that the library shares is here but for {n} record that could not be taken in.",
            "All that the library shares is here but for {n} records that could not be taken in.",
            run.counts.rejected,
        )
    meanings = {
        "complete": language.say("All that the library shares is here."),
        "incomplete": language.say("Some of what it shares may be missing."),
        "failed": language.say("The last update failed; what is shown is from before."),
        "held": language.say("The last update waits for a librarian; what is shown is from before."),
        "running": language.say("An update is under way."),
    }
    return meanings[run.verdict]


def _measure_share(run: HarvestRun | None) -> int:
    """How much of the promise came, in per cent; a run without a promise is all or nothing by its verdict."""
    if run is None:
        return 0
    if run.counts.promised:
        return min(100, 100 * (run.counts.received - run.counts.repeated) // run.counts.promised)
    return 100 if run.verdict == "complete" else 50 if run.counts.received else 0


def _tell_last_run(run: HarvestRun | None, reader: Reader, today: date) -> str:
    """What the last run brought, and, where that is not all, when it was and what stopped it: *Lần cập nhật hôm qua:
    nhận 4.200 trên 10.069: …*; a complete one tells only what is news to readers."""
    counts = _tell_counts(run, reader.language)
    if run is None or run.verdict == "running":
        return counts
    if run.verdict == "complete":
        news = find_news(run.message, reader.language)
        return reader.language.say("{told}: {reason}", told=counts, reason=news) if news else counts
    when = say_when(run.started, reader, today)
    told = reader.language.say("Last update {when}: {counts}", when=when, counts=counts)
    reason = find_reason(run.message, reader.language)
    return reader.language.say("{told}: {reason}", told=told, reason=reason) if reason else told


def _tell_counts(run: HarvestRun | None, language: Language) -> str:
    """*Nhận 1.234 trên 1.240*; without a promise only what came. What came again counts once."""
    if run is None:
        return ""
    received = format_number(run.counts.received - run.counts.repeated, language.code)
    if run.counts.promised:
        promised = format_number(run.counts.promised, language.code)
        return language.say("{received} of {promised} received", received=received, promised=promised)
    return language.say("{received} received", received=received)
