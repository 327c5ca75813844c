"""The SRU harvester: one query from its first record, or from where the last process died, to its proven end.

The next page begins after what has arrived, whatever was asked for and whatever ``nextRecordPosition`` says: servers
send less than asked without a word. What a server cannot send in one page is asked for in smaller ones, down to single
records; one that cannot be had even so is passed over and named, and the run is incomplete.
"""

from contextlib import closing
from hashlib import blake2b

from harvesters.faults import NotReached, PassingFault
from harvesters.page import Ending, HarvestContext, Page, PageStream, tell_share
from harvesters.session import Manners, shorten_address
from harvesters.sru.bookmark import Bookmark, Pass, decode_bookmark, encode_bookmark
from harvesters.sru.client import NoRecords, SruClient, describe_offer
from harvesters.sru.diagnostics import (
    OUT_OF_RANGE,
    PACKING,
    PARAMETER,
    PARAMETER_VALUE,
    PARTIAL,
    SCHEMAS,
    VERSION,
    Diagnostic,
)
from harvesters.sru.records import RecordReader, read_surrogate
from harvesters.sru.response import SruResponse
from harvesters.sru.schemas import list_schema_names
from lienthu.errors import HarvestError
from lienthu.i18n import mark
from lienthu.message import Message, build_message, join_messages
from lienthu.partner import Feed, Partner
from lienthu.raw_record import RawRecord
from lienthu.store.nouns import OpenRun, Rejection

MOST_BLIND = 3
_OLD_VERSION = "1.1"
_NOTHING = mark("the query finds nothing; if that is wrong, look at query")


class SruHarvester:
    """Harvests feeds of the protocol ``sru``."""

    def __init__(self, manners: Manners | None = None) -> None:
        self._manners = manners or Manners()

    def pages(self, feed: Feed, partner: Partner, run: OpenRun, context: HarvestContext) -> PageStream:
        """See Harvester. Raises HarvestError, AskedToWait among them."""
        with closing(SruClient(feed, context, self._manners)) as client:
            return (yield from SruRun(client, feed, partner, context).harvest(run))


