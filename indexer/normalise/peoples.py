"""Peoples: which of the peoples (and their branches) a document is about, or in whose language it is.

Rule: a name of the table of peoples counts alone where it can mean nothing else (*Hà Nhì*, *Pa Dí*); with ``^`` where
it is written with a capital letter; with ``*`` only right after a word that announces it (*người Dao*, *dân tộc Tày*,
*tiếng Thái*) or in a list that such a word begins (*người Tày, Nùng và Dao*). So *dao* (a knife), *ca dao*, *mèo* and
*Mông Cổ* are no peoples. A branch is told together with its people.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from lienthu.record import Subject, Title
from lienthu.tables import tables_in_use
from lienthu.tables.variants import Entry, Finding, VariantTable
from lienthu.text import Token, analyse

BY_LANGUAGE = {
    "hmn": "hmông", "mww": "hmông", "hnj": "hmông", "tyz": "tày", "tys": "tày", "ium": "dao", "mji": "dao",
    "nut": "nùng", "blt": "thái", "twh": "thái", "pcc": "giáy", "hni": "hà nhì", "lgh": "phù lá", "lbt": "la chí",
    "khr": "khơ mú", "mtq": "mường", "cjm": "chăm", "km": "khmer", "rad": "ê đê", "jra": "gia rai", "bdq": "ba na",
}  # fmt: skip
"""Language codes that are told of one people. ``tai`` is a group, ``yao`` a language of Malawi."""
_ANNOUNCING = frozenset(("người", "tộc", "tiếng", "bào", "chữ"))
_AFTER = {"tộc": ("dân",), "bào": ("đồng",)}
"""Of two words the second, and what stands before it."""
_BETWEEN = re.compile(r"\s*(?:[,;/&+–-]|và|với|and)?\s*(?:người|dân tộc)?\s*")


def find_peoples(
    title: Title, words: Collection[str], subjects: Sequence[Subject], languages: Sequence[str]
) -> tuple[str, ...]:
    """Keys of the table of peoples, each once. *words* are those of the title in the exact layer."""
    table = tables_in_use().peoples
    found: dict[str, None] = {}
    for code in languages:
        if code in BY_LANGUAGE:
            found.update(dict.fromkeys(_trace(table, table.look_up(BY_LANGUAGE[code]))))
    if _may_name(words, table):
        for text in (title.main, title.subtitle, title.part):
            found.update(dict.fromkeys(_read_text(text, table)))
    for subject in subjects:
        found.update(dict.fromkeys(_read_kept(subject.text, subject.key, table)))
    return tuple(found)


def _may_name(words: Collection[str], table: VariantTable) -> bool:
    """A cheap look before the dear one."""
    if not table.first_alone.isdisjoint(words):
        return True
    return not (_ANNOUNCING.isdisjoint(words) or table.first_words.isdisjoint(words))


@lru_cache(maxsize=16_384)
def _read_kept(text: str, key: str, table: VariantTable) -> tuple[str, ...]:
    return tuple(_read_text(text, table)) if _may_name(key.split(" "), table) else ()


def _read_text(text: str, table: VariantTable) -> Iterable[str]:
    tokens = analyse(text)
    last: Finding | None = None
    for found in table.find(tokens):
        if found.way.sign == "!":
            continue
        chained = last is not None and _BETWEEN.fullmatch(text, tokens[last.end - 1].end, tokens[found.start].start)
        if _counts(found, text, tokens) or chained:
            last = found
            yield from _trace(table, found.way.entry)


def _counts(found: Finding, text: str, tokens: Sequence[Token]) -> bool:
    if not found.way.sign:
        return True
    if found.way.sign == "^" and text[tokens[found.start].start].isupper():
        return True
    if not found.start or text[tokens[found.start - 1].end : tokens[found.start].start].strip(" -–:"):
        return False
    before = tokens[found.start - 1].exact
    needed = _AFTER.get(before)
    if needed is None:
        return before in _ANNOUNCING
    return found.start > 1 and tokens[found.start - 2].exact in needed


def _trace(table: VariantTable, entry: Entry | None) -> tuple[str, ...]:
    return tuple([one.key for one in table.trace(entry)]) if entry is not None else ()
