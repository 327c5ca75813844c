"""Detour: one record that a server fails at must not hide all that lie behind it in the list.

A page that cannot be had, however often it is asked for, while the server still answers who it is: then the list is
asked for in smaller and smaller parts, down to those of one date. Of such a part the list of identifiers is asked for,
and each record that has not come by itself. What cannot be had even so is named, so that the partner can look there.
"""

from collections.abc import Generator, Iterator
from datetime import datetime

from harvesters.faults import AskedToWait, Busy, PassingFault
from harvesters.oai_pmh.arrivals import Arrivals
from harvesters.oai_pmh.bookmark import Bookmark, encode_bookmark
from harvesters.oai_pmh.client import OaiClient
from harvesters.oai_pmh.envelope import Envelope, open_header
from harvesters.oai_pmh.faults import ListBroken
from harvesters.oai_pmh.identity import Identity, read_identity
from harvesters.oai_pmh.listing import Listing
from harvesters.oai_pmh.records import RecordReader
from harvesters.page import Page
from lienthu.errors import HarvestError
from lienthu.i18n import mark
from lienthu.message import Message, build_message
from lienthu.raw_record import RawRecord
from lienthu.store.nouns import Rejection

MOST_FAILURES = 40
"""One after the other, with no answer between them: a server that fails at everything is not asked for ever. Halving
thirty years down to a second takes thirty."""
MOST_FAILING = 10
"""With more that cannot be had it is no single record that is bad."""
MOST_SINGLE = 2_000
"""Records of one part that are asked for one by one."""
_FAILURES_TO_AN_IDENTITY = 5
_BATCH = 25
_MOST_TOLD = 3

FAILS = "failing"


def can_go_around(client: OaiClient, bookmark: Bookmark, error: HarvestError, now: datetime) -> bool:
    """Whether a part of the list may be had although this one cannot. Asks the server now and then who it is."""
    if not isinstance(error.__cause__, PassingFault) or isinstance(error.__cause__, Busy):
        return False
    if bookmark.failures >= MOST_FAILURES or len(bookmark.failing) >= MOST_FAILING:
        return False
    bookmark.failures += 1
    return bookmark.failures % _FAILURES_TO_AN_IDENTITY != 1 or read_identity(client, now) != Identity()


def fetch_singly(
    client: OaiClient, bookmark: Bookmark, arrivals: Arrivals, reader: RecordReader, params: dict[str, str]
) -> Generator[Page, None, None]:
    """What has not come of the current window, one record by one question. *params* ask for its identifiers."""
    window = str(bookmark.windows[0])
    headers, is_whole = _list_headers(client, params)
    lacking = [header for header in headers if not arrivals.has(header.identifier)]
    for start in range(0, len(lacking), _BATCH):
        read = [_fetch(client, bookmark, reader, header) for header in lacking[start : start + _BATCH]]
        records = arrivals.drop_seen(one for one in read if isinstance(one, RawRecord))
        rejections = arrivals.drop_rejected(one for one in read if isinstance(one, Rejection))
        bookmark.received += len(records) + len(rejections)
        yield Page(
            records=tuple(records),
            rejections=tuple(rejections),
            checkpoint=encode_bookmark(bookmark),
            promised=bookmark.whole,
            cursor=f"GetRecord {window}".rstrip(),
        )
        if len(bookmark.failing) >= MOST_FAILING:
            break
    if not is_whole:
        bookmark.failing.append(window)
    bookmark.listed = max(bookmark.listed, sum(arrivals.has(header.identifier) for header in headers))


def _list_headers(client: OaiClient, params: dict[str, str]) -> tuple[list[Envelope], bool]:
    """The first of them, as far as they can be had, and whether these are all."""
    headers: list[Envelope] = []
    try:
        for response in Listing(client, params):
            headers.extend(open_header(element) for element in response.read_headers())
            if len(headers) > MOST_SINGLE:
                return headers[:MOST_SINGLE], False
    except AskedToWait:
        raise
    except (HarvestError, ListBroken):
        return headers, False
    return headers, bool(headers)


def _fetch(
    client: OaiClient, bookmark: Bookmark, reader: RecordReader, header: Envelope
) -> RawRecord | Rejection | None:
    """None where the server fails at the record; that is noted."""
    if header.deleted:
        return reader.read(header, bookmark.received + 1)
    entry = client.fetch_record(bookmark.prefix, header.identifier)
    if entry is None:
        bookmark.failing.append(header.identifier[:200])
        return None
    return reader.read(entry, bookmark.received + 1)


def tell_failing(bookmark: Bookmark) -> Iterator[Message]:
    """Where the records lie that could not be had."""
    if bookmark.failing:
        shown = ", ".join(bookmark.failing[:_MOST_TOLD]) + (" …" if len(bookmark.failing) > _MOST_TOLD else "")
        words = mark("the server fails at records, which the partner should look at: {records}")
        yield build_message(words, records=shown or "–")
