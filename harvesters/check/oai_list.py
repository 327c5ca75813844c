"""Examines how an OAI-PMH server gives its list: records, tokens, totals and dates.

Three pages of records at most are looked at, and a dozen of identifiers, since servers that cap their lists do so at a
thousand. Each request is one that a harvest would make.
"""

from collections.abc import Callable, Generator, Iterable
from itertools import islice
from urllib.parse import urlencode

import msgspec
from lxml import etree

from harvesters.check.journal import Journal
from harvesters.oai_pmh.identity import parse_time
from harvesters.oai_pmh.records import RecordReader
from harvesters.oai_pmh.response import OaiResponse, Token
from harvesters.xml import find_child, get_text
from lienthu.errors import HarvestError
from lienthu.raw_record import RawRecord

Ask = Callable[..., OaiResponse | None]

MOST_PAGES = 3
MOST_LIST_PAGES = 12
_CAP = 1000
_REASONS = {
    "record-unreadable": "record-unreadable",
    "metadata-missing": "metadata-missing",
    "id-missing": "identifier-missing",
}


class Seen(msgspec.Struct):
    """What one list has brought so far."""

    identifiers: list[str] = []
    total: int | None = None
    token: Token | None = None
    used: list[str] = []

    @property
    def is_open(self) -> bool:
        return self.token is not None and bool(self.token.text)


