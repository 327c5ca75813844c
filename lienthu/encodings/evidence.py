"""Evidence that a text is in an old Vietnamese character set: what each of its words would be, and how telling that is.

Rule: a word tells something if the set changes it and makes a legal syllable of it that it was not before. It tells
much if no sound text has such a word: a sign or a capital in the middle of small letters (``viÖn``, ``tr×nh``); little
if it might be French or German (``Thé``). Words with digits tell nothing.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from lienthu.encodings.legacy import DECODERS, restore_quotes, undo_reading
from lienthu.encodings.vietnamese import (
    LETTERS,
    is_everyday_syllable,
    is_likely_syllable,
    is_strict_syllable,
    mend_capitals,
)

_LEADING = "«»“”‘’‚„‹›–—…¿¡ \xa0()[]{}.,;:!?/\\|\"'`*+=<>&%#@~^_-"
_TRAILING = _LEADING.translate({ord(sign): None for sign in "«„‚¿¡"}) + "¶™"
_QUOTED = re.compile("«.*»|».*«|“.*”|”.*”|„.*[“”]|‘.*’|’.*’|‚.*[‘’]|‹.*›|›.*‹")
_SIGN = re.compile("[\x80-\xa9\xab-\xb6\xb8\xb9\xbb-\xbf×÷€‚ƒ„…†‡ˆ‰Š‹Œ“”•–—˜™š›Ÿ−]")
_NUMERO = re.compile("[nN][°º]")
_INSIDE = re.compile("[A-Za-zÀ-ÿ][ªº·][A-Za-zÀ-ÿ]")
_LATE_CAPITAL = re.compile("[a-zß-öø-ÿ][À-ÖØ-Þ]")
_TWO_MARKED = re.compile("[À-ÖØ-öø-ÿ]{2}|[ðÐ]")
_ELSEWHERE = re.compile("uá(?:n|ng|i)?$|[aou]ï|aü", re.IGNORECASE)
"""Pairs of pinyin (``Huáng``) and of French (``Haïm``, ``Saül``)."""
_UNHEARD_OF = re.compile("[aeouy][ùøõåãäâ]|[ae]á", re.IGNORECASE)
"""No language of Europe has these pairs in a word that would be a Vietnamese syllable."""
_ABBREVIATED = re.compile("[b-df-hj-np-tv-xz]+", re.IGNORECASE)
_NATIVE = re.compile("^(?:ng|nh)|nh$", re.IGNORECASE)
_ENDING = re.compile("(?:[^c]c|nh)$", re.IGNORECASE)
"""With which hardly a word of Europe ends."""
_SPLIT = re.compile(r"[^ \t\r\n/()\[\]{}\"<>=|]+")
_SIGNS_FOR_U = str.maketrans({"−": "\xad", "•": "\xad"})
_ALL_SIGNS_FOR_U = str.maketrans({"−": "\xad", "•": "\xad", "-": "\xad"})


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One chunk in one encoding. ``text`` is what it would be; ``words`` how many of its words changed (0: it tells
    nothing), ``legal`` how many are legal syllables then, ``before`` how many were, ``strength`` how telling."""

    text: str
    words: int = 0
    legal: int = 0
    likely: int = 0
    everyday: int = 0
    before: int = 0
    strength: float = 0.0


class Evidence(msgspec.Struct):
    """The sum over many chunks. ``words`` are those that the encoding changes; ``likely`` and ``everyday`` those of
    them that are met all the time afterwards, ``strongest`` the most telling one; ``plain`` are the other words,
    ``marked`` those of them that are Vietnamese with marks, ``native`` those whose plain letters hardly any other
    language has (``Thanh``), ``foreign`` those that are no syllables."""

    words: int = 0
    legal: int = 0
    likely: int = 0
    everyday: int = 0
    before: int = 0
    strength: float = 0.0
    strongest: float = 0.0
    plain: int = 0
    marked: int = 0
    native: int = 0
    foreign: int = 0

    @property
    def share(self) -> float:
        return self.legal / self.words if self.words else 0.0

    @property
    def score(self) -> float:
        """For comparing encodings: what is won, less what is lost and what was right and would be changed."""
        lost = 2.0 * (self.words - self.legal) + 2.0 * self.before
        return self.legal + 0.5 * self.likely + self.everyday - lost + self.strength / 100

    def is_enough(self) -> bool:
        """Whether a text by itself may be read so: the damaged words become syllables that they were not, and enough of
        them look damaged, or everything is likely Vietnamese then."""
        won = self.legal - self.before
        if won < 1 or self.share < 0.6 or (self.share < 0.8 and self.strength < 4):
            return False
        if self.likely == self.words and self.foreign * 4 <= self.plain and self.plain + self.words > 1:
            if self.strongest >= 1.25 or (self.marked and not self.before and self.strongest >= 0.75):
                return True
            surely = self.words > 1 or self.strongest >= 1 or (self.native and self.strongest >= 0.75)
            if self.everyday == self.words and not self.foreign and surely:
                return True
        if self.before >= 0.6 * self.words or won < 0.3 * self.words:
            return False
        mostly_foreign = self.foreign * 2 > self.plain
        if self.words == 1:
            return self.strength >= 2 and not mostly_foreign
        if mostly_foreign:
            return self.strength >= min(3.0, 2.0 + self.plain) and self.strongest >= 1.25
        return self.strength >= (1.5 if self.strongest >= 1 else 2.25)


def is_plain(chunk: str) -> bool:
    """ASCII, and no control characters, which are letters in two sets."""
    return chunk.isascii() and chunk.isprintable()


def split_chunks(text: str) -> list[str]:
    return _SPLIT.findall(text)


