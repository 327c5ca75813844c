"""Changed works: records that keep their identifier though they describe another work than before.

Some systems give the number of a deleted record to the next one. What the index still holds of the edition in which the
record lay is compared with what the record says now. It is another work when nothing speaks for the same one: no agent
and no ISBN or ISSN in common, no title word of three letters (or Chinese character), and titles whose letters do not
resemble each other. So a correction is none: a typo, a subtitle, other capitals or marks, mended letters. Titles in two
scripts cannot be compared, and are left alone.
"""

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher

import msgspec

from lienthu.edition import Edition
from lienthu.finding import Finding
from lienthu.record import Description, Record
from lienthu.store import Fate
from lienthu.text import fold
from lienthu.text.script import is_han

LETTERS = 3
ALIKE = 0.6
"""Share of letters in common, in order. Titles that were mended keep more; other works rarely come near."""
SHOWN = 200

ReadEditions = Callable[[Sequence[str]], Mapping[str, bytes]]
"""Edition ids -> their JSON, of those that the index holds."""


def read_nothing(ids: Sequence[str]) -> Mapping[str, bytes]:
    """For a generation that nobody has read yet: nothing was said before."""
    return {}


def find_changed_works(
    read: ReadEditions, records: Mapping[int, Record], keys: Mapping[int, bytes], fates: Mapping[int, Fate]
) -> dict[int, Edition]:
    """Record number -> the edition that it leaves, for records that describe another work than in *fates*."""
    moved = {
        number: fate.edition_id
        for number, fate in fates.items()
        if fate.edition_id and number in records and fate.match_key != keys[number]
    }
    if not moved:
        return {}
    held = read(list(dict.fromkeys(moved.values())))
    left = {
        number: msgspec.json.decode(held[edition_id], type=Edition)
        for number, edition_id in moved.items()
        if edition_id in held
    }
    return {number: old for number, old in left.items() if is_other_work(old, records[number])}


def is_other_work(old: Description, new: Description) -> bool:
    """Whether nothing of *new* reminds of *old*."""
    if {agent.key for agent in old.agents} & {agent.key for agent in new.agents}:
        return False
    if _list_numbers(old) & _list_numbers(new):
        return False
    before, now = _list_words(old), _list_words(new)
    if not before or not now or _is_chinese(before) != _is_chinese(now) or before & now:
        return False
    return SequenceMatcher(None, fold(old.title.main), fold(new.title.main), autojunk=False).ratio() < ALIKE


def tell_changed_work(old: Edition, record: Record) -> Finding:
    """The doubt that the partner is told."""
    titles = f"{old.title.main[:SHOWN]} → {record.title.main[:SHOWN]}"
    return Finding("id-changed-work", "warning", "record", found=titles, done="the new work was given an id of its own")


def _list_numbers(described: Description) -> frozenset[str]:
    return frozenset(number.value for number in described.identifiers if number.kind in {"isbn", "issn"})


def _list_words(described: Description) -> frozenset[str]:
    title = described.title
    words = fold(" ".join((title.main, title.subtitle, title.part, *title.parallel, *title.variants))).split()
    return frozenset(word for word in words if len(word) >= LETTERS or is_han(word[0]))


def _is_chinese(words: frozenset[str]) -> bool:
    return all(is_han(word[0]) for word in words)