class ListExaminer:
    def __init__(self, ask: Ask, journal: Journal, prefix: str, by_second: bool) -> None:
        self._ask = ask
        self._journal = journal
        self._prefix = prefix
        self._by_second = by_second
        self._reader = RecordReader("check", "oai", prefix)

    def records(self) -> Generator[RawRecord, None, None]:
        """The records of the first pages; everything about the list is in the journal afterwards."""
        seen = Seen()
        first: RawRecord | None = None
        params = {"verb": "ListRecords", "metadataPrefix": self._prefix}
        for _page in range(MOST_PAGES):
            answer = self._follow(params, seen)
            if answer is None:
                break
            read = list(self._read_page(answer, seen, urlencode(params)))
            first = first or next((record for record in read if not record.deleted), None)
            yield from read
            if not seen.is_open or not self._turn_page(seen, params):
                break
        if not seen.identifiers and not self._journal.has("list-refused"):
            self._journal.blame("no-records", "–", urlencode(params))
        self._journal.note("total", seen.total if seen.total is not None else "")
        if seen.is_open or seen.used:
            self._ask_again(seen)
        self._judge_end(seen, "ListRecords")
        if seen.identifiers:
            self._walk_identifiers()
        if first is not None:
            self._ask_for_day(first)
            self._get_record(first)

    def _follow(self, params: dict[str, str], seen: Seen) -> OaiResponse | None:
        """One page of a list, with the protocol's refusals noted; None ends it."""
        answer = self._ask(**params)
        if answer is None:
            seen.token = None
            return None
        if answer.error is not None:
            code, words = answer.error
            refused = "no-records" if code == "noRecordsMatch" else "list-refused"
            rule = "token-dead" if "resumptionToken" in params else refused
            self._journal.blame(rule, f"{code}: {words}", urlencode(params))
            seen.token = None
            return None
        if answer.remark:
            self._journal.blame("list-refused", answer.remark, urlencode(params))
        seen.token = answer.token
        if seen.token is not None and seen.token.total is not None:
            seen.total = seen.token.total
        return answer

    def _turn_page(self, seen: Seen, params: dict[str, str]) -> bool:
        """Whether there is another page to ask for; *params* then ask for it."""
        text = seen.token.text if seen.token is not None else ""
        if text in seen.used:
            self._journal.blame("token-repeats", text, urlencode(params))
            return False
        seen.used.append(text)
        verb = params["verb"]
        params.clear()
        params.update(verb=verb, resumptionToken=text)
        return True

    def _read_page(self, answer: OaiResponse, seen: Seen, request: str) -> Iterable[RawRecord]:
        came: list[str] = []
        for position, entry in enumerate(answer.read_entries(), start=1):
            read = self._reader.read(entry, position)
            if not isinstance(read, RawRecord):
                self._journal.blame(
                    _REASONS.get(read.rule, "record-rejected"), f"{read.source_id or position}: {read.reason}", request
                )
                came.append(read.source_id)
                continue
            came.append("" if "id-missing" in read.findings else read.source_id)
            if "id-missing" in read.findings:
                self._journal.blame("identifier-missing", f"#{position}", request)
            self._check_header(read, request)
            yield read
        self._compare_identifiers(came, seen, request)

    def _check_header(self, record: RawRecord, request: str) -> None:
        stamp = record.datestamp
        if "localhost" in record.source_id.lower():
            self._journal.blame("identifier-localhost", record.source_id, request)
        if parse_time(stamp) is None:
            self._journal.blame("datestamp-wrong", f"{record.source_id}: {stamp or '–'}", request)
        elif (len(stamp) > len("2000-01-01")) != self._by_second:
            self._journal.blame("datestamp-granularity", f"{record.source_id}: {stamp}", request)

    def _compare_identifiers(self, came: list[str], seen: Seen, request: str) -> None:
        known = [identifier for identifier in came if identifier]
        before = set(seen.identifiers)
        if known and before and set(known) <= before:
            self._journal.blame("token-ignored", known[0], request)
        else:
            for place, identifier in enumerate(known):
                if identifier in before or identifier in known[:place]:
                    self._journal.blame("identifier-repeated", identifier, request)
        seen.identifiers.extend(known)

    def _ask_again(self, seen: Seen) -> None:
        """The last token once more: the standard wants the same page."""
        if not seen.used or self._journal.has("token-dead") or self._journal.has("token-repeats"):
            return
        params = {"verb": "ListRecords", "resumptionToken": seen.used[-1]}
        answer = self._ask(**params)
        if answer is None or answer.error is None:
            return
        self._journal.blame("token-once", ": ".join(answer.error), urlencode(params))

    def _judge_end(self, seen: Seen, verb: str) -> None:
        if seen.is_open or not seen.identifiers or self._journal.has("token-dead"):
            return
        count = len(seen.identifiers)
        if seen.total is not None and count < seen.total:
            self._journal.blame("list-short", f"{count} < {seen.total}", f"verb={verb}")
        elif count >= _CAP and count % _CAP == 0 and (seen.total is None or count == seen.total):
            self._journal.blame("list-capped", count, f"verb={verb}")
        elif seen.used and seen.token is None:
            self._journal.blame("end-unmarked", count, f"verb={verb}")

    def _walk_identifiers(self) -> None:
        """The list of identifiers, as far as a cap would show."""
        seen = Seen()
        params = {"verb": "ListIdentifiers", "metadataPrefix": self._prefix}
        for _page in range(MOST_LIST_PAGES):
            answer = self._follow(params, seen)
            if answer is None:
                return
            try:
                headers = list(answer.read_headers())
            except HarvestError:
                return
            seen.identifiers.extend(get_text(header, "identifier") for header in headers)
            if not seen.is_open or not self._turn_page(seen, params):
                break
        if seen.total is None and seen.used:
            self._journal.blame("total-unstated", "–", urlencode({"verb": "ListIdentifiers"}))
        self._judge_end(seen, "ListIdentifiers")

    def _ask_for_day(self, record: RawRecord) -> None:
        """The day of a record that is there: it must be in the answer, and nothing of other days."""
        if parse_time(record.datestamp) is None:
            return
        day = record.datestamp[:10]
        bounds = (f"{day}T00:00:00Z", f"{day}T23:59:59Z") if self._by_second else (day, day)
        params = {"verb": "ListIdentifiers", "metadataPrefix": self._prefix, "from": bounds[0], "until": bounds[1]}
        answer = self._ask(**params)
        if answer is None:
            return
        request = urlencode(params)
        if answer.error is not None:
            rule = "dates-lose" if answer.error[0] == "noRecordsMatch" else "dates-refused"
            self._journal.blame(rule, f"{record.source_id}: {': '.join(answer.error)}", request)
            return
        try:
            headers = list(answer.read_headers())
        except HarvestError:
            return
        outside = next(islice(_find_outside(headers, day), 1), "")
        if outside:
            self._journal.blame("dates-ignored", outside, request)
        complete = answer.token is None or not answer.token.text
        if complete and record.source_id not in {get_text(header, "identifier") for header in headers}:
            self._journal.blame("dates-lose", record.source_id, request)

    def _get_record(self, record: RawRecord) -> None:
        if "id-missing" in record.findings:
            return
        params = {"verb": "GetRecord", "identifier": record.source_id, "metadataPrefix": self._prefix}
        answer = self._ask("get-record-fails", **params)
        if answer is None:
            return
        body = find_child(answer.root, "GetRecord")
        if answer.error is not None or body is None or find_child(body, "record") is None:
            told = ": ".join(answer.error) if answer.error is not None else "–"
            self._journal.blame("get-record-fails", f"{record.source_id}: {told}", urlencode(params))


def _find_outside(headers: Iterable[etree._Element], day: str) -> Iterable[str]:
    for header in headers:
        stamp = get_text(header, "datestamp")
        if stamp[:10] != day:
            yield f"{get_text(header, 'identifier')}: {stamp}"
