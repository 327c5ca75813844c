"""Which examiner looks at what was given: a file or folder of this machine, or an address, whose own answers tell what
it is: OAI-PMH, SRU, a file to fetch, or a page of a catalogue."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import msgspec

from harvesters.check.asking import Asker, NoAnswer
from harvesters.check.file import FileExaminer, escape_path
from harvesters.check.journal import Journal, Watcher
from harvesters.check.oai import OaiExaminer
from harvesters.check.page import PageExaminer
from harvesters.check.sru import SruExaminer
from harvesters.page import HarvestContext
from harvesters.run import AGENT
from lienthu.errors import SettingsError
from lienthu.examination import Examination, Kind
from lienthu.i18n import mark
from lienthu.partner import Feed
from lienthu.raw_record import RawRecord

DELAY = 0.5
_VERSIONS = ("1.1", "1.2")
_HEAD = 3000
_REFUSAL = 400

Records = Generator[RawRecord, None, Examination]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """``target`` is a path or an address; ``format`` and ``query`` are needed only where the server leaves a choice;
    ``home`` is a folder for a file that is fetched."""

    target: str
    home: Path
    format: str = ""
    query: str = ""
    delay: float = DELAY
    agent: str = AGENT


def examine(wanted: Wanted, watcher: Watcher = lambda request: None) -> Records:
    """The records that are looked at, and the examination at the end. Raises SettingsError for what is neither."""
    context = HarvestContext(home=wanted.home, agent=wanted.agent, now=lambda: datetime.now(UTC))
    if not wanted.target.lower().startswith(("http://", "https://")):
        path = Path(wanted.target).expanduser().resolve()
        if not path.exists():
            raise SettingsError(
                mark("There is no file {path}. Give a file, a folder, or an address (https://…)."), path=path
            )
        pattern = escape_path(str(path)) + ("/*" if path.is_dir() else "")
        feed = Feed(id="check", protocol="file", path=pattern, format=wanted.format)
        return FileExaminer(feed, context, Journal("file", str(path), watcher)).records()
    return _examine_address(wanted, context, watcher)


def _examine_address(wanted: Wanted, context: HarvestContext, watcher: Watcher) -> Records:
    address = _strip_request(wanted.target)
    feed = Feed(
        id="check", protocol="oai-pmh", url=address, format=wanted.format, query=wanted.query, delay=wanted.delay
    )
    kind, version, body = _find_kind(wanted, feed, context, watcher)
    journal = Journal(kind, address if kind in {"oai-pmh", "sru"} else wanted.target, watcher)
    if kind == "file":
        file_feed = msgspec.structs.replace(feed, protocol="file", url=wanted.target)
        return (yield from FileExaminer(file_feed, context, journal).records())
    if kind == "page":
        return (yield from PageExaminer(_build_fetch(feed, context, journal), journal, wanted.target, body).records())
    with _open_asker(feed, context, journal) as asker:
        if kind == "sru":
            query = wanted.query or _read_query(wanted.target) or "vietnam"
            sru_feed = msgspec.structs.replace(feed, protocol="sru", query=query)
            return (yield from SruExaminer(asker, journal, sru_feed, version).records())
        return (yield from OaiExaminer(asker, journal, context.now(), wanted.format).records())


def _find_kind(wanted: Wanted, feed: Feed, context: HarvestContext, watcher: Watcher) -> tuple[Kind, str, bytes]:
    """The kind, the version of SRU, and the body of a page. What answers nothing is examined as what it seems."""
    silent = Journal("oai-pmh", feed.url, watcher)
    with _open_asker(feed, context, silent) as asker:
        try:
            _response, body = asker.ask(verb="Identify")
        except NoAnswer:
            return "oai-pmh", "", b""
        if b"OAI-PMH" in body[:_HEAD] and b"<html" not in body[:_HEAD].lower():
            return "oai-pmh", "", b""
        for version in _VERSIONS:
            try:
                _response, body = asker.ask(operation="explain", version=version)
            except NoAnswer:
                break
            if b"explainResponse" in body[:_HEAD] or b"searchRetrieveResponse" in body[:_HEAD]:
                return "sru", version, b""
    return _find_kind_of_document(wanted, feed, context, silent)


def _find_kind_of_document(
    wanted: Wanted, feed: Feed, context: HarvestContext, journal: Journal
) -> tuple[Kind, str, bytes]:
    try:
        response, body = _build_fetch(feed, context, journal)(wanted.target)
    except NoAnswer:
        return "oai-pmh", "", b""
    is_page = "html" in response.headers.get("Content-Type", "").lower() or b"<html" in body[:_HEAD].lower()
    looks_like_oai = any(word in wanted.target.lower() for word in ("oai", "verb=", "request"))
    if is_page and looks_like_oai:
        return "oai-pmh", "", b""
    if response.status_code >= _REFUSAL:  # the page of an error is no page of a catalogue
        return "file", "", b""
    return ("page", "", body) if is_page else ("file", "", b"")


def _build_fetch(feed: Feed, context: HarvestContext, journal: Journal) -> Callable[[str], tuple[Any, bytes]]:
    def fetch(address: str) -> tuple[Any, bytes]:
        with _open_asker(msgspec.structs.replace(feed, url=address), context, journal) as asker:
            return asker.ask()

    return fetch


@contextmanager
def _open_asker(feed: Feed, context: HarvestContext, journal: Journal) -> Iterator[Asker]:
    asker = Asker(feed, context, journal)
    try:
        yield asker
    finally:
        asker.close()


def _strip_request(url: str) -> str:
    """``https://x/oai?verb=Identify`` -> ``https://x/oai``: people copy addresses from a browser."""
    parts = urlsplit(url)
    names = set(parse_qs(parts.query, keep_blank_values=True))
    asks = names & {"verb", "operation"}
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "" if asks else parts.query, ""))


def _read_query(url: str) -> str:
    return next(iter(parse_qs(urlsplit(url).query).get("query", [])), "")
