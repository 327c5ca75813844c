"""Small files as partners drop them, and one run over them."""

from datetime import UTC, datetime
from pathlib import Path

from harvesters.file.harvester import FileHarvester
from harvesters.page import Ending, HarvestContext, Page
from lienthu.harvest_run import HarvestCounts
from lienthu.partner import Feed, Partner
from lienthu.raw_record import RawRecord
from lienthu.store import OpenRun, Rejection

PARTNER = Partner(id="baothang", name={"vi": "Thư viện Trường THPT số 2 Bảo Thắng"})


def write_marc(number: str, title: str = "Số đỏ", status: str = "n") -> bytes:
    """One ISO 2709 record with 001 (if *number* is given) and 245."""
    fields = [("001", number.encode())] if number else []
    fields.append(("245", b"00\x1fa" + title.encode()))
    directory, body = b"", b""
    for tag, value in fields:
        directory += f"{tag}{len(value) + 1:04d}{len(body):05d}".encode()
        body += value + b"\x1e"
    base = 24 + len(directory) + 1
    leader = f"{base + len(body) + 1:05d}{status}am a22{base:05d} a 4500".encode()
    return leader + directory + b"\x1e" + body + b"\x1d"


def write_marcxml(number: str, title: str = "Số đỏ") -> str:
    return (
        f'<record><leader>00000nam a2200000 a 4500</leader><controlfield tag="001">{number}</controlfield>'
        f'<datafield tag="245" ind1="0" ind2="0"><subfield code="a">{title}</subfield></datafield></record>'
    )


def write_collection(*records: str) -> bytes:
    return f'<collection xmlns="http://www.loc.gov/MARC21/slim">{"".join(records)}</collection>'.encode()


class Reading:
    """One run, read to its end (or to *limit* pages, as a killed one)."""

    def __init__(
        self,
        path: Path | str,
        home: Path,
        format_name: str = "",
        checkpoint: bytes | None = None,
        limit: int = 0,
        columns: dict[str, str] | None = None,
        url: str = "",
    ) -> None:
        feed = Feed(
            id="files", protocol="file", path=str(path), format=format_name, columns=columns or {}, url=url, delay=0.0
        )
        counts = HarvestCounts()
        run = OpenRun(id=1, full=True, resumed=bool(checkpoint), checkpoint=checkpoint, counts=counts, started="")
        context = HarvestContext(home=home, agent="test", now=lambda: datetime.now(UTC))
        self.pages: list[Page] = []
        self.ending: Ending | None = None
        stream = FileHarvester().pages(feed, PARTNER, run, context)
        try:
            while not limit or len(self.pages) < limit:
                self.pages.append(next(stream))
        except StopIteration as stop:
            self.ending = stop.value

    @property
    def records(self) -> list[RawRecord]:
        return [record for page in self.pages for record in page.records]

    @property
    def rejections(self) -> list[Rejection]:
        return [rejection for page in self.pages for rejection in page.rejections]

    @property
    def ids(self) -> list[str]:
        return [record.source_id for record in self.records]

    @property
    def verdict(self) -> str:
        assert self.ending is not None
        return self.ending.verdict

    @property
    def message(self) -> str:
        assert self.ending is not None
        return self.ending.message.tell()
