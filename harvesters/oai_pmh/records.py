"""A record of an OAI-PMH page -> a RawRecord, or a rejection by name. Nothing here knows what a record says.

The identifier is whatever the header holds (``oai:localhost:…``, a bare number); the payload is the child of
``metadata`` with the namespaces in scope; a deleted record has none. A record is at most 1 MB.
"""

from collections.abc import Collection, Mapping

from harvesters.bounds import LARGEST_RECORD, LONGEST_ID
from harvesters.oai_pmh.envelope import Envelope
from harvesters.page import SET_EXCLUDED
from lienthu.i18n import _
from lienthu.raw_record import RawRecord, digest_payload
from lienthu.store.nouns import Rejection

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


class RecordReader:
    """Reads the records of one feed in one format."""

    def __init__(self, partner_id: str, feed_id: str, prefix: str, exclude_sets: Collection[str] = ()) -> None:
        self._partner_id = partner_id
        self._feed_id = feed_id
        self._prefix = prefix
        self._exclude_sets = tuple(exclude_sets)

    def read(self, envelope: Envelope, position: int) -> RawRecord | Rejection:
        """``position`` is the record's place in the run, for the rejection."""
        identifier = envelope.identifier
        if not envelope.readable:
            return Rejection(position, identifier, "record-unreadable", _("the XML of this record cannot be read"))
        excluded = self._find_excluded_set(envelope)
        if excluded:
            return Rejection(
                position, identifier, SET_EXCLUDED, _("in the set {set}, which is not wanted").format(set=excluded)
            )
        if len(identifier) > LONGEST_ID:
            return Rejection(
                position, identifier[:200], "id-too-long", _("more than {most} characters").format(most=LONGEST_ID)
            )
        if envelope.deleted:
            return self._build_tombstone(identifier, envelope.datestamp, position)
        return self._build_record(envelope, position)

    def is_present(self, header: Envelope) -> bool:
        """Whether a list of identifiers says that the record is there and wanted."""
        return not header.deleted and not self._find_excluded_set(header)

    def _find_excluded_set(self, envelope: Envelope) -> str:
        """Sets are nested by colons: without ``a`` there is no ``a:b`` either."""
        return next(
            (spec for spec in envelope.sets for out in self._exclude_sets if spec == out or spec.startswith(f"{out}:")),
            "",
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

    def _build_record(self, envelope: Envelope, position: int) -> RawRecord | Rejection:
        identifier, payload = envelope.identifier, envelope.payload
        if payload is None:
            return Rejection(position, identifier, "metadata-missing", _("neither metadata nor a deletion"))
        if len(payload) > LARGEST_RECORD:
            reason = _("{size} bytes; a record is at most {most}").format(size=len(payload), most=LARGEST_RECORD)
            return Rejection(position, identifier, "record-too-large", reason)
        findings = ("record-repaired",) if envelope.repaired else ()
        return RawRecord(
            partner_id=self._partner_id,
            feed_id=self._feed_id,
            source_id=identifier or digest_payload(payload),
            format=_FORMAT_BY_NAMESPACE.get(envelope.namespace) or _FORMAT_BY_PREFIX.get(self._prefix, self._prefix),
            payload=payload,
            datestamp=envelope.datestamp,
            findings=findings if identifier else (*findings, "id-missing"),
        )


def is_in_set(header: Envelope, name: str) -> bool:
    """Whether it says that it is in the set, or in one below it. One that names no set may be in any."""
    return not header.sets or any(spec == name or spec.startswith(f"{name}:") for spec in header.sets)
