"""Examines a file, or every file of a folder, to its end: just as a harvest would read it, but nothing is stored."""

import glob
from collections.abc import Generator

from harvesters.check.journal import Journal
from harvesters.file.harvester import HOLDS_NO_RECORD, FileHarvester
from harvesters.page import Ending, HarvestContext
from lienthu.errors import CatalogueError
from lienthu.examination import Examination
from lienthu.harvest_run import HarvestCounts
from lienthu.i18n import _
from lienthu.partner import Feed, Partner
from lienthu.raw_record import RawRecord
from lienthu.store import OpenRun


class FileExaminer:
    def __init__(self, feed: Feed, context: HarvestContext, journal: Journal) -> None:
        self._feed = feed
        self._context = context
        self._journal = journal
        self._received = 0

    def records(self) -> Generator[RawRecord, None, Examination]:
        try:
            ending = yield from self._read()
        except CatalogueError as error:
            self._journal.blame("not-reached", error.tell(_), self._feed.path or self._feed.url)
            return self._journal.close(reached=False)
        if not self._received and ending.verdict != "complete":
            is_empty = ending.message.template == HOLDS_NO_RECORD
            self._journal.blame("file-empty" if is_empty else "file-unreadable", ending.message.tell())
            return self._journal.close(reached=False)
        if ending.verdict == "complete":
            self._journal.note("remarks", ending.message.tell())
        else:
            self._journal.blame("file-unreadable", ending.message.tell())
        self._journal.note("total", self._received)
        return self._journal.close()

    def _read(self) -> Generator[RawRecord, None, Ending]:
        run = OpenRun(id=0, full=True, resumed=False, checkpoint=None, counts=HarvestCounts(), started="")
        partner = Partner(id="check", name={})
        pages = FileHarvester().pages(self._feed, partner, run, self._context)
        while True:
            try:
                page = next(pages)
            except StopIteration as stop:
                ending: Ending = stop.value
                return ending
            self._received += len(page.records) + len(page.rejections)
            self._journal.watch(page.cursor)
            for rejection in page.rejections:
                name = rejection.source_id or f"#{rejection.position}"
                self._journal.blame("file-rejected", f"{name}: {rejection.reason}", page.cursor, each=True)
            yield from page.records


def escape_path(path: str) -> str:
    """A file's name may hold the signs of a pattern."""
    return glob.escape(path)
