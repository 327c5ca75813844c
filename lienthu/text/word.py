"""Words of a text: where each begins and ends, and its normal form before any spelling rule.

Letters and digits make words; everything else parts them. A character of a script without spaces is a word by itself.
An apostrophe inside a word is left out (``H'Mông`` is ``hmông``, ``M'Nông`` is ``mnông``), but French elision and the
English possessive part two words (``l'homme``, ``Vietnam's``).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from lienthu.text.han import simplify
from lienthu.text.normal_form import APOSTROPHE, continues_cluster, fold_letters, normalise_cluster
from lienthu.text.script import is_han, is_spaceless

MAX_TOKEN_BYTES = 255
"""Engines split or drop longer ones, each in its own way."""

CHUNK = re.compile(r"[^\s!\"#$%&()*+,\-./:;<=>?@\[\\\]^_{|}~–—…«»“”]+")
"""What lies between the commonest separators; the rest of them are found inside."""

_SHORT = MAX_TOKEN_BYTES // 3
_IN_NORMAL_FORM = re.compile("[0-9A-Za-zÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]+")
"""A word of these characters (all of Vietnamese) only needs small letters. Each takes at most three bytes."""

_ELIDED = frozenset(("c", "d", "j", "l", "m", "n", "qu", "s", "t"))
_AFTER_ELISION = frozenset("aeiouyh")


class Piece(NamedTuple):
    """A word with its place in the chunk."""

    word: str
    start: int
    end: int


@lru_cache(maxsize=65_536)
def split_chunk(chunk: str) -> tuple[Piece, ...]:
    """The words of a chunk, in normal form. Places are those of the characters as they were given."""
    if len(chunk) <= _SHORT and _IN_NORMAL_FORM.fullmatch(chunk):
        return (Piece(chunk.lower(), 0, len(chunk)),)
    return tuple(_split(chunk))


def cap_token(word: str) -> str:
    """At most MAX_TOKEN_BYTES bytes of UTF-8, cut between characters."""
    if len(word) * 4 <= MAX_TOKEN_BYTES:
        return word
    return word.encode("utf-8")[:MAX_TOKEN_BYTES].decode("utf-8", "ignore")


def _split(chunk: str) -> Iterator[Piece]:
    letters: list[Piece] = []
    for start, end in _find_clusters(chunk):
        for character in normalise_cluster(chunk[start:end]):
            kind = unicodedata.category(character)[0]
            if is_spaceless(character) and kind in "LNM":
                yield from _close_word(letters)
                yield Piece(simplify(character) if is_han(character) else character, start, end)
            elif kind in "LN" or (letters and (kind == "M" or character == APOSTROPHE)):
                letters.append(Piece(character, start, end))
            elif kind != "M":
                yield from _close_word(letters)
    yield from _close_word(letters)


def _find_clusters(chunk: str) -> Iterator[tuple[int, int]]:
    start = 0
    for place in range(1, len(chunk)):
        if not continues_cluster(chunk[place]):
            yield start, place
            start = place
    yield start, len(chunk)


def _close_word(letters: list[Piece]) -> Iterator[Piece]:
    """Gives the collected letters as one word, or as the words that an apostrophe parts, and empties the list."""
    parts: list[list[Piece]] = []
    for letter in letters:
        if letter.word == APOSTROPHE:
            parts.append([])
        elif parts:
            parts[-1].append(letter)
        else:
            parts.append([letter])
    letters.clear()
    word: list[Piece] = []
    remaining = [part for part in parts if part]
    for index, part in enumerate(remaining):
        if word and _parts_words(word, part, last=index == len(remaining) - 1):
            yield _join(word)
            word = []
        word = word + part
    if word:
        yield _join(word)


def _parts_words(before: list[Piece], after: list[Piece], *, last: bool) -> bool:
    if last and len(after) == 1 and after[0].word == "s":
        return True
    left = fold_letters("".join(piece.word for piece in before))
    return left in _ELIDED and fold_letters(after[0].word)[:1] in _AFTER_ELISION


def _join(letters: list[Piece]) -> Piece:
    word = cap_token(unicodedata.normalize("NFC", "".join(letter.word for letter in letters)))
    return Piece(word, letters[0].start, letters[-1].end)
