"""Each field of a Record with what stood in the partner's own record, and the rule that made it, in the words that
stand above the rule's code.

A crosswalk has one function for each field, and its docstring is the rule; so what is told can never be another rule
than the one that ran. ``lienthu/locale/rules`` translates the sentences; one that is not translated yet is told in
English. UNIMARC is read as MARC 21, so its own fields are told from a table beside it.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from indexer.crosswalks import dublin_core, edm, elements, fields, mapping, marc21, mods, page, row, unimarc_rules
from indexer.crosswalks.marc21_title import read_title
from indexer.explaining_sources import list_sources
from indexer.field_names import name_part
from indexer.preview import show_value
from lienthu.i18n import load_translations
from lienthu.outcome import Outcome
from lienthu.partner import Partner
from lienthu.raw_record import RawRecord
from lienthu.record import Publication, Record, Title

Rules = Mapping[str, Callable[..., Any]]
FOLDER = Path(mapping.__file__).parents[2] / "lienthu" / "locale" / "rules"
_TOLD_APART = frozenset(("partner_id", "feed_id", "source_id", "findings"))
_TITLED: Rules = {name: read for name, _field, read in marc21.TITLED_RULES}
_PLAIN: Rules = {name: read for name, _field, read in marc21.RULES}
MARC_RULES: Rules = {"title": read_title, **_TITLED, **_PLAIN}
ELEMENT_RULES: Rules = elements.FIELD_RULES
_OWN_RULES: Mapping[Callable[..., Any], Rules] = {
    dublin_core.map_dublin_core: {},
    edm.map_edm: {},
    page.map_page: {},
    mods.map_mods: mods.FIELD_RULES,
    row.map_row: row.FIELD_RULES,
    fields.map_fields: row.FIELD_RULES,
}


class FieldTold(msgspec.Struct, frozen=True):
    """``rule`` is empty where the value is what stood there and no rule had anything to decide; ``stood`` are the
    partner's own fields that the rule looked at, as they were written."""

    field: str
    value: str
    rule: str
    stood: tuple[str, ...] = ()


def explain_fields(raw: RawRecord, record: Record, partner: Partner | None, language: str = "en") -> list[FieldTold]:
    """Every field that has a value, in the order of a Record; the rules in *language* where they are translated."""
    rules = tell_rules(raw, partner)
    words = load_translations(language, FOLDER)
    told = []
    for name in Record.__struct_fields__:
        value = getattr(record, name)
        if value and name not in _TOLD_APART and value != Publication():
            rule = rules.get(name, "")
            stood = tuple(list_sources(raw, partner, name))
            told.append(FieldTold(name, _show(value), words.gettext(rule) if rule else "", stood))
    return told


def tell_rules(raw: RawRecord, partner: Partner | None) -> Mapping[str, str]:
    """Field of a Record -> the rule that reads it out of this format, in English."""
    crosswalk: Callable[..., Outcome | Record] = mapping.choose_crosswalk(raw, partner)
    if isinstance(crosswalk, partial):
        crosswalk = crosswalk.func
    own = _OWN_RULES.get(crosswalk)
    if own is not None:
        return {name: read_rule(read) for name, read in {**ELEMENT_RULES, **own}.items()}
    if mapping.is_unimarc_record(raw):
        return unimarc_rules.FIELD_WORDS
    return {name: read_rule(read) for name, read in MARC_RULES.items()}


def list_sentences() -> set[str]:
    """Every sentence that may be told, for those who translate."""
    tables = (MARC_RULES, ELEMENT_RULES, *_OWN_RULES.values())
    return {read_rule(read) for rules in tables for read in rules.values()} | set(unimarc_rules.FIELD_WORDS.values())


def read_rule(read: Callable[..., Any]) -> str:
    """The first paragraph of the docstring, on one line."""
    return " ".join((inspect.getdoc(read) or "").partition("\n\n")[0].replace("``", "").split())


def _show(value: object) -> str:
    if isinstance(value, Title | Publication):
        parts = {name: getattr(value, name) for name in value.__struct_fields__}
        return "; ".join(f"{name_part(name)} = {show_value(part)}" for name, part in parts.items() if part)
    return show_value(value)
