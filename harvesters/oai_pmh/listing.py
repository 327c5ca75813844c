"""One list followed from page to page. sickle's iterator stops where it sees no token and runs for ever in a circle;
this one remembers every token of the list, says when one comes back, can begin in the middle of a list, and asks for
the next page while the present one is stored.

Error codes are known by how they begin: servers invent endings (``badResumptionToken2``).
"""

from concurrent.futures import Future
from hashlib import blake2b

from sickle.iterator import OAIResponseIterator
from sickle.models import ResumptionToken

from harvesters.faults import NotFound
from harvesters.oai_pmh.ahead import ask_ahead
from harvesters.oai_pmh.client import OaiClient
from harvesters.oai_pmh.faults import TokenDead, TokenRepeats
from harvesters.oai_pmh.response import OaiResponse
from lienthu.errors import HarvestError
from lienthu.i18n import mark
from lienthu.message import Message

_KNOWN_CODES = (
    "badResumptionToken",
    "noRecordsMatch",
    "badArgument",
    "badVerb",
    "cannotDisseminateFormat",
    "idDoesNotExist",
    "noMetadataFormats",
    "noSetHierarchy",
)

WORTH_WAITING = 0.03
"""Seconds: a server that answers sooner is not asked ahead, for then a second thread only gets in the way."""


class OaiError(HarvestError):
    """The server answered with an error of the protocol; ``code`` is the known one that it begins with."""

    code = ""


class Listing(OAIResponseIterator):  # type: ignore[misc]
    """The answers of one ListRecords, from *token* on where one is given.

    Raises TokenDead, TokenRepeats, OaiError and what the client raises.
    """

    oai_response: OaiResponse | None

    def __init__(self, client: OaiClient, params: dict[str, str], token: str = "") -> None:
        self._start = token
        self._used: set[bytes] = set()
        self._coming: Future[OaiResponse] | None = None
        super().__init__(client, params)

    def _next_response(self) -> None:
        if self._start:
            start, self._start = self._start, ""
            self.resumption_token = ResumptionToken(token=start, cursor="", complete_list_size="", expiration_date="")
        token = str(self.resumption_token.token or "") if self.resumption_token else ""
        if token and not self._is_new(token):
            raise TokenRepeats
        coming, self._coming = self._coming, None
        try:
            response: OaiResponse = (
                coming.result() if coming is not None else self.sickle.harvest(**self._ask_for(token))
            )
        except NotFound as error:
            if token:
                raise TokenDead from error
            raise
        _raise_error(response, token)
        self.oai_response = response
        found = response.token
        self.resumption_token = found and ResumptionToken(
            token=found.text, cursor=found.cursor, complete_list_size=found.total, expiration_date=""
        )
        is_slow = self.sickle.seconds > WORTH_WAITING
        if is_slow and found is not None and found.text and _digest_token(found.text) not in self._used:
            question = self._ask_for(found.text)
            self._coming = ask_ahead(lambda: self.sickle.harvest(**question))

    def _ask_for(self, token: str) -> dict[str, str]:
        return {"verb": self.verb, "resumptionToken": token} if token else self.params

    def _is_new(self, token: str) -> bool:
        digest = _digest_token(token)
        is_new = digest not in self._used
        self._used.add(digest)
        return is_new


def _digest_token(token: str) -> bytes:
    return blake2b(token.encode(), digest_size=12).digest()


def classify_code(code: str) -> str:
    """``badResumptionToken<session>`` -> ``badResumptionToken``; the code itself where it is no known one."""
    lowered = code.lower()
    return next((known for known in _KNOWN_CODES if lowered.startswith(known.lower())), code)


def _raise_error(response: OaiResponse, token: str) -> None:
    if response.error is None:
        return
    code, words = response.error
    known = classify_code(code)
    if token:
        # Nothing else was sent, so it is the token that is refused, whatever the server calls that.
        raise TokenDead(words or code)
    error = OaiError(
        mark("the server answers {code}: {words}"),
        code=code[:60] or "error",
        words=words or Message(mark("no reason given")),
    )
    error.code = known
    raise error
