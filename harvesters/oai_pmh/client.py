"""sickle's client on our session: one whole answer, or an error that says why there is none."""

import requests
from sickle import Sickle

from harvesters.oai_pmh.response import OaiResponse
from harvesters.page import HarvestContext
from harvesters.session import MAY_SAY_WHEN, Manners, PoliteSession, refuse_status
from lienthu.errors import CatalogueError
from lienthu.partner import Feed


class OaiClient(Sickle):  # type: ignore[misc]
    """Asks one feed. ``harvest`` is sickle's one door to the network; everything goes through it."""

    def __init__(self, feed: Feed, context: HarvestContext, manners: Manners) -> None:
        super().__init__(feed.url)
        self._feed = feed
        self._session = PoliteSession(feed, context, manners)

    def close(self) -> None:
        self._session.close()

    def harvest(self, **params: str) -> OaiResponse:
        """One whole answer. Raises HarvestError when every try failed or trying makes no sense."""
        ordered = {"verb": params["verb"], **params}
        return self._session.try_often(lambda: self._ask(ordered))

    def _ask(self, params: dict[str, str]) -> OaiResponse:
        response, body = self._session.fetch(params)
        status = response.status_code
        if status == requests.codes.ok:
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
