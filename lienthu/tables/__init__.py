"""Tables: the lists of names that a librarian can edit, one plain file each, and which of them this process uses.

Ours lie beside this file. An admin's own lie in the folder ``tables`` below LIENTHU_HOME, under the same names; their
lines are added to ours and win where both say something. The composition root reads them once and puts them into use;
without it (in tests) ours are used alone.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec

from lienthu.errors import SettingsError
from lienthu.i18n import mark
from lienthu.tables.columns import read_headers
from lienthu.tables.dewey import read_dewey
from lienthu.tables.synonyms import SynonymTable, read_synonyms
from lienthu.tables.variants import TableText, VariantTable, read_variants

PACKAGED = Path(__file__).parent
FOLDER = "tables"
"""Below LIENTHU_HOME."""
PURPOSES: Mapping[str, str] = {
    "publishers": mark("publishers and their spellings"),
    "peoples": mark("peoples and their branches"),
    "places": mark("places, their old and new names"),
    "school_subjects": mark("school subjects and their classes"),
    "textbook_sets": mark("textbook sets"),
    "columns": mark("headers of partners' tables"),
    "dewey": mark("words for the classes of Dewey"),
    "synonyms": mark("what a reader may type for one thing"),
}
"""Every table, by the name of its file, and what it holds."""
READ_BY_SEARCHES = ("synonyms", "dewey")
"""These are looked at when readers search; all others when the index is built."""


class Tables(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """All tables, read. ``digest`` tells those that the index is built with from any others."""

    publishers: VariantTable
    peoples: VariantTable
    places: VariantTable
    school_subjects: VariantTable
    textbook_sets: VariantTable
    columns: Mapping[str, tuple[str, ...]]
    dewey: Mapping[str, tuple[str, ...]]
    synonyms: SynonymTable
    digest: str


def read_tables(folder: Path | None = None) -> Tables:
    """Ours, with what *folder* adds. Raises SettingsError naming file and line, or a file that is no table."""
    if folder is not None and folder.is_dir():
        for path in sorted(folder.glob("*.txt")):
            if path.stem not in PURPOSES:
                raise SettingsError(
                    mark("{path}: there is no such table. Known: {known}."),
                    path=path, known=", ".join(f"{name}.txt" for name in PURPOSES),
                )  # fmt: skip
    texts = {name: read_texts(name, folder) for name in PURPOSES}
    digest = blake2b(digest_size=8)
    for name, sources in texts.items():
        if name not in READ_BY_SEARCHES:
            for source in sources:
                digest.update(f"{name}\0{source.text}\0".encode())
    places = read_variants(texts["places"])
    return Tables(
        publishers=read_variants(texts["publishers"]),
        peoples=read_variants(texts["peoples"]),
        places=places,
        school_subjects=read_variants(texts["school_subjects"]),
        textbook_sets=read_variants(texts["textbook_sets"]),
        columns=read_headers(texts["columns"]),
        dewey=read_dewey(texts["dewey"]),
        synonyms=read_synonyms(texts["synonyms"], places),
        digest=digest.hexdigest(),
    )


def read_texts(name: str, folder: Path | None) -> tuple[TableText, ...]:
    """The files of one table, an admin's own first."""
    paths = [PACKAGED / f"{name}.txt"]
    if folder is not None and (folder / f"{name}.txt").is_file():
        paths.insert(0, folder / f"{name}.txt")
    return tuple([_read_text(path) for path in paths])


def _read_text(path: Path) -> TableText:
    try:
        return TableText(str(path), path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SettingsError(
            mark("{path}, line {number}: this is not UTF-8. Save the file as UTF-8."), path=path, number=line
        ) from error
    except OSError as error:
        raise SettingsError(mark("{path} cannot be read ({reason})."), path=path, reason=error.strerror) from error


_in_use: list[Tables] = []


def use_tables(tables: Tables) -> None:
    """From now on, in this process: *tables*."""
    _in_use[:] = [tables]


def tables_in_use() -> Tables:
    return _in_use[0] if _in_use else _read_packaged()


@cache
def _read_packaged() -> Tables:
    tables = read_tables()
    if not _in_use:
        _in_use.append(tables)
    return tables
