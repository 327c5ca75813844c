"""Turns a dropped file into raw records and rejections, whatever its format.

What a file is, its first bytes say; ``feed.format`` only decides between formats that look alike (``unimarc`` is
ISO 2709 too) and is checked against what is found. A record's id is its 001 or its OAI identifier; a record with
neither gets a digest of its payload, with the finding ``id-missing``.
"""

from collections.abc import Iterator

import msgspec

from harvesters.file.folder import DroppedFile
from harvesters.file.iso2709 import BYTE_ORDER_MARK, FIELD_END, PADDING, RECORD_BYTES, RECORD_END, Piece, split_records
from harvesters.file.unpack import read_chunks
from harvesters.file.xml import XmlPiece, read_xml
from lienthu.errors import HarvestError
from lienthu.i18n import _, mark
from lienthu.iso2709 import read_control_number
from lienthu.partner import Feed
from lienthu.raw_record import RawRecord, digest_payload
from lienthu.store import Rejection

ISO2709_FORMATS = ("marc21", "unimarc")
XML_FORMATS = ("marcxml", "oai_dc")
ID_LENGTH = 500
LEADER_LENGTH = 24
_LENGTH_DIGITS = 5


class Place(msgspec.Struct, frozen=True):
    """Where a reading stands: ``position`` pieces were handed over, and the next begins at byte ``offset``.

    XML cannot be entered in the middle; there ``offset`` stays 0 and the pieces before ``position`` are passed over.
    """

    position: int = 0
    offset: int = 0


class FilePiece(msgspec.Struct, frozen=True):
    """One record, or the reason why it is none, and the place after it. ``cut`` says that the file ends too early."""

    place: Place
    record: RawRecord | None = None
    rejection: Rejection | None = None
    cut: bool = False


def read_pieces(file: DroppedFile, feed: Feed, partner_id: str, start: Place) -> Iterator[FilePiece]:
    """The pieces of a file from *start* on. Raises HarvestError and OSError where it cannot be read (on)."""
    if guess_structure(file, feed.format) == "xml":
        yield from _read_xml_pieces(file, feed, partner_id, start)
    else:
        yield from _read_iso2709_pieces(file, feed, partner_id, start)


def is_deleted(leader: bytes) -> bool:
    """Leader/05 is ``d``: the library took the record back and says so in its file (MARC 21 and UNIMARC alike)."""
    return len(leader) == LEADER_LENGTH and leader[:_LENGTH_DIGITS].isdigit() and leader[5:6] == b"d"


def guess_structure(file: DroppedFile, format_name: str = "") -> str:
    """``iso2709`` or ``xml``. Raises HarvestError for anything else, and where the feed says otherwise."""
    head = next(read_chunks(file.path), b"").lstrip(PADDING).removeprefix(BYTE_ORDER_MARK).lstrip(PADDING)
    if not head:
        raise HarvestError(mark("{file} is empty: send it again."), file=file.name)
    if head.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<")):
        structure, possible = "xml", XML_FORMATS
    elif RECORD_END in head or FIELD_END in head:
        structure, possible = "iso2709", ISO2709_FORMATS
    elif head[:_LENGTH_DIGITS].isdigit() and b"##" in head:
        raise HarvestError(
            mark("{file} is written with # and $ instead of the separators of ISO 2709: export it as true ISO 2709."),
            file=file.name,
        )
    else:
        raise HarvestError(
            mark("{file} is neither ISO 2709 nor XML: export it as ISO 2709 (.mrc) or MARCXML."), file=file.name
        )
    if format_name and format_name not in possible:
        raise HarvestError(
            mark("{file} is not {format} as the feed says: it is one of {possible}. Mend format in partners.toml."),
            file=file.name,
            format=format_name,
            possible=", ".join(possible),
        )
    return structure


