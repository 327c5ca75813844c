"""The OAI-PMH harvester: one list from its beginning, or from where the last process died, to its proven end.

A list that breaks (its token died, it leads in a circle, it stopped at a cap) is begun again once, then asked for in
halves of its dates, and halves of halves. What cannot be had even so makes the run incomplete, with the reason. Where a
full list came without a stated total, the list of identifiers is gone through once, and must not be longer. An
incremental run asks from the start of the last complete run, on the server's clock, less fourteen hours: servers stamp
local time and call it UTC. Where a run sweeps, the list of all identifiers follows in the same way.
"""

from collections.abc import Generator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import msgspec

from harvesters.faults import AskedToWait
from harvesters.oai_pmh.bookmark import Bookmark, decode_bookmark, encode_bookmark
from harvesters.oai_pmh.client import OaiClient
from harvesters.oai_pmh.envelope import open_header
from harvesters.oai_pmh.faults import ListBroken, TokenDead
from harvesters.oai_pmh.identity import Identity, choose_prefix, parse_time, read_identity
from harvesters.oai_pmh.listing import Listing, OaiError
from harvesters.oai_pmh.records import SET_EXCLUDED, RecordReader
from harvesters.oai_pmh.response import OaiResponse
from harvesters.oai_pmh.windows import Window, divide_window, format_time, lies_outside
from harvesters.page import Ending, HarvestContext, Page, PageStream
from harvesters.session import Manners
from lienthu.errors import HarvestError
from lienthu.i18n import _, mark
from lienthu.partner import Feed, Partner
from lienthu.raw_record import RawRecord
from lienthu.store.nouns import OpenRun, Rejection

