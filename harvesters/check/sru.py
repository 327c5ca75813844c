"""Examines an SRU server with some six requests: its explanation, the first and the second part of a result, and the
first part again. A harvest relies on the count, on startRecord and on a fixed order."""

from collections.abc import Generator
from urllib.parse import urlencode

import msgspec
from lxml import etree

from harvesters.check.asking import Asker, NoAnswer
from harvesters.check.journal import Journal
from harvesters.sru.records import RecordReader
from harvesters.sru.response import SruResponse
from harvesters.sru.schemas import list_schema_names
from harvesters.xml import get_local_name, get_text, parse_strictly
from lienthu.errors import CatalogueError
from lienthu.examination import Examination
from lienthu.i18n import _
from lienthu.partner import Feed
from lienthu.raw_record import RawRecord

BATCH = 10
_MARC_WORDS = ("marc",)


class SruExaminer:
    def __init__(self, asker: Asker, journal: Journal, feed: Feed, version: str) -> None:
        self._asker = asker
        self._journal = journal
        self._feed = feed
        self._version = version

    def records(self) -> Generator[RawRecord, None, Examination]:
        schemas = self._read_explanation()
        self._journal.note("protocol", f"SRU {self._version}")
        schema = self._choose_schema(schemas)
        feed = msgspec.structs.replace(self._feed, format=self._feed.format or schema)
        reader = RecordReader("check", feed)
        first = yield from self._read_part(reader, 1, schema)
        if first is None:
            return self._journal.close(reached=bool(schemas))
        names, total = first
        if total is not None and total > len(names) > 0:
            second = yield from self._read_part(reader, len(names) + 1, schema)
            if second is not None and second[0] and second[0] == names[: len(second[0])]:
                self._journal.blame("sru-start-ignored", names[0], f"startRecord={len(names) + 1}")
            again = list(self._name_records(reader, 1, schema))
            if again and again != names:
                self._journal.blame("sru-order-unsteady", f"{names[0]} / {again[0]}", "startRecord=1")
        return self._journal.close()

    def _read_explanation(self) -> list[str]:
        """The record schemas that the server names."""
        request = {"operation": "explain", "version": self._version}
        try:
            _response, body = self._asker.ask(**request)
            root = parse_strictly(body)
        except (NoAnswer, etree.XMLSyntaxError, ValueError):
            root = None
        if root is None or get_local_name(root) not in {"explainResponse", "explain"}:
            self._journal.blame("sru-explain-missing", "–", urlencode(request))
            return []
        elements = [element for element in root.iter() if get_local_name(element) == "schema"]
        names = [(element.get("name") or get_text(element, "title")).strip()[:40] for element in elements]
        names = [name for name in names if name]
        titles = [get_text(element, "title") for element in root.iter() if get_local_name(element) == "databaseInfo"]
        self._journal.note("server", next((title for title in titles if title), ""))
        self._journal.note("schemas", ", ".join(dict.fromkeys(names)))
        return names

    def _choose_schema(self, offered: list[str]) -> str:
        if self._feed.format:
            return list_schema_names(self._feed.format)[0]
        marc = [name for name in offered if any(word in name.lower() for word in _MARC_WORDS)]
        if offered and not marc:
            self._journal.blame("sru-schema-missing", ", ".join(offered[:12]), "operation=explain")
        return marc[0] if marc else offered[0] if offered else "marcxml"

    def _search(self, start: int, schema: str) -> SruResponse | None:
        params = {
            "version": self._version,
            "operation": "searchRetrieve",
            "query": self._feed.query,
            "startRecord": str(start),
            "maximumRecords": str(BATCH),
            "recordSchema": schema,
        }
        request = urlencode(params)
        try:
            response, body = self._asker.ask(**params)
            answer = SruResponse(body)
        except NoAnswer:
            return None
        except CatalogueError as error:
            cut = b"searchRetrieveResponse" in body[:2000]
            rule = "answer-cut" if cut else "not-this-protocol"
            self._journal.blame(rule, f"HTTP {response.status_code}, {error.tell(_)}", request)
            return None
        for diagnostic in answer.diagnostics:
            self._journal.blame("sru-diagnostic", diagnostic.tell(), request)
        try:
            parse_strictly(body)
        except etree.XMLSyntaxError as error:
            self._journal.blame("xml-ill-formed", error.msg or "", request)
        return answer

    def _read_part(
        self, reader: RecordReader, start: int, schema: str
    ) -> Generator[RawRecord, None, tuple[list[str], int | None] | None]:
        """The names of the records of one part, and the total."""
        answer = self._search(start, schema)
        if answer is None or (answer.diagnostics and not answer.entries):
            return None
        if answer.total is None:
            self._journal.blame("sru-total-missing", "–", f"startRecord={start}")
        self._journal.note("total", answer.total if answer.total is not None else "")
        if not answer.entries and answer.total == 0:
            self._journal.blame("no-records", self._feed.query, f"startRecord={start}")
        names = []
        for position, entry in enumerate(answer.entries, start=start):
            read = reader.read(entry, position)
            if isinstance(read, RawRecord):
                names.append(read.source_id)
                yield read
            else:
                found = f"{read.source_id or position}: {read.reason}"
                self._journal.blame("record-rejected", found, f"startRecord={start}")
        return names, answer.total

    def _name_records(self, reader: RecordReader, start: int, schema: str) -> Generator[str, None, None]:
        answer = self._search(start, schema)
        for position, entry in enumerate(answer.entries if answer is not None else (), start=start):
            read = reader.read(entry, position)
            if isinstance(read, RawRecord):
                yield read.source_id
