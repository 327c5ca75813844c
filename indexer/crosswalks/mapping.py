"""From a raw record to its Outcome: the format decides the crosswalk, and nothing a partner sends raises an error.

Rule: the stated format is believed where the payload agrees; a payload that begins with ``<`` is XML whatever its feed
calls it, and its root element tells which. What no crosswalk reads fails by name.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial

from indexer.crosswalks.dublin_core import map_dublin_core
from indexer.crosswalks.edm import map_edm, map_ese
from indexer.crosswalks.fields import map_fields
from indexer.crosswalks.marc21 import map_marc21
from indexer.crosswalks.mending import mend_marc, mend_payload
from indexer.crosswalks.mods import map_mods
from indexer.crosswalks.page import map_page
from indexer.crosswalks.publishing_agents import settle_publishers
from indexer.crosswalks.row import map_row
from indexer.crosswalks.source import RuleBroken, Source
from indexer.crosswalks.unimarc import is_unimarc, map_unimarc
from lienthu.errors import SettingsError
from lienthu.finding import Finding
from lienthu.iso2709 import read_iso2709
from lienthu.marc import MarcError, MarcRecord
from lienthu.marc_lines import read_lines
from lienthu.marc_printable import read_printable
from lienthu.marcxml import read_marcxml
from lienthu.outcome import Deleted, Failed, Mapped, Outcome
from lienthu.partner import Partner
from lienthu.practice import practice_of
from lienthu.raw_record import RawRecord
from lienthu.record import Record
from lienthu.unimarc import read_unimarc

_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_XML_MARC = frozenset((b"record", b"collection", b"oai_marc"))
_XML_MODS = frozenset((b"mods", b"modscollection"))
_XML_DC = frozenset((b"dc", b"qualifieddc", b"dcterms", b"dim", b"metadata", b"simpledc"))
_XML_EDM = frozenset((b"rdf",))
_DC_NAMES = ("oai_dc", "qdc", "dim", "xoai", "oai_dcterms", "dcterms")
_MARC_FIELD = re.compile(rb"<(?:[\w.-]+:)?(?:leader|controlfield|datafield|varfield)\b")
_UNIMARC = ("unimarc", "unimarcxchange")
_INTAKE_FINDINGS = {
    "id-missing": "the record bears no identifier; its content gives one",
    "id-reused": "another record bears the same identifier",
    "record-repaired": "the record was mended when it was received",
    "cell-formula": "a cell holds a formula; the value beside it was taken, nothing was worked out",
    "cell-error": "a cell holds an error of the spreadsheet and was left empty",
}

Crosswalk = Callable[[bytes, Source], Outcome | Record]


def map_record(raw: RawRecord, partner: Partner | None) -> Outcome:
    """Pure; never raises for what is wrong with a record."""
    if raw.deleted:
        return Deleted(raw.reference)
    try:
        source = Source(raw, practice_of(partner), _read_intake_findings(raw))
        found = choose_crosswalk(raw, partner)(mend_payload(raw.payload, source), source)
    except RuleBroken as broken:
        return Failed(raw.reference, broken.field, broken.rule, broken.reason)
    except MarcError as error:
        return Failed(raw.reference, error.field, error.rule, str(error))
    except SettingsError:
        raise
    except Exception as error:  # noqa: BLE001 - the reader of a format met what it never saw: one record fails
        return Failed(raw.reference, raw.format, "record-unreadable", f"{type(error).__name__}: {error}"[:500])
    return Mapped(settle_publishers(found)) if isinstance(found, Record) else found


def choose_crosswalk(raw: RawRecord, partner: Partner | None = None) -> Crosswalk:
    """By the stated format and the first bytes. A table is read as the partner's feed says."""
    head = raw.payload[:1_000].lstrip(b"\xef\xbb\xbf \r\n\t")
    if raw.format == "marc21" and not head.startswith(b"<"):
        return _map_iso2709
    if head.startswith(b"<"):
        root = _ROOT.search(re.sub(rb"<[?!][^>]*>", b"", head))
        return _choose_xml(raw, root[1].lower() if root else b"")
    if raw.format in _CROSSWALKS:
        return _CROSSWALKS[raw.format]
    if raw.format == "fields":
        return partial(map_fields, stated=_find_columns(raw, partner))
    if raw.format == "row":
        return partial(map_row, stated=_find_columns(raw, partner))
    if head[:5].isdigit() and b"\x1e" in raw.payload:
        return _map_iso2709
    raise _name_unsupported(raw)


