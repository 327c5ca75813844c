"""Fetches the file of a feed that has a ``url``, and keeps it in the home folder: ``fetched/partner/feed/name``.

Manners and suspicion are those of every harvester: the address guard stands before each redirect, a busy server is
obeyed, the body is bounded. What the server said last time of the file (ETag, Last-Modified) is asked first, so that an
unchanged file is not sent again. A file that arrived in part is never read: it takes its name when it is whole.
"""

import os
import random
import re
import time
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import msgspec
import requests
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import HTTPError

from harvesters.address_guard import AddressGuard
from harvesters.faults import PassingFault
from harvesters.file.folder import DroppedFile
from harvesters.page import HarvestContext
from harvesters.session import (
    Manners,
    build_busy_fault,
    find_certificates,
    find_peer,
    is_same_place,
    name_connection_fault,
    read_secrets,
    shorten_address,
)
from lienthu.errors import HarvestError
from lienthu.i18n import mark
from lienthu.partner import Feed

FILE_BYTES = 2_000_000_000
MANNERS = Manners()
_CHUNK = 256 * 1024
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_UNSAFE = re.compile(r"[^\w.-]+")


class FetchedState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the server said of the file that lies here."""

    url: str
    name: str
    size: int
    etag: str = ""
    last_modified: str = ""


def find_fetched(home: Path, partner_id: str) -> Path:
    """The folder of all that was fetched from a partner's addresses."""
    return home / "fetched" / partner_id


def fetch_file(feed: Feed, partner_id: str, context: HarvestContext, *, again: bool = False) -> DroppedFile:
    """The file as it is now. *again*: a run goes on that has begun to read it, so the one that lies here is taken.
    Raises HarvestError where it cannot be had."""
    folder = find_fetched(context.home, partner_id) / feed.id
    folder.mkdir(parents=True, exist_ok=True)
    known = _read_state(folder, feed.url)
    if known is not None and again:
        return DroppedFile(known.name, folder / known.name)
    fault = PassingFault(mark("nothing was tried"))
    for attempt in range(MANNERS.tries):
        if attempt:
            doubled = MANNERS.backoff * 2 ** (attempt - 1) * random.uniform(1.0, 1.3)  # noqa: S311
            time.sleep(fault.wait if fault.wait is not None else doubled)
        try:
            return Fetch(feed, context, folder).work(known)
        except PassingFault as error:
            fault = error
    raise HarvestError(
        mark("{address}: {reason} ({tries} tries)."),
        address=shorten_address(feed.url),
        reason=fault.keep(),
        tries=MANNERS.tries,
    ) from fault


