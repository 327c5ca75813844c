"""sickle's client on our session: one whole answer, or an error that says why there is none."""

import threading
import time

from sickle import Sickle

from harvesters.faults import AskedToWait
from harvesters.oai_pmh.envelope import Envelope
from harvesters.oai_pmh.response import OaiResponse
from harvesters.page import HarvestContext
from harvesters.session import MAY_SAY_WHEN, Manners, PoliteSession, refuse_status
from lienthu.errors import CatalogueError, HarvestError
from lienthu.partner import Feed

# A proxy that changed something on the way says 203.
_WHOLE = frozenset({200, 203})


class OaiClient(Sickle):  # type: ignore[misc]
    """Asks one feed. ``harvest`` is sickle's one door to the network; everything goes through it.

    ``seconds`` is how long the last answer took; who ``is_hasty`` does not ask for the same thing often.
    """

    def __init__(self, feed: Feed, context: HarvestContext, manners: Manners) -> None:
        super().__init__(feed.url)
        self._feed = feed
        self._session = PoliteSession(feed, context, manners)
        self._turn = threading.Lock()
        self._refusal: AskedToWait | None = None
        self.seconds = 0.0
        self.is_hasty = False

    def close(self) -> None:
        self._session.close()

    def harvest(self, **params: str) -> OaiResponse:
        """One whole answer. Raises HarvestError when every try failed or trying makes no sense.

        One question at a time, whichever thread asks; once the server wants to be left alone, none.
        """
        ordered = {"verb": params["verb"], **params}
        with self._turn:
            if self._refusal is not None:
                raise self._refusal
            began = time.monotonic()
            try:
                return self._session.try_often(lambda: self._ask(ordered), at_most=2 if self.is_hasty else None)
            except AskedToWait as error:
                self._refusal = error
                raise
            finally:
                self.seconds = time.monotonic() - began

    def fetch_record(self, prefix: str, identifier: str) -> Envelope | None:
        """One record by name; None where the server does not give it, for whatever reason. Raises AskedToWait."""
        try:
            response = self.harvest(verb="GetRecord", identifier=identifier, metadataPrefix=prefix)
            return next(response.read_entries(), None) if response.error is None else None
        except AskedToWait:
            raise
        except HarvestError:
            return None

    def _ask(self, params: dict[str, str]) -> OaiResponse:
        response, body = self._session.fetch(params)
        status = response.status_code
        if status in _WHOLE:
            answer = OaiResponse(response, params, body)
            answer.require_list()
            return answer
        if status not in MAY_SAY_WHEN:
            # Some servers put the protocol's own errors under an HTTP error.
            try:
                refusal = OaiResponse(response, params, body)
            except CatalogueError:
                return refuse_status(status, self._feed.url)
            if refusal.error is not None:
                return refusal
        return refuse_status(status, self._feed.url)
