"""Synonyms: reads ``synonyms.txt`` (its signs are explained there) and finds its forms in a row of words."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from lienthu.query.tree import Word
from lienthu.text import analyse
from lienthu.text.script import is_spaceless

Form = tuple[Word, ...]

_BEFORE_PEOPLES = ("người", "dân tộc", "tiếng")


class Group(msgspec.Struct, frozen=True):
    """What a form stands for: every form that is looked for. ``loose``: the words as typed are looked for as well,
    wherever they stand."""

    forms: tuple[Form, ...]
    loose: bool


class SynonymTable(msgspec.Struct, frozen=True):
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


@cache
def load_synonyms() -> SynonymTable:
    """The table of the file that lies beside this module."""
    return read_synonyms(files("lienthu.query").joinpath("synonyms.txt").read_text(encoding="utf-8"))


def read_synonyms(text: str) -> SynonymTable:
    """Reads the lines of such a file. A line outside the known sections is passed over."""
    groups: dict[tuple[str, ...], Group] = {}
    bare: dict[tuple[str, ...], Group] = {}
    volumes: dict[str, tuple[str, ...]] = {}
    optional: set[str] = set()
    for section, line in _read_lines(text):
        if section == "volumes":
            words = [form[0].folded for form in map(read_form, line) if form]
            volumes.update({word: tuple(other for other in words if other != word) for word in words})
        elif section == "optional":
            optional.update(form[0].folded for form in map(read_form, line) if form)
        elif section in {"names", "peoples", "abbreviations"}:
            for typed, group in _build_groups(section, line):
                groups.setdefault(tuple(word.exact for word in typed), group)
                bare.setdefault(tuple(word.folded for word in typed), group)
    longest = max(map(len, groups), default=0)
    return SynonymTable(groups, bare, volumes, frozenset(optional), longest)


def _read_lines(text: str) -> Iterator[tuple[str, list[str]]]:
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip()
        elif line and not line.startswith("#"):
            yield section, [form.strip() for form in line.split(";") if form.strip()]


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
