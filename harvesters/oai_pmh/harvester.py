"""The OAI-PMH harvester: one list from its beginning, or from where the last process died, to its proven end.

A list that breaks (its token died, it leads in a circle, it stopped at a cap) is begun again once, then asked for in
halves of its dates, and halves of halves. What cannot be had even so makes the run incomplete, with the reason. An
incremental run asks from the start of the last complete run, on the server's clock, less fourteen hours: servers stamp
local time and call it UTC. Where a run sweeps, the list of all identifiers follows in the same way; where no total
proves that everything came, or some came twice, the list of identifiers is compared with what came: see ``comparison``.
"""

from collections.abc import Generator
from contextlib import closing
from datetime import timedelta

from harvesters.faults import AskedToWait
from harvesters.oai_pmh import comparison
from harvesters.oai_pmh.absence import ASKED, find_survivors
from harvesters.oai_pmh.arrivals import Arrivals
from harvesters.oai_pmh.bookmark import Bookmark, decode_bookmark, encode_bookmark
from harvesters.oai_pmh.client import OaiClient
from harvesters.oai_pmh.detour import FAILS, can_go_around, fetch_singly
from harvesters.oai_pmh.drift import refuse_drift
from harvesters.oai_pmh.envelope import open_header
from harvesters.oai_pmh.faults import DatesIgnored, ListBroken, TokenDead
from harvesters.oai_pmh.identity import Identity, choose_prefix, find_prefix, parse_time, read_identity
from harvesters.oai_pmh.listing import Listing, OaiError
from harvesters.oai_pmh.records import RecordReader, is_in_set
from harvesters.oai_pmh.response import OaiResponse
from harvesters.oai_pmh.verdict import build_ending
from harvesters.oai_pmh.windows import (
    BEGINNING,
    OVERLAP,
    Window,
    cut_out,
    divide_window,
    format_time,
    lie_outside,
    reword_window,
)
from harvesters.page import SET_EXCLUDED, HarvestContext, Page, PageStream
from harvesters.session import Manners
from lienthu.errors import HarvestError
from lienthu.i18n import mark
from lienthu.partner import Feed, Partner
from lienthu.raw_record import RawRecord
from lienthu.store.nouns import OpenRun, Rejection

MOST_EMPTY_PAGES = 10
MOST_DIVISIONS = 5000
_BROKE_OFF = mark("the server adds an error to the list and states no total")


class OaiHarvester:
    """Harvests feeds of the protocol ``oai-pmh``."""

    def __init__(self, manners: Manners | None = None) -> None:
        self._manners = manners or Manners()

    def pages(self, feed: Feed, partner: Partner, run: OpenRun, context: HarvestContext) -> PageStream:
        """See Harvester. Raises HarvestError, AskedToWait among them."""
        with closing(OaiClient(feed, context, self._manners)) as client:
            return (yield from OaiRun(client, feed, partner, context).harvest(run))


