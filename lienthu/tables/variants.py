"""VariantTable: one name for many ways of writing it, and what it belongs to.

One name a line: ``Name = another way | another way``. Before the ``=`` may stand, parted by `` / ``, the name in
English and in Chinese; then, in brackets, what the name is a part of: ``Pa Dí (Tày)``; or, after an arrow, what it is
called now: ``Yên Bái → Lào Cai``; or, in square brackets, the classes 1 to 12 for which a school subject is taught:
``Toán [1-12]``. A way may have its own classes.

A way may carry a sign. ``*``: alone it is another word, so it counts only after a word that announces it (*người*,
*dân tộc*; for textbook sets: in a school book). ``^``: alone it counts where it is written with a capital letter.
``!`` before a name: the line only lists what is none, though a name stands in it (*Lào Cai* is no *Lào*).
Capitals, hyphens and the place of the tone mark make no difference otherwise.

An admin's own lines come first: a line of ours with the same name is passed over, and so is a way that they have.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from lienthu.errors import SettingsError
from lienthu.i18n import mark
from lienthu.text import Token, exact

LANGUAGES = ("vi", "en", "zh")
_PARENT = re.compile(r"\s*(?:\(([^()]+)\)|→\s*(.+?))\s*$")
_CLASSES = re.compile(r"\s*\[(\d{1,2})(?:\s*-\s*(\d{1,2}))?\]\s*$")
_SIGNS = "*^!"


class TableText(msgspec.Struct, frozen=True):
    """One file as it was read: ``path`` is for messages."""

    path: str
    text: str


class Entry(msgspec.Struct, frozen=True):
    """A name. ``key`` compares, ``labels`` are for showing (in the order of LANGUAGES; only the first is sure).
    ``parent`` is the key of what it is part of, or, where ``renamed``, of what it is called now."""

    key: str
    labels: tuple[str, ...]
    parent: str = ""
    renamed: bool = False

    def label_in(self, language: str) -> str:
        place = LANGUAGES.index(language) if language in LANGUAGES else 1
        return self.labels[place] if place < len(self.labels) and self.labels[place] else self.labels[0]


class Way(msgspec.Struct, frozen=True):
    """One way of writing an entry. ``classes`` are (first, last), (0, 0) where none are told."""

    entry: Entry
    words: tuple[str, ...]
    sign: str = ""
    classes: tuple[int, int] = (0, 0)


class Finding(msgspec.Struct, frozen=True):
    """A way found among tokens: which, from where, up to where (excluded)."""

    way: Way
    start: int
    end: int


class VariantTable:
    """The lines, looked up by key or found in a text. Compared and hashed by identity: caches may hang on it."""

    def __init__(self, entries: Mapping[str, Entry], ways: Mapping[str, Way]) -> None:
        self.entries = entries
        self.ways = ways
        self._by_first: dict[str, list[Way]] = {}
        for way in ways.values():
            self._by_first.setdefault(way.words[0], []).append(way)
        for alike in self._by_first.values():
            alike.sort(key=lambda way: -len(way.words))
        self.first_words = frozenset(self._by_first)
        """With which any way begins: a text without one of these needs no further look."""
        self.first_alone = frozenset(way.words[0] for way in ways.values() if way.sign not in ("*", "!"))
        """With which those begin that count alone."""

    def look_up(self, key: str) -> Entry | None:
        """The entry that is written so and no more: *key* is the exact layer of the whole text."""
        way = self.ways.get(key)
        return way.entry if way is not None else None

    def find(self, tokens: Sequence[Token]) -> Iterator[Finding]:
        """Every way that stands in the text, the longest at each place, none inside another."""
        place = 0
        while place < len(tokens):
            for way in self._by_first.get(tokens[place].exact, ()):
                end = place + len(way.words)
                if tuple([token.exact for token in tokens[place:end]]) == way.words:
                    yield Finding(way, place, end)
                    place = end
                    break
            else:
                place += 1

    def trace(self, entry: Entry) -> tuple[Entry, ...]:
        """The entry and all that it belongs to, nearest first."""
        found = {entry.key: entry}
        above = self.look_up(entry.parent)
        while above is not None and above.key not in found:
            found[above.key] = above
            above = self.look_up(above.parent)
        return tuple(found.values())


def read_variants(texts: Iterable[TableText]) -> VariantTable:
    """Reads the files, an admin's own first. Raises SettingsError naming file and line."""
    entries: dict[str, Entry] = {}
    ways: dict[str, Way] = {}
    for source in texts:
        own_entries: dict[str, Entry] = {}
        own_ways: dict[str, tuple[Way, int]] = {}
        for number, line in list_lines(source.text):
            entry, written = _read_line(source, number, line)
            if entry.key in own_entries:
                _refuse_twice(source, number, entry.labels[0], own_entries[entry.key])
            own_entries[entry.key] = entry
            for way in written:
                key = " ".join(way.words)
                known = own_ways.setdefault(key, (way, number))[0]
                if known.entry is not entry:
                    _refuse_twice(source, number, key, known.entry)
        kept = {key: entry for key, entry in own_entries.items() if key not in entries}
        for key, (way, _number) in own_ways.items():
            if way.entry.key in kept:
                ways.setdefault(key, way)
        entries.update(kept)
    return VariantTable(entries, ways)


def list_lines(text: str) -> Iterator[tuple[int, str]]:
    """(number, line) of every line that says something."""
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        line = line.strip()
        if line and not line.startswith("#"):
            yield number, line


def _read_line(source: TableText, number: int, line: str) -> tuple[Entry, list[Way]]:
    head, _, tail = line.partition("=")
    head, classes = _cut_classes(head)
    parent = _PARENT.search(head)
    sign = head.strip()[:1] if head.strip()[:1] in _SIGNS else ""
    names = [name.strip() for name in (head[: parent.start()] if parent else head).lstrip(f" {_SIGNS}").split(" / ")]
    belongs = (parent[1] or parent[2]) if parent else ""
    entry = Entry(exact(names[0]), tuple(names[:3]), exact(belongs), bool(parent and parent[2]))
    if not entry.key:
        raise SettingsError(
            mark("{path}, line {number}: there is no name. Write: Name = another way | another way"),
            path=source.path, number=number,
        )  # fmt: skip
    ways = [Way(entry, tuple(entry.key.split(" ")), sign, classes)]
    for text in (*names[1:3], *tail.split("|")):
        text, own = _cut_classes(text.strip())
        own_sign = "!" if sign == "!" else text[:1] if text[:1] in _SIGNS else ""
        words = exact(text.lstrip(_SIGNS))
        if words and words != entry.key:
            ways.append(Way(entry, tuple(words.split(" ")), own_sign, own if own[1] else classes))
    return entry, ways


def _cut_classes(text: str) -> tuple[str, tuple[int, int]]:
    found = _CLASSES.search(text)
    if found is None:
        return text, (0, 0)
    return text[: found.start()], (int(found[1]), int(found[2] or found[1]))


def _refuse_twice(source: TableText, number: int, way: str, other: Entry) -> None:
    raise SettingsError(
        mark("{path}, line {number}: “{way}” already belongs to “{other}”: strike out one of the two."),
        path=source.path, number=number, way=way, other=other.labels[0],
    )  # fmt: skip
