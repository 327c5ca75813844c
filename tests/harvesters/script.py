"""A harvester that is a script of pages, one feed to run it on, and a look at what readers have then."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harvesters.page import Ending, HarvestContext, Page, PageStream
from harvesters.result import FeedResult
from harvesters.run import Harvest, harvest_feed
from lienthu.partner import Feed, Partner
from lienthu.raw_record import RawRecord
from lienthu.store import OpenRun, RecordStore
from lienthu.store.nouns import JudgeWork

COMPLETE = Ending(verdict="complete")


def build_page(*ids: str, **more: Any) -> Page:
    records = tuple(
        RawRecord(partner_id="p", feed_id="f", source_id=one, format="row", payload=one.encode()) for one in ids
    )
    return Page(records=records, checkpoint=ids[-1].encode() if ids else None, **more)


class Script:
    """Hands over its pages; a step that is an error is raised. ``checkpoints`` are those it was resumed with."""

    def __init__(self, *steps: Page | Exception, ending: Ending = COMPLETE) -> None:
        self.steps = steps
        self.ending = ending
        self.contexts: list[HarvestContext] = []
        self.checkpoints: list[bytes | None] = []

    def pages(self, feed: Feed, partner: Partner, run: OpenRun, context: HarvestContext) -> PageStream:
        self.contexts.append(context)
        self.checkpoints.append(run.checkpoint)
        for step in self.steps:
            if isinstance(step, Exception):
                raise step
            yield step
        return self.ending


def run(
    store: RecordStore,
    script: Script,
    *,
    full: bool = False,
    now: datetime | None = None,
    judge: JudgeWork | None = None,
    **feed: Any,
) -> FeedResult:
    one = Feed(**{"id": "f", "protocol": "oai-pmh", **feed})
    harvest = Harvest(
        store=store,
        home=Path(store.home),
        full=full,
        judge=judge,
        open_harvester=lambda protocol: script,
        now=lambda: now or datetime.now(UTC),
    )
    return harvest_feed(harvest, Partner(id="p", name={"vi": "P"}, feed=(one,)), one)


def live(store: RecordStore) -> set[str]:
    return {stored.raw.source_id for stored in store.changes_since(0, 100_000) if not stored.raw.deleted}
