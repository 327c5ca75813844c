"""The process in which a spider runs: ``python -m harvesters.spider.child``.

Its order comes as the first line of standard input, its lines go to standard output, its complaints to standard
error. Standard input stays open as long as the parent lives: when it ends, or when nobody reads any more, this process
ends at once, on every system.
"""

import os
import signal
import sys
import threading
from typing import Any, BinaryIO, Protocol, cast

import msgspec

from harvesters.spider.lines import Line, SpiderOrder, SpiderSummary, write_line


class Summarising(Protocol):
    """What every spider can do besides crawling."""

    def summarise(self, reason: str) -> SpiderSummary: ...


def main() -> None:
    """Runs one spider to its end and says how it ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent gets it too, and ends us
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=SpiderOrder)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    pipe = _take_output()
    try:
        _send(pipe, _crawl(order, lambda line: _send(pipe, line)))
    finally:
        sys.stderr.flush()
    os._exit(0)  # the thread that waits for the parent cannot be joined


def _crawl(order: SpiderOrder, send: Any) -> SpiderSummary:
    from scrapy.crawler import AsyncCrawlerProcess

    from harvesters.spider.manners import build_settings
    from harvesters.spider.spiders import find_spider

    process = AsyncCrawlerProcess(build_settings(order))
    crawler = process.create_crawler(find_spider(order.spider))
    process.crawl(crawler, order=order, send=send)
    process.start(install_signal_handlers=False)
    if crawler.spider is None or crawler.stats is None:
        return SpiderSummary(reason="not started")
    return cast("Summarising", crawler.spider).summarise(str(crawler.stats.get_value("finish_reason", "unknown")))


def _take_output() -> BinaryIO:
    """Our own way out; whatever else prints goes to standard error, so that no line is ever broken."""
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return pipe


def _send(pipe: BinaryIO, line: Line) -> None:
    rest = memoryview(write_line(line))
    try:
        while rest:
            rest = rest[pipe.write(rest) or 0 :]
    except OSError:  # nobody reads: the parent is gone
        os._exit(1)


def _end_with_parent() -> None:
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