class Fetch:
    """One try."""

    def __init__(self, feed: Feed, context: HarvestContext, folder: Path) -> None:
        self._feed = feed
        self._context = context
        self._folder = folder
        self._guard = AddressGuard(feed.url)
        self._secrets = read_secrets(feed, context.environment)
        self._verify = find_certificates(feed, context)

    def work(self, known: FetchedState | None) -> DroppedFile:
        with requests.Session() as session:
            session.headers.update({"User-Agent": self._context.agent, "Accept-Encoding": "identity"})
            session.auth = lambda request: request  # no password out of ~/.netrc
            with self._follow(session, known) as response:
                if response.status_code == requests.codes.not_modified and known is not None:
                    return DroppedFile(known.name, self._folder / known.name)
                self._refuse(response)
                return self._save(response, known)

    def _follow(self, session: requests.Session, known: FetchedState | None) -> requests.Response:
        url = self._feed.url
        for _hop in range(_MOST_REDIRECTS + 1):
            response = self._ask(session, url, known)
            target = response.headers.get("Location", "")
            if response.status_code not in _REDIRECTS or not target:
                return response
            response.close()
            url = urljoin(url, target)
        raise HarvestError(mark("{address}: more than five redirects."), address=shorten_address(self._feed.url))

    def _ask(self, session: requests.Session, url: str, known: FetchedState | None) -> requests.Response:
        proxy = select_proxy(url, get_environ_proxies(url))
        self._guard.check_url(url, by_proxy=bool(proxy))
        headers = dict(self._secrets) if is_same_place(url, self._feed.url) else {}
        if known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        elif known is not None and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        try:
            response = session.get(
                url,
                headers=headers,
                timeout=(MANNERS.connect, MANNERS.read),
                verify=self._verify,
                stream=True,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            name_connection_fault(error, url)
        except (HTTPError, OSError) as error:
            raise PassingFault(mark("the connection broke")) from error
        if not proxy:
            self._guard.check_addresses(urlsplit(url).hostname or "", find_peer(response))
        return response

    def _refuse(self, response: requests.Response) -> None:
        status = response.status_code
        if status == requests.codes.ok:
            return
        if status in _PASSING:
            asked = response.headers.get("Retry-After", "").strip()
            raise build_busy_fault(status, asked, self._feed.url, MANNERS, self._context)
        message = mark("{address} answers HTTP {status}: mend url in partners.toml.")
        if status in {401, 403}:
            message = mark(
                "{address} refuses us (HTTP {status}): ask the partner for access, or mend auth in partners.toml."
            )
        raise HarvestError(message, address=shorten_address(self._feed.url), status=status)

    def _save(self, response: requests.Response, known: FetchedState | None) -> DroppedFile:
        name = _name_file(self._feed.url)
        target = self._folder / name
        partial = self._folder / f"{name}.part"
        size = self._write(response, partial)
        promised = response.headers.get("Content-Length", "")
        if promised.isdecimal() and int(promised) != size:
            raise PassingFault(mark("the file came in part: {size} of {promised} bytes"), size=size, promised=promised)
        if known is not None and target.exists() and _is_same(partial, target):
            partial.unlink()  # the file's time stays, and with it what was already read of it
        else:
            os.replace(partial, target)
        _write_state(
            self._folder,
            FetchedState(
                url=self._feed.url,
                name=name,
                size=size,
                etag=response.headers.get("ETag", ""),
                last_modified=response.headers.get("Last-Modified", ""),
            ),
        )
        return DroppedFile(name, target)

    def _write(self, response: requests.Response, partial: Path) -> int:
        size = 0
        until = time.monotonic() + MANNERS.page * 4
        try:
            with partial.open("wb") as file:
                for chunk in response.iter_content(_CHUNK):
                    size += len(chunk)
                    if size > FILE_BYTES:
                        raise HarvestError(
                            mark("{address} sends more than {limit} bytes and was left."),
                            address=shorten_address(self._feed.url),
                            limit=FILE_BYTES,
                        )
                    if time.monotonic() > until:
                        raise PassingFault(mark("the file drips too slowly"))
                    file.write(chunk)
        except (requests.RequestException, HTTPError) as error:
            raise PassingFault(mark("the connection broke")) from error
        return size


def _name_file(url: str) -> str:
    """The last part of the address, in plain signs; never a name that could mean another place."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    name = _UNSAFE.sub("_", last).strip("._")[:100]
    return name or "file"


def _is_same(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while chunk := left.read(_CHUNK):
            if chunk != right.read(_CHUNK):
                return False
    return True


def _read_state(folder: Path, url: str) -> FetchedState | None:
    """None where nothing was fetched yet, or from elsewhere, or the file is not whole any more."""
    try:
        state = msgspec.json.decode((folder / "state.json").read_bytes(), type=FetchedState)
        size = (folder / state.name).stat().st_size
    except (OSError, msgspec.DecodeError, ValueError):
        return None
    return state if state.url == url and state.size == size and state.name == _name_file(url) else None


def _write_state(folder: Path, state: FetchedState) -> None:
    partial = folder / "state.json.part"
    partial.write_bytes(msgspec.json.encode(state))
    os.replace(partial, folder / "state.json")