def _read_iso2709_pieces(file: DroppedFile, feed: Feed, partner_id: str, start: Place) -> Iterator[FilePiece]:
    pieces = split_records(read_chunks(file.path, start.offset), start.offset)
    for position, piece in enumerate(pieces, start.position + 1):
        place = Place(position, piece.end)
        if piece.rule:
            yield FilePiece(place, rejection=_reject_iso2709(file, piece, position), cut=piece.rule == "record-cut")
            continue
        identifier = read_control_number(piece.payload)
        record = _build_record(feed, partner_id, feed.format or "marc21", piece.payload, identifier)
        if is_deleted(piece.payload[:LEADER_LENGTH]) and record.source_id == identifier:
            record = msgspec.structs.replace(record, payload=b"", deleted=True)
        yield FilePiece(place, record)


def _reject_iso2709(file: DroppedFile, piece: Piece, position: int) -> Rejection:
    words = {
        "record-cut": _("{file}: record {position} at byte {offset}: the file ends before the record does"),
        "record-too-large": _("{file}: record {position} at byte {offset}: {size} bytes, more than {limit}"),
    }[piece.rule]
    reason = words.format(file=file.name, position=position, offset=piece.offset, size=piece.size, limit=RECORD_BYTES)
    return Rejection(position=position, source_id="", rule=piece.rule, reason=reason)


def _read_xml_pieces(file: DroppedFile, feed: Feed, partner_id: str, start: Place) -> Iterator[FilePiece]:
    pieces = read_xml(file.name, lambda: read_chunks(file.path), start.position)
    for position, piece in enumerate(pieces, start.position + 1):
        place = Place(position)
        rule = piece.rule or _judge_xml(piece, feed.format)
        if rule:
            rejection = _reject_xml(file, piece, position, rule)
            yield FilePiece(place, rejection=rejection, cut=rule == "record-cut")
            continue
        format_name = piece.format if piece.format != "unknown" else feed.format or "unknown"
        record = _build_record(feed, partner_id, format_name, piece.payload, piece.identifier)
        findings = (*record.findings, "record-repaired") if piece.repaired else record.findings
        yield FilePiece(
            place,
            msgspec.structs.replace(record, datestamp=piece.datestamp, deleted=piece.deleted, findings=findings),
        )


def _judge_xml(piece: XmlPiece, format_name: str) -> str:
    """The rule that keeps a piece out, or nothing."""
    if len(piece.payload) > RECORD_BYTES:
        return "record-too-large"
    if piece.deleted:
        return "" if piece.identifier else "id-missing"
    return "format-unknown" if format_name and piece.format != format_name else ""


def _reject_xml(file: DroppedFile, piece: XmlPiece, position: int, rule: str) -> Rejection:
    words = {
        "record-cut": _("{file}: after record {before} the file is cut or damaged"),
        "record-unreadable": _("{file}: record {position} is not well-formed and no repair saves it"),
        "record-too-large": _("{file}: record {position}: {size} bytes, more than {limit}"),
        "format-unknown": _("{file}: record {position} is not in the format that the feed names, or in none we read"),
        "id-missing": _("{file}: record {position} is a deletion without an identifier"),
    }[rule]
    reason = words.format(
        file=file.name, position=position, before=position - 1, size=len(piece.payload), limit=RECORD_BYTES
    )
    return Rejection(position=position, source_id=_clean_id(piece.identifier), rule=rule, reason=reason)


def _build_record(feed: Feed, partner_id: str, format_name: str, payload: bytes, identifier: str) -> RawRecord:
    source_id = _clean_id(identifier)
    return RawRecord(
        partner_id=partner_id,
        feed_id=feed.id,
        source_id=source_id or digest_payload(payload),
        format=format_name,
        payload=payload,
        findings=() if source_id else ("id-missing",),
    )


def _clean_id(identifier: str) -> str:
    """Without signs that no store and no address can carry; an absurdly long one is no identifier."""
    readable = "".join(sign for sign in identifier if sign.isprintable()).strip()
    return readable if len(readable) <= ID_LENGTH else ""
