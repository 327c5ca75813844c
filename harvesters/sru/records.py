"""A record of an SRU answer -> a RawRecord, or a rejection by name. Nothing here knows what a record says.

The identifier is ``recordIdentifier``, else the control number (001 of MARC, recordIdentifier of MODS), else a digest
of the payload with a finding. The payload is the child of ``recordData`` with the namespaces in scope. A record that is
a diagnostic is rejected with what it says.
"""

from lxml import etree

from harvesters.bounds import LARGEST_RECORD, LONGEST_ID
from harvesters.repair import Entry
from harvesters.sru.diagnostics import Diagnostic, read_diagnostic
from harvesters.sru.schemas import name_format
from harvesters.xml import build_parser, find_child, find_children, get_local_name, get_text, parse_strictly, read_text
from harvesters.xml_mending import escape_faults
from lienthu.i18n import _
from lienthu.partner import Feed
from lienthu.raw_record import RawRecord, digest_payload
from lienthu.store.nouns import Rejection


class RecordReader:
    """Reads the records of one feed."""

    def __init__(self, partner_id: str, feed: Feed) -> None:
        self._partner_id = partner_id
        self._feed = feed

    def read(self, entry: Entry, position: int) -> RawRecord | Rejection:
        """``position`` is the record's place in the result, for the rejection."""
        content, repaired = read_content(entry)
        identifier = get_text(entry.element, "recordIdentifier") if entry.element is not None else entry.identifier
        if content is None:
            return Rejection(
                position, identifier[:200], "record-unreadable", _("the XML of this record cannot be read")
            )
        diagnostic = read_surrogate(entry)
        if diagnostic is not None:
            return Rejection(position, identifier[:200], "record-withheld", diagnostic.tell())
        identifier = identifier or read_control_number(content)
        if len(identifier) > LONGEST_ID:
            return Rejection(
                position, identifier[:200], "id-too-long", _("more than {most} characters").format(most=LONGEST_ID)
            )
        payload = etree.tostring(content, encoding="utf-8", with_tail=False)
        if len(payload) > LARGEST_RECORD:
            reason = _("{size} bytes; a record is at most {most}").format(size=len(payload), most=LARGEST_RECORD)
            return Rejection(position, identifier, "record-too-large", reason)
        findings = (("record-repaired",) if repaired else ()) + (() if identifier else ("id-missing",))
        return RawRecord(
            partner_id=self._partner_id,
            feed_id=self._feed.id,
            source_id=identifier or digest_payload(payload),
            format=name_format(content, self._feed.format),
            payload=payload,
            findings=findings,
        )


def read_surrogate(entry: Entry) -> Diagnostic | None:
    """The diagnostic that stands in a record's place."""
    content, _repaired = read_content(entry)
    if content is None or get_local_name(content) not in {"diagnostic", "diagnostics"}:
        return None
    inner = find_child(content, "diagnostic") if get_local_name(content) == "diagnostics" else content
    return read_diagnostic(inner if inner is not None else content)


def read_content(entry: Entry) -> tuple[etree._Element | None, bool]:
    """The record itself, unpacked where it came as text; and whether it had to be mended."""
    wrapping = find_child(entry.element, "recordData") if entry.element is not None else None
    if wrapping is None:
        return None, entry.repaired
    content = next((child for child in wrapping if get_local_name(child)), None)
    if content is not None:
        return content, entry.repaired
    text = read_text(wrapping).removeprefix("\ufeff").strip()
    try:
        return parse_strictly(text.encode()), entry.repaired
    except (etree.XMLSyntaxError, ValueError):
        pass
    try:
        # An encoding that the text states is no longer true of it.
        _declaration, _sign, rest = text.rpartition("?>") if text.startswith("<?xml") else ("", "", text)
        return etree.fromstring(escape_faults(rest.strip()).encode(), parser=build_parser(recover=True)), True
    except (etree.XMLSyntaxError, ValueError):
        return None, True


def read_control_number(content: etree._Element) -> str:
    """001 of a MARC record; recordInfo/recordIdentifier of MODS; empty where there is neither."""
    if get_local_name(content) == "mods":
        info = find_child(content, "recordInfo")
        return get_text(info, "recordIdentifier") if info is not None else ""
    inner = find_child(content, "record") if get_local_name(content) == "collection" else content
    fields = find_children(inner, "controlfield") if inner is not None else ()
    return next((read_text(field) for field in fields if (field.get("tag") or "").strip() == "001"), "")
