"""The key under which a title is filed: comparing keys by code point gives the Vietnamese order.

Filed word by word: first the letters of a word (a ă â b c d đ e ê ...), then its tone (level, huyền, hỏi, ngã, sắc,
nặng), then the next word: *Lao động* before *Lào Cai*. Quotes, brackets and a leading article (by language) are set
aside; numbers stand before letters and go by their value.
"""

import re
import unicodedata
from collections.abc import Iterator

from lienthu.text.normal_form import fold_letters
from lienthu.text.syllable import TONES
from lienthu.text.word import CHUNK, split_chunk

MAX_KEY_BYTES = 400

_ARTICLES = {
    "en": frozenset(("a", "an", "the")),
    "fr": frozenset(("l", "la", "le", "les", "un", "une")),
    "de": frozenset(("das", "der", "die", "ein", "eine")),
    "es": frozenset(("el", "la", "las", "los", "un", "una")),
}
_LETTERS = str.maketrans({"ă": "a{", "â": "a|", "đ": "d{", "ê": "e{", "ô": "o{", "ơ": "o|", "ư": "u{"})
_TONE_MARKS = "!#$%&+"
_LAST = "\U0010fffd"
_CACHED_LENGTH = 64
_MOST_CHUNKS = 65_536
_RUN = re.compile(r"[0-9]+|[^0-9]+")


def build_sort_key(title: str, language: str = "vi") -> str:
    """``"Đại Thư" sách`` -> a key under Đ. A title without any word is filed last."""
    articles = _ARTICLES.get(language)
    keys = _KEYS if articles is None else _KEYS_OF_PLAIN_LETTERS
    key = " ".join(filter(None, map(keys.__getitem__, title.split())))
    if articles is not None and _find_first_word(title) in articles:
        key = key.partition(" ")[2] or key
    if len(key) * 4 > MAX_KEY_BYTES:
        key = key.encode("utf-8")[:MAX_KEY_BYTES].decode("utf-8", "ignore")
    return key or _LAST


def _find_first_word(title: str) -> str:
    for found in CHUNK.finditer(title):
        words = split_chunk(found[0])
        if words:
            return words[0].word
    return ""


class _ChunkKeys(dict[str, str]):
    """The key of what stood between two spaces, of all that was met; it forgets them all when it is full."""

    def __init__(self, keep_letters: bool) -> None:
        super().__init__()
        self._keep_letters = keep_letters

    def __missing__(self, written: str) -> str:
        words = [piece.word for chunk in CHUNK.findall(written) for piece in split_chunk(chunk)]
        key = " ".join(["".join(_walk_word_key(word, self._keep_letters)) for word in words])
        if len(written) <= _CACHED_LENGTH:
            if len(self) >= _MOST_CHUNKS:
                self.clear()
            self[written] = key
        return key


_KEYS, _KEYS_OF_PLAIN_LETTERS = _ChunkKeys(True), _ChunkKeys(False)


def _walk_word_key(word: str, keep_letters: bool) -> Iterator[str]:
    tones = []
    for run in _RUN.findall(word):
        if run.isdigit():
            yield _build_number_key(run)
            continue
        letters, marks = _take_tones(run)
        yield fold_letters(letters.translate(_LETTERS) if keep_letters else letters)
        tones.extend(marks)
    yield "".join(_TONE_MARKS[tone] for tone in tones) or _TONE_MARKS[0]


def _build_number_key(digits: str) -> str:
    """Shorter numbers before longer ones: the count of digits stands before them."""
    digits = digits.lstrip("0") or "0"
    return "9" * (len(digits) // 9) + str(len(digits) % 9) + digits


def _take_tones(letters: str) -> tuple[str, list[int]]:
    tones = []
    kept = []
    for character in unicodedata.normalize("NFD", letters):
        if character in TONES:
            tones.append(TONES.index(character) + 1)
        else:
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept)), tones
