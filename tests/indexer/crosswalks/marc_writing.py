"""Small MARC records for tests, written the way cataloguers read them: one field a line, ``245 10 $aTitle$cName``."""

from typing import Any

from lienthu.outcome import Failed, Mapped, Skipped
from lienthu.partner import Partner
from lienthu.raw_record import RawRecord
from lienthu.record import Record

LEADER = "00000nam a2200000 a 4500"


def write_iso2709(lines: str, leader: str = LEADER) -> bytes:
    """The lines as one ISO 2709 record. ``#`` stands for a blank indicator; 00X have no indicators."""
    directory = b""
    area = b""
    for line in lines.strip().splitlines():
        tag, rest = line.strip()[:3], line.strip()[4:]
        if tag < "010":
            field = rest.encode() + b"\x1e"
        else:
            indicators, text = rest[:2].replace("#", " "), rest[2:].strip()
            field = indicators.encode() + text.replace("$", "\x1f").encode() + b"\x1e"
        directory += f"{tag}{len(field) % 10_000:04d}{len(area):05d}".encode()
        area += field
    base = 24 + len(directory) + 1
    size = base + len(area) + 1
    head = f"{size % 100_000:05d}{leader[5:12]}{base:05d}{leader[17:]}".encode()
    return head + directory + b"\x1e" + area + b"\x1d"


def write_raw(payload: bytes, format_name: str = "marc21", source_id: str = "1", **others: object) -> RawRecord:
    return RawRecord(
        partner_id="laocai", feed_id="file", source_id=source_id, format=format_name, payload=payload,
        harvested_at="2026-11-24T01:02:03Z", **others,  # type: ignore[arg-type]
    )  # fmt: skip


def map_lines(lines: str, partner: Partner | None = None, leader: str = LEADER) -> Record:
    """The Record of the lines, which must be mapped."""
    outcome = outcome_of(lines, partner, leader)
    assert isinstance(outcome, Mapped), outcome
    return outcome.record


def outcome_of(lines: str, partner: Partner | None = None, leader: str = LEADER) -> Mapped | Skipped | Failed:
    from indexer.crosswalks import map_record

    outcome = map_record(write_raw(write_iso2709(lines, leader)), partner)
    assert isinstance(outcome, Mapped | Skipped | Failed)
    return outcome


def read(record: Record, path: str) -> Any:
    """``publication.year``; of several things the named part of each."""
    found: Any = record
    for name in path.split("."):
        found = tuple([getattr(one, name) for one in found]) if isinstance(found, tuple) else getattr(found, name)
    return found
