"""A catalogue of a few records in a real store and a real index, and a real server over it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from lienthu.partner import Feed, Partner
from lienthu.raw_record import RawRecord
from lienthu.settings import Settings, read_settings
from search_api.application import build_application
from search_api.server import bind_socket, build_server
from search_api.service import Catalogue
from tests.indexer.library import Library, build_marcxml, build_raw, open_library

PARTNERS = {
    name: Partner(
        id=name,
        name={"vi": f"Thư viện {name}", "en": f"Library {name}"},
        feed=(Feed(id="oai", protocol="oai-pmh", url="https://secret.example/oai"),),
        contact="someone@secret.example",
    )
    for name in ("laocai", "yenbai")
}
ODD_ID = "oai:localhost:DHTL/6 23?x=1&y=#%2F"
RECORDS = (
    build_raw("1", "Thơ ca dân gian người Dao Tuyển", author="Trần Hữu Sơn", year="2011", isbn="978-604-916-271-8"),
    build_raw("2", "Những bài ca giáo lý của người Dao", author="Trần Hữu Sơn", year="2012"),
    build_raw("3", "Lễ hội của người Dao ở Vĩnh Phúc và Lào Cai", author="Xuân Mai", year="2012"),
    build_raw("4", "Dao động và sóng", year="1999"),
    build_raw("5", "Ca dao Việt Nam", year="1999"),
    build_raw("6", "Lễ cưới của người Pa Dí ở huyện Mường Khương", author="Nguyễn Thị Lành", year="2013"),
    build_raw("6", "Lễ cưới của người Pa Dí ở huyện Mường Khương", "yenbai", author="Nguyễn Thị Lành", year="2013"),
    build_raw("7", "Truyện Kiều", "yenbai", author="Nguyễn Du", year="c005."),
    build_raw(ODD_ID, "Vật lý đại cương", "yenbai"),
)


def build_settings(folder: Path, **flags: str) -> Settings:
    return read_settings({"home": str(folder), **flags}, {}, folder)


@contextmanager
def open_catalogue(folder: Path, *records: RawRecord, index: bool = True, **flags: str) -> Iterator[Catalogue]:
    """The catalogue over *records*, indexed unless told otherwise; its library is ``catalogue.library``."""
    with open_library(folder) as library:
        library.partners = dict(PARTNERS)
        if records:
            library.receive(*records)
        if index:
            library.rebuild()
        yield ShelfCatalogue(build_settings(folder, **flags), library)


class ShelfCatalogue(Catalogue):
    def __init__(self, settings: Settings, library: Library) -> None:
        super().__init__(settings, library.store, library.engine, library.partners)
        self.library = library


@contextmanager
def serve_catalogue(catalogue: Catalogue, app: ASGIApp | None = None) -> Iterator[str]:
    """The address of a server on a free port, without a slash at its end and without any sub-path."""
    app = app or build_application(catalogue, catalogue.settings)
    ready = threading.Event()
    with bind_socket("127.0.0.1", 0) as bound:
        server: uvicorn.Server = build_server(app, catalogue.settings, ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        try:
            assert ready.wait(30)
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)


def build_marcxml_with_staff() -> bytes:
    staff = (
        '<datafield tag="911" ind1=" " ind2=" "><subfield code="a">Nguyễn Thị Thủ Thư</subfield></datafield>'
        '<datafield tag="912" ind1=" " ind2=" "><subfield code="a">Biên Mục</subfield></datafield></record>'
    )
    return build_marcxml("9", "Sách 911").replace(b"</record>", staff.encode())
