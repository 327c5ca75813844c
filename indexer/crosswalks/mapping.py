"""From a raw record to its Outcome: the format decides the crosswalk, and nothing a partner sends raises an error.

Rule: the stated format is believed where the payload agrees; a payload that begins with ``<`` is XML whatever its feed
calls it, and its root element tells which. What no crosswalk reads fails by name.
"""

import re
from collections.abc import Callable

from indexer.crosswalks.dublin_core import map_dublin_core
from indexer.crosswalks.marc21 import map_marc
from indexer.crosswalks.page import map_page
from indexer.crosswalks.practice import practice_of
from indexer.crosswalks.source import RuleBroken, Source
from lienthu.errors import SettingsError
from lienthu.finding import Finding
from lienthu.iso2709 import read_iso2709
from lienthu.marc import MarcError
from lienthu.marcxml import read_marcxml
from lienthu.outcome import Deleted, Failed, Mapped, Outcome
from lienthu.partner import Partner
from lienthu.raw_record import RawRecord
from lienthu.record import Record

_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_XML_MARC = frozenset((b"record", b"collection", b"oai_marc"))
_XML_DC = frozenset((b"dc", b"qualifieddc", b"dcterms"))
_INTAKE_FINDINGS = {
    "id-missing": "the record bears no identifier; its content gives one",
    "id-reused": "another record bears the same identifier",
    "record-repaired": "the record was mended when it was received",
}

Crosswalk = Callable[[bytes, Source], Outcome | Record]


def map_record(raw: RawRecord, partner: Partner | None) -> Outcome:
    """Pure; never raises for what is wrong with a record."""
    if raw.deleted:
        return Deleted(raw.reference)
    try:
        source = Source(raw, practice_of(partner), _read_intake_findings(raw))
        found = choose_crosswalk(raw)(raw.payload, source)
    except RuleBroken as broken:
        return Failed(raw.reference, broken.field, broken.rule, broken.reason)
    except MarcError as error:
        return Failed(raw.reference, error.field, error.rule, str(error))
    except SettingsError:
        raise
    except Exception as error:  # noqa: BLE001 - the reader of a format met what it never saw: one record fails
        return Failed(raw.reference, raw.format, "record-unreadable", f"{type(error).__name__}: {error}"[:500])
    return Mapped(found) if isinstance(found, Record) else found


def choose_crosswalk(raw: RawRecord) -> Crosswalk:
    """By the stated format and the first bytes."""
    head = raw.payload[:1_000].lstrip(b"\xef\xbb\xbf \r\n\t")
    if raw.format == "marc21" and not head.startswith(b"<"):
        return _map_iso2709
    if head.startswith(b"<"):
        root = _ROOT.search(re.sub(rb"<[?!][^>]*>", b"", head))
        name = root[1].lower() if root else b""
        if name in _XML_MARC:
            return _map_marcxml
        if name in _XML_DC or raw.format in ("oai_dc", "qdc"):
            return map_dublin_core
    elif raw.format == "page":
        return map_page
    elif head[:5].isdigit() and b"\x1e" in raw.payload:
        return _map_iso2709
    raise RuleBroken(
        "format",
        "format-unsupported",
        f"no crosswalk reads the format “{raw.format}” yet; the record is kept as received",
    )


def _map_iso2709(payload: bytes, source: Source) -> Outcome | Record:
    record = read_iso2709(payload)
    record.findings[:0] = source.findings
    source.findings = record.findings
    return map_marc(record, source)


def _map_marcxml(payload: bytes, source: Source) -> Outcome | Record:
    record = read_marcxml(payload)
    record.findings[:0] = source.findings
    source.findings = record.findings
    return map_marc(record, source)


def _read_intake_findings(raw: RawRecord) -> list[Finding]:
    return [Finding(rule, "warning", "record", done=_INTAKE_FINDINGS.get(rule, "")) for rule in raw.findings]
