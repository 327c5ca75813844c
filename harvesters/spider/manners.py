"""The manners of every spider, in Scrapy's words: robots.txt is obeyed, one request at a time, never sooner than the
feed's delay and slower where the server is slow; ``Retry-After`` is kept; nothing inside our own network is asked.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from harvesters.address_guard import AddressGuard
from harvesters.spider.lines import SpiderOrder
from lienthu.errors import HarvestError

_BUSY = (429, 503)


def build_settings(order: SpiderOrder) -> dict[str, Any]:
    """Scrapy's settings for one order. Redirects are off: the spider treats one as a link, with all that it checks."""
    bounds = order.bounds
    return {
        "LIENTHU_URL": order.url,
        "LIENTHU_LONGEST_WAIT": bounds.longest_wait,
        "USER_AGENT": order.agent,
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/xhtml+xml", **order.headers},
        "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_DELAY": order.delay,
        "RANDOMIZE_DOWNLOAD_DELAY": False,
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": order.delay,
        "DOWNLOAD_TIMEOUT": bounds.timeout,
        "DOWNLOAD_MAXSIZE": bounds.page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DNS_RESOLVER": "harvesters.spider.manners.GuardedResolver",
        "DOWNLOADER_MIDDLEWARES": {"harvesters.spider.manners.RetryAfter": 560},
        "RETRY_TIMES": 2,
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "REFERER_ENABLED": False,
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
    }


class Waiting(Protocol):
    """A spider that can be told to end its run and say when to come back."""

    def stop_until(self, moment: datetime) -> None: ...


class GuardedResolver(CachingThreadedResolver):
    """Looks names up and refuses those that lead inside our own network."""

    def __init__(self, reactor: Any, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.guard: AddressGuard | None = None

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "GuardedResolver":
        resolver: GuardedResolver = super().from_crawler(crawler, reactor)
        resolver.guard = AddressGuard(crawler.settings["LIENTHU_URL"])
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        try:
            if self.guard is not None:
                self.guard.check_addresses(name, [address])
        except HarvestError as error:
            raise DNSLookupError(str(error)) from error
        return address


class RetryAfter:
    """A server that is busy says when to come back: the whole spider pauses that long, or the run ends."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.longest_wait = crawler.settings.getfloat("LIENTHU_LONGEST_WAIT")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RetryAfter":
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Hands the response on to Scrapy's own retries, whose request then waits in the paused engine."""
        asked = response.headers.get("Retry-After")
        if response.status not in _BUSY or asked is None:
            return response
        now = datetime.now(UTC)
        seconds = read_wait(asked.decode("latin-1"), now)
        if seconds > self.longest_wait:
            cast("Waiting", self.crawler.spider).stop_until(now + timedelta(seconds=seconds))
        elif seconds > 0 and self.crawler.engine is not None:
            self.crawler.engine.pause()
            asyncio.get_running_loop().call_later(seconds, self.crawler.engine.unpause)
        return response


def read_wait(asked: str, now: datetime) -> float:
    """``Retry-After`` in seconds from now: it is a number of seconds or an HTTP date; 0 where it is neither."""
    if asked.strip().isdecimal():
        return float(min(int(asked.strip()[:9]), 30 * 86_400))
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, min((moment - now).total_seconds(), 30 * 86_400.0))
