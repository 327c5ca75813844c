"""Bookmark: where an OAI-PMH run stands. It is the checkpoint: whoever reads it goes on as if nothing had happened.

It also judges whether a list that seems to have ended really has. Proof is a stated total that was reached (the largest
one, where the server changes its mind); where no total is stated, an end that the server marks, unless it falls on a
round thousand (servers cap their lists there); and where the server marks nothing, a last page that is not as full as
the others. What no total proves is compared with the list of identifiers afterwards (see ``comparison``).
"""

from collections.abc import Sequence

import msgspec

from harvesters.oai_pmh.identity import parse_time
from harvesters.oai_pmh.response import Token
from harvesters.oai_pmh.windows import Window, format_time
from lienthu.i18n import mark

_CAP = 1000
_ROUND = 100
_FULL_PAGE = 5


class Bookmark(msgspec.Struct, kw_only=True):
    """The first window is the one at work; ``token`` leads to its next page. ``whole`` is what the undivided list
    promised, ``settled`` what the finished windows brought. ``doubts`` are reasons why the run is not complete.
    ``checking``: the list ended in doubt and is gone through again in parts; what came before does not count again.
    ``sweeping``: the records are here, and the list of all identifiers is gone through to learn what is gone.
    ``comparing``: it is gone through to learn whether everything in it has come, for the dates of ``asked``, in two
    parts where it is ``halved``; ``missing`` counts what had not, ``parts`` are the windows that it may lie in, and
    ``compared`` says that the list of identifiers had an end. ``fetched``: what was missing is asked for in parts, or
    was; a list that is as long as the ``longest`` of before may be cut like that one. ``paged``: an answer had a token.
    ``names_set``: records say that they are in the set; ``keeps_set``: on the first page of the list none says
    otherwise; ``namespace`` is that of all payloads there.
    ``failures`` counts what could not be had since the last answer, ``failing`` is what no question
    brings: identifiers, or the dates of a part of which not even these can be had;
    ``detour``: the server has failed, and is not asked so often for the same.
    ``first_stamp`` and ``last_stamp`` are the oldest and the newest datestamp in the current list, ``first_page`` tells
    how it begins and ``done_page`` how the part began that was done last.
    ``source`` is the address, format and set that it belongs to.
    """

    source: str
    prefix: str
    windows: list[Window]
    token: str = ""
    by_second: bool = False
    asked_identity: bool = False
    listed: int = 0
    pages: int = 0
    first_size: int = 0
    last_size: int = 0
    empty_pages: int = 0
    total: int | None = None
    restarts: int = 0
    received: int = 0
    settled: int = 0
    whole: int | None = None
    doubts: list[str] = []
    earliest: str = ""
    latest: str = ""
    divisions: int = 0
    checking: bool = False
    sweeping: bool = False
    swept: int = 0
    swept_whole: int | None = None
    asked: Window = Window()
    comparing: bool = False
    compared: bool = False
    halved: bool = False
    missing: int = 0
    first_missing: str = ""
    missing_from: str = ""
    missing_until: str = ""
    missing_undated: bool = False
    parts: list[Window] = []
    fetched: bool = False
    longest: int = 0
    paged: bool = False
    names_set: bool = False
    keeps_set: bool = True
    namespace: str = ""
    failures: int = 0
    failing: list[str] = []
    detour: bool = False
    first_stamp: str = ""
    last_stamp: str = ""
    first_page: int = 0
    done_page: int = 0

    def count_page(self, size: int, token: Token | None, datestamps: list[str], *, is_new: bool = True) -> None:
        """Takes note of one page of the current list. One that came before in it is as good as empty."""
        self.pages += 1
        self.failures = 0
        self.first_size = self.first_size or size
        self.last_size = size
        self.listed += size if is_new else 0
        self.received += 0 if self.sweeping else size
        self.empty_pages = 0 if size and is_new else self.empty_pages + 1
        if token is not None and token.total is not None:
            self.total = max(self.total or 0, token.total)
            if not self.windows[0].depth:
                if self.sweeping:
                    self.swept_whole = self.total
                else:
                    self.whole = max(self.whole or 0, self.total)
        self.paged |= token is not None
        self.token = token.text if token is not None else ""
        stated = [stamp for stamp in datestamps if stamp]
        if stated:
            self.earliest = min([stamp for stamp in (self.earliest, *stated) if stamp])
            self.latest = max([self.latest, *stated])
            self.first_stamp = min([self.first_stamp or stated[0], *stated])
            self.last_stamp = max([self.last_stamp, *stated])

    def begins_again(self, page: int) -> bool:
        """Whether the current list begins as the part did that was done last, though no record lies in both. *page*
        is a hash of the identifiers that came; 0 is none."""
        self.first_page = self.first_page if self.pages else page
        return bool(page) and not self.pages and page == self.done_page

    def doubt_end(self, token: Token | None) -> str:
        """Why the list may not have ended here (an English template); empty where the end is proven."""
        if self.total is not None:
            return mark("the list ended early") if self.listed < self.total else ""
        if self.is_long_again:
            return mark("the list stopped where it had stopped before, as if it was capped")
        if not self.listed and not str(self.windows[0]) and not self.sweeping:
            return mark("the list is empty, and the server does not say that nothing matches")
        if token is not None:
            capped = self.listed >= _CAP and self.listed % _CAP == 0
            return mark("the list stopped at a round number, as if it was capped") if capped else ""
        if self.pages == 1:
            capped = self.listed >= _ROUND and self.listed % _ROUND == 0
        else:
            capped = not self.last_size or (self.last_size >= self.first_size and self.last_size >= _FULL_PAGE)
        return mark("the last page does not say that the list has ended") if capped else ""

    @property
    def has_all(self) -> bool:
        """The stated total has come to the last record: a token that leads nowhere now is only a superfluous one."""
        return self.pages > 1 and self.listed == self.total

    @property
    def lone_stamp(self) -> str:
        """The datestamp of all that the current list has brought; empty where there are several."""
        return self.last_stamp if self.first_stamp == self.last_stamp else ""

    @property
    def looks_capped(self) -> bool:
        """A list of a round length may have been cut there by the server, and so may one that ends in a full page or in
        an empty one: then smaller windows bring the rest."""
        is_full_or_none = self.pages > 1 and (self.last_size >= self.first_size or not self.last_size)
        return self.listed > 0 and (self.listed % _ROUND == 0 or is_full_or_none or self.is_long_again)

    @property
    def is_long_again(self) -> bool:
        """As long as the list that had been cut, where it is known that lists are cut."""
        divides = self.halved if self.sweeping else True
        return self.fetched and divides and self.listed >= self.longest

    def begin_sweep(self) -> None:
        """All identifiers, whatever their date."""
        self.sweeping = True
        self.windows = [Window()]
        self.restarts = self.divisions = 0
        self._open_list()

    def begin_comparison(self, windows: Sequence[Window]) -> None:
        """The identifiers of what was asked for, in one list or two."""
        self.begin_sweep()
        self.comparing = self.compared = True
        self.windows = list(windows)
        self.halved = len(windows) > 1
        self.swept = self.missing = 0
        self.first_missing = ""
        self.parts = []

    def begin_fetching(self) -> None:
        """The records of the parts in which something is missing."""
        self.windows, self.parts = self.parts, []
        self.sweeping = self.comparing = self.halved = self.compared = False
        self.fetched = self.checking = True
        self.missing = self.restarts = self.divisions = self.done_page = 0
        self.first_missing = ""
        self._open_list()

    def note_missing(self, identifier: str, datestamp: str) -> None:
        """*identifier* stands in the list of identifiers and has not come."""
        self.missing += 1
        self.first_missing = self.first_missing or identifier[:200]
        if datestamp:
            self.missing_from = min(self.missing_from or datestamp, datestamp)
            self.missing_until = max(self.missing_until, datestamp)
        else:
            self.missing_undated = True

    def restart(self) -> None:
        """The current window from its beginning."""
        self.restarts += 1
        self._open_list()

    def settle(self, doubt: str = "") -> None:
        """The current window is done, proven or not; the next one is at work."""
        if self.sweeping:
            self.swept += self.listed
        elif not self.fetched:
            self.settled += self.listed
            self.longest = max(self.longest, self.listed)
        if self.comparing:
            self.compared = self.compared and not doubt
            self._note_part()
        elif doubt and doubt not in self.doubts:
            self.doubts.append(doubt)
        self.failures = self.failures if doubt else 0
        self.done_page = self.first_page if self.windows[0].depth and self.pages else self.done_page
        self.windows.pop(0)
        self.restarts = 0
        self._open_list()

    def divide(self, halves: tuple[Window, Window]) -> None:
        """Both halves take the place of the current window."""
        self.windows[0:1] = halves
        self.divisions += 1
        self.restarts = 0
        self._open_list()

    def gather(self) -> None:
        """What was asked for is one part again, and what parts of it brought is not counted."""
        self.windows, self.settled = [self.asked], 0
        self._open_list()

    def _note_part(self) -> None:
        """Where in this half something is missing. One that may be cut itself hides what follows: then anywhere."""
        if not self.halved:
            return
        half = self.windows[0]
        start, end = parse_time(self.missing_from), parse_time(self.missing_until)
        if self.missing_undated or self.listed >= self.longest:
            self.parts.append(half)
        elif start is not None and end is not None:
            by_second = half.is_by_second(otherwise=self.by_second)
            self.parts.append(Window(format_time(start, by_second), format_time(end, by_second), half.depth))
        elif self.missing_from:
            self.parts.append(half)

    def _open_list(self) -> None:
        self.token = self.missing_from = self.missing_until = self.first_stamp = self.last_stamp = ""
        self.missing_undated = False
        self.listed = self.pages = self.first_size = self.last_size = self.empty_pages = 0
        self.total = None


def encode_bookmark(bookmark: Bookmark) -> bytes:
    return msgspec.json.encode(bookmark)


def decode_bookmark(checkpoint: bytes | None) -> Bookmark | None:
    """The inverse of encode_bookmark; None where there is none or where it is not ours."""
    try:
        return msgspec.json.decode(checkpoint, type=Bookmark) if checkpoint else None
    except msgspec.DecodeError:
        return None
