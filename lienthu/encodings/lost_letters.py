"""Letters that were lost on the way out of TCVN3: ư, whose byte is a soft hyphen, and the capitals with tones.

Rule: no Vietnamese syllable has ơ before ng, c or u without ư before it (``trờng``, ``đợc``, ``rợu``), so ư is put back
there; ``ngời``, ``dới`` and a few more are met rightly too, and are left where they are that. A lone ``th``, ``t`` or
``nh`` is *thư*, *tư*, *như* before the words that follow these (``Th viện``). A sign in the place of ư (``th−``,
``đ•ợc``) becomes it where that makes a syllable. ``VIệN`` is a word in capitals. Nothing of this is done in a text of
which less than half is Vietnamese.
"""

import re

from lienthu.encodings.vietnamese import LETTERS, is_likely_syllable, is_strict_syllable, mend_capitals

_HORNED = "ơờớởỡợƠỜỚỞỠỢ"
_NO_U = re.compile(rf"[^\W\d_]*(?<![ưƯ])[{_HORNED}](?:ng|c|u|NG|C|U)\b")
_BARE_O = re.compile(f"(?<![ưƯ])([{_HORNED}])")
_LOOSE = re.compile(r"\b(?:ngời|dới|lới|cời|cới|mợn|lợt|gơm)\b", re.IGNORECASE)
_SHINING = re.compile(r"(?:sáng|rạng|tươi|chói|ngời|đẹp)\s+ngời\b|\bngời\s+(?:sáng|ngời|chói)", re.IGNORECASE)
_GARDEN = re.compile(r"\b([Vv])ờn(?=\s+(?:hoa|trường|trờng|quốc|cây|rau|thú|tược|ươm|trẻ|nhà|rừng|đồi)\b)")
_LONE = re.compile(
    r"\b(th|Th|TH)(?= (?:viện|mục|ký|kí|tịch|từ|tín|pháp|sinh|kiếm|quán|VIỆN|MỤC|TỊCH)\b)"
    r"|(?:\b(t)|^(T))(?= (?:liệu|nhân|pháp|tưởng|tởng|vấn|duy|bản|cách|thế|thục|thơng|thương)\b)"
    r"|\b([Nn]h)(?= (?:thế|sau|vậy|nào)\b)|(?<=\b[Đđ]ầu )(t)\b(?!['’.])"
)
_SIGN = re.compile("([A-Za-zĐđ]+)([\xad−•¬])([A-Za-zÀ-ỹ]*)")
_SIGN_OR_HYPHEN = re.compile("([A-Za-zĐđ]+)([\xad−•¬-])([A-Za-zÀ-ỹ]*)")
_MIXED = re.compile("[A-ZĐƯƠÂÊÔĂ]{2,}[à-ỹ]|[A-ZĐƯƠÂÊÔĂ][à-ỹ][A-ZĐƯƠÂÊÔĂ]")
_MAY_HAVE_LOST = re.compile(
    rf"[^\W\d_]*(?<![ưƯ])[{_HORNED}](?:ng|c|u|NG|C|U)\b|{_LOOSE.pattern}|[Vv]ờn"
    rf"|\b(?:[Tt]h|TH|t|[Nn]h) |^T |[Đđ]ầu t\b|[A-Za-zĐđ][\xad−•¬]|{_MIXED.pattern}"
)


def mend_lost(text: str, sure: bool = False) -> str | None:
    """The text with its lost letters, or None where none are missing. *sure* says that the text comes out of TCVN3: a
    hyphen may be ư then, too."""
    if not sure and (text.isascii() or _MAY_HAVE_LOST.search(text) is None):
        return None
    if text.isalpha() and _MAY_HAVE_LOST.search(text) is None and _LOOSE.search(text) is None:
        return None
    mended = (_SIGN_OR_HYPHEN if sure else _SIGN).sub(_replace_sign, text)
    mended = _NO_U.sub(_insert_u, mended)
    if not _SHINING.search(mended):
        mended = _LOOSE.sub(_insert_u, mended)
    mended = _GARDEN.sub(r"\1ườn", mended)
    mended = _LONE.sub(_complete_lone, mended)
    mended = _mend_all_capitals(mended)
    return mended if mended != text and (sure or _is_vietnamese(mended)) else None


def _is_vietnamese(text: str) -> bool:
    words = LETTERS.findall(text)
    return sum(map(is_strict_syllable, words)) * 2 >= len(words)


def _replace_sign(match: re.Match[str]) -> str:
    before, sign, after = match.groups()
    u = "Ư" if before.isupper() and (after[:1].isupper() or len(before) > 1) else "ư"
    word = before + u + after
    compound = sign == "-" and is_strict_syllable(before) and (not after or is_strict_syllable(after))
    return word if is_strict_syllable(word) and is_likely_syllable(word) and not compound else match[0]


def _insert_u(match: re.Match[str]) -> str:
    word = match[0]
    whole = _BARE_O.sub(lambda found: ("Ư" if found[1].isupper() else "ư") + found[1], word)
    return whole if is_strict_syllable(whole) and is_likely_syllable(whole) else word


def _complete_lone(match: re.Match[str]) -> str:
    letters = match[0]
    return letters + ("Ư" if len(letters) > 1 and letters.isupper() else "ư")


def _mend_all_capitals(text: str) -> str:
    """Words with small letters among the capitals; then, where all others are in capitals, those of one capital."""
    if _MIXED.search(text) is None:
        return text
    mended = LETTERS.sub(lambda word: mend_capitals(word[0]), text)
    words = LETTERS.findall(mended)
    if mended != text and all(word.isupper() or (word[:1].isupper() and not word[1:].isascii()) for word in words):
        return LETTERS.sub(lambda word: word[0].upper() if is_strict_syllable(word[0]) else word[0], mended)
    return mended
