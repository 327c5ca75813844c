"""The Vietnamese syllable: which letters make a legal one, and its one spelling.

A syllable is an onset and a rhyme, with at most one tone on it. Writers put the tone in two places (``hoà``, ``hòa``)
and typists in wrong ones (``vịêt``); after h k l m s t qu they write a final i or y as they like (``lý``, ``lí``). A
legal syllable gets one spelling: the tone where the interface puts it (``hóa``, ``khỏe``, ``thúy``, ``người``), and i
for that final y (``lí``, ``quí``). Any other word (French, pinyin, Hmong) keeps its marks where they are.
"""

import re
import unicodedata
from functools import lru_cache

TONES = ("\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
"""Huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries, after the level tone."""

ONSETS = frozenset("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split()) | {""}  # noqa: SIM905

RHYMES = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay
    ă ăc ăm ăn ăng ăp ăt
    â âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et
    ê êch êm ên ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong
    op ot
    ô ôc ôi ôm ôn ông ôp ôt
    ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uyn
    uynh uyp uyt uyu
    ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
    y yêm yên yêng yêt yêu ych yn ynh yt
    """.split()  # noqa: SIM905
)
_FREE_I_ONSETS = frozenset(("h", "k", "l", "m", "s", "t", "qu"))
_Y_ONSETS = _FREE_I_ONSETS | frozenset(("", "d", "n", "th", "v"))
_SOFT_ONLY = frozenset(("gh", "ngh"))
_SOFT = frozenset("ieêy")
_VOWELS = frozenset("aăâeêioôơuưy")
_SHAPED = frozenset("ăâêôơư")
_TONED = {
    unicodedata.normalize("NFC", vowel + tone): (vowel, place + 1)
    for vowel in sorted(_VOWELS)
    for place, tone in enumerate(TONES)
}
_TONELESS = str.maketrans({toned: vowel for toned, (vowel, _) in _TONED.items()})
_TONE_OF = {toned: tone for toned, (_, tone) in _TONED.items()}
_MAY_BE_SYLLABLE = re.compile(f"[a-zđ{''.join(sorted(_VOWELS))}{''.join(_TONED)}]+")
"""Words of these letters, which are nearly all that bear marks, are taken apart without their marks being split off."""


def split_tone(word: str) -> tuple[str, int] | None:
    """``hoà`` -> ``("hoa", 1)``, the tone as 0 to 5 from wherever it sits; None where there are two tones or more."""
    if word.isascii():
        return word, 0
    if _MAY_BE_SYLLABLE.fullmatch(word):
        letters = word.translate(_TONELESS)
        if letters == word:
            return word, 0
        found = [_TONE_OF[letter] for letter in word if letter in _TONE_OF]
        return (letters, found[0]) if len(found) == 1 else None
    return _split_any_tone(word)


def _split_any_tone(word: str) -> tuple[str, int] | None:
    tone = 0
    letters = []
    for character in unicodedata.normalize("NFD", word):
        if character in TONES:
            if tone:
                return None
            tone = TONES.index(character) + 1
        else:
            letters.append(character)
    return unicodedata.normalize("NFC", "".join(letters)), tone


@lru_cache(maxsize=16_384)
def split_onset(letters: str) -> tuple[str, str] | None:
    """``nghiêng`` -> ``("ngh", "iêng")``, for letters in lower case without a tone; None where it is no syllable."""
    for length in (3, 2, 1, 0):
        onset, rhyme = letters[:length], letters[length:]
        if len(onset) == length and onset in ONSETS and rhyme in RHYMES and _fits(onset, rhyme):
            return onset, rhyme
    return None


def is_syllable(word: str) -> bool:
    """Whether a word (lower case, NFC) is a legal Vietnamese syllable, its tone anywhere."""
    parts = split_tone(word)
    return parts is not None and split_onset(parts[0]) is not None


def spell_syllable(word: str) -> str:
    """The one spelling of a legal syllable (lower case, NFC); any other word as it is."""
    parts = split_tone(word)
    if parts is None:
        return word
    letters, tone = parts
    split = split_onset(letters)
    if split is None:
        return word
    onset, rhyme = split
    if rhyme == "y" and onset in _FREE_I_ONSETS:
        rhyme = "i"
    if not tone:
        return onset + rhyme
    place = len(onset) + _find_tone_place(rhyme) + 1
    letters = onset + rhyme
    return unicodedata.normalize("NFC", letters[:place] + TONES[tone - 1] + letters[place:])


def _fits(onset: str, rhyme: str) -> bool:
    first = rhyme[0]
    if first == "y" and onset not in _Y_ONSETS:
        return False
    if onset == "qu":
        return first not in "ou"
    if onset == "gi":
        return first not in "iy"
    if rhyme in {"ych", "yn", "ynh", "yt"} or (onset and rhyme.startswith("yê")):
        return False
    if onset in _SOFT_ONLY:
        return first in _SOFT
    if onset in {"c", "ng"}:
        return first not in _SOFT
    return True


def _find_tone_place(rhyme: str) -> int:
    """The vowel that carries the tone: the last with a shape of its own (ê, ơ, â...), else the middle one of three,
    the second of two before a consonant, the first of two at the end."""
    vowels = [index for index, letter in enumerate(rhyme) if letter in _VOWELS]
    shaped = [index for index in vowels if rhyme[index] in _SHAPED]
    if shaped:
        return shaped[-1]
    if len(vowels) == 3 or (len(vowels) == 2 and len(rhyme) > 2):
        return vowels[1]
    return vowels[0]