OVERLAP = timedelta(hours=14)
MOST_EMPTY_PAGES = 10
MOST_DIVISIONS = 5000
_BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)


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
        self._seen: set[str] | None = None
        self._bookmark = Bookmark(source="", prefix="", windows=[])

    def harvest(self, run: OpenRun) -> PageStream:
        bookmark = decode_bookmark(run.checkpoint)
        # A feed that the admin changed in the meantime is not gone on with: its tokens lead elsewhere.
        fits = bookmark is not None and bookmark.source == self._name_source()
        self._bookmark = bookmark if bookmark is not None and fits else self._open_bookmark()
        while self._bookmark.windows and not self._bookmark.counting:
            yield from self._harvest_window()
        if run.sweep and not self._bookmark.sweeping:
            self._bookmark.begin_sweep()
        while self._bookmark.windows and not self._bookmark.counting:
            yield from self._harvest_window()
        if self._may_be_counted(run):
            self._bookmark.begin_count()
        if self._bookmark.counting and self._bookmark.windows:
            yield from self._count_identifiers()
        return self._build_ending()

    def _may_be_counted(self, run: OpenRun) -> bool:
        bookmark = self._bookmark
        is_new = not (bookmark.sweeping or bookmark.counting)
        return run.full and is_new and bookmark.whole is None and not bookmark.doubts and bookmark.settled > 0

    def _count_identifiers(self) -> Generator[Page, None, None]:
        """A server that has no such list, or cannot give it whole, is not the worse for it."""
        bookmark = self._bookmark
        try:
            for response in Listing(self._client, self._build_question(), bookmark.token):
                page = self._read_headers(response)
                bookmark.swept += len(page.present)
                yield msgspec.structs.replace(page, present=(), checkpoint=encode_bookmark(bookmark))
                if not bookmark.token:
                    break
        except AskedToWait:
            raise
        except (ListBroken, HarvestError):
            pass
        bookmark.compare_lengths()

    def _open_bookmark(self) -> Bookmark:
        prefix = self._feed.format or choose_prefix(self._client)
        if not self._context.since:
            return Bookmark(source=self._name_source(), prefix=prefix, windows=[Window()])
        identity = self._ask_identity()
        since = parse_time(self._context.since) or _BEGINNING
        # A server whose clock is behind ours stamps its changes earlier than we think.
        start = since - OVERLAP + timedelta(seconds=min(0.0, identity.ahead))
        window = Window(start=format_time(start, identity.by_second))
        source = self._name_source()
        return Bookmark(source=source, prefix=prefix, windows=[window], by_second=identity.by_second)

    def _name_source(self) -> str:
        return " ".join((self._feed.url, self._feed.format, self._feed.set))

    def _ask_identity(self) -> Identity:
        if self._identity is None:
            self._identity = read_identity(self._client, self._context.now())
        return self._identity

    def _harvest_window(self) -> Generator[Page, None, None]:
        """The pages of the current window; leaves the bookmark at the next one, or at a smaller one."""
        bookmark = self._bookmark
        try:
            for response in Listing(self._client, self._build_question(), bookmark.token):
                yield self._read_headers(response) if bookmark.sweeping else self._read_page(response)
                if not bookmark.windows or not bookmark.token:
                    return
                if bookmark.empty_pages > MOST_EMPTY_PAGES:
                    self._mend_list(mark("the server sends one empty page after another"), may_restart=False)
                    return
        except TokenDead:
            self._mend_list(mark("the resumption token was no longer known"), may_restart=True)
        except ListBroken:
            self._mend_list(mark("the resumption token came back, the list leads in a circle"), may_restart=False)
        except OaiError as error:
            self._answer_error(error)

    def _build_question(self) -> dict[str, str]:
        """What the current window's list is asked for with."""
        bookmark = self._bookmark
        verb = "ListIdentifiers" if bookmark.sweeping else "ListRecords"
        params = {"verb": verb, "metadataPrefix": bookmark.prefix, **bookmark.windows[0].params}
        return {**params, "set": self._feed.set} if self._feed.set else params

    def _answer_error(self, error: OaiError) -> None:
        bookmark = self._bookmark
        if error.code == "noRecordsMatch":
            bookmark.settle()
            return
        window = bookmark.windows[0]
        if error.code == "badArgument" and window.start and not window.depth:
            # Some servers state seconds and take only days; some take no dates at all: then everything is asked for.
            by_day = Window(start=window.start[:10]) if len(window.start) > 10 else Window()
            bookmark.by_second = False
            bookmark.windows[0] = by_day
            return
        raise error

    def _read_page(self, response: OaiResponse) -> Page:
        bookmark, window = self._bookmark, self._bookmark.windows[0]
        reader = RecordReader(self._partner.id, self._feed.id, bookmark.prefix, self._feed.exclude_sets)
        records: list[RawRecord] = []
        rejections: list[Rejection] = []
        for position, entry in enumerate(response.read_entries(), start=bookmark.received + 1):
            read = reader.read(entry, position)
            if isinstance(read, RawRecord):
                records.append(read)
            else:
                rejections.append(read)
        self._count_page(response, len(records) + len(rejections), [record.datestamp for record in records])
        return Page(
            records=tuple(self._drop_seen(records) if window.depth and bookmark.checking else records),
            rejections=tuple(rejections),
            checkpoint=encode_bookmark(bookmark),
            promised=bookmark.whole,
            withdrawn=tuple(one.source_id for one in rejections if one.rule == SET_EXCLUDED and one.source_id),
            cursor=_tell_place(window, response),
        )

    def _read_headers(self, response: OaiResponse) -> Page:
        """A page of the list of identifiers: what the partner has, and nothing of what it says."""
        bookmark, window = self._bookmark, self._bookmark.windows[0]
        reader = RecordReader(self._partner.id, self._feed.id, bookmark.prefix, self._feed.exclude_sets)
        headers = [open_header(element) for element in response.read_headers()]
        self._count_page(response, len(headers), [header.datestamp for header in headers])
        return Page(
            present=tuple(header.identifier for header in headers if header.identifier and reader.is_present(header)),
            checkpoint=encode_bookmark(bookmark),
            cursor=f"ListIdentifiers {_tell_place(window, response)}".rstrip(),
        )

    def _count_page(self, response: OaiResponse, size: int, datestamps: list[str]) -> None:
        bookmark, window = self._bookmark, self._bookmark.windows[0]
        if window.depth and _mostly_outside(datestamps, window):
            raise HarvestError(mark("the list breaks off, and the server does not heed dates to ask for it in parts"))
        bookmark.count_page(size, response.token, datestamps)
        if not bookmark.token and not bookmark.counting:
            self._end_list(bookmark.doubt_end(response.token))

    def _drop_seen(self, records: list[RawRecord]) -> list[RawRecord]:
        """Asking twice was our doubt, not the partner's doing: records that this run has already are not counted."""
        if self._seen is None:
            self._seen = self._context.seen()
        fresh = [record for record in records if record.source_id not in self._seen]
        self._seen.update(record.source_id for record in fresh)
        return fresh

    def _end_list(self, doubt: str) -> None:
        if doubt and self._bookmark.looks_capped:
            self._bookmark.checking = True
            self._mend_list(doubt, may_restart=False)
        else:
            self._bookmark.settle(doubt)

    def _mend_list(self, doubt: str, *, may_restart: bool) -> None:
        """A broken list: begin it again once, then divide it, then give it up with the reason."""
        bookmark = self._bookmark
        if may_restart and not bookmark.restarts and not bookmark.divisions:
            bookmark.restart()
            return
        if not bookmark.asked_identity:
            bookmark.asked_identity = True
            bookmark.by_second = self._ask_identity().by_second
            bookmark.earliest = min(filter(None, (bookmark.earliest, self._ask_identity().earliest)), default="")
        earliest = parse_time(bookmark.earliest) or _BEGINNING
        latest = max(parse_time(bookmark.latest) or _BEGINNING, self._context.now())
        halves = divide_window(bookmark.windows[0], earliest, latest, bookmark.by_second)
        if halves is None or bookmark.divisions >= MOST_DIVISIONS:
            bookmark.settle(doubt)
        else:
            bookmark.divide(halves)

    def _build_ending(self) -> Ending:
        bookmark = self._bookmark
        doubts = [_(doubt) for doubt in bookmark.doubts]
        is_short = bookmark.whole is not None and bookmark.settled < bookmark.whole
        is_short = is_short or (bookmark.swept_whole is not None and bookmark.swept < bookmark.swept_whole)
        if is_short and not doubts:
            doubts.append(_("the list ended early"))
        if not doubts:
            return Ending(verdict="complete")
        if bookmark.whole is None:
            message = _("received {received}: {reason}")
        else:
            message = _("received {received} of {promised}: {reason}")
        return Ending(
            verdict="incomplete",
            message=message.format(received=bookmark.settled, promised=bookmark.whole, reason="; ".join(doubts)),
        )


def _mostly_outside(datestamps: list[str], window: Window) -> bool:
    outside = sum(lies_outside(datestamp, window, OVERLAP) for datestamp in datestamps)
    return outside * 2 > len(datestamps)


def _tell_place(window: Window, response: OaiResponse) -> str:
    token = response.token
    return " ".join(part for part in (str(window), token.cursor if token is not None else "") if part)