def _choose_xml(raw: RawRecord, root: bytes) -> Crosswalk:
    if root == b"record" and not _MARC_FIELD.search(raw.payload) and b"europeana" in raw.payload:
        return map_ese
    if root in _XML_MARC:
        return _map_unimarcxml if raw.format in _UNIMARC else _map_marcxml
    if root in _XML_MODS:
        return map_mods
    if root in _XML_EDM:
        return map_edm
    if root in _XML_DC or raw.format in _DC_NAMES:
        return map_dublin_core
    raise _name_unsupported(raw)


def _name_unsupported(raw: RawRecord) -> RuleBroken:
    return RuleBroken(
        "format",
        "format-unsupported",
        f"no crosswalk reads the format “{raw.format}” yet; the record is kept as received",
    )


def _find_columns(raw: RawRecord, partner: Partner | None) -> Mapping[str, str]:
    feeds = partner.feeds if partner is not None else ()
    return next((feed.columns for feed in feeds if feed.id == raw.feed_id), {})


def _map_iso2709(payload: bytes, source: Source) -> Outcome | Record:
    record = read_iso2709(payload)
    if is_unimarc(record):
        return _map_unimarc(payload, source)
    return map_marc21(_take_findings(record, source), source)


def _map_unimarc(payload: bytes, source: Source) -> Outcome | Record:
    record = _take_findings(read_unimarc(payload), source)
    return map_unimarc(record, source) if not record.has("245") else map_marc21(record, source)


def _map_printable(payload: bytes, source: Source) -> Outcome | Record:
    return map_marc21(_take_findings(read_printable(payload), source), source)


def _map_lines(payload: bytes, source: Source) -> Outcome | Record:
    return map_marc21(_take_findings(read_lines(payload), source), source)


def _map_marcxml(payload: bytes, source: Source) -> Outcome | Record:
    record = _take_findings(read_marcxml(payload), source)
    return map_unimarc(record, source) if is_unimarc(record) else map_marc21(record, source)


def _map_unimarcxml(payload: bytes, source: Source) -> Outcome | Record:
    return map_unimarc(_take_findings(read_marcxml(payload), source), source)


def read_marc(raw: RawRecord) -> MarcRecord | None:
    """The MARC record as a crosswalk would read it, or None where it is no MARC. Raises MarcError."""
    try:
        crosswalk = choose_crosswalk(raw)
    except RuleBroken:
        return None
    read = _MARC_READERS.get(crosswalk)
    return None if read is None else read(raw.payload)


def is_unimarc_record(raw: RawRecord) -> bool:
    """Whether the rules of UNIMARC read it."""
    try:
        record = read_marc(raw)
    except MarcError:
        return False
    return record is not None and (is_unimarc(record) or (raw.format in _UNIMARC and not record.has("245")))


def _take_findings(record: MarcRecord, source: Source) -> MarcRecord:
    """The record's findings and the source's are one list from here on: fields are still being read. Text in an old
    encoding is mended before any of them is."""
    record.findings[:0] = source.findings
    source.findings = record.findings
    mend_marc(record, source)
    return record


_CROSSWALKS: dict[str, Crosswalk] = {
    "page": map_page,
    "unimarc": _map_unimarc,
    "unimarcxchange": _map_unimarc,
    "marc21-printable": _map_printable,
    "marc21-lines": _map_lines,
}

_MARC_READERS: dict[Crosswalk, Callable[[bytes], MarcRecord]] = {
    _map_iso2709: read_iso2709,
    _map_unimarc: read_unimarc,
    _map_printable: read_printable,
    _map_lines: read_lines,
    _map_marcxml: read_marcxml,
    _map_unimarcxml: read_marcxml,
}


def _read_intake_findings(raw: RawRecord) -> list[Finding]:
    return [Finding(rule, "warning", "record", done=_INTAKE_FINDINGS.get(rule, "")) for rule in raw.findings]
