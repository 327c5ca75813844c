"""One kept connection to one partner's server, with the manners and the suspicion that every harvester needs.

One request at a time, never faster than the feed's delay. A fault that may pass (429, 5xx, broken connection, cut page,
web page instead of XML) is tried again, waiting as long as the server asks; if it asks for more than two minutes the
run ends, and nobody asks sooner. Redirects are followed by hand, each address checked by the guard.
"""

import os
import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import parse_qs, urljoin, urlsplit

import msgspec
import requests
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import HTTPError

from harvesters.address_guard import AddressGuard
from harvesters.body import ACCEPTED_PACKING, read_body
from harvesters.faults import AskedToWait, Busy, NotFound, NotReached, PassingFault
from harvesters.page import HarvestContext
from lienthu.errors import HarvestError
from lienthu.i18n import mark
from lienthu.partner import Feed
from lienthu.settings import resolve_secret

_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
MAY_SAY_WHEN = frozenset({429, 503})

Answer = TypeVar("Answer")


class Manners(msgspec.Struct, frozen=True, kw_only=True):
    """All in seconds. ``tries`` counts the first one; the wait doubles from ``backoff``, with some chance in it."""

    tries: int = 5
    backoff: float = 1.0
    longest_wait: float = 120.0
    connect: float = 5.0
    read: float = 60.0
    page: float = 900.0


class PoliteSession:
    """Asks the server of one feed."""

    def __init__(self, feed: Feed, context: HarvestContext, manners: Manners) -> None:
        self._feed = feed
        self._context = context
        self._manners = manners
        self._guard = AddressGuard(feed.url)
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": context.agent, "Accept-Encoding": ACCEPTED_PACKING})
        # What the environment says is read here, once; requests would read it for every page, and ~/.netrc too.
        self._session.trust_env = False
        self._proxies: dict[str, dict[str, str]] = {}
        self._secrets = read_secrets(feed, context.environment)
        self._verify = find_certificates(feed, context)
        self._asked = 0.0

    def close(self) -> None:
        self._session.close()

    def try_often(self, ask: Callable[[], Answer], at_most: int | None = None) -> Answer:
        """What *ask* gives. Raises HarvestError when every try was a PassingFault."""
        fault = PassingFault(mark("nothing was tried"))
        tries = min(self._manners.tries, at_most or self._manners.tries)
        for attempt in range(tries):
            if attempt:
                doubled = self._manners.backoff * 2 ** (attempt - 1) * random.uniform(1.0, 1.3)  # noqa: S311
                time.sleep(fault.wait if fault.wait is not None else doubled)
            try:
                return ask()
            except PassingFault as error:
                fault = error
        raise HarvestError(
            mark("{address}: {reason} ({tries} tries)."),
            address=shorten_address(self._feed.url),
            reason=fault.keep(),
            tries=tries,
        ) from fault

    def fetch(self, params: dict[str, str]) -> tuple[requests.Response, bytes]:
        """One answer of the feed's address and its whole body, whatever its status is. Raises PassingFault or
        AskedToWait where the server is busy."""
        with self._follow(params) as response:
            if response.status_code in MAY_SAY_WHEN:
                self._obey_retry_after(response)
            return response, read_body(response, time.monotonic() + self._manners.page)

    def _follow(self, params: dict[str, str]) -> requests.Response:
        url: str = self._feed.url
        query: dict[str, str] | None = params
        for _hop in range(_MOST_REDIRECTS + 1):
            response = self._request_once(url, query)
            target = response.headers.get("Location", "")
            if response.status_code not in _REDIRECTS or not target:
                return response
            response.close()
            url = urljoin(response.url, target)
            told = parse_qs(urlsplit(url).query, keep_blank_values=True)
            # A server that moved often forgets what was asked.
            query = {name: value for name, value in params.items() if name not in told}
        raise HarvestError(mark("{address}: more than five redirects."), address=shorten_address(self._feed.url))

    def _request_once(self, url: str, query: dict[str, str] | None) -> requests.Response:
        pause = self._asked + self._feed.delay - time.monotonic()
        if self._asked and pause > 0:
            time.sleep(pause)
        proxies = self._find_proxies(url)
        proxy = select_proxy(url, proxies)
        self._guard.check_url(url, by_proxy=bool(proxy))
        self._asked = time.monotonic()
        try:
            response = self._session.get(
                url,
                params=query,
                headers=self._secrets if is_same_place(url, self._feed.url) else None,
                timeout=(self._manners.connect, self._manners.read),
                verify=self._verify,
                proxies=proxies,
                stream=True,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            name_connection_fault(error, url)
        except (HTTPError, OSError) as error:
            raise PassingFault(mark("the connection broke")) from error
        except ValueError as error:
            # requests looks where a redirect leads even if it is not to follow it.
            raise HarvestError(
                mark("{address} redirects to what is no address."), address=shorten_address(url)
            ) from error
        if not proxy:
            # The name may have led elsewhere since it was checked: look at who really answered.
            self._guard.check_addresses(urlsplit(url).hostname or "", find_peer(response))
        return response

    def _find_proxies(self, url: str) -> dict[str, str]:
        place = urlsplit(url)
        if place.netloc not in self._proxies:
            self._proxies[place.netloc] = get_environ_proxies(url)
        return self._proxies[place.netloc]

    def _obey_retry_after(self, response: requests.Response) -> NoReturn:
        asked = response.headers.get("Retry-After", "").strip()
        response.close()
        raise build_busy_fault(response.status_code, asked, self._feed.url, self._manners, self._context)


def build_busy_fault(
    status: int, asked: str, url: str, manners: Manners, context: HarvestContext
) -> PassingFault | AskedToWait:
    """The server is busy: wait as long as it asks, or leave it alone where that is too long for a run."""
    fault = Busy(mark("the server is busy (HTTP {status})"), status=status)
    fault.wait = read_retry_after(asked, context.now())
    if fault.wait is None or fault.wait <= manners.longest_wait:
        return fault
    seconds = min(fault.wait, timedelta(days=30).total_seconds())
    leave_alone = AskedToWait(
        mark("{address} asks to be left alone for {minutes} minutes."),
        address=shorten_address(url),
        minutes=max(1, round(seconds / 60)),
    )
    leave_alone.not_before = context.now() + timedelta(seconds=seconds)
    return leave_alone


def read_retry_after(asked: str, now: datetime) -> float | None:
    """Seconds, at least 0; None where it is neither a number of them nor an HTTP date (RFC 9110, 10.2.3)."""
    if asked.isascii() and asked.isdecimal():
        return float(asked[:15])
    try:
        moment = parsedate_to_datetime(asked)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())


