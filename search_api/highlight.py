"""Highlighting: where the words of a query stand in a text that is shown, found with the analyser's own places.

A word of the query is marked wherever it stands, in any of its forms and with any tones; a phrase (a quoted one, or a
synonym of several words) only as a whole. Neighbours with nothing but spaces between them are one place.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from lienthu.query.language import ParsedQuery
from lienthu.text import analyse
from lienthu.text.word import CHUNK

Places = tuple[tuple[int, int], ...]

_SPELT_WITH_Y = frozenset(("hi", "ki", "li", "mi", "si", "ti", "qui"))
"""Words of the folded layer that a text may spell with y."""
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
        self._needs_neighbours = bool(self._phrases)
        if "hmong" in self._words.union(
            *(phrase for found in self._phrases.values() for phrase in found)
        ):  # it may be written “H mông”
            self._needs_neighbours = True
        self._plain_words = self._words | {f"{word[:-1]}y" for word in self._words if word in _SPELT_WITH_Y}

    def find_places(self, text: str) -> Places:
        """(start, end) of every match, in order, none overlapping."""
        text = text[:_LONGEST]
        if self._needs_neighbours:
            places: Iterable[tuple[int, int]] = self._find_with_neighbours(text)
        elif text.isascii() and "'" not in text and "`" not in text:
            places = self._find_plain(text.lower())
        else:
            places = self._find_words(text)
        return tuple(_join_neighbours(text, places))

    def _find_plain(self, text: str) -> list[tuple[int, int]]:
        """In plain small letters words need not be taken apart: they end where letters and digits do."""
        places = []
        for word in self._plain_words:
            start = text.find(word)
            while start >= 0:
                end = start + len(word)
                if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
                    places.append((start, end))
                start = text.find(word, end)
        return sorted(places)

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


def _join_neighbours(text: str, places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
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
