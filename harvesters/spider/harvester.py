"""Harvests catalogue pages with a spider that runs as a child process.

The child's lines come in as fast as they are stored and no faster: while a page is being written the pipe fills and
the spider waits. What the run has stored already is not asked again after a kill; the checkpoint keeps the *doors*,
the addresses first seen on the pages of stored records, so that nothing behind such a page is lost. The run is
complete only if the spider finished by itself, within its bounds, and no page failed.
"""

import base64
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec

from harvesters.page import Ending, HarvestContext, Page, PageStream
from harvesters.spider.child_process import ChildProcess
from harvesters.spider.lines import (
    RECORD_BYTES,
    PageRead,
    RecordFound,
    RecordRefused,
    SpiderBounds,
    SpiderOrder,
    SpiderSummary,
)
from harvesters.spider.spiders import DEFAULT_SPIDER, SPIDERS
from harvesters.spider.verdict import judge_summary
from lienthu.errors import HarvestError
from lienthu.i18n import _, mark
from lienthu.message import build_message
from lienthu.partner import Feed, Partner
from lienthu.raw_record import RawRecord
from lienthu.settings import resolve_secret
from lienthu.store import OpenRun, Rejection

PAGE_RECORDS = 50
PAGE_SECONDS = 5.0
PAGE_BYTES = 16_000_000


class SpiderCheckpoint(msgspec.Struct, frozen=True):
    """``doors``: addresses first seen on records' pages, with their distance; ``refused``: ids rejected so far."""

    doors: dict[str, int] = {}
    refused: tuple[str, ...] = ()


class _Progress:
    """Where a run stands: the doors, what was refused, and the page that is being filled."""

    def __init__(self, run: OpenRun) -> None:
        checkpoint = _read_checkpoint(run.checkpoint)
        self.doors = dict(checkpoint.doors)
        self.refused = list(checkpoint.refused)
        self.received = run.counts.received
        self.found = 0
        self.records: list[RawRecord] = []
        self.rejections: list[Rejection] = []
        self.size = 0
        self.since = time.monotonic()

    def is_due(self) -> bool:
        waiting = len(self.records) + len(self.rejections)
        late = time.monotonic() - self.since >= PAGE_SECONDS
        return waiting >= PAGE_RECORDS or self.size >= PAGE_BYTES or (waiting > 0 and late)

    def take_page(self, cursor: str) -> Page:
        page = Page(
            records=tuple(self.records),
            rejections=tuple(self.rejections),
            checkpoint=msgspec.json.encode(SpiderCheckpoint(self.doors, tuple(self.refused))),
            cursor=cursor,
        )
        self.records, self.rejections, self.size, self.since = [], [], 0, time.monotonic()
        return page


class SpiderHarvester:
    """The protocol ``spider``."""

    def __init__(self, bounds: SpiderBounds | None = None) -> None:
        self.bounds = bounds or SpiderBounds()

    def pages(self, feed: Feed, partner: Partner, run: OpenRun, context: HarvestContext) -> PageStream:
        """The pages of one run. Raises HarvestError where the spider is unknown or its process talks nonsense."""
        progress = _Progress(run)
        stored = context.seen() | set(progress.refused) if run.resumed else set()
        order = self._build_order(feed, context, stored, progress.doors)
        summary: SpiderSummary | None = None
        with ChildProcess(order, _build_environment(feed, context)) as child:
            for line in child.read_lines():
                if isinstance(line, SpiderSummary):
                    summary = line
                    continue
                _take_line(line, feed, partner, stored, progress)
                if progress.is_due():
                    yield progress.take_page(line.address)
            last_words = "" if summary else child.read_last_words()
        if progress.records or progress.rejections:
            yield progress.take_page("")
        if summary is None:
            return Ending(
                verdict="incomplete",
                message=build_message(mark("The spider ended before it had finished {words}."), words=last_words),
            )
        return judge_summary(summary, feed.url, found=progress.found + len(stored))

    def _build_order(
        self, feed: Feed, context: HarvestContext, stored: set[str], doors: Mapping[str, int]
    ) -> SpiderOrder:
        spider = feed.spider or DEFAULT_SPIDER
        if spider not in SPIDERS:
            raise HarvestError(
                mark("There is no spider “{spider}”: write one of {choices} in partners.toml."),
                spider=spider,
                choices=", ".join(SPIDERS),
            )
        return SpiderOrder(
            url=feed.pages.start or feed.url if feed.pages else feed.url,
            agent=context.agent,
            delay=feed.delay,
            spider=spider,
            headers=_build_headers(feed, context),
            columns=feed.columns,
            pages=feed.pages,
            stored=frozenset(stored),
            doors=doors,
            bounds=self.bounds,
        )


def _read_checkpoint(checkpoint: bytes | None) -> SpiderCheckpoint:
    try:
        return msgspec.json.decode(checkpoint, type=SpiderCheckpoint) if checkpoint else SpiderCheckpoint()
    except msgspec.DecodeError as error:
        raise HarvestError(
            mark("The checkpoint of this run cannot be read ({error}): harvest again with --full."), error=error
        ) from error


def _take_line(
    line: RecordFound | RecordRefused | PageRead, feed: Feed, partner: Partner, stored: set[str], progress: _Progress
) -> None:
    if isinstance(line, PageRead):
        return
    progress.doors.update(line.doors)
    if line.source_id in stored:  # this run has it from another address
        return
    progress.received += 1
    if isinstance(line, RecordRefused):
        progress.refused.append(line.source_id)
        progress.rejections.append(_build_rejection(line, progress.received))
        return
    progress.doors.pop(line.address, None)
    progress.found += 1
    progress.size += len(line.payload)
    progress.records.append(
        RawRecord(
            partner_id=partner.id,
            feed_id=feed.id,
            source_id=line.source_id,
            format=line.format,
            payload=line.payload,
        )
    )


def _build_rejection(line: RecordRefused, position: int) -> Rejection:
    words = {
        "json-ld-broken": _("{address}: its JSON-LD is not JSON, and the page carries nothing else"),
        "title-missing": _("{address}: the selector of title finds nothing there"),
        "record-too-large": _("{address}: its metadata has {size} bytes or nests too deeply; at most {limit} are kept"),
    }
    reason = words.get(line.rule, line.rule).format(address=line.address, size=line.size, limit=RECORD_BYTES)
    return Rejection(position=position, source_id=line.source_id, rule=line.rule, reason=reason)


def _build_headers(feed: Feed, context: HarvestContext) -> dict[str, str]:
    """``basic`` holds ``user:password``, ``header`` holds ``Name: value``; both stand in environment variables."""
    headers: dict[str, str] = {}
    for kind, place in feed.auth.items():
        secret = resolve_secret(place, context.environment or None)
        if kind == "basic":
            headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
        else:
            name, _colon, value = secret.partition(":")
            headers[name.strip()] = value.strip()
    return headers


def _build_environment(feed: Feed, context: HarvestContext) -> dict[str, str]:
    if not feed.ca_bundle:
        return {}
    bundle = (context.home / Path(feed.ca_bundle).expanduser()).resolve()
    return {"SSL_CERT_FILE": str(bundle)}
