"""Bookmark: where an OAI-PMH run stands. It is the checkpoint: whoever reads it goes on as if nothing had happened.

It also judges whether a list that seems to have ended really has. Proof is a stated total that was reached (the largest
one, where the server changes its mind); where no total is stated, an end that the server marks, unless it falls on a
round thousand (servers cap their lists there); and where the server marks nothing, a last page that is not as full as
the others. What no total proves is compared with the list of identifiers afterwards.
"""

import msgspec

from harvesters.oai_pmh.response import Token
from harvesters.oai_pmh.windows import Window
from lienthu.i18n import mark

_CAP = 1000
_ROUND = 100
_FULL_PAGE = 10


class Bookmark(msgspec.Struct, kw_only=True):
    """The first window is the one at work; ``token`` leads to its next page. ``whole`` is what the undivided list
    promised, ``settled`` what the finished windows brought. ``doubts`` are reasons why the run is not complete.
    ``checking``: the list ended in doubt and is gone through again in parts; what came before does not count again.
    ``sweeping``: the records are here, and the list of all identifiers is gone through to learn what is gone.
    ``comparing``: it is gone through to learn whether everything in it has come, for the dates of ``asked``;
    ``missing`` counts what had not, and ``compared`` says that the list of identifiers had an end.
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
    missing: int = 0
    first_missing: str = ""

    def count_page(self, size: int, token: Token | None, datestamps: list[str], *, is_new: bool = True) -> None:
        """Takes note of one page of the current list. One that came before in it is as good as empty."""
        self.pages += 1
        self.first_size = self.first_size or size
        self.last_size = size
        self.listed += size
        self.received += 0 if self.sweeping else size
        self.empty_pages = 0 if size and is_new else self.empty_pages + 1
        if token is not None and token.total is not None:
            self.total = max(self.total or 0, token.total)
            if not self.windows[0].depth:
                if self.sweeping:
                    self.swept_whole = self.total
                else:
                    self.whole = max(self.whole or 0, self.total)
        self.token = token.text if token is not None else ""
        stated = [stamp for stamp in datestamps if stamp]
        if stated:
            self.earliest = min([stamp for stamp in (self.earliest, *stated) if stamp])
            self.latest = max([self.latest, *stated])

    def doubt_end(self, token: Token | None) -> str:
        """Why the list may not have ended here (an English template); empty where the end is proven."""
        if self.total is not None:
            return mark("the list ended early") if self.listed < self.total else ""
        if token is not None:
            capped = self.listed >= _CAP and self.listed % _CAP == 0
            return mark("the list stopped at a round number, as if it was capped") if capped else ""
        if self.pages == 1:
            capped = self.listed >= _ROUND and self.listed % _ROUND == 0
        else:
            capped = not self.last_size or (self.last_size >= self.first_size and self.last_size >= _FULL_PAGE)
        return mark("the last page does not say that the list has ended") if capped else ""

    @property
    def looks_capped(self) -> bool:
        """A list of a round length may have been cut there by the server: then smaller windows bring the rest."""
        return self.listed > 0 and (self.listed % _ROUND == 0 or (self.pages > 1 and self.last_size >= self.first_size))

    def begin_sweep(self) -> None:
        """All identifiers, whatever their date."""
        self.sweeping = True
        self.windows = [Window()]
        self.restarts = self.divisions = 0
        self._open_list()

    def begin_comparison(self) -> None:
        """The identifiers of what was asked for."""
        self.begin_sweep()
        self.comparing = True
        self.windows = [self.asked]

    def note_missing(self, identifier: str) -> None:
        self.missing += 1
        self.first_missing = self.first_missing or identifier[:200]

    def restart(self) -> None:
        """The current window from its beginning."""
        self.restarts += 1
        self._open_list()

    def settle(self, doubt: str = "") -> None:
        """The current window is done, proven or not; the next one is at work."""
        if self.sweeping:
            self.swept += self.listed
        else:
            self.settled += self.listed
        if self.comparing:
            self.compared = not doubt
        elif doubt and doubt not in self.doubts:
            self.doubts.append(doubt)
        self.windows.pop(0)
        self.restarts = 0
        self._open_list()

    def divide(self, halves: tuple[Window, Window]) -> None:
        """Both halves take the place of the current window."""
        self.windows[0:1] = halves
        self.divisions += 1
        self.restarts = 0
        self._open_list()

    def _open_list(self) -> None:
        self.token = ""
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
