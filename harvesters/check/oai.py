"""Examines an OAI-PMH server with some twenty requests: what it says of itself, its formats, the first pages of its
list, whether its tokens, dates and errors are those of the standard.

The records that come are handed on; what they say is not this room's business.
"""

from collections.abc import Generator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from lxml import etree

from harvesters.check.asking import Asker, NoAnswer
from harvesters.check.journal import Journal
from harvesters.check.oai_list import ListExaminer
from harvesters.oai_pmh.identity import PREFERRED_PREFIXES, parse_time, unescape_name
from harvesters.oai_pmh.repair import OAI_PAGE
from harvesters.oai_pmh.response import OaiResponse
from harvesters.oai_pmh.windows import format_time
from harvesters.xml import find_child, find_children, get_namespace, get_text, parse_strictly
from lienthu.errors import CatalogueError
from lienthu.examination import Examination
from lienthu.i18n import _
from lienthu.raw_record import RawRecord

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
CODES = frozenset(
    ("badArgument", "badResumptionToken", "badVerb", "cannotDisseminateFormat", "idDoesNotExist", "noRecordsMatch",
     "noMetadataFormats", "noSetHierarchy")
)  # fmt: skip
_MUST_BE_THERE = (
    "repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp", "deletedRecord", "granularity",
)  # fmt: skip
_GRANULARITIES = ("YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ")
_APART = 3600.0
_MOMENT_LENGTH = len("2024-01-31T09:05:00Z")
_RICH = ("marcxml", "marc21", "marc", "oai_marc", "mods", "unimarc")


