"""A record of an OAI-PMH page -> a RawRecord, or a rejection by name. Nothing here knows what a record says.

The identifier is whatever the header holds (``oai:localhost:…``, a bare number); the payload is the child of
``metadata`` with the namespaces in scope; a deleted record has none. A record is at most 1 MB.
"""

from collections.abc import Collection, Mapping

import msgspec
from lxml import etree

from harvesters.bounds import LARGEST_RECORD, LONGEST_ID
from harvesters.repair import Entry
from harvesters.xml import find_child, find_children, get_local_name, get_namespace, get_text, read_text
from lienthu.i18n import _
from lienthu.raw_record import RawRecord, digest_payload
from lienthu.store.nouns import Rejection

SET_EXCLUDED = "set-excluded"
"""The rule of a record that is in a set which is not wanted: what the store has of it goes."""

_FORMAT_BY_NAMESPACE: Mapping[str, str] = {
    "http://www.loc.gov/MARC21/slim": "marcxml",
    "http://www.openarchives.org/OAI/1.1/oai_marc": "oai_marc",
    "http://www.openarchives.org/OAI/2.0/oai_dc/": "oai_dc",
    "http://dspace.org/qualifieddc/": "qdc",
    "http://www.bl.uk/namespaces/oai_qdc/": "qdc",
    "http://purl.org/dc/terms/": "qdc",
    "http://www.dspace.org/xmlns/dspace/dim": "dim",
    "http://www.lyncode.com/xoai": "xoai",
    "http://www.loc.gov/mods/v3": "mods",
    "http://www.europeana.eu/schemas/edm/": "edm",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "edm",
    "http://www.europeana.eu/schemas/ese/": "ese",
}
_FORMAT_BY_PREFIX: Mapping[str, str] = {
    "marc21": "marcxml",
    "marc": "marcxml",
    "oai_qdc": "qdc",
    "oai_dcterms": "qdc",
    "oai_edm": "edm",
    "europeana": "edm",
}


class Header(msgspec.Struct, frozen=True):
    """``present``: the record is there and wanted."""

    identifier: str
    datestamp: str
    present: bool


class RecordReader:
    """Reads the records of one feed in one format."""

    def __init__(self, partner_id: str, feed_id: str, prefix: str, exclude_sets: Collection[str] = ()) -> None:
        self._partner_id = partner_id
        self._feed_id = feed_id
        self._prefix = prefix
        self._exclude_sets = tuple(exclude_sets)

    def read(self, entry: Entry, position: int) -> RawRecord | Rejection:
        """``position`` is the record's place in the run, for the rejection."""
        header = find_child(entry.element, "header") if entry.element is not None else None
        if entry.element is None or header is None:
            return Rejection(
                position, entry.identifier, "record-unreadable", _("the XML of this record cannot be read")
            )
        identifier = get_text(header, "identifier")
        deleted = (header.get("status") or "").strip().lower() == "deleted"
        excluded = self._find_excluded_set(header)
        if excluded:
            return Rejection(
                position, identifier, SET_EXCLUDED, _("in the set {set}, which is not wanted").format(set=excluded)
            )
        if len(identifier) > LONGEST_ID:
            return Rejection(
                position, identifier[:200], "id-too-long", _("more than {most} characters").format(most=LONGEST_ID)
            )
        if deleted:
            return self._build_tombstone(identifier, get_text(header, "datestamp"), position)
        return self._build_record(entry, identifier, get_text(header, "datestamp"), position)

    def read_header(self, header: etree._Element) -> Header:
        """What a list of identifiers says of one record."""
        deleted = (header.get("status") or "").strip().lower() == "deleted"
        present = not deleted and not self._find_excluded_set(header)
        return Header(get_text(header, "identifier"), get_text(header, "datestamp"), present)

    def _find_excluded_set(self, header: etree._Element) -> str:
        """Sets are nested by colons: without ``a`` there is no ``a:b`` either."""
        specs = [read_text(spec) for spec in find_children(header, "setSpec")]
        return next(
            (spec for spec in specs for out in self._exclude_sets if spec == out or spec.startswith(f"{out}:")), ""
        )

    def _build_tombstone(self, identifier: str, datestamp: str, position: int) -> RawRecord | Rejection:
        if not identifier:
            return Rejection(position, "", "id-missing", _("a deleted record without an identifier"))
        return RawRecord(
            partner_id=self._partner_id,
            feed_id=self._feed_id,
            source_id=identifier,
            format=_FORMAT_BY_PREFIX.get(self._prefix, self._prefix),
            datestamp=datestamp,
            deleted=True,
        )

    def _build_record(self, entry: Entry, identifier: str, datestamp: str, position: int) -> RawRecord | Rejection:
        metadata = find_child(entry.element, "metadata") if entry.element is not None else None
        content = next((child for child in metadata if get_local_name(child)), None) if metadata is not None else None
        if content is None:
            return Rejection(position, identifier, "metadata-missing", _("neither metadata nor a deletion"))
        payload = etree.tostring(content, encoding="utf-8", with_tail=False)
        if len(payload) > LARGEST_RECORD:
            reason = _("{size} bytes; a record is at most {most}").format(size=len(payload), most=LARGEST_RECORD)
            return Rejection(position, identifier, "record-too-large", reason)
        findings = ("record-repaired",) if entry.repaired else ()
        return RawRecord(
            partner_id=self._partner_id,
            feed_id=self._feed_id,
            source_id=identifier or digest_payload(payload),
            format=self._name_format(content),
            payload=payload,
            datestamp=datestamp,
            findings=findings if identifier else (*findings, "id-missing"),
        )

    def _name_format(self, content: etree._Element) -> str:
        by_namespace = _FORMAT_BY_NAMESPACE.get(get_namespace(content))
        return by_namespace or _FORMAT_BY_PREFIX.get(self._prefix, self._prefix)
