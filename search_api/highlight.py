"""Highlighting: where the words of a query stand in a text that is shown, found with the analyser's own places.

A word of the query is marked wherever it stands, in any of its forms and with any tones; a phrase (a quoted one, or a
synonym of several words) only as a whole. Neighbours with nothing but spaces between them are one place.
"""

from collections.abc import Iterator
from functools import lru_cache

from lienthu.query.language import ParsedQuery
from lienthu.text import analyse
from lienthu.text.word import CHUNK

Places = tuple[tuple[int, int], ...]

_LONGEST = 4_000
"""Characters of a text that are looked through."""


class Highlighter:
    """Made once for a query, used for every text of the page."""

    def __init__(self, parsed: ParsedQuery) -> None:
        self._words = frozenset(form for word in parsed.words for form in (word.folded, *word.alternatives))
        self._phrases: dict[str, list[tuple[str, ...]]] = {}
        for phrase in parsed.phrases:
            folded = tuple(word.folded for word in phrase)
            self._phrases.setdefault(folded[0], []).append(folded)
        self._wanted = self._words.union(*(phrase for found in self._phrases.values() for phrase in found))
        self._needs_neighbours = bool(self._phrases)
        if "hmong" in self._wanted:  # it may be written “H mông”
            self._wanted |= {"mong"}
            self._needs_neighbours = True

    def find_places(self, text: str) -> Places:
        """(start, end) of every match, in order, none overlapping."""
        text = text[:_LONGEST]
        if text.isascii() and not self._may_stand_in(text.lower()):
            return ()  # most texts of a page: looked at without taking them apart
        places = self._find_with_neighbours(text) if self._needs_neighbours else self._find_words(text)
        return tuple(_join_neighbours(text, places))

    def _may_stand_in(self, lowered: str) -> bool:
        """Whether plain letters could hold a wanted word; a word that only an apostrophe parts is not seen by this."""
        return "'" in lowered or any(word in lowered for word in self._wanted)

    def _find_words(self, text: str) -> Iterator[tuple[int, int]]:
        words = self._words
        for match in CHUNK.finditer(text):
            for folded, start, end in _fold_chunk(match.group()):
                if folded in words:
                    origin = match.start()
                    yield origin + start, origin + end

    def _find_with_neighbours(self, text: str) -> Iterator[tuple[int, int]]:
        tokens = analyse(text)
        until = 0
        for number, token in enumerate(tokens):
            for phrase in self._phrases.get(token.folded, ()):
                if tuple(found.folded for found in tokens[number : number + len(phrase)]) == phrase:
                    until = max(until, number + len(phrase))
            if number < until or token.folded in self._words:
                yield token.start, token.end


@lru_cache(maxsize=65_536)
def _fold_chunk(chunk: str) -> tuple[tuple[str, int, int], ...]:
    return tuple((token.folded, token.start, token.end) for token in analyse(chunk))


def _join_neighbours(text: str, places: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start = end = -1
    for begin, stop in places:
        if start < 0:
            start = begin
        elif text[end:begin].strip():
            yield start, end
            start = begin
        end = stop
    if start >= 0:
        yield start, end
