"""Turns a dropped file into raw records and rejections, whatever its format.

The payload is the bytes of one record as they stand in the file. A record's id is its 001, its OAI identifier or a
column; a record with none gets a digest of its payload, with the finding ``id-missing``.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from harvesters.file.folder import DroppedFile
from harvesters.file.iso2709 import RECORD_BYTES, Piece, split_records
from harvesters.file.lines import split_lines
from harvesters.file.piece import FilePiece, Place, build_record
from harvesters.file.printable import split_printable
from harvesters.file.rows import read_row_pieces
from harvesters.file.structure import guess_structure
from harvesters.file.unpack import read_chunks
from harvesters.file.xml_pieces import read_xml_pieces
from lienthu.i18n import _
from lienthu.iso2709 import LEADER, read_control_number
from lienthu.marc_lines import read_lines_leader, read_lines_number
from lienthu.marc_printable import read_printable_number
from lienthu.partner import Feed
from lienthu.store import Rejection

_LENGTH_DIGITS = 5


class Dialect(msgspec.Struct, frozen=True):
    """One way of writing MARC in bytes: how a stream of it is cut, and where 001 and the leader are in a record."""

    format: str
    split: Callable[[Iterable[bytes], int], Iterator[Piece]]
    read_number: Callable[[bytes], str]
    read_leader: Callable[[bytes], bytes]


_DIALECTS = {
    "iso2709": Dialect("marc21", split_records, read_control_number, lambda payload: payload[:LEADER]),
    "printable": Dialect("marc21-printable", split_printable, read_printable_number, lambda payload: payload[:LEADER]),
    "lines": Dialect("marc21-lines", split_lines, read_lines_number, read_lines_leader),
}


def read_pieces(file: DroppedFile, feed: Feed, partner_id: str, start: Place) -> Iterator[FilePiece]:
    """The pieces of a file from *start* on. Raises HarvestError and OSError where it cannot be read (on)."""
    structure = guess_structure(file, feed.format)
    if structure == "xml":
        yield from read_xml_pieces(file, feed, partner_id, start)
    elif structure == "workbook" or structure == "table":
        yield from read_row_pieces(file, feed, partner_id, start, workbook=structure == "workbook")
    else:
        yield from _read_marc_pieces(file, feed, partner_id, start, _DIALECTS[structure])


def is_deleted(leader: bytes) -> bool:
    """Leader/05 is ``d``: the library took the record back and says so in its file (MARC 21 and UNIMARC alike)."""
    return len(leader) == LEADER and leader[:_LENGTH_DIGITS].isdigit() and leader[5:6] == b"d"


def _read_marc_pieces(
    file: DroppedFile, feed: Feed, partner_id: str, start: Place, dialect: Dialect
) -> Iterator[FilePiece]:
    format_name = "unimarc" if feed.format == "unimarc" else dialect.format
    pieces = dialect.split(read_chunks(file.path, start.offset), start.offset)
    for position, piece in enumerate(pieces, start.position + 1):
        place = Place(position, piece.end)
        if piece.rule:
            yield FilePiece(place, rejection=_reject_piece(file, piece, position), cut=piece.rule == "record-cut")
            continue
        identifier = dialect.read_number(piece.payload)
        record = build_record(feed, partner_id, format_name, piece.payload, identifier)
        if is_deleted(dialect.read_leader(piece.payload)) and record.source_id == identifier:
            record = msgspec.structs.replace(record, payload=b"", deleted=True)
        yield FilePiece(place, record)


def _reject_piece(file: DroppedFile, piece: Piece, position: int) -> Rejection:
    words = {
        "record-cut": _("{file}: record {position} at byte {offset}: the file ends before the record does"),
        "record-too-large": _("{file}: record {position} at byte {offset}: {size} bytes, more than {limit}"),
    }[piece.rule]
    reason = words.format(file=file.name, position=position, offset=piece.offset, size=piece.size, limit=RECORD_BYTES)
    return Rejection(position=position, source_id="", rule=piece.rule, reason=reason)
