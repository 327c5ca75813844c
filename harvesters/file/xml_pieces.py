"""Turns the records of an XML file into raw records and rejections.

A feed with ``format = "unimarc"`` says what its MARCXML holds; ``format="UNIMARC"`` on the record says it too.
"""

from collections.abc import Iterator

import msgspec

from harvesters.file.folder import DroppedFile
from harvesters.file.iso2709 import RECORD_BYTES
from harvesters.file.piece import FilePiece, Place, build_record, clean_id
from harvesters.file.unpack import read_chunks
from harvesters.file.xml import XmlPiece, read_xml
from lienthu.i18n import _
from lienthu.partner import Feed
from lienthu.store import Rejection


def read_xml_pieces(file: DroppedFile, feed: Feed, partner_id: str, start: Place) -> Iterator[FilePiece]:
    pieces = read_xml(file.name, lambda: read_chunks(file.path), start.position)
    for position, piece in enumerate(pieces, start.position + 1):
        place = Place(position)
        format_name = _name_format(piece, feed.format)
        rule = piece.rule or _judge_xml(piece, format_name, feed.format)
        if rule:
            rejection = _reject_xml(file, piece, position, rule)
            yield FilePiece(place, rejection=rejection, cut=rule == "record-cut")
            continue
        record = build_record(feed, partner_id, format_name, piece.payload, piece.identifier)
        findings = (*record.findings, "record-repaired") if piece.repaired else record.findings
        yield FilePiece(
            place,
            msgspec.structs.replace(record, datestamp=piece.datestamp, deleted=piece.deleted, findings=findings),
        )


def _name_format(piece: XmlPiece, feed_format: str) -> str:
    if piece.format == "unknown":
        return feed_format or "unknown"
    return feed_format if piece.format == "marcxml" and feed_format == "unimarc" else piece.format


def _judge_xml(piece: XmlPiece, format_name: str, feed_format: str) -> str:
    """The rule that keeps a piece out, or nothing."""
    if len(piece.payload) > RECORD_BYTES:
        return "record-too-large"
    if piece.deleted:
        return "" if piece.identifier else "id-missing"
    return "format-unknown" if feed_format and format_name != feed_format else ""


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
    return Rejection(position=position, source_id=clean_id(piece.identifier), rule=rule, reason=reason)
