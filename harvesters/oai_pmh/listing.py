"""One list followed from page to page. sickle's iterator stops where it sees no token and runs for ever in a circle;
this one remembers every token of the list, says when one comes back, and can begin in the middle of a list.

Error codes are known by how they begin: servers invent endings (``badResumptionToken2``).
"""

from hashlib import blake2b

from sickle.iterator import OAIResponseIterator
from sickle.models import ResumptionToken

from harvesters.oai_pmh.client import OaiClient
from harvesters.oai_pmh.faults import TokenDead, TokenRepeats
from harvesters.oai_pmh.response import OaiResponse
from lienthu.errors import HarvestError
from lienthu.i18n import _, mark

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
        super().__init__(client, params)

    def _next_response(self) -> None:
        if self._start:
            start, self._start = self._start, ""
            self.resumption_token = ResumptionToken(token=start, cursor="", complete_list_size="", expiration_date="")
        token = str(self.resumption_token.token or "") if self.resumption_token else ""
        params = self.params
        if token:
            digest = blake2b(token.encode(), digest_size=12).digest()
            if digest in self._used:
                raise TokenRepeats
            self._used.add(digest)
            params = {"verb": self.verb, "resumptionToken": token}
        response: OaiResponse = self.sickle.harvest(**params)
        _raise_error(response, token)
        self.oai_response = response
        found = response.token
        self.resumption_token = found and ResumptionToken(
            token=found.text, cursor=found.cursor, complete_list_size=found.total, expiration_date=""
        )


def classify_code(code: str) -> str:
    """``badResumptionToken<session>`` -> ``badResumptionToken``; the code itself where it is no known one."""
    lowered = code.lower()
    return next((known for known in _KNOWN_CODES if lowered.startswith(known.lower())), code)


def _raise_error(response: OaiResponse, token: str) -> None:
    if response.error is None:
        return
    code, words = response.error
    known = classify_code(code)
    if token and known in {"badResumptionToken", "noRecordsMatch", "badArgument"}:
        raise TokenDead(words or code)
    error = OaiError(
        mark("the server answers {code}: {words}"), code=code[:60] or "error", words=words or _("no reason given")
    )
    error.code = known
    raise error
