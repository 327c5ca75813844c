"""What stood in the partner's own record where a rule looked: MARC fields, elements, cells of a table.

MARC fields are found by how their tags begin; 880 counts as the field it says again. Of MODS and of the metadata of a
page nothing is listed: the whole record is shown above.
"""

from collections.abc import Iterator, Mapping

import msgspec

from indexer.crosswalks.dublin_core import read_elements
from indexer.crosswalks.elements import SOURCES
from indexer.crosswalks.mapping import is_unimarc_record, read_marc
from indexer.crosswalks.marc21_left_out import list_left_out
from indexer.crosswalks.row import ELEMENTS, OWN_FIELDS
from indexer.crosswalks.source import Source
from lienthu.columns import choose_columns
from lienthu.marc import MarcError, MarcField
from lienthu.partner import Partner
from lienthu.practice import USUAL
from lienthu.raw_record import RawRecord

MAX_SHOWN = 4
MAX_LENGTH = 160
MARC_TAGS: Mapping[str, tuple[str, ...]] = {
    "title": ("245", "13", "21", "22", "24", "73", "74"), "agents": ("1", "70", "71", "72"),
    "languages": ("041", "008"), "subjects": ("6",), "type": ("502", "927", "336", "007", "008"),
    "publication": ("26", "008", "502", "773"), "edition_statement": ("250",),
    "classifications": ("05", "06", "07", "08", "09"), "identifiers": ("010", "013", "015", "016", "02", "03", "088"),
    "extent": ("300",), "audience": ("008", "521"),
    "series": ("44", "49", "80", "81", "83"), "abstract": ("520",), "contents": ("505",),
    "notes": ("50", "51", "52", "53", "54", "55", "56", "58", "255", "257", "31", "32", "351", "362"),
    "price": ("020", "300", "365"), "print_run": ("020", "300"), "links": ("856",), "relations": ("76", "77", "78"),
    "holdings": ("852", "86", "87", "949", "952", "999", "AVA", "HLD", "090", "856"),
}  # fmt: skip
READ_TAGS = (*[tag for tags in MARC_TAGS.values() for tag in tags], "880", "006")
"""Beginnings of the tags that some rule of MARC 21 reads."""
UNIMARC_TAGS: Mapping[str, tuple[str, ...]] = {
    "title": ("200", "5"), "agents": ("7",), "languages": ("101",), "subjects": ("60", "61"),
    "type": ("105", "106", "328"), "publication": ("21", "100"), "edition_statement": ("205",),
    "classifications": ("67", "68", "69"), "identifiers": ("01", "02", "03", "04", "07"), "extent": ("215",),
    "audience": ("100", "333"),
    "series": ("225", "410", "461", "462"), "abstract": ("330",), "contents": ("327", "359"),
    "notes": ("30", "31", "32", "33", "206", "207"), "price": ("010",), "print_run": ("010",),
    "links": ("856",), "relations": ("4",),
    "holdings": ("852", "905", "930", "955", "995", "996", "856"),
}  # fmt: skip


def list_unread(raw: RawRecord) -> dict[str, list[str]]:
    """Why -> tags, of the fields of a MARC 21 record that no rule reads; nothing of other formats."""
    try:
        record = read_marc(raw)
    except MarcError:
        return {}
    unread: dict[str, list[str]] = {}
    if record is not None and not is_unimarc_record(raw):
        for tag, why in list_left_out(record, READ_TAGS):
            unread.setdefault(why, []).append(tag)
    return unread


def list_sources(raw: RawRecord, partner: Partner | None, field: str) -> Iterator[str]:
    """At most MAX_SHOWN of them, and how many more there are."""
    found = list(_find_sources(raw, partner, field))
    yield from (text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]} …" for text in found[:MAX_SHOWN])
    if len(found) > MAX_SHOWN:
        yield f"… + {len(found) - MAX_SHOWN}"


def _find_sources(raw: RawRecord, partner: Partner | None, field: str) -> Iterator[str]:
    try:
        record = read_marc(raw)
    except MarcError:
        return
    if record is not None:
        tags = (UNIMARC_TAGS if is_unimarc_record(raw) else MARC_TAGS).get(field, ())
        if field == "type":
            yield f"leader/06-07 {record.leader[6:8]}"
        for found in record.fields:
            tag = found.first("6")[:3] if found.tag == "880" else found.tag
            if tag.startswith(tags or ("-",)):
                yield write_field(found)
    elif raw.format == "row":
        yield from _find_cells(raw, partner, field)
    elif raw.format in ("oai_dc", "qdc", "dim", "xoai", "ese"):
        elements = read_elements(raw.payload, Source(raw, USUAL))
        for name in SOURCES.get(field, ()):
            yield from (f"{elements.prefix}{name} {value}" for value in elements.every(name))


def write_field(field: MarcField) -> str:
    """``245 10 $aTitle$cName``, as cataloguers write it."""
    if field.value:
        return f"{field.tag} {field.value}"
    indicators = (field.ind1 + field.ind2).replace(" ", "#")
    return f"{field.tag} {indicators} " + "".join([f"${code}{value}" for code, value in field.subfields])


def _find_cells(raw: RawRecord, partner: Partner | None, field: str) -> Iterator[str]:
    try:
        cells = msgspec.json.decode(raw.payload, type=dict[str, str])
    except (msgspec.DecodeError, RecursionError):
        return
    feeds = partner.feeds if partner is not None else ()
    stated = next((feed.columns for feed in feeds if feed.id == raw.feed_id), {})
    columns = choose_columns(tuple(cells), stated)
    looked_at = SOURCES.get(field, ())
    names = OWN_FIELDS.get(field) or tuple([name for name, element in ELEMENTS.items() if element in looked_at])
    for name in names:
        yield from (f"{header}: {cells[header]}" for header in columns.of(name) if cells.get(header, "").strip())
