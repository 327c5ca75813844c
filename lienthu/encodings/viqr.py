"""VIQR: Vietnamese in plain ASCII, ``Tie^'ng Vie^.t``.

Rule: shape (``^ ( +``) and tone (``' ` ? ~ .``) follow their vowel; ``dd`` is đ; a backslash takes a sign for itself. A
full stop or question mark after the last vowel of a word is its tone where that makes a likely syllable. A text is VIQR
if a word has a shape, or two have a tone inside, and these, and nearly all others, are syllables then.
"""

import re

from lienthu.encodings.vietnamese import LETTERS, is_likely_syllable, is_strict_syllable
from lienthu.text.normal_form import order_marks

_SHAPES = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_LETTER = re.compile(r"\\(.)|([aA])([\^(])|([eEoO])(\^)|([oOuU])([+*])|([dD][dD])|([aAeEiIoOuUyY])")
_SHAPED = re.compile(r"[aeoAEO]\^|[aA]\(|[ouOU]\+|\bdd|\bD[dD]")
_TONED = re.compile(r"[aeiouyAEIOUY](?:['?.][a-zA-Z]|[`~])")
MAY_BE_VIQR = re.compile(r"[aeoAEO]\^|[aA]\([a-z'`?~.]|[ouOU]\+|[aeiouyAEIOUY](?:['?.][a-zA-Z]|[`~])")
_SPLIT = re.compile(r"(\s+|(?<=\w)[/-](?=\w)|[\"\[\]]|(?<![aA])\()")
_CERTAIN = re.compile(r"[aeoAEO]\^['`?~.a-z]|[uU]\+[a-zA-Z'`?~.]|[oO]\+['`?~.a-z]|[aA]\([a-z'`?~.]")
_BOTH = re.compile(r"[aeoAEO]\^['`?~.]|[uUoO]\+['`?~.]|[aA]\(['`?~.]")
"""A shape with a tone upon it tells by itself."""
_ABBREVIATED = re.compile("[b-df-hj-np-tv-xz]+", re.IGNORECASE)
_INSIDE = re.compile(r"[aeiouy][`?~][a-z]", re.IGNORECASE)
_ASKED = re.compile(r"[aeiouy]\? [a-z]")
_FORMULA = re.compile(r"[<>]|[a-z]=|=[a-z]|\^\d|[uUoO]\+(?:%|[A-Fa-f]*\d)|\b[a-z]\^[a-z]\s*[-+=*/]|\^\(|\+\+")


def mend_viqr(text: str) -> str | None:
    """The text as it was meant, or None where it is not VIQR."""
    if not text.isascii() or MAY_BE_VIQR.search(text) is None or _FORMULA.search(text):
        return None
    chunks = _SPLIT.split(text)
    telling = [chunk for chunk in chunks if _SHAPED.search(chunk) or _TONED.search(chunk)]
    strength = sum(2 if _SHAPED.search(chunk) or _INSIDE.search(chunk) else 1 for chunk in telling)
    if strength + len(_ASKED.findall(text)) < 2:
        return None
    decoded = [decode_viqr(chunk) for chunk in chunks]
    words = [word for chunk in decoded for word in LETTERS.findall(chunk)]
    told = [word for chunk in telling for word in LETTERS.findall(decode_viqr(chunk)) if len(word) > 1 or word > "z"]
    if len(words) < 2 and _BOTH.search(text) is None:
        return None
    if not all(map(is_strict_syllable, told)) or sum(map(_is_met, told)) * 2 < len(told):
        return None
    whole = [word for word in words if not _ABBREVIATED.fullmatch(word)]
    certain = sum(_CERTAIN.search(chunk) is not None for chunk in telling)
    least = 0.3 if certain > 1 else 0.5 if certain else 0.75
    return "".join(decoded) if sum(map(is_strict_syllable, whole)) >= least * len(whole) else None


def decode_viqr(chunk: str) -> str:
    """One word of VIQR, whatever it may be."""
    whole = _decode(chunk)
    if chunk[-1:] in (".", "?", "'") and len(chunk) > 1:
        shorter = _decode(chunk[:-1]) + chunk[-1]
        words = LETTERS.findall(whole)
        if whole == shorter or not words or chunk in ("a.", "e.", "i.", "o.", "u.", "y.") or not _is_met(words[-1]):
            return shorter
    return whole


def _is_met(word: str) -> bool:
    return is_strict_syllable(word) and is_likely_syllable(word)


def _decode(chunk: str) -> str:
    signs: list[str] = []
    place = 0
    toned = False
    while place < len(chunk):
        match = _LETTER.match(chunk, place)
        if match is None:
            if not chunk[place].isalpha():
                toned = False
            signs.append(chunk[place])
            place += 1
            continue
        place = match.end()
        if match[1] is not None:
            signs.append(match[1])
            continue
        if match[8]:
            signs.append("Đ" if match[8][0] == "D" else "đ")
            continue
        letter = match[2] or match[4] or match[6] or match[9]
        shape = match[3] or match[5] or match[7]
        tone = _TONES.get(chunk[place : place + 1], "") if not toned else ""
        if tone == _TONES["."] and letter.isupper() and not shape and not "".join(signs[-1:]).isalpha():
            tone = "" if not chunk[place + 1 : place + 2].isalpha() else tone  # an initial
        if tone:
            place += 1
            toned = True
        signs.append(order_marks(letter + (_SHAPES[shape] if shape else "") + tone))
    return "".join(signs)
