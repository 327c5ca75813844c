"""Asking for an examination: the polite session of every harvester, with one more try and no more, and every way in
which no answer came turned into a fault of the table."""

from typing import Any
from urllib.parse import urlencode

import requests

from harvesters.check.journal import Journal
from harvesters.faults import AskedToWait, PassingFault
from harvesters.page import HarvestContext
from harvesters.session import Manners, PoliteSession
from lienthu.errors import CatalogueError
from lienthu.i18n import _
from lienthu.partner import Feed

MANNERS = Manners(tries=2, backoff=0.5, longest_wait=20.0, connect=5.0, read=30.0, page=120.0)


class NoAnswer(Exception):
    """Nothing came; the journal says why."""


class Asker:
    """Asks one address. Every failure is in the journal before NoAnswer is raised."""

    def __init__(self, feed: Feed, context: HarvestContext, journal: Journal) -> None:
        self._session = PoliteSession(feed, context, MANNERS)
        self._journal = journal

    def close(self) -> None:
        self._session.close()

    def ask(self, aside: str = "", /, **params: str) -> tuple[Any, bytes]:
        """The response and its whole body, whatever its status. Where no answer comes to a question that no harvest
        asks, *aside* is the rule to blame."""
        request = urlencode(params)
        self._journal.watch(request)
        try:
            return self._session.try_often(lambda: self._session.fetch(params))
        except AskedToWait as error:
            self._journal.blame("asks-to-wait", error.tell(_), request)
        except CatalogueError as error:
            self._journal.blame(aside or _name_failure(error), error.tell(_), request)
        raise NoAnswer


def _name_failure(error: CatalogueError) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, requests.exceptions.SSLError):
            return "certificate-unchecked"
        if isinstance(cause, PassingFault) and "cut" in str(cause):
            return "answer-cut"
        cause = cause.__cause__
    return "not-reached"
