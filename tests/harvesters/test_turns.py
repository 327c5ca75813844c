"""Several hosts are harvested at once, and no host is asked twice at the same moment."""

import threading
import time
from pathlib import Path

import pytest

from harvesters.run import Harvest
from harvesters.turns import line_up, take_turns
from lienthu.errors import StoreError
from lienthu.harvest_run import HarvestCounts
from lienthu.partner import Feed, Partner
from lienthu.store import open_store
from tests.servers.oai_server import Handler, Library, build_records, serve_library


def build_partner(name: str, *urls: str) -> list[tuple[Partner, Feed]]:
    feeds = tuple(
        Feed(id=f"oai-{place}", protocol="oai-pmh", url=url, format="marcxml", delay=0.0)
        for place, url in enumerate(urls)
    )
    partner = Partner(id=name, name={"vi": name}, feed=feeds)
    return [(partner, feed) for feed in feeds]


def test_feeds_of_one_host_stand_in_one_line_in_their_order() -> None:
    feeds = [*build_partner("a", "http://x.vn/1", "http://y.vn/2"), *build_partner("b", "https://X.vn:8080/3")]
    assert [[place for place, *_ in line] for line in line_up(feeds)] == [[0, 2], [1]]


def test_two_hosts_are_asked_at_the_same_moment_and_each_is_received_wholly(tmp_path: Path) -> None:
    meeting = threading.Barrier(2)

    def meet(number: int, body: bytes, handler: Handler) -> bool:
        meeting.wait(20)  # broken, and so the test, where the other host is not asked meanwhile
        return False

    here, there = Library(build_records(30), fault=meet), Library(build_records(30), fault=meet)
    with (
        serve_library(here) as one,
        serve_library(there) as other,
        open_store(f"sqlite:///{tmp_path}/l.db", tmp_path) as store,
    ):
        feeds = build_partner("a", one.url) + build_partner("b", other.url.replace("127.0.0.1", "localhost"))
        results = take_turns(Harvest(store=store, home=tmp_path), feeds)
        assert [(result.partner_id, result.verdict) for result in results] == [("a", "complete"), ("b", "complete")]
        assert store.count_records().by_partner == {"a": (30, 0), "b": (30, 0)}
        changes = [stored.change for stored in store.changes_since(0, 100)]
        assert len(changes) == len(set(changes)) == 60


class Breaks:
    """A store that breaks while the first page is counted."""

    def show_page(self, partner: Partner, feed: Feed, counts: HarvestCounts) -> None:
        raise StoreError("the disk is full")


def test_a_broken_store_ends_all_of_it_and_is_told(tmp_path: Path) -> None:
    with (
        serve_library(Library(build_records(30))) as server,
        open_store(f"sqlite:///{tmp_path}/l.db", tmp_path) as store,
    ):
        harvest = Harvest(store=store, home=tmp_path, watcher=Breaks())
        with pytest.raises(StoreError, match="disk is full"):
            take_turns(harvest, build_partner("a", server.url))
        assert harvest.stop.is_set()


class StopAtOnce:
    def __init__(self) -> None:
        self.harvest: Harvest | None = None

    def show_page(self, partner: Partner, feed: Feed, counts: HarvestCounts) -> None:
        if self.harvest is not None:
            self.harvest.stop.set()


def test_a_harvest_that_is_stopped_keeps_its_page_and_goes_on_the_next_time(tmp_path: Path) -> None:
    watcher = StopAtOnce()
    library = Library(build_records(30))
    with serve_library(library) as server, open_store(f"sqlite:///{tmp_path}/l.db", tmp_path) as store:
        watcher.harvest = Harvest(store=store, home=tmp_path, watcher=watcher)
        feeds = build_partner("a", server.url)
        assert take_turns(watcher.harvest, feeds) == []
        run = store.last_run("a", "oai-0")
        assert run is not None
        assert (run.verdict, run.counts.received) == ("running", 10)
        (result,) = take_turns(Harvest(store=store, home=tmp_path), feeds)
    assert (result.verdict, result.counts.received, result.counts.repeated) == ("complete", 30, 0)


def test_a_slow_server_is_asked_for_the_next_page_while_the_last_is_stored(tmp_path: Path) -> None:
    asked: list[int] = []

    def dawdle(number: int, body: bytes, handler: Handler) -> bool:
        asked.append(number)
        time.sleep(0.05)
        return False

    class Dawdler:
        seen: list[int] = []

        def show_page(self, partner: Partner, feed: Feed, counts: HarvestCounts) -> None:
            end = time.monotonic() + 20
            while counts.received == 10 and len(asked) < 2 and time.monotonic() < end:
                time.sleep(0.01)
            self.seen.append(len(asked))

    with (
        serve_library(Library(build_records(20), fault=dawdle)) as server,
        open_store(f"sqlite:///{tmp_path}/l.db", tmp_path) as store,
    ):
        harvest = Harvest(store=store, home=tmp_path, watcher=Dawdler())
        (result,) = take_turns(harvest, build_partner("a", server.url))
    assert result.verdict == "complete"
    assert Dawdler.seen == [2, 2]
