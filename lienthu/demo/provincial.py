"""The provincial library's OAI repository: MARCXML and oai_dc, one record per copy, sets and withdrawn records."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from lienthu.demo.book import Book
from lienthu.demo.cataloguing import Copy, compose_provincial_fields
from lienthu.demo.library import SETS, build_datestamp, list_deposits, load_withdrawn
from lienthu.demo.marc_writer import MARC_NAMESPACE, build_leader, write_marcxml
from lienthu.demo.oai_repository import OaiRecord, OaiRepository

_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
NAMESPACES = {
    "oai_dc": ("http://www.openarchives.org/OAI/2.0/oai_dc.xsd", _DC),
    "marcxml": ("http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd", MARC_NAMESPACE),
}


def build_provincial_repository(page_size: int = 50) -> OaiRepository:
    """A fresh repository; putting and deleting records in it leaves the library as it is."""
    records = [*_share_copies(), *_share_withdrawn()]
    name = "Thư viện tỉnh Lào Cai (dữ liệu mẫu)"
    return OaiRepository(name, records, sets=SETS, namespaces=NAMESPACES, page_size=page_size)


def build_identifier(control_number: str) -> str:
    """Real servers of this kind say ``localhost``, so an identifier alone is no identity."""
    return f"oai:localhost:laocai/{control_number}"


def _share_copies() -> Iterator[OaiRecord]:
    position = 0
    for book, copies in list_deposits("laocai"):
        for copy in copies:
            yield OaiRecord(
                build_identifier(copy.control_number),
                build_datestamp(position),
                book.sets,
                {"oai_dc": write_oai_dc(book), "marcxml": write_copy(book, copy)},
            )
            position += 1


def _share_withdrawn() -> Iterator[OaiRecord]:
    for record in load_withdrawn():
        yield OaiRecord(build_identifier(record.id), record.datestamp, record.sets)


def write_copy(book: Book, copy: Copy) -> str:
    """The MARCXML of one copy."""
    return write_marcxml(build_leader(book.kind), compose_provincial_fields(book, copy))


def write_oai_dc(book: Book) -> str:
    """Simple Dublin Core as such systems make it: the whole of 245 as title, place and publisher glued together."""
    title = book.title + (f" : {book.sub}" if book.sub else "") + (f". {book.vol}" if book.vol else "")
    elements = [
        ("title", title + (f" / {book.by}" if book.by else "")),
        ("creator", book.author or book.body),
        ("publisher", f"{book.place}:{book.pub}," if book.pub else ""),
        ("date", book.year),
        ("language", book.lang),
        ("identifier", book.isbn),
        *(("subject", heading) for heading in book.about),
    ]
    body = "".join(f"<dc:{name}>{escape(text)}</dc:{name}>" for name, text in elements if text)
    return f'<oai_dc:dc xmlns:oai_dc="{_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/">{body}</oai_dc:dc>'
