"""What a page shows to people, by its labels, to a Record: as a row of a table whose headers are the labels.

Rule: a label that is the name of a field means that field (so the rules of a feed write it); another is understood as
the header of a column is, or as the feed's ``columns`` say. A label may have several values. Each copy of the page is
a holding with its accession number, place, call number and status; without a list of copies the row's own rules hold.
"""

from collections.abc import Mapping, Sequence

import msgspec

from indexer.crosswalks.marc21_holdings import MAX_HOLDINGS, read_status_words
from indexer.crosswalks.row import Row, map_cells
from indexer.crosswalks.source import RuleBroken, Source
from indexer.normalise.text import clean_text
from lienthu.columns import NAMES, Columns, choose_columns
from lienthu.holding import Holding
from lienthu.record import Record

_LONGEST = 300


class ShownPage(msgspec.Struct, frozen=True):
    """The payload that a spider hands over."""

    url: str = ""
    fields: Mapping[str, tuple[str, ...]] = {}
    copies: Sequence[Mapping[str, str]] = ()


def map_fields(payload: bytes, source: Source, stated: Mapping[str, str] | None = None) -> Record:
    """Raises RuleBroken where there is no title, or the payload is not what a spider hands over."""
    try:
        page = msgspec.json.decode(payload, type=ShownPage)
    except (msgspec.DecodeError, RecursionError) as error:
        raise RuleBroken("page", "page-broken", f"the fields of the page are not readable: {error}") from error
    cells: dict[str, str] = {}
    headers: dict[str, tuple[str, ...]] = {}
    for label, values in page.fields.items():
        field = _name_field(label, stated or {})
        for place, value in enumerate(values, start=1):
            header = label if place == 1 else f"{label} ({place})"
            cells[header] = value
            if field:
                headers[field] = (*headers.get(field, ()), header)
    record = map_cells(cells, Columns(headers), source)
    copies = tuple([_read_copy(copy, record, source, stated or {}) for copy in page.copies[:MAX_HOLDINGS]])
    return msgspec.structs.replace(record, holdings=copies) if copies else record


def _name_field(label: str, stated: Mapping[str, str]) -> str:
    if label in NAMES:
        return label
    by_settings = choose_columns((label,), stated).fields if stated else {}
    return next(iter(by_settings or choose_columns((label,), {}).fields), "")


def _read_copy(copy: Mapping[str, str], record: Record, source: Source, stated: Mapping[str, str]) -> Holding:
    headers: dict[str, tuple[str, ...]] = {}
    for label in copy:
        field = _name_field(label, stated)
        headers[field] = (*headers.get(field, ()), label)
    row = Row(copy, Columns(headers))
    shared = record.holdings[0].call_number if record.holdings else ""
    place = row.first("location")
    return Holding(
        partner_id=source.raw.partner_id,
        record=source.reference,
        location=source.practice.name_location(place)[:_LONGEST] if place else "",
        call_number=(row.first("call_number") or shared)[:_LONGEST],
        accession_number=row.first("accession")[:_LONGEST],
        status=read_status_words(row.first("status")),
        as_of=source.raw.harvested_at,
        note=clean_text(row.first("note"))[:_LONGEST],
    )
