"""Each field of a Record with the rule that made it, in the words that stand above the rule's code.

A crosswalk has one function for each field, and its docstring is the rule; so what is told can never be another rule
than the one that ran.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec

from indexer.crosswalks import dublin_core, elements, marc21, mods, page, row
from indexer.crosswalks.mapping import choose_crosswalk
from indexer.crosswalks.marc21_title import read_title
from indexer.preview import show_value
from lienthu.partner import Partner
from lienthu.raw_record import RawRecord
from lienthu.record import Publication, Record, Title

Rules = Mapping[str, Callable[..., Any]]
_TOLD_APART = frozenset(("partner_id", "feed_id", "source_id", "findings"))
_TITLED: Rules = {name: read for name, _field, read in marc21.TITLED_RULES}
_PLAIN: Rules = {name: read for name, _field, read in marc21.RULES}
MARC_RULES: Rules = {"title": read_title, **_TITLED, **_PLAIN}
ELEMENT_RULES: Rules = elements.FIELD_RULES
_OWN_RULES: Mapping[Callable[..., Any], Rules] = {
    dublin_core.map_dublin_core: {},
    page.map_page: {},
    mods.map_mods: mods.FIELD_RULES,
    row.map_row: row.FIELD_RULES,
}


class FieldTold(msgspec.Struct, frozen=True):
    """``rule`` is empty where the value is what stood there and no rule had anything to decide."""

    field: str
    value: str
    rule: str


def explain_fields(raw: RawRecord, record: Record, partner: Partner | None) -> list[FieldTold]:
    """Every field that has a value, in the order of a Record."""
    rules = find_rules(raw, partner)
    told = []
    for name in Record.__struct_fields__:
        value = getattr(record, name)
        if value and name not in _TOLD_APART and value != Publication():
            told.append(FieldTold(name, _show(value), _read_rule(rules.get(name))))
    return told


def find_rules(raw: RawRecord, partner: Partner | None) -> Rules:
    """Field of a Record -> the function that reads it out of this format."""
    crosswalk = choose_crosswalk(raw, partner)
    if isinstance(crosswalk, partial):
        crosswalk = crosswalk.func
    own = _OWN_RULES.get(crosswalk)
    return MARC_RULES if own is None else {**ELEMENT_RULES, **own}


def _read_rule(read: Callable[..., Any] | None) -> str:
    """The first paragraph of the docstring, on one line."""
    written = inspect.getdoc(read) if read is not None else None
    return " ".join((written or "").partition("\n\n")[0].split())


def _show(value: object) -> str:
    if isinstance(value, Title | Publication):
        parts = {name: getattr(value, name) for name in value.__struct_fields__}
        return "; ".join(f"{name} = {show_value(part)}" for name, part in parts.items() if part)
    return show_value(value)
