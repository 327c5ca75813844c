"""Highlighting: where the words of a query stand in a text that is shown, found with the analyser's own places.

A word of the query is marked wherever it stands, in any of its forms and with any tones; a phrase (a quoted one, or a
synonym of several words) only as a whole. Neighbours with nothing but spaces between them are one place.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from lienthu.query.language import ParsedQuery
from lienthu.text import Token, analyse

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

    def find_places(self, text: str) -> Places:
        """(start, end) of every match, in order, none overlapping."""
        if not text or not (self._words or self._phrases):
            return ()
        tokens = _analyse(text[:_LONGEST])
        return tuple(_join_neighbours(text, tokens, self._find_tokens(tokens)))

    def _find_tokens(self, tokens: Sequence[Token]) -> Iterator[int]:
        """The numbers of the tokens that match, ascending."""
        until = 0
        for number, token in enumerate(tokens):
            for phrase in self._phrases.get(token.folded, ()):
                if tuple(found.folded for found in tokens[number : number + len(phrase)]) == phrase:
                    until = max(until, number + len(phrase))
            if number < until or token.folded in self._words:
                yield number


@lru_cache(maxsize=4_096)
def _analyse(text: str) -> list[Token]:
    return analyse(text)


def _join_neighbours(text: str, tokens: Sequence[Token], numbers: Iterator[int]) -> Iterator[tuple[int, int]]:
    start = end = -1
    for number in numbers:
        token = tokens[number]
        if start >= 0 and not text[end : token.start].strip():
            end = token.end
            continue
        if start >= 0:
            yield start, end
        start, end = token.start, token.end
    if start >= 0:
        yield start, end
