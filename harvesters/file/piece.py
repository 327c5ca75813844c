"""What every reader of a dropped file hands over: a record, or the reason why there is none, and the place after it."""

import msgspec

from lienthu.message import Message
from lienthu.partner import Feed
from lienthu.raw_record import RawRecord, digest_payload
from lienthu.store import Rejection

ID_LENGTH = 500


class Place(msgspec.Struct, frozen=True):
    """Where a reading stands: ``position`` pieces were handed over, and the next begins at byte ``offset``.

    XML and tables cannot be entered in the middle; there ``offset`` stays 0 and the pieces before ``position`` are
    passed over.
    """

    position: int = 0
    offset: int = 0


class FilePiece(msgspec.Struct, frozen=True):
    """One record, or the reason why it is none, and the place after it. ``cut`` says that the file ends too early;
    ``remark`` is something the run's message tells about the file (how its columns were read)."""

    place: Place
    record: RawRecord | None = None
    rejection: Rejection | None = None
    cut: bool = False
    remark: Message = Message()


def build_record(
    feed: Feed, partner_id: str, format_name: str, payload: bytes, identifier: str, digested: bytes | None = None
) -> RawRecord:
    """The record under its identifier; without one, under the digest of *digested*, else of the payload."""
    source_id = clean_id(identifier)
    return RawRecord(
        partner_id=partner_id,
        feed_id=feed.id,
        source_id=source_id or digest_payload(payload if digested is None else digested),
        format=format_name,
        payload=payload,
        findings=() if source_id else ("id-missing",),
    )


def clean_id(identifier: str) -> str:
    """Without signs that no store and no address can carry; an absurdly long one is no identifier."""
    readable = "".join(sign for sign in identifier if sign.isprintable()).strip()
    return readable if len(readable) <= ID_LENGTH else ""
