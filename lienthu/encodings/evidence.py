"""Evidence that a text is in an old Vietnamese character set: what each of its words would be, and how telling that is.

Rule: a word tells something if the set changes it and makes a legal syllable of it that it was not before. It tells
much if no sound text has such a word: a sign or a capital in the middle of small letters (``viÖn``, ``tr×nh``); little
if it might be French or German (``Thé``). Words with digits tell nothing.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from lienthu.encodings.legacy import DECODERS, restore_quotes, undo_reading
from lienthu.encodings.vietnamese import LETTERS, is_likely_syllable, is_strict_syllable, mend_capitals

_EDGES = "«»“”‘’‚„‹›–—…¿¡·°ºª®©§¶ \xa0()[]{}.,;:!?/\\|\"'`*+=<>&%#@~^_-"
_SIGN = re.compile("[\x80-\xa9\xab-\xb6\xb8\xb9\xbb-\xbf×÷€‚ƒ„…†‡ˆ‰Š‹Œ“”•–—˜™š›Ÿ−]")
_LATE_CAPITAL = re.compile("[a-zß-öø-ÿ][À-ÖØ-Þ]")
_SPLIT = re.compile(r"[^\s/()\[\]{}\"<>=|]+")
_SOFT_HYPHENS = str.maketrans({"−": "\xad", "•": "\xad"})


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One chunk in one encoding. ``text`` is what it would be; ``words`` how many of its words changed (0: it tells
    nothing), ``legal`` how many are legal syllables then, ``before`` how many were, ``strength`` how telling."""

    text: str
    words: int = 0
    legal: int = 0
    before: int = 0
    strength: float = 0.0


class Evidence(msgspec.Struct):
    """The sum over many chunks; ``plain`` are words of ASCII letters, ``foreign`` those that are no syllables."""

    words: int = 0
    legal: int = 0
    before: int = 0
    strength: float = 0.0
    plain: int = 0
    foreign: int = 0
    chunks: int = 0

    @property
    def share(self) -> float:
        return self.legal / self.words if self.words else 0.0

    def is_enough(self) -> bool:
        """Whether a text by itself may be read so: legality rises to 0.8 and by 0.3 (most words were none before),
        and enough of its words look damaged, or else it looks Vietnamese in everything."""
        if not self.words or self.share < 0.8 or self.before >= 0.6 * self.words:
            return False
        if self.legal - self.before < 0.3 * self.words:
            return False
        mostly_foreign = self.foreign * 2 > self.plain
        if self.words == 1:
            return self.strength >= 2 and (not mostly_foreign or self.plain == 0)
        if mostly_foreign and self.plain:
            return self.strength >= min(4.0, 2.0 + self.plain)
        return self.strength >= 1.5


def split_chunks(text: str) -> list[str]:
    return _SPLIT.findall(text)


def gather_evidence(texts: Iterable[str], encoding: str) -> Evidence:
    found = Evidence()
    for text in texts:
        for chunk in split_chunks(text):
            if chunk.isascii():
                if len(chunk) > 1 and chunk.isalpha():
                    found.plain += 1
                    found.foreign += not is_strict_syllable(chunk)
                continue
            reading = read_chunk(encoding, chunk)
            if reading is None:
                found.words += 1
                found.chunks += 1
            elif reading.words:
                found.words += reading.words
                found.legal += reading.legal
                found.before += reading.before
                found.strength += reading.strength
                found.chunks += 1
    return found


@lru_cache(maxsize=65_536)
def read_chunk(encoding: str, chunk: str) -> Reading | None:
    """The best reading of a chunk; None where the encoding has no such characters."""
    best: Reading | None = None
    chunks = [chunk]
    if encoding == "tcvn3" and ("−" in chunk or "•" in chunk):
        chunks.insert(0, chunk.translate(_SOFT_HYPHENS))
    for variant in chunks:
        for undone in undo_reading(variant):
            for decode in DECODERS[encoding]:
                decoded = decode(undone)
                if decoded is None or any(sign < " " for sign in decoded):
                    continue
                reading = _weigh(chunk, undone, restore_quotes(decoded))
                if best is None or reading.legal > best.legal:
                    best = reading
    return best


def _weigh(chunk: str, undone: str, decoded: str) -> Reading:
    core = chunk.strip(_EDGES)
    decoded = LETTERS.sub(lambda word: mend_capitals(word[0]), decoded)
    words = LETTERS.findall(decoded)
    if decoded == chunk or any(sign.isdecimal() for sign in core) or not words:
        return Reading(decoded)
    marked = [word for word in words if not word.isascii()]
    old_words = set(LETTERS.findall(chunk))
    changed = [word for word in marked if word not in old_words]
    if not changed:
        return Reading(decoded)
    legal = [word for word in changed if is_strict_syllable(word)]
    sound = not _SIGN.search(core) and all(is_strict_syllable(word) for word in LETTERS.findall(core))
    return Reading(
        decoded,
        words=len(changed),
        legal=len(legal),
        before=len(changed) if sound and core else 0,
        strength=sum(_measure_strength(word, core, undone, decoded) for word in legal),
    )


def _measure_strength(word: str, core: str, undone: str, decoded: str) -> float:
    likely = is_likely_syllable(word)
    if len(word) < 2 and len(core) < 2:
        return 0.25
    if _LATE_CAPITAL.search(core) or _SIGN.search(core[:-1]) or (_SIGN.search(core) and len(core) > 2):
        return 2.0 if likely else 1.5
    if _SIGN.search(core):
        return 1.0
    if len(undone) > len(decoded):
        return 1.25 if likely else 0.75
    return 0.75 if likely else 0.25
