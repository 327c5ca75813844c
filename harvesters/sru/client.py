"""Asks an SRU server for a part of a result, with the manners of every harvester. A passing diagnostic (the server is
not available for the moment), and an answer that counts records but has none, are asked again."""

from typing import NoReturn

import requests

from harvesters.faults import PassingFault
from harvesters.page import HarvestContext
from harvesters.session import MAY_SAY_WHEN, Manners, PoliteSession, refuse_status
from harvesters.sru.diagnostics import PASSING
from harvesters.sru.response import SruResponse
from harvesters.xml import get_local_name, get_text, parse_strictly
from lienthu.errors import CatalogueError
from lienthu.i18n import mark
from lienthu.message import Message, quote_text
from lienthu.partner import Feed

_MOST_NAMED = 12


class NoRecords(PassingFault):
    """The server counts records and sends none: it may send fewer at once."""


class SruClient:
    """Asks one feed."""

    def __init__(self, feed: Feed, context: HarvestContext, manners: Manners) -> None:
        self._feed = feed
        self._session = PoliteSession(feed, context, manners)

    def close(self) -> None:
        self._session.close()

    def search(self, start: int, batch: int, *, schema: str, version: str, packing: str) -> SruResponse:
        """The records from *start* on (the first is 1), at most *batch*. Raises HarvestError, caused by the last
        PassingFault where every try failed."""
        params = {
            "version": version,
            "operation": "searchRetrieve",
            "query": self._feed.query,
            "startRecord": str(start),
            "maximumRecords": str(batch),
            "recordSchema": schema,
        }
        if packing:
            params["recordPacking"] = packing
        return self._session.try_often(lambda: self._ask(params, start))

    def list_schemas(self, version: str) -> list[str]:
        """The record schemas that the server's explanation names; empty where it does not explain itself."""
        try:
            _response, body = self._session.fetch({"version": version, "operation": "explain"})
            root = parse_strictly(body)
        except (CatalogueError, ValueError, SyntaxError):
            return []
        found = [element for element in root.iter() if get_local_name(element) == "schema"]
        names = [(element.get("name") or get_text(element, "title")).strip()[:40] for element in found]
        return list(dict.fromkeys(name for name in names if name))[:_MOST_NAMED]

    def _ask(self, params: dict[str, str], start: int) -> SruResponse:
        response, body = self._session.fetch(params)
        status = response.status_code
        if status != requests.codes.ok:
            return self._read_refusal(status, body)
        answer = SruResponse(body)
        if not answer.entries:
            self._require_records(answer, start)
        return answer

    def _read_refusal(self, status: int, body: bytes) -> SruResponse:
        """Some servers put the protocol's own diagnostics under an HTTP error."""
        if status in MAY_SAY_WHEN:
            self._refuse(status)
        try:
            answer = SruResponse(body)
        except CatalogueError:
            self._refuse(status)
        if not answer.diagnostics:
            self._refuse(status)
        return answer

    def _refuse(self, status: int) -> NoReturn:
        refuse_status(status, self._feed.url)

    def _require_records(self, answer: SruResponse, start: int) -> None:
        """Raises PassingFault where another try may bring what is missing."""
        passing = next((one for one in answer.diagnostics if one.number in PASSING), None)
        if passing is not None:
            raise PassingFault(mark("the server answers: {words}"), words=passing.keep())
        if answer.diagnostics:
            return
        if answer.total is None:
            raise PassingFault(mark("the answer has neither records nor their number"))
        if answer.total >= start:
            raise NoRecords(mark("the server counts {total} records and sends none"), total=answer.total)


def describe_offer(names: list[str]) -> Message:
    return quote_text(", ".join(names)) if names else Message(mark("it does not say which it has"))
