"""A harvest at a table of its own: a store in a temporary folder, impatient manners, one partner with one feed."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harvesters.oai_pmh.harvester import OaiHarvester
from harvesters.result import FeedResult
from harvesters.run import Harvest, Watcher, harvest_feed
from harvesters.session import Manners
from harvesters.sru.harvester import SruHarvester
from lienthu.partner import Feed, Partner
from lienthu.raw_record import RawRecord
from lienthu.store import RecordStore, open_store

IMPATIENT = Manners(tries=3, backoff=0.001, connect=2, read=2, page=5)


class Desk:
    """``harvest(url, format="marcxml")`` runs one feed against the store of this table."""

    def __init__(self, home: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self.store: RecordStore = open_store(f"sqlite:///{home}/lienthu.db", home)
        self.manners = IMPATIENT
        self.now = now
        self.watcher: Watcher | None = None

    def harvest(
        self, url: str, *, full: bool = False, environment: dict[str, str] | None = None, **feed: Any
    ) -> FeedResult:
        one = Feed(**{"id": "oai", "protocol": "oai-pmh", "url": url, "delay": 0.0, **feed})
        harvest = Harvest(
            store=self.store,
            home=self.home,
            full=full,
            environment=environment or {},
            now=self.now,
            open_harvester=lambda protocol: (SruHarvester if protocol == "sru" else OaiHarvester)(self.manners),
            watcher=self.watcher,
        )
        return harvest_feed(harvest, Partner(id="tlu", name={"vi": "TLU"}, feed=(one,)), one)

    def read_all(self) -> dict[str, RawRecord]:
        """Every record of the store by its source id, tombstones too."""
        return {stored.raw.source_id: stored.raw for stored in self.store.changes_since(0, 1_000_000)}

    def live_ids(self) -> set[str]:
        return {source_id for source_id, raw in self.read_all().items() if not raw.deleted}
