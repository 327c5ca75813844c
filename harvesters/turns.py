"""Whose turn it is: several hosts at once, the feeds of one host one after the other, so that no host is ever asked
twice at the same moment.

Harvesting is waiting for other people's servers; that is why it is done side by side, in threads. A feed that fails
stops no other. Asked to stop (Ctrl-C, SIGTERM), or where the store itself is broken, every run ends with the page that
it is at, stays open, and is gone on with by the next process.
"""

import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

from harvesters.result import FeedResult
from harvesters.run import Harvest, Interrupted, harvest_feed
from lienthu.partner import Feed, Partner

MOST_HOSTS = 8
"""Asked at the same moment."""
PATIENCE = 5.0
"""Seconds in which a page that is under way may still be written when the process is asked to stop."""

Turn = tuple[int, Partner, Feed]


def take_turns(
    harvest: Harvest,
    feeds: Sequence[tuple[Partner, Feed]],
    *,
    opened: Callable[[Partner, Feed], None] = lambda partner, feed: None,
    closed: Callable[[FeedResult], None] = lambda result: None,
) -> list[FeedResult]:
    """Harvests each feed; the results come in the order of *feeds*. *opened* and *closed* are told of each as it is
    begun and ended, from the thread that does it. Raises StoreError where the store is broken."""
    lines = line_up(feeds)
    results: dict[int, FeedResult] = {}
    broken: list[BaseException] = []

    def work(queue: "SimpleQueue[list[Turn]]") -> None:
        while True:
            try:
                line = queue.get_nowait()
            except Empty:
                return
            for place, partner, feed in line:
                if harvest.stop.is_set():
                    return
                opened(partner, feed)
                try:
                    results[place] = harvest_feed(harvest, partner, feed)
                except Interrupted:
                    return
                except BaseException as error:  # noqa: BLE001 - it is raised again by whoever waits for the threads
                    broken.append(error)
                    harvest.stop.set()
                    return
                closed(results[place])

    waiting: SimpleQueue[list[Turn]] = SimpleQueue()
    for line in lines:
        waiting.put(line)
    # The context carries the language in which results are told.
    threads = [
        threading.Thread(target=copy_context().run, args=(work, waiting), daemon=True)
        for _ in range(min(MOST_HOSTS, len(lines)))
    ]
    _wait_for(threads, harvest)
    if broken:
        raise broken[0]
    return [results[place] for place in sorted(results)]


def line_up(feeds: Sequence[tuple[Partner, Feed]]) -> list[list[Turn]]:
    """The feeds of each host in their order; a feed without an address stands with those of its partner."""
    lines: dict[str, list[Turn]] = {}
    for place, (partner, feed) in enumerate(feeds):
        host = urlsplit(feed.url).hostname if feed.url else None
        lines.setdefault(host or f"partner {partner.id}", []).append((place, partner, feed))
    return list(lines.values())


def _wait_for(threads: Sequence[threading.Thread], harvest: Harvest) -> None:
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except BaseException:
        harvest.stop.set()
        for thread in threads:
            thread.join(PATIENCE / len(threads))
        raise