def read_secrets(feed: Feed, environment: Mapping[str, str]) -> dict[str, str]:
    """The headers that prove who we are; they go to the partner's own host only."""
    headers: dict[str, str] = {}
    if "basic" in feed.auth:
        user, _colon, password = resolve_secret(feed.auth["basic"], environment).partition(":")
        request = requests.auth.HTTPBasicAuth(user.encode(), password.encode())(requests.Request())
        headers["Authorization"] = str(request.headers["Authorization"])
    if "header" in feed.auth:
        name, colon, value = resolve_secret(feed.auth["header"], environment).partition(":")
        headers[name.strip() if colon else "Authorization"] = value.strip() if colon else name.strip()
    return headers


def find_certificates(feed: Feed, context: HarvestContext) -> str | bool:
    if feed.ca_bundle:
        bundle: Path = context.home / feed.ca_bundle
        if not bundle.is_file():
            raise HarvestError(mark("ca_bundle: {path} is not there."), path=bundle)
        return str(bundle)
    environment = context.environment or os.environ
    return environment.get("SSL_CERT_FILE") or environment.get("REQUESTS_CA_BUNDLE") or True


def is_same_place(url: str, own: str) -> bool:
    here, there = urlsplit(url), urlsplit(own)
    return (here.scheme, here.netloc.lower()) == (there.scheme, there.netloc.lower())


def find_peer(response: requests.Response) -> list[str]:
    """The address that answered, where the connection still knows it."""
    connection: Any = getattr(response.raw, "connection", None) or getattr(response.raw, "_connection", None)
    sock = getattr(connection, "sock", None)
    if sock is None:
        return []
    try:
        return [str(sock.getpeername()[0])]
    except OSError:
        return []


def name_connection_fault(error: requests.RequestException, url: str) -> NoReturn:
    host = urlsplit(url).hostname or ""
    if isinstance(error, requests.exceptions.SSLError):
        raise NotReached(
            mark(
                "the certificate of {host} cannot be checked; if it leaves out a certificate in between, save that "
                "to a file and name it in ca_bundle"
            ),
            host=host,
        ) from error
    if isinstance(error, requests.Timeout):
        raise PassingFault(mark("{host} does not answer in time"), host=host) from error
    if isinstance(error, requests.exceptions.ProxyError):
        raise NotReached(
            mark("the proxy on the way to {host} cannot be reached or refuses (see HTTPS_PROXY and NO_PROXY)"),
            host=host,
        ) from error
    if isinstance(error, requests.ConnectionError):
        raise NotReached(mark("{host} cannot be reached"), host=host) from error
    raise HarvestError(mark("{host} cannot be asked: {reason}."), host=host, reason=type(error).__name__) from error


def refuse_status(status: int, url: str) -> NoReturn:
    if status in _PASSING:
        raise PassingFault(mark("the server failed (HTTP {status})"), status=status)
    if status in {401, 403}:
        raise NotFound(
            mark("{address} refuses us (HTTP {status}): ask the partner for access, or mend auth in partners.toml."),
            address=shorten_address(url),
            status=status,
        )
    raise NotFound(
        mark("{address} answers HTTP {status}: mend url in partners.toml."), address=shorten_address(url), status=status
    )


def shorten_address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"[:200]
