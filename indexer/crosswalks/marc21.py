"""MARC 21 (and MARCXML, ``oai_marc``) to a Record.

Rule: leader/06 says what the record is about: authorities (z), holdings (u v x y), community information (q) and
classification (w) are not for the catalogue; leader/05 ``d`` is a deleted record. Each field of a Record has one
function, in the order of RULES; one that breaks names itself and the MARC field, and the record fails, alone.
Names of staff (911, 912) and the other 9XX are read by no rule except as the partner's practice says.
"""

from collections.abc import Callable
from typing import Any

from indexer.crosswalks.doubts import doubt_coded_fields, doubt_title
from indexer.crosswalks.marc21_agents import read_agents
from indexer.crosswalks.marc21_description import (
    read_abstract,
    read_audience,
    read_contents,
    read_extent,
    read_notes,
    read_price,
    read_print_run_note,
)
from indexer.crosswalks.marc21_holdings import read_holdings, read_links
from indexer.crosswalks.marc21_identifiers import read_identifiers
from indexer.crosswalks.marc21_publication import read_languages, read_publication, read_type
from indexer.crosswalks.marc21_relations import read_relations
from indexer.crosswalks.marc21_subjects import read_classifications, read_subjects
from indexer.crosswalks.marc21_title import read_edition, read_series, read_title
from indexer.crosswalks.source import RuleBroken, Source
from lienthu.marc import MarcRecord
from lienthu.outcome import Outcome, Skipped
from lienthu.practice import find_withheld
from lienthu.record import Record

NOT_BIBLIOGRAPHIC = {
    "z": ("authority", "an authority record"),
    "q": ("community", "community information"),
    "u": ("holdings", "a holdings record"),
    "v": ("holdings", "a holdings record"),
    "x": ("holdings", "a holdings record"),
    "y": ("holdings", "a holdings record"),
    "w": ("classification", "a classification record"),
}

Rule = Callable[[MarcRecord, Source], Any]
TitledRule = Callable[[MarcRecord, Source, Any], Any]

RULES: tuple[tuple[str, str, Rule], ...] = (
    ("type", "leader/06", read_type),
    ("publication", "260", read_publication),
    ("edition_statement", "250", read_edition),
    ("classifications", "082", read_classifications),
    ("identifiers", "020", read_identifiers),
    ("extent", "300", read_extent),
    ("audience", "008/22", read_audience),
    ("series", "490", read_series),
    ("abstract", "520", read_abstract),
    ("contents", "505", read_contents),
    ("notes", "500", read_notes),
    ("price", "020$c", read_price),
    ("print_run", "020$d", read_print_run_note),
    ("links", "856", read_links),
    ("relations", "773", read_relations),
    ("holdings", "852", read_holdings),
)
"""Field of a Record, MARC field that stands for it in messages, rule."""

TITLED_RULES: tuple[tuple[str, str, TitledRule], ...] = (
    ("agents", "100", read_agents),
    ("languages", "041", read_languages),
    ("subjects", "650", read_subjects),
)
"""Those that look at the title, which is read before them."""


def find_skip(record: MarcRecord, source: Source) -> Skipped | None:
    """Why this record is not for the catalogue, or None."""
    leader = record.leader
    if leader[5:6] == "d":
        return Skipped(source.reference, "deleted", "leader/05 says that the record was deleted")
    why = NOT_BIBLIOGRAPHIC.get(leader[6:7])
    if why is not None:
        return Skipped(source.reference, why[0], f"leader/06 is {leader[6:7]}: {why[1]}")
    withheld = find_withheld(source.practice, record)
    if withheld is not None:
        return Skipped(source.reference, "withheld", f"withheld by the partner's practice ({withheld})")
    return None


def map_marc21(record: MarcRecord, source: Source) -> Outcome | Record:
    """The Record, or why there is none, of a record that was MARC 21 from the start: its coded fields are doubted too.
    Raises RuleBroken where a field rule breaks."""
    doubt_coded_fields(record, source)
    return map_marc(record, source)


def map_marc(record: MarcRecord, source: Source) -> Outcome | Record:
    """The Record, or why there is none. Raises RuleBroken where a field rule breaks."""
    skipped = find_skip(record, source)
    if skipped is not None:
        return skipped
    name, field = "title", "245"
    try:
        title = read_title(record, source)
        doubt_title(title, "245$a", source)
        values: dict[str, Any] = {}
        for rule in TITLED_RULES:
            name, field, read_titled = rule
            values[name] = read_titled(record, source, title)
        for plain_rule in RULES:
            name, field, read = plain_rule
            values[name] = read(record, source)
    except RuleBroken:
        raise
    except Exception as error:  # a rule that breaks fails one record, whatever the reason
        raise RuleBroken(field, f"{name}-rule-broken", f"{type(error).__name__}: {error}") from error
    raw = source.raw
    return Record(
        partner_id=raw.partner_id,
        feed_id=raw.feed_id,
        source_id=raw.source_id,
        title=title,
        findings=tuple(source.findings),
        **values,
    )
