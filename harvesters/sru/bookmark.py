"""Bookmark: where an SRU run stands, which is its checkpoint; and whether what came is the whole result.

A result is complete only if as many different records came as the server counts, while it counted the same throughout.
Where records came twice or the count changed, the list moved while it was read: it is gone through a second time, and
what had slipped through comes then. (One record gone and another one new in the same run cannot be told from neither.)
"""

from hashlib import blake2b

import msgspec

from lienthu.i18n import mark

BATCHES = (25, 5, 1)
_FEW = 10
_SAME = 0.9
"""The share of the first pass that the second must bring: some records may have been deleted meanwhile."""


class Pass(msgspec.Struct, kw_only=True):
    """Once through the result. ``listed`` counts positions, ``different`` the records that were not there before in
    this pass; ``order`` is a digest of what came, in order. ``leads_on``: behind a full page the server names the
    position of the next record, whatever it counts."""

    start: int = 1
    total: int | None = None
    changed: bool = False
    listed: int = 0
    different: int = 0
    fresh: int = 0
    order: str = ""
    last_page: str = ""
    stale_pages: int = 0
    circling: bool = False
    leads_on: bool = False

    @property
    def is_whole(self) -> bool:
        return self.total is not None and not self.changed and self.different == self.total

    def count_total(self, total: int | None) -> None:
        if total is not None:
            self.changed = self.changed or (self.total is not None and total != self.total)
            self.total = total

    def count_page(self, digests: list[bytes], different: int, fresh: int) -> None:
        """*digests* are those of the page's records in order; *different* of them are new in this pass."""
        page = blake2b(b"".join(digests), digest_size=12).hexdigest()
        self.order = blake2b(f"{self.order}{page}".encode(), digest_size=12).hexdigest()
        is_same = page == self.last_page and len(digests) > 1
        self.stale_pages = 0 if different else self.stale_pages + 1 + is_same
        self.circling = self.circling or not different
        self.last_page = page
        self.start += len(digests)
        self.listed += len(digests)
        self.different += different
        self.fresh += fresh


class Bookmark(msgspec.Struct, kw_only=True):
    """``batch`` is what is asked for now, down from ``largest`` until ``small_until``; ``missed`` are positions that
    could not be had, ``blind`` the last ones of them in a row; ``too_far``: the server went no further."""

    source: str
    version: str = "1.2"
    schema: int = 0
    packing: str = "xml"
    batch: int = BATCHES[0]
    largest: int = BATCHES[0]
    small_until: int = 0
    shrinks: int = 0
    missed: list[int] = []
    blind: int = 0
    partial: bool = False
    too_far: bool = False
    received: int = 0
    at_work: Pass = msgspec.field(default_factory=Pass)
    first: Pass | None = None
    is_done: bool = False
    doubts: list[str] = []

    @property
    def wants_more(self) -> bool:
        """Whether the pass at work has something left to ask for."""
        now = self.at_work
        return now.stale_pages < 2 and (now.total is None or now.start <= now.total or now.leads_on)

    def follow(self, next_position: int | None, size: int) -> None:
        """Takes note of where the server leads behind a page of *size* records. Some count only the page."""
        self.at_work.leads_on = next_position == self.at_work.start and size in {self.batch, self.at_work.total}

    def shrink(self) -> bool:
        """Asks for less from here on; False where it is one record already."""
        smaller = next((batch for batch in BATCHES if batch < self.batch), None)
        if smaller is None:
            return False
        self.small_until = max(self.small_until, self.at_work.start + self.batch)
        self.shrinks += 1
        self.batch = smaller
        if self.shrinks > _FEW:
            self.largest = min(self.largest, BATCHES[1])
        return True

    def skip(self) -> None:
        """Goes past a record that cannot be had."""
        self.missed.append(self.at_work.start)
        self.blind += 1
        self.at_work.start += 1

    def recover(self) -> None:
        """An answer came: no longer blind, and in larger steps again once what could not be had is behind."""
        self.blind = 0
        if self.at_work.start >= self.small_until:
            self.batch = self.largest

    @property
    def _has_shrunk(self) -> bool:
        """The second pass brought far less than the first: a server that forgot its result counts nothing."""
        return self.first is not None and self.at_work.different < _SAME * self.first.different

    def end_pass(self) -> None:
        """Judges what came, and begins the second pass where the list moved in the first."""
        now = self.at_work
        moved = now.changed or (now.listed > now.different)
        if now.is_whole and not self.missed and not self.partial and not self._has_shrunk:
            self.is_done = True
        elif moved and self.first is None:
            self.first, self.at_work = now, Pass()
            self.missed, self.blind, self.batch = [], 0, self.largest
        else:
            self.is_done = True
            self.doubts = self._list_doubts()

    def _list_doubts(self) -> list[str]:
        now = self.at_work
        if self.partial:
            return [mark("only a part of the result was ready")]
        if self.missed:
            return [mark("the server cannot send some records, the first at position {position}")]
        if now.total is None:
            return [mark("the server does not say how many records there are")]
        if now.is_whole and self._has_shrunk:
            return [mark("the list was shorter when it was asked for again")]
        if now.circling:
            return [mark("the server sends the same records again and again")]
        if self._holds_twins() or self._brought_all():
            return []
        if now.changed or now.listed > now.different:
            return [mark("the list changed its order while it was read")]
        if self.too_far:
            return [mark("the server does not go that far in a result: divide the query into several feeds")]
        return [mark("the list ended early") if now.listed < now.total else mark("the server's count is wrong")]

    def _holds_twins(self) -> bool:
        """The same records came in the same order twice: those that are there twice are so at the partner's."""
        now, first = self.at_work, self.first
        return (
            first is not None
            and not (now.changed or first.changed or first.circling)
            and (now.order, now.total, now.fresh) == (first.order, first.total, 0)
            and now.listed == now.total
            and (now.listed - now.different) * _FEW <= now.listed
        )

    def _brought_all(self) -> bool:
        """Both passes together brought as many different records as there are."""
        now, first = self.at_work, self.first
        return (
            first is not None
            and not (now.changed or first.changed)
            and now.total == first.total == first.different + now.fresh
        )


def encode_bookmark(bookmark: Bookmark) -> bytes:
    return msgspec.json.encode(bookmark)


def decode_bookmark(checkpoint: bytes | None) -> Bookmark | None:
    """The inverse of encode_bookmark; None where there is none or where it is not ours."""
    try:
        return msgspec.json.decode(checkpoint, type=Bookmark) if checkpoint else None
    except msgspec.DecodeError:
        return None