def gather_evidence(texts: Iterable[str], encoding: str) -> Evidence:
    found = Evidence()
    for text in texts:
        for chunk in split_chunks(text):
            reading = None if is_plain(chunk) else read_chunk(encoding, chunk)
            if reading is not None and reading.words:
                found.words += reading.words
                found.legal += reading.legal
                found.likely += reading.likely
                found.everyday += reading.everyday
                found.before += reading.before
                found.strength += reading.strength
                found.strongest = max(found.strongest, reading.strength)
            elif reading is None and not chunk.isascii():
                found.words += 1
            elif encoding == "tcvn3" and chunk.isascii() and _hides_u(chunk):
                found.words, found.legal, found.likely = found.words + 1, found.legal + 1, found.likely + 1
                found.strength += 1
            else:
                _count_plain(found, chunk)
    return found


def _count_plain(found: Evidence, chunk: str) -> None:
    if chunk.isascii() and (len(chunk) < 2 or not chunk.strip(_TRAILING).isalpha()):
        return
    for word in LETTERS.findall(chunk):
        if _ABBREVIATED.fullmatch(word):
            continue
        sound = is_strict_syllable(word)
        found.plain += 1
        found.foreign += not sound
        found.native += sound and _NATIVE.search(word) is not None
        found.marked += sound and not word.isascii() and is_likely_syllable(word)


def _hides_u(chunk: str) -> bool:
    """``th-``, ``nh-ng``: a hyphen in the place of ư."""
    return "-" in chunk and is_strict_syllable(chunk.replace("-", "ư"))


@lru_cache(maxsize=65_536)
def read_chunk(encoding: str, chunk: str) -> Reading | None:
    """The best reading of a chunk; None where the encoding has no such characters."""
    if _QUOTED.search(chunk):
        return Reading(chunk)
    core = _strip_edges(chunk)
    if core != chunk and is_plain(core):
        return _read_edges(encoding, chunk)
    best: Reading | None = None
    for variant in _list_variants(encoding, chunk):
        for decoded, paired in _decode(encoding, variant):
            reading = _weigh(chunk, core, decoded, paired)
            if best is None or (reading.legal, -reading.words) > (best.legal, -best.words):
                best = reading
    if core != chunk and (best is None or best.legal < best.words):
        inner = read_chunk(encoding, core)
        if inner is not None and (best is None or inner.legal > best.legal):
            return msgspec.structs.replace(inner, text=chunk.replace(core, inner.text, 1))
    return best


def _strip_edges(chunk: str) -> str:
    """Without the quotes and the like around it, which may be letters in an old set."""
    return chunk.lstrip(_LEADING).rstrip(_TRAILING)


def _read_edges(encoding: str, chunk: str) -> Reading:
    """A plain word with a quote at its beginning or end (``«ng``): it tells nothing, but may be read with the rest."""
    for decoded, _paired in _decode(encoding, chunk):
        words = LETTERS.findall(decoded)
        if len(words) == 1 and len(chunk) > 1 and is_strict_syllable(words[0]) and is_likely_syllable(words[0]):
            return Reading(decoded)
    return Reading(chunk)


def _list_variants(encoding: str, chunk: str) -> Iterable[str]:
    if encoding != "tcvn3":
        return (chunk,)
    return dict.fromkeys((chunk.translate(_SIGNS_FOR_U), chunk, chunk.translate(_ALL_SIGNS_FOR_U)))


def _decode(encoding: str, chunk: str) -> Iterator[tuple[str, bool]]:
    """(what the chunk would be, whether pairs became single letters) by each decoder of the encoding."""
    for undone in undo_reading(chunk):
        for decode in DECODERS[encoding]:
            decoded = decode(undone)
            if decoded is not None and not any(sign < " " for sign in decoded):
                decoded = LETTERS.sub(lambda word: mend_capitals(word[0]), restore_quotes(decoded))
                yield decoded, len(undone) > len(decoded)


def _weigh(chunk: str, core: str, decoded: str, paired: bool) -> Reading:
    words = LETTERS.findall(decoded)
    old_words = LETTERS.findall(chunk)
    changed = [word for word in words if not word.isascii() and word not in old_words]
    if not changed or any(sign.isdecimal() for sign in core) or _NUMERO.match(core):
        return Reading(decoded)
    legal = [word for word in changed if is_strict_syllable(word)]
    gone = [] if _SIGN.search(core) else [word for word in old_words if word not in words]
    return Reading(
        decoded,
        words=len(changed),
        legal=len(legal),
        likely=sum(map(is_likely_syllable, legal)),
        everyday=sum(map(is_everyday_syllable, legal)),
        before=min(len(changed), sum(map(is_strict_syllable, gone))),
        strength=sum(_measure_strength(word, core, paired) for word in legal),
    )


def _measure_strength(word: str, core: str, paired: bool) -> float:
    likely = is_likely_syllable(word)
    if len(word) < 2 and len(core) < 2:
        return 0.25
    if (
        _LATE_CAPITAL.search(core)
        or _INSIDE.search(core)
        or _SIGN.search(core[:-1])
        or (_SIGN.search(core) and len(core) > 2)
    ):
        return 2.0 if likely else 1.5
    if _SIGN.search(core):
        return 1.0
    if not likely:
        return 0.75 if paired else 0.25
    if _TWO_MARKED.search(core):
        return 2.0 if paired and len(core) > 2 else 1.25
    if paired:
        return 0.5 if _ELSEWHERE.search(core) else 2.0 if len(core) > 4 and _UNHEARD_OF.search(core) else 1.25
    return 1.25 if _ENDING.search(word) else 1.0 if len(core) > 3 and is_everyday_syllable(word) else 0.75
