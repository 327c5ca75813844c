"""An OAI-PMH server without a fault, and the door through which a test spoils one thing of it."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from harvesters.check.examine import Wanted, examine
from lienthu.examination import Examination
from lienthu.raw_record import RawRecord
from tests.servers.oai_server import Library, ServedRecord, build_records, serve_library, write_record

IDENTIFY = (
    "<Identify><repositoryName>{name}</repositoryName><baseURL>http://x/oai</baseURL>"
    "<protocolVersion>2.0</protocolVersion><adminEmail>a@x.example</adminEmail>"
    "<earliestDatestamp>2024-01-01T00:00:00Z</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
    "<granularity>{granularity}</granularity></Identify>"
)
Spoil = Callable[[dict[str, str], str], str]


@dataclass
class SoundLibrary(Library):
    """``spoil`` takes what was asked and the answer, and gives what is sent instead."""

    spoil: Spoil = lambda query, answer: answer

    def answer(self, query: dict[str, str]) -> str:
        return self.spoil(query, self._answer_soundly(query))

    def _answer_soundly(self, query: dict[str, str]) -> str:
        verb = query.get("verb", "")
        if verb == "Identify":
            body = IDENTIFY.format(name=self.name, granularity=self.granularity)
        elif verb == "ListSets":
            body = '<error code="noSetHierarchy">none</error>'
        elif verb == "GetRecord":
            found = next((one for one in self.records if one.id == query.get("identifier")), None)
            body = f"<GetRecord>{write_record(found)}</GetRecord>" if found else '<error code="idDoesNotExist"/>'
        elif "metadataPrefix" in query and query["metadataPrefix"] not in self.formats:
            body = '<error code="cannotDisseminateFormat">no such format</error>'
        else:
            return super().answer(query)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
            f"<responseDate>{self.now}</responseDate><request>http://x</request>{body}</OAI-PMH>\n"
        )


def build_library(count: int = 25, **traits: object) -> SoundLibrary:
    records = [
        ServedRecord(f"oai:thuvien.example:{one.id.rpartition('/')[2]}", one.xml, one.datestamp)
        for one in build_records(count)
    ]
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return SoundLibrary(records, now=now, **traits)  # type: ignore[arg-type]


def look_at(target: str, **wanted: str) -> tuple[Examination, list[RawRecord]]:
    """The examination of an address or a file, and the records that came."""
    with TemporaryDirectory() as folder:
        stream = examine(Wanted(target=target, home=Path(folder), delay=0.0, **wanted))
        records: list[RawRecord] = []
        while True:
            try:
                records.append(next(stream))
            except StopIteration as stop:
                return stop.value, records


def find_faults(library: Library) -> dict[str, str]:
    """Each rule that the check names, with its evidence."""
    with ExitStack() as stack:
        server = stack.enter_context(serve_library(library))
        examination, _records = look_at(server.url)
    return {fault.rule: fault.found for fault in examination.faults}