class OaiExaminer:
    """Looks at one server. ``records`` gives what the first pages hold and returns the examination."""

    def __init__(self, asker: Asker, journal: Journal, now: datetime, format_name: str = "") -> None:
        self._asker = asker
        self._journal = journal
        self._now = now
        self._format = format_name

    def records(self) -> Generator[RawRecord, None, Examination]:
        identity = self._ask(verb="Identify")
        if identity is None:
            return self._journal.close(reached=False)
        by_second = self._read_identity(identity)
        prefix = self._format or self._choose_format()
        self._journal.note("format", prefix)
        self._count_sets()
        yield from ListExaminer(self._ask, self._journal, prefix, by_second).records()
        self._try_errors()
        return self._journal.close()

    def _ask(self, aside: str = "", /, **params: str) -> OaiResponse | None:
        """One answer, with everything that is wrong with its form noted; None where it is none. No harvest depends on
        a question for which a rule stands *aside*."""
        request = urlencode(params)
        try:
            response, body = self._asker.ask(aside, **params)
        except NoAnswer:
            return None
        answer = self._read(response, params, body, aside)
        if answer is None:
            return None
        if "xml" not in response.headers.get("Content-Type", "").lower():
            self._journal.blame("content-type-wrong", response.headers.get("Content-Type", ""), request)
        if get_namespace(answer.root) != NAMESPACE:
            self._journal.blame("namespace-wrong", get_namespace(answer.root) or "–", request)
        if answer.error is not None and answer.error[0] not in CODES:
            self._journal.blame("error-code-invented", answer.error[0] or "–", request)
        return answer

    def _read(self, response: Any, params: dict[str, str], body: bytes, aside: str) -> OaiResponse | None:
        request = urlencode(params)
        try:
            answer = OaiResponse(response, params, body)
        except CatalogueError as error:
            rule = aside or _name_unreadable(response.status_code, body)
            self._journal.blame(rule, _show(response, body, error), request)
            return None
        try:
            parse_strictly(body)
        except etree.XMLSyntaxError as error:
            rule = "text-after-end" if answer.mended is None else "xml-ill-formed"
            self._journal.blame(rule, error.msg or "", request)
        return answer

    def _read_identity(self, answer: OaiResponse) -> bool:
        """Notes what the server says of itself; whether it states seconds."""
        journal, body = self._journal, find_child(answer.root, "Identify")
        if body is None:
            journal.blame("identify-incomplete", _tell_error(answer), "verb=Identify")
            return False
        missing = [name for name in _MUST_BE_THERE if not get_text(body, name)]
        name, earliest, granularity = (
            get_text(body, part) for part in ("repositoryName", "earliestDatestamp", "granularity")
        )
        for fact, value in (
            ("server", unescape_name(name)),
            ("protocol", f"OAI-PMH {get_text(body, 'protocolVersion')}".strip()),
            ("granularity", granularity),
            ("earliest", earliest),
            ("deleted", get_text(body, "deletedRecord")),
        ):
            journal.note(fact, value)
        if missing:
            journal.blame("identify-incomplete", ", ".join(missing), "verb=Identify")
        if parse_time(earliest) is None:
            strange = find_child(body, "strEarliestDatestamp") is not None
            journal.blame("earliest-wrong", "strEarliestDatestamp" if strange else earliest or "–", "verb=Identify")
        if granularity not in _GRANULARITIES:
            journal.blame("granularity-wrong", granularity or "–", "verb=Identify")
        if unescape_name(name) != " ".join(name.split()):
            journal.blame("name-escaped", name, "verb=Identify")
        if get_text(body, "deletedRecord").lower() not in {"persistent", "transient"}:
            journal.blame("deletions-untold", get_text(body, "deletedRecord") or "–", "verb=Identify")
        self._compare_clocks(answer.response_date)
        return "hh:mm" in granularity.lower()

    def _compare_clocks(self, stated: str) -> None:
        moment = parse_time(stated)
        if moment is None or len(stated.strip()) != _MOMENT_LENGTH or not stated.strip().endswith("Z"):
            self._journal.blame("response-date-wrong", stated or "–", "verb=Identify")
        if moment is not None and abs((moment - self._now).total_seconds()) > _APART:
            here = format_time(self._now, by_second=True)
            self._journal.blame("clock-wrong", f"{stated} / {here}", "verb=Identify")

    def _choose_format(self) -> str:
        """The richest of those on offer, as a harvest would take it."""
        answer = self._ask(verb="ListMetadataFormats")
        body = find_child(answer.root, "ListMetadataFormats") if answer is not None else None
        elements = find_children(body, "metadataFormat") if body is not None else ()
        offered = [prefix for one in elements if (prefix := get_text(one, "metadataPrefix"))]
        request = "verb=ListMetadataFormats"
        if not offered:
            self._journal.blame("formats-unlisted", _tell_error(answer), request)
            return "oai_dc"
        self._journal.note("formats", ", ".join(offered[:20]))
        if "oai_dc" not in offered:
            self._journal.blame("oai-dc-missing", ", ".join(offered[:20]), request)
        if not {prefix.lower() for prefix in offered} & set(_RICH):
            self._journal.blame("marc-missing", ", ".join(offered[:20]), request)
        return next((prefix for prefix in PREFERRED_PREFIXES if prefix in offered), offered[0])

    def _count_sets(self) -> None:
        answer = self._ask("sets-unlisted", verb="ListSets")
        body = find_child(answer.root, "ListSets") if answer is not None else None
        if body is not None:
            names = [get_text(one, "setSpec") for one in find_children(body, "set")]
            self._journal.note("sets", f"{len(names)}: {', '.join(names[:8])}")

    def _try_errors(self) -> None:
        """Wrong questions on purpose: a server that answers them with records answers right ones with errors."""
        for rule, code, params in (
            ("bad-verb-unanswered", "badVerb", {"verb": "ListNothing"}),
            (
                "bad-format-unanswered",
                "cannotDisseminateFormat",
                {"verb": "ListIdentifiers", "metadataPrefix": "no_such_format"},
            ),
        ):
            answer = self._ask(rule, **params)
            told = answer.error[0] if answer is not None and answer.error is not None else ""
            if answer is not None and told != code:
                self._journal.blame(rule, told or "–", urlencode(params))


def _tell_error(answer: OaiResponse | None) -> str:
    return ": ".join(answer.error) if answer is not None and answer.error is not None else "–"


def _name_unreadable(status: int, body: bytes) -> str:
    if status != 200:
        return "not-reached"
    start = body[:2000].lower()
    if b"<!entity" in start or (b"<!doctype" in start and b"<html" not in start and b"doctype html" not in start):
        return "document-type"
    if b"oai-pmh" in start and not OAI_PAGE.find_ends(body):
        return "answer-cut"
    return "not-this-protocol"


def _show(response: Any, body: bytes, error: CatalogueError) -> str:
    return f"HTTP {response.status_code}, {error.tell(_)}: {body[:120].decode('utf-8', 'replace')}"
