"""A text in two layers of tokens: *exact* (one spelling, marks kept) and *folded* (plain letters).

Both engines index these tokens and nothing else, so both match alike. Tokens never hold a space, and only U+0020
stands between them. Analysing what was analysed changes nothing. Bump ANALYSER_VERSION with every change of output:
a generation of another version is rebuilt.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from lienthu.text.normal_form import fold_letters
from lienthu.text.syllable import spell_syllable
from lienthu.text.word import CHUNK, cap_token, split_chunk

ANALYSER_VERSION = 1

GAP = " | | | | "
"""Stands between two values of one field, so that no phrase reaches from one into the next."""

_CACHED_LENGTH = 64


class Token(msgspec.Struct, frozen=True):
    """One token; ``start`` and ``end`` are its place in the text as it was given."""

    exact: str
    folded: str
    start: int
    end: int


def analyse(text: str) -> list[Token]:
    """The tokens of any text, in order."""
    return [Token(*piece) for piece in _walk(text)]


def exact(text: str) -> str:
    """The exact layer: ``Quý khách`` -> ``quí khách``."""
    return " ".join([piece[0] for piece in _walk(text)])


def fold(text: str) -> str:
    """The folded layer: ``Đường lên Sa Pa`` -> ``duong len sa pa``."""
    return " ".join([piece[1] for piece in _walk(text)])


def join_layers(values: Iterable[str]) -> tuple[str, str]:
    """Both layers *(exact, folded)* of the values of one field, parted by GAP; values without words leave nothing."""
    analysed = [list(_walk(value)) for value in values]
    return (
        GAP.join(" ".join([piece[0] for piece in pieces]) for pieces in analysed if pieces),
        GAP.join(" ".join([piece[1] for piece in pieces]) for pieces in analysed if pieces),
    )


def has_marks(text: str) -> bool:
    """Whether any word carries a diacritic, đ among them."""
    return not text.isascii() and any(piece[0] != piece[1] for piece in _walk(text))


def normalise_number(number: str) -> str:
    """A call number, accession number or other identifier for comparing: ``398.8 TH459C`` -> ``3988th459c``."""
    return fold(number).replace(" ", "")


def _walk(text: str) -> Iterator[tuple[str, str, int, int]]:
    """The tokens, with ``H mông`` in two words put together: it is written in one, in two and with an apostrophe."""
    waiting: tuple[str, str, int, int] | None = None
    for match in CHUNK.finditer(text):
        chunk = match.group()
        origin = match.start()
        layers = _analyse_chunk(chunk) if len(chunk) <= _CACHED_LENGTH else _analyse_long_chunk(chunk)
        for exact_word, folded_word, start, end in layers:
            piece = (exact_word, folded_word, origin + start, origin + end)
            if waiting is not None:
                if folded_word == "mong":
                    piece = (waiting[0] + exact_word, "hmong", waiting[2], origin + end)
                else:
                    yield waiting
                waiting = None
            if folded_word == "h":
                waiting = piece
            else:
                yield piece
    if waiting is not None:
        yield waiting


def _analyse_long_chunk(chunk: str) -> list[tuple[str, str, int, int]]:
    return [(*_build_layers(word), start, end) for word, start, end in split_chunk.__wrapped__(chunk)]


@lru_cache(maxsize=131_072)
def _analyse_chunk(chunk: str) -> tuple[tuple[str, str, int, int], ...]:
    return tuple((*_build_layers(word), start, end) for word, start, end in split_chunk(chunk))


@lru_cache(maxsize=65_536)
def _build_layers(word: str) -> tuple[str, str]:
    spelled = spell_syllable(word)
    folded = spell_syllable(cap_token(fold_letters(spelled)))
    return spelled, folded or unicodedata.normalize("NFC", spelled)
