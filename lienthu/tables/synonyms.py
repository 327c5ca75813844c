"""Synonyms: reads ``synonyms.txt`` (its signs are explained there) and finds its forms in a row of words. The old and
new names and the spellings of places come from the table of places."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from lienthu.errors import SettingsError
from lienthu.i18n import mark
from lienthu.query.tree import Word
from lienthu.tables.variants import Entry, TableText, VariantTable, list_lines
from lienthu.text import analyse
from lienthu.text.script import is_spaceless

Form = tuple[Word, ...]

_BEFORE_PEOPLES = ("người", "dân tộc", "tiếng")


class Group(msgspec.Struct, frozen=True):
    """What a form stands for: every form that is looked for. ``loose``: the words as typed are looked for as well,
    wherever they stand. ``first`` are those forms that say the same; what only has another stands below (the present
    name of an old province, say)."""

    forms: tuple[Form, ...]
    loose: bool
    first: tuple[Form, ...] = ()


class SynonymTable(msgspec.Struct, frozen=True, eq=False):
    """``groups`` by the exact words of a form, ``bare_groups`` by its folded words; ``volumes`` maps a folded word
    before a number to the others; ``optional`` are folded words."""

    groups: dict[tuple[str, ...], Group]
    bare_groups: dict[tuple[str, ...], Group]
    volumes: dict[str, tuple[str, ...]]
    optional: frozenset[str]
    longest: int

    def find_group(self, words: Sequence[Word], marked: bool) -> tuple[Group, int] | None:
        """The longest form that *words* begin with, as (its group, its length). A bare query finds forms with marks."""
        for length in range(min(self.longest, len(words)), 0, -1):
            group = self.groups.get(tuple(word.exact for word in words[:length]))
            if group is None and not marked:
                group = self.bare_groups.get(tuple(word.folded for word in words[:length]))
            if group is not None:
                return group, length
        return None


NO_SYNONYMS = SynonymTable({}, {}, {}, frozenset(), 0)


def read_form(text: str) -> Form:
    """``"Sa Pa"`` -> its words, analysed."""
    return tuple(Word(token.exact, token.folded) for token in analyse(text))


SECTIONS = ("names", "peoples", "abbreviations", "volumes", "optional")


def read_synonyms(texts: Iterable[TableText], places: VariantTable | None = None) -> SynonymTable:
    """Reads such files, an admin's own first: its groups win. Raises SettingsError naming file and line."""
    groups: dict[tuple[str, ...], Group] = {}
    bare: dict[tuple[str, ...], Group] = {}
    volumes: dict[str, tuple[str, ...]] = {}
    optional: set[str] = set()
    for section, line in (found for text in texts for found in _read_lines(text)):
        if section == "volumes":
            words = [form[0].folded for form in map(read_form, line) if form]
            volumes.update({word: tuple(other for other in words if other != word) for word in words})
        elif section == "optional":
            optional.update(form[0].folded for form in map(read_form, line) if form)
        else:
            _add_groups(_build_groups(section, line), groups, bare)
    if places is not None:
        _add_groups(_build_places(places), groups, bare)
    longest = max(map(len, groups), default=0)
    return SynonymTable(groups, bare, volumes, frozenset(optional), longest)


def _add_groups(
    found: Iterable[tuple[Form, Group]],
    groups: dict[tuple[str, ...], Group],
    bare: dict[tuple[str, ...], Group],
) -> None:
    for typed, group in found:
        groups.setdefault(tuple(word.exact for word in typed), group)
        bare.setdefault(tuple(word.folded for word in typed), group)


def _read_lines(source: TableText) -> Iterator[tuple[str, list[str]]]:
    section = ""
    for number, line in list_lines(source.text):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip()
            if section not in SECTIONS:
                raise SettingsError(
                    mark("{path}, line {number}: there is no section [{section}]. Known: {known}."),
                    path=source.path, number=number, section=section, known=", ".join(SECTIONS),
                )  # fmt: skip
        elif not section:
            raise SettingsError(
                mark("{path}, line {number}: first say in which section this stands: {known}."),
                path=source.path, number=number, known=", ".join(f"[{name}]" for name in SECTIONS),
            )  # fmt: skip
        else:
            yield section, [form.strip() for form in line.split(";") if form.strip()]


def _build_places(places: VariantTable) -> Iterator[tuple[Form, Group]]:
    """Each spelling of a place finds all its spellings, and below them the names that the place had or has."""
    spellings: dict[str, list[Form]] = {}
    for way in places.ways.values():
        if not way.sign:
            spellings.setdefault(way.entry.key, []).append(read_form(" ".join(way.words)))
    present: dict[str, list[Entry]] = {}
    for entry in places.entries.values():
        if entry.renamed:
            present.setdefault(entry.parent, []).append(entry)
    for key, own in spellings.items():
        entry = places.entries[key]
        related = [*present.get(key, ()), *((now,) if entry.renamed and (now := places.look_up(entry.parent)) else ())]
        others = [form for one in related for form in spellings.get(one.key, ())]
        if len(own) + len(others) > 1:
            first = _drop_alike(own)
            group = Group(_drop_alike((*own, *others)), loose=False, first=first if others else ())
            for form in own:
                yield form, group


def _drop_alike(forms: Iterable[Form]) -> tuple[Form, ...]:
    """*Lao Kay* is found by *Lào Kay*: forms match in the folded layer."""
    kept: dict[tuple[str, ...], Form] = {}
    for form in forms:
        kept.setdefault(tuple(word.folded for word in form), form)
    return tuple(kept.values())


def _build_groups(section: str, line: list[str]) -> Iterator[tuple[Form, Group]]:
    """Every form that a reader may type, with what it finds."""
    written = [_read_signs(form) for form in line]
    found = tuple(dict.fromkeys(form for signs, text in written for form in _spell_forms(signs, text) if form))
    for signs, text in written:
        if ">" in signs:
            continue
        strict = section == "names" or "!" in signs
        for form in _spell_forms(signs, text):
            han = all(is_spaceless(word.exact[0]) for word in form)
            yield form, Group(found, loose=len(form) > 1 and not strict and not han)
        if section == "peoples" and not signs:
            for before in _BEFORE_PEOPLES:
                yield read_form(f"{before} {text}"), Group(found, loose=True)


def _read_signs(form: str) -> tuple[str, str]:
    text = form.lstrip("*!> ")
    return form[: len(form) - len(text)], text


def _spell_forms(signs: str, text: str) -> list[Form]:
    if "*" in signs or "!" in signs:
        return [read_form(f"{before} {text}") for before in _BEFORE_PEOPLES]
    return [read_form(text)]
