"""VIQR: Vietnamese in plain ASCII, ``Tie^'ng Vie^.t``.

Rule: shape (``^ ( +``) and tone (``' ` ? ~ .``) follow their vowel; ``dd`` is đ; a backslash takes a sign for itself. A
full stop or question mark at the end of a word is a tone only if the word has no other and needs or bears it (``Vie^.t``;
in ``an.`` it ends the sentence). A text is VIQR if at least two words have a shape and nearly all are syllables then.
"""

import re

from lienthu.encodings.vietnamese import LETTERS, is_likely_syllable, is_strict_syllable
from lienthu.text.normal_form import order_marks

_SHAPES = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_LETTER = re.compile(r"\\(.)|([aA])([\^(])|([eEoO])(\^)|([oOuU])([+*])|([dD][dD])|([aAeEiIoOuUyY])")
_SHAPED = re.compile(r"[aeoAEO]\^|[aA]\(|[ouOU]\+")
MAY_BE_VIQR = re.compile(r"[aeoAEO]\^[\w'`?~.]|[ouOU]\+[\w'`?~.\s]|[aA]\([\w'`?~.]")


def mend_viqr(text: str) -> str | None:
    """The text as it was meant, or None where it is not VIQR."""
    if not text.isascii() or MAY_BE_VIQR.search(text) is None:
        return None
    chunks = re.split(r"(\s+|(?<=\w)[/-](?=\w)|[\"\[\]]|(?<![aA])\()", text)
    decoded = [decode_viqr(chunk) for chunk in chunks]
    words = [word for chunk in decoded for word in LETTERS.findall(chunk)]
    shaped = [new for old, new in zip(chunks, decoded, strict=True) if _SHAPED.search(old)]
    legal = sum(is_strict_syllable(word) for word in words)
    sound = sum(all(is_strict_syllable(word) for word in LETTERS.findall(chunk)) for chunk in shaped)
    if sound < len(shaped) or legal < 0.75 * len(words) or len(words) < 2:
        return None
    if any(sign in chunk for chunk in shaped for sign in "^=<>"):
        return None
    strength = sum(2 if re.search(r"[aeoAEO][\^(+][\'`?~.]|[uU]\+|[oO]\+", old) else 1 for old in chunks if _SHAPED.search(old))
    return "".join(decoded) if strength >= 2 else None


def decode_viqr(chunk: str) -> str:
    """One word of VIQR, whatever it may be."""
    whole = _decode(chunk)
    if chunk[-1:] in (".", "?", "'") and len(chunk) > 1:
        shorter = _decode(chunk[:-1]) + chunk[-1]
        if whole == shorter or not _prefers_tone(whole, shorter[:-1]):
            return shorter
    return whole


def _prefers_tone(whole: str, shorter: str) -> bool:
    """Whether the last sign is a tone: without it the word is none, or one that needs it."""
    words, short_words = LETTERS.findall(whole), LETTERS.findall(shorter)
    if not words or not short_words or not is_strict_syllable(words[-1]):
        return False
    if not is_strict_syllable(short_words[-1]):
        return True
    return not short_words[-1].isascii() and is_likely_syllable(words[-1]) and not is_likely_syllable(short_words[-1])


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
        if tone:
            place += 1
            toned = True
        signs.append(order_marks(letter + (_SHAPES[shape] if shape else "") + tone))
    return "".join(signs)