class SruRun:
    """One run at work. Its whole memory is the bookmark, and which records it has seen."""

    def __init__(self, client: SruClient, feed: Feed, partner: Partner, context: HarvestContext) -> None:
        self._client = client
        self._feed = feed
        self._context = context
        self._reader = RecordReader(partner.id, feed)
        self._schemas = list_schema_names(feed.format)
        self._source = " ".join((feed.url, feed.format, feed.query))
        self._bookmark = Bookmark(source=self._source)
        self._seen_before: set[str] = set()
        self._seen: set[bytes] = set()
        self._seen_in_pass: set[bytes] = set()

    def harvest(self, run: OpenRun) -> PageStream:
        bookmark = decode_bookmark(run.checkpoint)
        if bookmark is not None and bookmark.source == self._source:
            self._go_on(bookmark)
        while not self._bookmark.is_done:
            yield self._read_next()
        return self._build_ending()

    def _go_on(self, bookmark: Bookmark) -> None:
        self._bookmark = bookmark
        self._seen_before = self._context.seen()
        if bookmark.first is not None and not bookmark.is_done:
            # What this pass had seen is forgotten, and only a whole pass proves anything.
            bookmark.at_work = Pass(fresh=bookmark.at_work.fresh)

    def _read_next(self) -> Page:
        bookmark = self._bookmark
        start = bookmark.at_work.start
        response = self._ask()
        bookmark.partial = bookmark.partial or any(one.number in PARTIAL for one in response.diagnostics)
        total = response.total
        if bookmark.at_work.listed and response.diagnostics and not total:
            total = None  # a refusal often counts nothing; that is no new count of the result
        bookmark.at_work.count_total(total)
        page = self._read_page(response)
        is_last = bookmark.at_work.total is None and response.next_position is None
        if not response.entries or is_last or not bookmark.wants_more:
            self._end_pass()
        return Page(
            records=page[0],
            rejections=page[1],
            checkpoint=encode_bookmark(bookmark),
            promised=bookmark.at_work.total,
            cursor=f"startRecord={start}",
        )

    def _read_page(self, response: SruResponse) -> tuple[tuple[RawRecord, ...], tuple[Rejection, ...]]:
        """Everything that came in the first pass; of the second, what had not come before."""
        bookmark = self._bookmark
        records: list[RawRecord] = []
        rejections: list[Rejection] = []
        digests: list[bytes] = []
        different = fresh = 0
        for position, entry in enumerate(response.entries, start=bookmark.at_work.start):
            read = self._reader.read(entry, position)
            digest = _digest(read)
            digests.append(digest)
            is_new = digest not in self._seen and read.source_id not in self._seen_before
            in_pass = digest not in self._seen_in_pass and (is_new or bookmark.first is not None)
            # A nameless rejection is one of a kind: nothing says which record it is.
            in_pass = in_pass or (isinstance(read, Rejection) and not read.source_id)
            different += in_pass
            self._seen.add(digest)
            self._seen_in_pass.add(digest)
            if bookmark.first is not None and not is_new:
                continue
            fresh += is_new
            if isinstance(read, RawRecord):
                records.append(read)
            else:
                rejections.append(read)
        bookmark.received += len(records) + len(rejections)
        if response.entries:
            bookmark.at_work.count_page(digests, different, fresh)
        bookmark.follow(response.next_position, len(response.entries))
        bookmark.recover()
        return tuple(records), tuple(rejections)

    def _end_pass(self) -> None:
        self._bookmark.end_pass()
        self._seen_in_pass.clear()

    def _ask(self) -> SruResponse:
        """The next answer that has something to say, in a version, schema and size that the server takes."""
        while True:
            response = self._search()
            problem = self._find_problem(response)
            if problem is None or self._is_end(problem, response):
                return response
            if not self._adapt(problem):
                raise self._build_error(problem)

    def _search(self) -> SruResponse:
        bookmark = self._bookmark
        while True:
            try:
                return self._client.search(
                    bookmark.at_work.start,
                    bookmark.batch,
                    schema=self._schemas[bookmark.schema],
                    version=bookmark.version,
                    packing=bookmark.packing,
                )
            except HarvestError as error:
                cause = error.__cause__
                if not isinstance(cause, PassingFault) or isinstance(cause, NotReached):
                    raise
                if not bookmark.received and not isinstance(cause, NoRecords):
                    raise
                if bookmark.shrink():
                    continue
                if not bookmark.received or bookmark.blind + 1 >= MOST_BLIND:
                    raise
                bookmark.skip()
                if not bookmark.wants_more:
                    raise

    def _find_problem(self, response: SruResponse) -> Diagnostic | None:
        """Why there are no records: the answer's own diagnostic, or the one that stands in place of every record of
        the first page because the schema is not known. None where there are records or there is nothing to find."""
        if not response.entries:
            return next(iter(response.diagnostics), None)
        if self._bookmark.received:
            return None
        surrogates = [read_surrogate(entry) for entry in response.entries]
        if all(one is not None and one.number in SCHEMAS for one in surrogates):
            return surrogates[0]
        return None

    def _is_end(self, problem: Diagnostic, response: SruResponse) -> bool:
        """The server goes no further, or has nothing and calls even the first record too far; or there is nothing
        beyond its count, though it led there."""
        now = self._bookmark.at_work
        if now.leads_on and now.total is not None and now.start > now.total:
            return True
        if problem.number != OUT_OF_RANGE:
            return False
        self._bookmark.too_far = bool(self._bookmark.at_work.listed)
        return self._bookmark.too_far or response.total == 0

    def _adapt(self, problem: Diagnostic) -> bool:
        """Asks otherwise where the server does not take what was asked; False where nothing else is left."""
        bookmark = self._bookmark
        about = problem.details.lower()
        if problem.number in SCHEMAS or (problem.number == PARAMETER_VALUE and "schema" in about):
            if bookmark.schema + 1 < len(self._schemas) and not bookmark.received:
                bookmark.schema += 1
                return True
        elif problem.number == VERSION and bookmark.version != _OLD_VERSION:
            bookmark.version = _OLD_VERSION
            return True
        elif problem.number == PARAMETER_VALUE and "maximum" in about and bookmark.shrink():
            bookmark.largest = bookmark.batch
            return True
        elif problem.number in {PACKING, PARAMETER, PARAMETER_VALUE} and bookmark.packing:
            bookmark.packing = ""
            return True
        return False

    def _build_error(self, problem: Diagnostic) -> HarvestError:
        """The server's own reason, and what to do where we know it."""
        if problem.number in SCHEMAS:
            return HarvestError(
                mark("{address} does not have the format {format}: write another one. It has: {offer}."),
                address=shorten_address(self._feed.url),
                format=self._schemas[0],
                offer=describe_offer(self._client.list_schemas(self._bookmark.version)),
            )
        return HarvestError(
            mark("{address} answers: {words}. The query is: {query}"),
            address=shorten_address(self._feed.url),
            words=problem.keep(),
            query=self._feed.query[:200],
        )

    def _build_ending(self) -> Ending:
        bookmark = self._bookmark
        if not bookmark.doubts:
            return Ending(verdict="complete", message=Message() if bookmark.at_work.total else Message(_NOTHING))
        position = next(iter(bookmark.missed), 0)
        reason = join_messages(build_message(doubt, position=position) for doubt in bookmark.doubts)
        promised = bookmark.at_work.total
        received = (
            bookmark.at_work.different if bookmark.first is None else bookmark.first.different + bookmark.at_work.fresh
        )
        return Ending(verdict="incomplete", message=tell_share(received, promised, reason))


def _digest(read: RawRecord | Rejection) -> bytes:
    payload = read.payload if isinstance(read, RawRecord) else read.rule.encode()
    return blake2b(read.source_id.encode() + b"\x00" + payload, digest_size=12).digest()
