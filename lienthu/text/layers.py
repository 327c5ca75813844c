"""A text in two layers of tokens: *exact* (one spelling, marks kept) and *folded* (plain letters).

Both engines index these tokens and nothing else, so both match alike. Tokens never hold a space, and only U+0020
stands between them. Analysing what was analysed changes nothing. Bump ANALYSER_VERSION with every change of output:
a generation of another version is rebuilt.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from lienthu.text.normal_form import fold_letters
from lienthu.text.syllable import spell_syllable
from lienthu.text.word import CHUNK, MAX_TOKEN_BYTES, cap_token, split_chunk

ANALYSER_VERSION = 1

GAP = " | | | | "
"""Stands between two values of one field, so that no phrase reaches from one into the next."""

_CACHED_LENGTH = 64
_CACHED_TEXT = 160
_MOST_CHUNKS = 131_072
_MAY_BE_HMONG = "h mong"
_NOT_IN_NUMBERS = re.compile("[^0-9a-z]+")


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
    return build_layers(text)[0]


def fold(text: str) -> str:
    """The folded layer: ``Đường lên Sa Pa`` -> ``duong len sa pa``."""
    return build_layers(text)[1]


def build_layers(text: str) -> tuple[str, str]:
    """*(exact, folded)*. A name or a heading comes again and again; a title at least for its key and its document."""
    return _build_short_layers(text) if len(text) <= _CACHED_TEXT else _build_text_layers(text)


def join_layers(values: Iterable[str]) -> tuple[str, str]:
    """Both layers *(exact, folded)* of the values of one field, parted by GAP; values without words leave nothing."""
    layers = [found for value in values if value and (found := build_layers(value))[1]]
    if len(layers) == 1:
        return layers[0]
    return GAP.join([found[0] for found in layers]), GAP.join([found[1] for found in layers])


def has_marks(text: str) -> bool:
    """Whether any word carries a diacritic, đ among them."""
    if text.isascii():
        return False
    layers = build_layers(text)
    return layers[0] != layers[1]


def normalise_number(number: str) -> str:
    """A call number, accession number or other identifier for comparing: ``398.8 TH459C`` -> ``3988th459c``."""
    lowered = number.lower()
    if lowered.isascii() and "y" not in lowered and len(lowered) <= MAX_TOKEN_BYTES:
        return _NOT_IN_NUMBERS.sub("", lowered)  # hardly a number comes twice, and only y may be spelt otherwise
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


def _build_text_layers(text: str) -> tuple[str, str]:
    """The tokens of :func:`_walk`, without their places and so without looking at each of them."""
    chunks = text.split()
    folded = " ".join(filter(None, map(_FOLDED.__getitem__, chunks)))
    if _MAY_BE_HMONG in folded:
        return _join_words([piece[:2] for piece in _walk(text)])
    if text.isascii():
        return folded, folded
    return " ".join(filter(None, map(_EXACT.__getitem__, chunks))), folded


_build_short_layers = lru_cache(maxsize=16_384)(_build_text_layers)


class _ChunkLayer(dict[str, str]):
    """One layer of what stood between two spaces, of all that was met. It forgets them all when it is full: the
    frequent ones come back soon."""

    def __init__(self, layer: int) -> None:
        super().__init__()
        self._layer = layer

    def __missing__(self, written: str) -> str:
        chunks = CHUNK.findall(written)
        if chunks != [written]:
            words = " ".join([found for chunk in chunks if (found := self[chunk])])
        elif len(written) > _CACHED_LENGTH:
            return _join_words([piece[:2] for piece in _analyse_long_chunk(written)])[self._layer]
        else:
            words = " ".join([_build_word_layers(word)[self._layer] for word, _start, _end in split_chunk(written)])
        if len(written) <= _CACHED_LENGTH:
            if len(self) >= _MOST_CHUNKS:
                self.clear()
            self[written] = words
        return words


_EXACT, _FOLDED = _ChunkLayer(0), _ChunkLayer(1)


def _join_words(words: list[tuple[str, str]]) -> tuple[str, str]:
    return " ".join([word[0] for word in words]), " ".join([word[1] for word in words])


def _analyse_long_chunk(chunk: str) -> list[tuple[str, str, int, int]]:
    return [(*_build_word_layers(word), start, end) for word, start, end in split_chunk.__wrapped__(chunk)]


@lru_cache(maxsize=16_384)
def _analyse_chunk(chunk: str) -> tuple[tuple[str, str, int, int], ...]:
    return tuple((*_build_word_layers(word), start, end) for word, start, end in split_chunk(chunk))


@lru_cache(maxsize=65_536)
def _build_word_layers(word: str) -> tuple[str, str]:
    spelled = spell_syllable(word)
    if spelled.isascii():
        return spelled, spelled
    folded = spell_syllable(cap_token(fold_letters(spelled)))
    return spelled, folded or unicodedata.normalize("NFC", spelled)
