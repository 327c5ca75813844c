"""Columns: which column of a partner's table says what.

Rule: ``columns = {title = "Nhan đề", author = "Tác giả"}`` in the feed's settings names the header of each field we
know, and nothing else is read then. Without it the headers themselves are understood, in Vietnamese, English and
Chinese (the table ``columns.txt``, which a librarian can edit), with or without diacritics; the run's message
shows what was understood, so that somebody can confirm it. A header of one syllable must be written with its marks:
``Tủ`` is a bookcase and ``Từ`` a beginning.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from unicodedata import normalize

import msgspec

from lienthu.tables import Tables, read_texts, tables_in_use
from lienthu.tables.columns import read_headers
from lienthu.text import fold

NAMES = tuple(name for name in read_headers(read_texts("columns", None)) if name != "ordinal")
"""What a feed's ``columns`` may name."""
_PRIVATE = re.compile(
    r"\b(?:noi bo|nguoi muon|ban doc|nguoi nhap|nguoi bien muc|nguoi duyet|nguoi xu ly|can bo|thu thu"
    r"|internal|borrowers?|staff|catalogu?ers?|编 ?目 ?员|馆 ?员|读 ?者)"
)
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")


class Columns(msgspec.Struct, frozen=True):
    """``fields`` maps a field to its headers, in the order written; ``unread`` are headers nobody understood;
    ``missing`` are headers that the settings name and the table lacks."""

    fields: Mapping[str, tuple[str, ...]]
    unread: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    stated: bool = False

    def of(self, field: str) -> tuple[str, ...]:
        return self.fields.get(field, ())


def choose_columns(headers: Sequence[str], stated: Mapping[str, str]) -> Columns:
    """As the settings say; without these, as the headers are understood."""
    return _choose(tuple(headers), tuple(stated.items()), tables_in_use())


@lru_cache(maxsize=512)
def _choose(headers: tuple[str, ...], stated: tuple[tuple[str, str], ...], tables: Tables) -> Columns:
    if stated:
        return _obey(headers, stated)
    fields: dict[str, tuple[str, ...]] = {}
    unread = []
    for header in headers:
        field = _guess_field(header, tables)
        if field:
            fields[field] = (*fields.get(field, ()), header)
        else:
            unread.append(header)
    return Columns(fields, tuple(unread))


def _obey(headers: tuple[str, ...], stated: tuple[tuple[str, str], ...]) -> Columns:
    by_name = {_compare(header): header for header in reversed(headers)}
    fields: dict[str, tuple[str, ...]] = {
        field: (by_name[_compare(name)],) for field, name in stated if _compare(name) in by_name
    }
    read = {header for found in fields.values() for header in found}
    ordinals = tuple(header for header in headers if header not in read and guess_field(header) == "ordinal")
    if ordinals:
        fields["ordinal"] = ordinals
    missing = tuple(name for _field, name in stated if _compare(name) not in by_name)
    return Columns(fields, tuple(header for header in headers if header not in read), missing, stated=True)


def guess_field(header: str) -> str:
    """The field a header means, or an empty text: the whole header, else the longest known one that it begins with."""
    return _guess_field(header, tables_in_use())


@lru_cache(maxsize=2_048)
def _guess_field(header: str, tables: Tables) -> str:
    bare = _compare(_BRACKETS.sub(" ", header)) or _compare(header)
    exact, folded = _known_headers(tables)
    if bare in exact:
        return exact[bare]
    if is_private(header):
        return ""
    words = fold(bare).split()
    for count in range(len(words), 0, -1):
        found = folded.get(" ".join(words[:count]))
        if found:
            return found
    return ""


@lru_cache(maxsize=2_048)
def is_private(header: str) -> bool:
    """A column for the staff (who entered it, who borrowed it) is never taken for one for readers, nor shown."""
    return _PRIVATE.search(fold(header)) is not None


@lru_cache(maxsize=2)
def _known_headers(tables: Tables) -> tuple[dict[str, str], dict[str, str]]:
    """(every header as written, those of two words and more and those in plain letters, folded)."""
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    for field, headers in tables.columns.items():
        for header in headers:
            exact[_compare(header)] = field
            words = fold(header)
            if " " in words or (header.isascii() and len(header) > 3):
                folded.setdefault(words, field)
    return exact, folded


def _compare(header: str) -> str:
    return " ".join(normalize("NFC", header).casefold().replace("*", " ").strip(" .:").split())
