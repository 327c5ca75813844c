"""Metrics of the harvests, for Prometheus: ``logs/metrics.prom`` below the home, written anew after every harvest.

It is read by node_exporter's textfile collector, or by eye. All numbers come from the store: what was, not what is
being done. The file is replaced in one step, so that nobody reads half of it.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from harvesters.hours import parse_moment
from lienthu.harvest_run import HarvestRun
from lienthu.partner import Feed, Partner
from lienthu.store import RecordStore

_COUNTS = ("received", "stored", "unchanged", "deleted", "repeated", "rejected")
_VERDICTS = ("complete", "incomplete", "failed", "held", "running")


def write_metrics(store: RecordStore, feeds: Iterable[tuple[Partner, Feed]], home: Path) -> None:
    """A file that cannot be written stops no harvest."""
    path = home / "logs" / "metrics.prom"
    fresh = path.with_name(f".metrics-{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text("\n".join(build_metrics(store, list(feeds))) + "\n", encoding="utf-8")
        fresh.replace(path)


def build_metrics(store: RecordStore, feeds: Sequence[tuple[Partner, Feed]]) -> Iterator[str]:
    """The lines of the file."""
    runs = [(partner.id, feed.id, store.last_run(partner.id, feed.id)) for partner, feed in feeds]
    yield from _tell("lienthu_harvest_verdict", "The verdict of the last run: 1 for the one it has.")
    for partner_id, feed_id, run in runs:
        for verdict in _VERDICTS if run else ():
            held = int(run is not None and run.verdict == verdict)
            yield _line("lienthu_harvest_verdict", held, partner=partner_id, feed=feed_id, verdict=verdict)
    yield from _tell("lienthu_harvest_records", "Records of the last run by what became of them.")
    for partner_id, feed_id, run in runs:
        for name in _COUNTS if run else ():
            count = getattr(run.counts, name) if run else 0
            yield _line("lienthu_harvest_records", count, partner=partner_id, feed=feed_id, fate=name)
    for name, words in _NUMBERS:
        yield from _tell(name, words)
        for partner_id, feed_id, run in runs:
            number = _find_number(name, store, partner_id, feed_id, run)
            if number is not None:
                yield _line(name, number, partner=partner_id, feed=feed_id)
    yield from _tell("lienthu_store_records", "Records in the store.")
    for partner_id, (live, deleted) in store.count_records().by_partner.items():
        yield _line("lienthu_store_records", live, partner=partner_id, state="live")
        yield _line("lienthu_store_records", deleted, partner=partner_id, state="deleted")
    yield from _tell("lienthu_holds_waiting", "Runs that wait for a person.")
    yield f"lienthu_holds_waiting {len(store.holds())}"


_NUMBERS = (
    ("lienthu_harvest_promised", "How many records the partner promised in the last run."),
    ("lienthu_harvest_removed", "Records that the last run did not see and that are tombstones now."),
    ("lienthu_harvest_started_seconds", "When the last run began, in seconds since 1970."),
    ("lienthu_harvest_duration_seconds", "How long the last run took."),
    ("lienthu_harvest_last_complete_seconds", "When the last complete run ended, in seconds since 1970."),
)


def _find_number(name: str, store: RecordStore, partner_id: str, feed_id: str, run: HarvestRun | None) -> float | None:
    if run is None:
        return None
    if name == "lienthu_harvest_promised":
        return run.counts.promised
    if name == "lienthu_harvest_removed":
        return run.removed
    if name == "lienthu_harvest_started_seconds":
        return parse_moment(run.started).timestamp()
    if name == "lienthu_harvest_duration_seconds":
        ended = parse_moment(run.finished) if run.finished else None
        return (ended - parse_moment(run.started)).total_seconds() if ended else None
    complete = store.last_complete(partner_id, feed_id)
    return parse_moment(complete.finished).timestamp() if complete else None


def _tell(name: str, words: str) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} gauge"


def _line(name: str, number: float, **labels: str) -> str:
    """Ids are slugs: nothing in them needs escaping."""
    told = ",".join(f'{label}="{value}"' for label, value in labels.items())
    return f"{name}{{{told}}} {number:.0f}" if float(number).is_integer() else f"{name}{{{told}}} {number}"
