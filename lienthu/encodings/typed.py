"""Vietnamese as it is typed when the input method is off: Telex (``vieejn``) and VNI (``vie6n5``), a word at a time.

Rule: the keys of shape (``aa aw dd``; 6 7 8 9) and tone (``s f r x j``; 1 to 5) may stand right behind their letter or
at the end of the word. What comes out must be a syllable that is met; else the word is no such typing.
"""

import re
import unicodedata

from lienthu.encodings.vietnamese import is_likely_syllable, is_strict_syllable
from lienthu.text.syllable import TONES, spell_syllable

_TELEX_TONES = {"f": 0, "r": 1, "x": 2, "s": 3, "j": 4}
_VNI_TONES = {"2": 0, "3": 1, "4": 2, "1": 3, "5": 4}
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"o": "ơ", "u": "ư"}
_VOWELS = frozenset("aăâeêioôơuưy")
_HALF_HORNED = re.compile("(?<!q)uơ(?=[a-z])|ưo(?=[a-z])")
_TELEX = re.compile("[a-z]{2,10}")
_VNI = re.compile("(?=[a-z0-9]*[a-z])[a-z][a-z0-9]{1,9}")


def decode_telex(word: str) -> str | None:
    """``dduwowngf`` -> ``đường``; None where the word (lower case) has no such keys, or would be no syllable."""
    if _TELEX.fullmatch(word) is None:
        return None
    letters: list[str] = []
    tone: int | None = None
    for key in word:
        if key in _TELEX_TONES and not _VOWELS.isdisjoint(letters):
            tone = _TELEX_TONES[key]
        elif key == "w":
            _shape_with_w(letters)
        elif key in _CIRCUMFLEX and _replace_last(letters, key, _CIRCUMFLEX[key]):
            continue
        elif key == "d" and letters[:1] == ["d"]:
            letters[0] = "đ"
        else:
            letters.append(key)
    return _spell(letters, tone, word)


def decode_vni(word: str) -> str | None:
    """``d9u7o7ng2`` -> ``đường``; None as above, and for a word without a digit."""
    if _VNI.fullmatch(word) is None or word.isalpha():
        return None
    letters: list[str] = []
    tone: int | None = None
    for key in word:
        if key in _VNI_TONES:
            tone = _VNI_TONES[key]
        elif key == "6":
            if not any(_replace_last(letters, plain, shaped) for plain, shaped in _CIRCUMFLEX.items()):
                return None
        elif key == "7":
            if not _put_horn(letters):
                return None
        elif key == "8":
            if not _replace_last(letters, "a", "ă"):
                return None
        elif key == "9":
            if letters[:1] != ["d"]:
                return None
            letters[0] = "đ"
        elif key == "0":
            return None
        else:
            letters.append(key)
    return _spell(letters, tone, word)


def _shape_with_w(letters: list[str]) -> None:
    """w makes ơ, ư or ă of the vowel before it, ươ of uo, and is ư where there is none."""
    if not _put_horn(letters) and not _replace_last(letters, "a", "ă"):
        letters.append("ư")


def _put_horn(letters: list[str]) -> bool:
    """On the last o or u; of uo, the u gets it in the end (``truowng``)."""
    for place in range(len(letters) - 1, -1, -1):
        letter = letters[place]
        if letter == "a" and letters[place - 1 : place] != ["u"]:
            return False
        if letter in _HORN and not (letter == "u" and letters[place - 1 : place] == ["q"]):
            letters[place] = _HORN[letter]
            return True
    return False


def _replace_last(letters: list[str], plain: str, shaped: str) -> bool:
    """The last such vowel, if only consonants stand behind it."""
    for place in range(len(letters) - 1, -1, -1):
        if letters[place] == plain:
            letters[place] = shaped
            return True
        if letters[place] in _VOWELS:
            return False
    return False


def _spell(letters: list[str], tone: int | None, word: str) -> str | None:
    """The syllable of these letters with the tone where it belongs, if it is one that is met."""
    joined = _HALF_HORNED.sub("ươ", "".join(letters))
    if tone is not None:
        vowel = next((at for at in range(len(letters) - 1, -1, -1) if letters[at] in _VOWELS), None)
        if vowel is None:
            return None
        joined = _place_tone(joined[: vowel + 1] + TONES[tone] + joined[vowel + 1 :])
    if joined == word or not is_strict_syllable(joined) or not is_likely_syllable(joined):
        return None
    return joined


def _place_tone(word: str) -> str:
    """In the spelling of the interface, but a final y stays."""
    word = unicodedata.normalize("NFC", word)
    spelled = spell_syllable(word)
    return word if len(spelled) == len(word) and spelled[:-1] == word[:-1] else spelled
