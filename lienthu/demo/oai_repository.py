"""The records that an OAI-PMH server shares, and how they are chosen and paged. No HTTP and no XML here.

A resumption token carries everything that is needed to go on (``offset!prefix!set!from!until``), so the server keeps no
state and a token never dies.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class OaiRecord(NamedTuple):
    """``metadata`` is the XML per metadataPrefix; empty for a deleted record."""

    identifier: str
    datestamp: str
    sets: tuple[str, ...] = ()
    metadata: Mapping[str, str] = {}

    @property
    def deleted(self) -> bool:
        return not self.metadata


class OaiFault(Exception):
    """An error that the protocol names, such as ``noRecordsMatch``."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class Selection(NamedTuple):
    """What a list request asks for; ``from_`` and ``until`` are datestamps or empty."""

    prefix: str
    set: str = ""
    from_: str = ""
    until: str = ""


class OaiPage(NamedTuple):
    """One page of a list: ``cursor`` is the number of records before it, ``token`` empty on the last page."""

    records: Sequence[OaiRecord]
    selection: Selection
    cursor: int
    total: int
    token: str


class OaiRepository:
    """Records in the order of their datestamps. ``put`` adds or replaces one, ``delete`` leaves a tombstone."""

    def __init__(
        self,
        name: str,
        records: Sequence[OaiRecord],
        *,
        sets: Mapping[str, str],
        namespaces: Mapping[str, tuple[str, str]],
        page_size: int = 50,
    ) -> None:
        """*sets* is setSpec to setName; *namespaces* is metadataPrefix to (schema, namespace)."""
        self.name = name
        self.sets = dict(sets)
        self.namespaces = dict(namespaces)
        self.page_size = page_size
        self._records = {record.identifier: record for record in records}

    @property
    def records(self) -> list[OaiRecord]:
        return sorted(self._records.values(), key=lambda record: (record.datestamp, record.identifier))

    @property
    def earliest(self) -> str:
        return min((record.datestamp for record in self._records.values()), default="2026-01-01T00:00:00Z")

    def put(self, record: OaiRecord) -> None:
        self._records[record.identifier] = record

    def delete(self, identifier: str, datestamp: str) -> None:
        self._records[identifier] = self._records[identifier]._replace(datestamp=datestamp, metadata={})

    def find(self, identifier: str) -> OaiRecord:
        if identifier not in self._records:
            raise OaiFault("idDoesNotExist", f"no record has the identifier {identifier}")
        return self._records[identifier]

    def require_prefix(self, prefix: str, record: OaiRecord | None = None) -> None:
        if prefix not in self.namespaces or (record and not record.deleted and prefix not in record.metadata):
            raise OaiFault("cannotDisseminateFormat", f"there is no metadata in the format {prefix}")

    def list_page(self, selection: Selection, offset: int = 0) -> OaiPage:
        self.require_prefix(selection.prefix)
        chosen = [record for record in self.records if _is_chosen(record, selection)]
        if not chosen:
            raise OaiFault("noRecordsMatch", "no record is of this set and these dates")
        if offset >= len(chosen):
            raise OaiFault("badResumptionToken", "this token points behind the end of the list")
        end = offset + self.page_size
        token = write_token(selection, end) if end < len(chosen) else ""
        return OaiPage(chosen[offset:end], selection, offset, len(chosen), token)


def _is_chosen(record: OaiRecord, wanted: Selection) -> bool:
    day = len("YYYY-MM-DD")
    late_enough = not wanted.from_ or record.datestamp[: len(wanted.from_)] >= wanted.from_
    early_enough = not wanted.until or record.datestamp[: day if len(wanted.until) == day else None] <= wanted.until
    of_set = not wanted.set or any(s == wanted.set or s.startswith(f"{wanted.set}:") for s in record.sets)
    of_format = record.deleted or wanted.prefix in record.metadata
    return late_enough and early_enough and of_set and of_format


def write_token(selection: Selection, offset: int) -> str:
    return "!".join([str(offset), *selection])


def read_token(token: str) -> tuple[Selection, int]:
    """The inverse of :func:`write_token`; raises the protocol's badResumptionToken."""
    offset, *selection = token.split("!")
    if len(selection) != len(Selection._fields) or not offset.isdigit():
        raise OaiFault("badResumptionToken", "this token was not given out here")
    return Selection(*selection), int(offset)
