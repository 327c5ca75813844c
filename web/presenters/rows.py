"""A result row answers three questions: is this my document, where is it, can I have it now."""

from collections.abc import Sequence

import msgspec

from lienthu.edition import Edition
from lienthu.record import Title
from search_api.answer import Found
from web.language import Language
from web.presenters.holdings import (
    Place,
    Reader,
    count_other_libraries,
    name_online_access,
    order_libraries,
    present_place,
)
from web.presenters.pieces import Piece, cut_pieces
from web.presenters.words import describe_kind

NAMES_SHOWN = 3
LONGEST_TITLE = 300


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``tag`` is the language of the title where it is known and not the page's."""

    address: str
    title: tuple[Piece, ...]
    subtitle: tuple[Piece, ...]
    volume: str
    tag: str
    authors: tuple[Piece, ...]
    more_authors: str
    imprint: str
    kind: str
    place: Place
    others: str
    online: str


def present_row(found: Found, reader: Reader) -> Row:
    edition = found.edition
    names, more = _list_names(edition, reader.language)
    libraries = order_libraries(edition, reader.partners)
    return Row(
        address=reader.links.edition(edition.id),
        title=_shorten(cut_pieces(edition.title.main, found.highlights.get("title", ()))),
        subtitle=_shorten(cut_pieces(edition.title.subtitle, found.highlights.get("subtitle", ()))),
        volume=join_volume(edition.title),
        tag=find_title_tag(edition, reader.language),
        authors=cut_pieces(names, found.highlights.get("authors", ())),
        more_authors=more,
        imprint=join_imprint(edition),
        kind=describe_kind(edition.type, edition.languages, reader.language),
        place=present_place(edition, libraries, reader),
        others=count_other_libraries(libraries, reader),
        online=name_online_access(edition, reader),
    )


def join_volume(title: Title) -> str:
    """*Tập 1: Cơ học*; empty where there is neither volume nor part."""
    return ": ".join(part for part in (title.volume, title.part) if part)


def join_imprint(edition: Edition) -> str:
    """*Thời đại, Hà Nội, 2013 · 197 tr.*: what tells one edition from another."""
    publication = edition.publication
    date = publication.date or (str(publication.year) if publication.year else "")
    published = ", ".join(part for part in (publication.publisher, publication.place, date) if part)
    return " · ".join(part for part in (published, edition.edition_statement, edition.extent) if part)


def find_title_tag(edition: Edition, language: Language) -> str:
    """The ``lang`` of a title: only where the document has one language, and that is not the page's."""
    known = [code for code in edition.languages if code not in {"und", "mul", "unknown"}]
    if len(known) != 1 or known[0] == language.code:
        return ""
    return known[0]


def _list_names(edition: Edition, language: Language) -> tuple[str, str]:
    """The first names joined by ``"; "``, as written, and how many more there are. No names: who is responsible."""
    names = [agent.name for agent in edition.agents]
    more = len(names) - NAMES_SHOWN
    if not names:
        return "", ""
    return "; ".join(names[:NAMES_SHOWN]), language.say_many("and {n} more", "and {n} more", more) if more > 0 else ""


def _shorten(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """A title that never ends is cut, between pieces or within one."""
    left = LONGEST_TITLE
    kept: list[Piece] = []
    for piece in pieces:
        if len(piece.text) > left:
            kept.append(Piece(f"{piece.text[:left].rstrip()}…", piece.marked))
            break
        kept.append(piece)
        left -= len(piece.text)
    return tuple(kept)
