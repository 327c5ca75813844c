"""A small library for the indexer's tests: MARCXML records made of a title and an author, in a real store and index."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.sax.saxutils import escape

import msgspec

from indexer.build import Indexed, build_generation, update_index
from indexer.promotion import promote_generation
from lienthu.edition import Edition
from lienthu.engine import open_engine
from lienthu.engine.protocol import SearchEngine
from lienthu.partner import Partner
from lienthu.raw_record import RawRecord
from lienthu.store import RecordStore, open_store

MARC_NAMESPACE = "http://www.loc.gov/MARC21/slim"


def build_marcxml(
    number: str, title: str, author: str = "", year: str = "", isbn: str = "", accession: str = ""
) -> bytes:
    """The smallest MARCXML record that says this much."""

    def field(tag: str, code: str, value: str) -> str:
        if not value:
            return ""
        return (
            f'<datafield tag="{tag}" ind1=" " ind2=" "><subfield code="{code}">{escape(value)}</subfield></datafield>'
        )

    fields = (
        field("020", "a", isbn)
        + field("100", "a", author)
        + field("245", "a", title)
        + field("260", "c", year)
        + field("852", "j", accession)
    )
    return (
        f'<record xmlns="{MARC_NAMESPACE}"><leader>00000nam a2200000 a 4500</leader>'
        f'<controlfield tag="001">{escape(number)}</controlfield>{fields}</record>'
    ).encode()


def build_raw(
    source_id: str, title: str = "", partner_id: str = "laocai", deleted: bool = False, **facts: str
) -> RawRecord:
    payload = b"" if deleted else build_marcxml(source_id, title, **facts)
    return RawRecord(
        partner_id=partner_id, feed_id="oai", source_id=source_id, format="marcxml", payload=payload, deleted=deleted
    )


class Library:
    """A store and an engine in one folder, with what a test does to them."""

    def __init__(self, store: RecordStore, engine: SearchEngine) -> None:
        self.store = store
        self.engine = engine
        self.partners = {name: Partner(id=name, name={"vi": name}) for name in ("laocai", "yenbai", "honghe")}

    def receive(self, *records: RawRecord) -> None:
        """One complete run of one page for each partner among *records*."""
        for partner_id in dict.fromkeys(record.partner_id for record in records):
            run = self.store.begin_run(partner_id, "oai", full=True)
            self.store.write_page(run.id, [r for r in records if r.partner_id == partner_id], None)
            self.store.end_run(run.id, "complete")

    def update(self) -> Indexed:
        return update_index(self.store, self.engine, self.partners)

    def rebuild(self, *, force: bool = False) -> Indexed:
        built = build_generation(self.store, self.engine, self.partners)
        promote_generation(self.store, self.engine, built.generation, self.partners, force=force)
        return built

    def editions(self) -> dict[str, Edition]:
        return {key: msgspec.json.decode(source, type=Edition) for key, source in self.engine.scan()}

    def groups(self) -> set[frozenset[str]]:
        """Which records lie together."""
        return {frozenset(edition.members) for edition in self.editions().values()}


@contextmanager
def open_library(folder: Path) -> Iterator[Library]:
    engine = open_engine(f"tantivy:{(folder / 'index').as_posix()}")
    try:
        with open_store(f"sqlite:///{(folder / 'lienthu.db').as_posix()}", folder) as store:
            yield Library(store, engine)
    finally:
        engine.close()
