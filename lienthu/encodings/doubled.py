"""Text whose UTF-8 was taken for Windows-1252, Windows-1258 or Latin-1 and encoded once more: ``Thá»§ tá»¥c``.

Rule: where the characters of a run, turned back into bytes, are the UTF-8 of a letter or sign that a catalogue may
hold, the run is that letter. Sequences of three are certain; a sequence of two whose second is a quotation mark or a
dash may also be sound (``“LIBERTÉ”``). What lost a byte on its way (a no-break space that became a space, a soft hyphen
or control character that was dropped) is completed where only one letter makes a syllable, once the text is known to
be doubled.
"""

import re
from unicodedata import normalize

from lienthu.encodings.legacy import WINDOWS_1252
from lienthu.encodings.vietnamese import LETTERS, is_likely_syllable, is_strict_syllable

_SPECIALS = "".join(WINDOWS_1252)
_TRAIL = f"[\x80-\xbf{_SPECIALS}]"
_RUN = re.compile(f"[Â-ßĂ]{_TRAIL}|[à-ïă]{_TRAIL}{{2}}|[ð-ôđ]{_TRAIL}{{3}}")
MAY_BE_DOUBLED = re.compile(f"[Â-ôĂăđ]{_TRAIL}")
_OTHER = re.compile("[\xa1-\xaa\xac-\xba\xbc-ÁÅ-àâ-ÿ]")
_TO_BYTE = str.maketrans(WINDOWS_1252 | {"Ă": "\xc3", "ă": "\xe3", "đ": "\xf0"})
_UNSURE = frozenset("“”‘’‚„…–—«»›‹•™®")
_AFTER_WORDS = frozenset("\xa0»”’…")
_PLAUSIBLE = re.compile(
    "[\x80-\u017f\u0192\u01a0\u01a1\u01af\u01b0\u02c6\u02dc\u0300-\u04ff\u0590-\u06ff\u0900-\u0fff\u1e00-\u1fff"
    "\u2000-\u22ff\u3000-\u30ff\u3400-\u9fff\uaa80-\uaadf\uac00-\ud7af\uf900-\ufaff\ufe30-\uffef\U0001f300-\U0003ffff]"
)
_LEAST = 1.5
_LEAST_AGAIN = 0.8
"""Once a text is known to have been doubled, less is needed to see that it was doubled twice."""
_CODAS = ("ng", "nh", "n", "m", "i", "o", "u", "y")


def mend_doubled(text: str) -> str | None:
    """The text as it was meant, or None where it is not doubled. Twice doubled is mended twice."""
    mended = text
    for least in (_LEAST, _LEAST_AGAIN, _LEAST_AGAIN):
        found = _mend_once(mended, least) if MAY_BE_DOUBLED.search(mended) else None
        if found is None:
            break
        mended = found
    return None if mended == text else normalize("NFC", _complete(mended))


def _mend_once(text: str, least: float) -> str | None:
    strength = 0.0

    def turn_back(match: re.Match[str]) -> str:
        nonlocal strength
        run = match[0]
        try:
            letter = run.translate(_TO_BYTE).encode("latin-1").decode("utf-8")
        except UnicodeError:
            return run
        if _PLAUSIBLE.fullmatch(letter) is None:
            return run
        if letter > "\u2dff" and text[match.start() - 1 : match.start()].isalpha() and set(run[1:]) & _AFTER_WORDS:
            return run  # ``indéterminé »``
        strength += _measure(run, letter, text[: match.start()], text[match.end() :])
        return letter

    mended = _RUN.sub(turn_back, text)
    if strength < least:
        return None
    others = len(_OTHER.findall(_RUN.sub("", text)))  # in doubled text nearly everything beyond ASCII is in runs
    return mended if others <= len(_RUN.findall(text)) else None


def _measure(run: str, letter: str, before: str, after: str) -> float:
    if len(run) > 2:
        return 2.0
    if run[1] in _UNSURE and (before[-1:].isupper() or not before[-1:].isalpha()) and not after[:1].isalpha():
        return 0.5
    if letter > "\u02ff":
        return 0.8
    return 1.5


def _complete(text: str) -> str:
    """What lost its second or third byte, now that the text is known to be doubled."""
    if not any(sign in text for sign in "ÃÄĂá"):
        return text
    text = re.sub(r"á»(?:\ufffd)?", "\ue000", text)
    text = re.sub(r"(?<![^\W\d_])Ä(?:\ufffd|(?=[A-Za-zÀ-ỹ\ue000]))", "Đ", text)
    text = re.sub(r"[ÃĂ] ([a-z]{0,2})(?![a-zà-ỹ])", _join_grave, text)
    text = re.sub(r"[ÃĂ](?: |$)", "à ", text).rstrip(" ") if text.rstrip() == text else text
    text = re.sub(r"[^\W\d_]*(?:[ÃĂ](?![\x80-\xbf])|\ue000)[^\W\d_\ue000]*", _complete_word, text)
    return text.replace("\ue000", "á»")


def _join_grave(match: re.Match[str]) -> str:
    """``nhÃ n`` is *nhàn*, ``lÃ n`` too; ``vÃ em`` is *và em*."""
    rest = match[1]
    return f"à{rest}" if rest in _CODAS else f"à {rest}"


def _complete_word(match: re.Match[str]) -> str:
    word = match[0]
    if is_strict_syllable(word):
        return word
    lost = "\ue000" in word
    sign = "\ue000" if lost else "Ã" if "Ã" in word else "Ă"
    guesses = [word.replace(sign, letter) for letter in ("ềọỏờỐ" if lost else "í")]
    legal = [guess for guess in guesses if all(is_strict_syllable(found) for found in LETTERS.findall(guess))]
    likely = [guess for guess in legal if is_likely_syllable(guess)]
    return (likely or legal or [word])[0]
