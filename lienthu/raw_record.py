"""RawRecord: what a partner sent, untouched, and its identity."""

from hashlib import blake2b
from typing import Literal, NamedTuple

import msgspec

Format = Literal[
    "marcxml", "marc21", "marc21-printable", "marc21-lines", "unimarc", "oai_dc", "qdc", "dim", "xoai", "edm",
    "ese", "mods", "row", "page", "fields", "unknown",
]  # fmt: skip
"""``marc21`` is ISO 2709 bytes; ``marc21-printable`` the same with ``#`` and ``$`` for its separators, ``marc21-lines``
lines of text; ``unimarc`` is ISO 2709 or XML; ``row`` a table's row as header-to-cell JSON; ``page`` a page's embedded
metadata and its address as canonical JSON, ``fields`` what a page shows to people, by its labels, likewise."""


class RecordKey(NamedTuple):
    """The identity of a raw record: *(partner, feed, source_id)*, never the identifier alone."""

    partner_id: str
    feed_id: str
    source_id: str


def build_reference(key: RecordKey) -> str:
    """``RecordKey("a", "oai", "oai:x/1")`` -> ``"a/oai/oai:x/1"``; only the last part may hold slashes."""
    return "/".join(key)


def parse_reference(reference: str) -> RecordKey:
    """The inverse of :func:`build_reference`. Raises ValueError where a part is missing."""
    partner_id, feed_id, source_id = reference.split("/", 2)
    if not (partner_id and feed_id and source_id):
        raise ValueError(reference)
    return RecordKey(partner_id, feed_id, source_id)


class RawRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One record as received.

    ``payload`` is the smallest self-contained record (bytes as sent); empty for a tombstone. ``datestamp`` is what
    the partner states (ISO 8601 text or empty); ``harvested_at`` is ISO 8601 in UTC, filled in by the store.
    """

    partner_id: str
    feed_id: str
    source_id: str
    format: str
    payload: bytes = b""
    datestamp: str = ""
    harvested_at: str = ""
    deleted: bool = False
    findings: tuple[str, ...] = ()
    """Names of rules that intake already knows of: ``id-missing``, ``id-reused``, ``record-repaired``."""
    rotates: bool = False
    """It tells a further stay of a copy on rotation, whose number comes again rightly: no ``id-reused``."""

    @property
    def key(self) -> RecordKey:
        return RecordKey(self.partner_id, self.feed_id, self.source_id)

    @property
    def reference(self) -> str:
        return build_reference(self.key)


def digest_payload(payload: bytes) -> str:
    """32 hexadecimal digits; the ``source_id`` of a record that has no identifier of its own."""
    return blake2b(payload, digest_size=16).hexdigest()


def digest_content(format_name: str, payload: bytes, deleted: bool) -> bytes:
    """The 16 bytes that decide "unchanged": the same (format, payload, deleted) gives the same digest."""
    state = blake2b(format_name.encode() + (b"\x00\x01" if deleted else b"\x00\x00"), digest_size=16)
    state.update(payload)
    return state.digest()
