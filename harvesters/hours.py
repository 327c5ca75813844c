"""When a feed may run: its hours of the day, and how long a run stays good enough for ``--due``. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lienthu.harvest_run import HarvestRun
from lienthu.partner import Feed

# A little less than the name says, so that a daily job which starts some minutes early finds the feed due.
_PERIODS = {
    "hourly": timedelta(minutes=55),
    "daily": timedelta(hours=20),
    "weekly": timedelta(days=6, hours=12),
    "monthly": timedelta(days=27),
}

SWEEP_EVERY = timedelta(days=6, hours=12)
RETRY_AFTER = timedelta(minutes=55)


def find_opening(feed: Feed, now: datetime) -> datetime | None:
    """None where the feed may run now; else the time (UTC) when its window opens next."""
    if not feed.window:
        return None
    start, end = (time.fromisoformat(part) for part in feed.window.split("-"))
    here = now.astimezone(ZoneInfo(feed.timezone))
    clock = here.time()
    is_open = start <= clock < end if start < end else clock >= start or clock < end
    if is_open:
        return None
    opening = datetime.combine(here.date(), start, tzinfo=ZoneInfo(feed.timezone))
    if opening <= here:
        opening = datetime.combine(here.date() + timedelta(days=1), start, tzinfo=ZoneInfo(feed.timezone))
    return opening.astimezone(UTC)


def is_due(feed: Feed, last_complete: str, now: datetime) -> bool:
    """True if the feed's schedule wants a run now. *last_complete* is when the last complete run began, or empty."""
    if feed.schedule == "never":
        return False
    if not last_complete:
        return True
    return now - parse_moment(last_complete) >= _PERIODS.get(feed.schedule, timedelta(0))


def find_retry(run: HarvestRun | None, now: datetime) -> datetime | None:
    """When a feed whose last run was not complete may be asked again; None: now. Whoever is asked every few minutes
    for what he cannot give learns to shut the door."""
    if run is None or run.verdict not in {"incomplete", "failed"} or not run.finished:
        return None
    again = parse_moment(run.finished) + RETRY_AFTER
    return again if again > now else None


def is_sweep_due(feed: Feed, runs: Sequence[HarvestRun], now: datetime) -> bool:
    """True if it is time to ask for all identifiers: the server tells of no deletions, and the last complete list of
    them (or of everything) is a week old. *runs* are the latest of the feed."""
    if feed.protocol != "oai-pmh" or feed.deletions != "sweep":
        return False
    complete = (run.started for run in runs if run.verdict == "complete" and (run.full or run.sweep))
    last = max(complete, default="")
    return not last or now - parse_moment(last) >= SWEEP_EVERY


def parse_moment(text: str) -> datetime:
    """ISO 8601 as the store writes it; a time without zone is UTC."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def format_moment(moment: datetime) -> str:
    """``2026-11-24T22:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tell_moment(moment: datetime, feed: Feed) -> str:
    """As people at the partner's place read a clock: ``22:00, 27/11/2026``."""
    return f"{moment.astimezone(ZoneInfo(feed.timezone)):%H:%M, %d/%m/%Y}"