class OaiRun:
    """One run at work. Its whole memory is the bookmark."""

    def __init__(self, client: OaiClient, feed: Feed, partner: Partner, context: HarvestContext) -> None:
        self._client = client
        self._feed = feed
        self._partner = partner
        self._context = context
        self._identity: Identity | None = None
        self._arrivals = Arrivals(context, None)
        self._pages: set[int] = set()
        self._bookmark = Bookmark(source="", prefix="", windows=[])

    def harvest(self, run: OpenRun) -> PageStream:
        self._arrivals = Arrivals(self._context, parse_time(run.started))
        bookmark = decode_bookmark(run.checkpoint)
        # A feed that the admin changed in the meantime is not gone on with: its tokens lead elsewhere.
        fits = bookmark is not None and bookmark.source == self._name_source()
        self._bookmark = bookmark if bookmark is not None and fits else self._open_bookmark()
        while self._bookmark.windows or self._open_next_list(run.sweep):
            yield from self._harvest_window()
            comparison.skip_second_half(self._bookmark, self._arrivals)
        survivors = self._find_survivors() if run.sweep or (run.full and self._feed.deletions != "tombstones") else []
        return build_ending(self._bookmark, self._arrivals, survivors, asked_for_all=not self._context.since)

    def _find_survivors(self) -> list[str]:
        absent = self._context.absent(ASKED)
        return find_survivors(self._client, self._build_reader(), self._feed, self._bookmark.prefix, absent)

    def _open_next_list(self, sweep: bool) -> bool:
        """What is asked for behind the list that has ended: identifiers to learn what is gone, or to compare them with
        what came. False where that was the last."""
        bookmark = self._bookmark
        if bookmark.comparing:
            return comparison.go_on(bookmark, self._arrivals)
        if bookmark.sweeping:
            return False
        if sweep:
            bookmark.begin_sweep()
            return True
        if not comparison.is_unproven(bookmark, self._arrivals):
            return False
        comparison.open_comparison(bookmark, self._arrivals, self._context.middle)
        return True

    def _open_bookmark(self) -> Bookmark:
        prefix = self._feed.format or choose_prefix(self._client)
        if not self._context.since:
            return Bookmark(source=self._name_source(), prefix=prefix, windows=[Window()])
        identity = self._ask_identity()
        since = parse_time(self._context.since) or BEGINNING
        # A server whose clock is behind ours stamps its changes earlier than we think.
        start = since - OVERLAP + timedelta(seconds=min(0.0, identity.ahead))
        window = Window(start=format_time(start, identity.by_second))
        source = self._name_source()
        return Bookmark(source=source, prefix=prefix, windows=[window], asked=window, by_second=identity.by_second)

    def _name_source(self) -> str:
        return " ".join((self._feed.url, self._feed.format, self._feed.set))

    def _ask_identity(self) -> Identity:
        if self._identity is None:
            self._identity = read_identity(self._client, self._context.now())
        return self._identity

    def _harvest_window(self) -> Generator[Page, None, None]:
        """The pages of the current window; leaves the bookmark at the next one, or at a smaller one."""
        try:
            yield from self._follow_window()
        except AskedToWait:
            raise
        except HarvestError as error:
            if not self._bookmark.comparing:
                yield from self._go_around(error)
                return
            refused_dates = isinstance(error, OaiError) and error.code == "badArgument"
            if not comparison.fall_back(self._bookmark, self._arrivals, refused_dates=refused_dates):
                # A list of identifiers that cannot be had proves nothing, and breaks nothing.
                self._bookmark.settle(mark("the list of identifiers cannot be had"))

    def _go_around(self, error: HarvestError) -> Generator[Page, None, None]:
        """Leaves out what cannot be had. Raises *error* where that makes no sense."""
        bookmark = self._bookmark
        is_one_part = isinstance(error, DatesIgnored) and bookmark.detour and not bookmark.sweeping
        if is_one_part:
            bookmark.gather()
        elif bookmark.sweeping or not can_go_around(self._client, bookmark, error, self._context.now()):
            raise error
        bookmark.checking = bookmark.detour = self._client.is_hasty = True
        halves = None if is_one_part or bookmark.has_all else self._find_halves()
        if halves is not None:
            bookmark.divide(halves)
            return
        failing = len(bookmark.failing)
        if not bookmark.has_all:
            params = self._build_params("ListIdentifiers")
            yield from fetch_singly(self._client, bookmark, self._arrivals, self._build_reader(), params)
        bookmark.settle(FAILS if len(bookmark.failing) > failing else "")

    def _follow_window(self) -> Generator[Page, None, None]:
        bookmark = self._bookmark
        params = self._build_params("ListIdentifiers" if bookmark.sweeping else "ListRecords")
        self._pages.clear()
        self._client.is_hasty = bookmark.detour
        try:
            for response in Listing(self._client, params, bookmark.token):
                yield self._read_headers(response) if bookmark.sweeping else self._read_page(response)
                if not bookmark.windows or not bookmark.token:
                    return
                if bookmark.empty_pages > (0 if bookmark.has_all else MOST_EMPTY_PAGES):
                    self._mend_list(mark("the server sends page after page and nothing new in them"), may_restart=False)
                    return
        except ListBroken as broken:
            self._mend_list(broken.reason, may_restart=isinstance(broken, TokenDead))
        except OaiError as error:
            self._answer_error(error)

    def _build_params(self, verb: str) -> dict[str, str]:
        """The question for the current window."""
        bookmark = self._bookmark
        params = {"verb": verb, "metadataPrefix": bookmark.prefix, **bookmark.windows[0].params}
        return {**params, "set": self._feed.set} if self._feed.set else params

    def _build_reader(self) -> RecordReader:
        return RecordReader(self._partner.id, self._feed.id, self._bookmark.prefix, self._feed.exclude_sets)

    def _answer_error(self, error: OaiError) -> None:
        bookmark = self._bookmark
        if error.code == "noRecordsMatch":
            bookmark.settle()
            return
        if bookmark.comparing:
            raise error
        if error.code == "cannotDisseminateFormat" and bookmark.prefix == self._feed.format:
            found = find_prefix(self._client, bookmark.prefix)
            if found != bookmark.prefix:
                bookmark.prefix = found
                return
        other = reword_window(bookmark.windows[0]) if error.code == "badArgument" else None
        if other is None:
            raise error
        bookmark.by_second = bookmark.by_second and other.is_by_second(otherwise=False)
        bookmark.windows[0] = other
        bookmark.asked = bookmark.asked if other.depth else other

    def _read_page(self, response: OaiResponse) -> Page:
        bookmark, window = self._bookmark, self._bookmark.windows[0]
        reader = self._build_reader()
        records: list[RawRecord] = []
        rejections: list[Rejection] = []
        entries = list(response.read_entries())
        refuse_drift(bookmark, entries, self._feed.set)
        for position, entry in enumerate(entries, start=bookmark.received + 1):
            read = reader.read(entry, position)
            if isinstance(read, RawRecord):
                records.append(read)
            else:
                rejections.append(read)
        identifiers = [record.source_id for record in records] + [rejection.source_id for rejection in rejections]
        self._count_page(response, identifiers, [record.datestamp for record in records])
        if window.depth and bookmark.checking:
            records, rejections = self._arrivals.drop_seen(records), self._arrivals.drop_rejected(rejections)
        else:
            self._arrivals.note_rejected(rejections)
        bookmark.settled += len(records) + len(rejections) if bookmark.fetched else 0
        return Page(
            records=tuple(records),
            rejections=tuple(rejections),
            checkpoint=encode_bookmark(bookmark),
            promised=bookmark.whole,
            withdrawn=tuple(one.source_id for one in rejections if one.rule == SET_EXCLUDED and one.source_id),
            cursor=_tell_place(window, response),
        )

    def _read_headers(self, response: OaiResponse) -> Page:
        """A page of the list of identifiers: what the partner has, and nothing of what it says."""
        bookmark, window = self._bookmark, self._bookmark.windows[0]
        reader = self._build_reader()
        headers = [open_header(element) for element in response.read_headers()]
        listed = [header for header in headers if header.identifier and reader.is_present(header)]
        for header in listed if bookmark.comparing else ():
            is_ours = not bookmark.names_set or is_in_set(header, self._feed.set)
            if is_ours and self._arrivals.lacks(header):
                bookmark.note_missing(header.identifier, header.datestamp)
        self._count_page(response, [header.identifier for header in headers], [header.datestamp for header in headers])
        return Page(
            present=() if bookmark.comparing else tuple(header.identifier for header in listed),
            checkpoint=encode_bookmark(bookmark),
            cursor=f"ListIdentifiers {_tell_place(window, response)}".rstrip(),
        )

    def _count_page(self, response: OaiResponse, identifiers: list[str], datestamps: list[str]) -> None:
        bookmark, window = self._bookmark, self._bookmark.windows[0]
        page = hash(tuple(identifiers)) if identifiers else 0
        begins_again = bookmark.begins_again(page)
        if window.depth and not bookmark.comparing and (begins_again or lie_outside(datestamps, window, OVERLAP)):
            raise DatesIgnored(mark("the list breaks off, and the server does not heed dates to ask for it in parts"))
        bookmark.count_page(len(identifiers), response.token, datestamps, is_new=page not in self._pages)
        self._pages.add(page)
        if not bookmark.token:
            proven = bookmark.total is not None or not response.remark
            self._end_list(bookmark.doubt_end(response.token) or ("" if proven else _BROKE_OFF))

    def _end_list(self, doubt: str) -> None:
        if doubt and self._bookmark.looks_capped:
            self._bookmark.checking = True
            self._mend_list(doubt, may_restart=False)
        else:
            self._bookmark.settle(doubt)

    def _mend_list(self, doubt: str, *, may_restart: bool) -> None:
        """A broken list: begin it again once, then divide it, then give it up with the reason."""
        bookmark = self._bookmark
        if (bookmark.comparing and not bookmark.is_long_again) or bookmark.has_all:
            bookmark.settle("" if bookmark.has_all else doubt)
            return
        if may_restart and not bookmark.restarts and not bookmark.divisions:
            bookmark.restart()
            return
        halves = self._find_halves()
        if halves is None:
            bookmark.settle(doubt)
        else:
            bookmark.divide(halves)

    def _find_halves(self) -> tuple[Window, Window] | None:
        """Of the current window; None where it is divided no further."""
        bookmark = self._bookmark
        if bookmark.divisions >= MOST_DIVISIONS:
            return None
        if not bookmark.asked_identity:
            bookmark.asked_identity = True
            bookmark.by_second = self._ask_identity().by_second
            bookmark.earliest = min(filter(None, (bookmark.earliest, self._ask_identity().earliest)), default="")
        earliest = parse_time(bookmark.earliest) or BEGINNING
        latest = max(parse_time(bookmark.latest) or BEGINNING, self._context.now())
        window = bookmark.windows[0]
        by_second = window.is_by_second(otherwise=bookmark.by_second)
        halves = cut_out(window, bookmark.lone_stamp, by_second)
        halves = halves or divide_window(window, earliest, latest, by_second)
        if halves is None and not window.start:
            # What came so far need not be the oldest.
            halves = divide_window(window, BEGINNING, latest, by_second)
        return halves


def _tell_place(window: Window, response: OaiResponse) -> str:
    token = response.token
    return " ".join(part for part in (str(window), token.cursor if token is not None else "") if part)
