"""Languages. Rule: ISO 639-1 where there is such a code, else ISO 639-3; words and misspelt codes are understood;
``Song ngữ`` ("bilingual") names no language. Where nothing is said, the writing tells: a text whose syllables are
nearly all Vietnamese is Vietnamese, Han is Chinese; nothing else is guessed.

Traps: ``nun`` is a language of Myanmar, ``yao`` one of Malawi: both are kept as sent. MARC's ``fre``, ``chi``, ``ger``
are not the ISO codes; ``VN`` is a country.
"""

import re
from functools import lru_cache

from langcodes import get
from langcodes.tag_parser import LanguageTagError

from lienthu.text import has_marks, is_syllable

_WORDS = {
    "vn": "vi", "vietnamese": "vi", "tiếng việt": "vi", "việt": "vi", "tieng viet": "vi", "viet": "vi",
    "vietnamien": "vi",
    "english": "en", "tiếng anh": "en", "anh": "en", "tieng anh": "en", "anglais": "en", "engl": "en",
    "french": "fr", "tiếng pháp": "fr", "pháp": "fr", "français": "fr", "francais": "fr",
    "chinese": "zh", "tiếng trung": "zh", "trung": "zh", "tiếng hoa": "zh", "hoa": "zh", "tiếng trung quốc": "zh",
    "hán": "zh", "中文": "zh", "汉语": "zh", "chs": "zh", "cht": "zh", "cn": "zh",
    "russian": "ru", "tiếng nga": "ru", "nga": "ru", "japanese": "ja", "tiếng nhật": "ja", "nhật": "ja", "jp": "ja",
    "korean": "ko", "tiếng hàn": "ko", "hàn": "ko", "german": "de", "tiếng đức": "de", "đức": "de",
    "lao": "lo", "tiếng lào": "lo", "lào": "lo", "thai": "th", "spanish": "es", "tây ban nha": "es",
    "hmông": "hmn", "mông": "hmn", "tiếng mông": "hmn", "tiếng hmông": "hmn", "tày": "tyz", "tiếng tày": "tyz",
    "nùng": "nut", "tiếng nùng": "nut", "giáy": "pcc", "hà nhì": "hni", "scr": "hr", "scc": "sr", "mol": "ro",
}  # fmt: skip
_NONE = frozenset(("und", "zxx", "mul", "mis", "qaa", "xxx", "n/a", "na", "|||", "other", "no linguistic content"))
_BILINGUAL = re.compile(r"song ngữ|đa ngữ|bilingual|multilingual", re.IGNORECASE)
_CODE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_LETTERS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=2_048)
def normalise_language(written: str) -> str:
    """One code, or an empty text where this names no language."""
    text = written.strip(" .,;:[]()/").lower()
    if not text or text in _NONE or not text.strip("|# -\\u"):
        return ""
    if text in _WORDS:
        return _WORDS[text]
    if _CODE.fullmatch(text):
        return _look_up(text)
    return ""


def _look_up(code: str) -> str:
    try:
        language = get(code.replace("_", "-"))
    except LanguageTagError:
        return ""
    if language.language is None or not language.is_valid():
        return ""
    return str(language.language)


@lru_cache(maxsize=2_048)
def split_languages(written: str) -> tuple[str, ...]:
    """``vieeng`` (the old way), ``vie;eng``, ``Việt - Anh`` -> codes in order, each once."""
    whole = normalise_language(written)
    if whole:
        return (whole,)
    text = written.strip()
    if text.isascii() and text.isalpha() and len(text) % 3 == 0 and 6 <= len(text) <= 18:
        codes = [normalise_language(text[at : at + 3]) for at in range(0, len(text), 3)]
        if all(codes):
            return tuple(dict.fromkeys(codes))
    found = [normalise_language(part) for part in re.split(r"[;,/&+|]|\s-\s|-|\bvà\b|\band\b", text)]
    return tuple(dict.fromkeys([code for code in found if code]))


def is_bilingual_word(written: str) -> bool:
    return _BILINGUAL.search(written) is not None


@lru_cache(maxsize=4_096)
def detect_language(text: str) -> str:
    """``vi``, ``zh``, ``ja``, ``ko`` or an empty text. At least two words, four in five of them legal syllables, and a
    mark somewhere: ``ban do`` is not enough."""
    for character in text:
        if character > "\u3000":
            if "\u3040" <= character <= "\u30ff":
                return "ja"
            if "\uac00" <= character <= "\ud7a3":
                return "ko"
    han = sum("\u4e00" <= character <= "\u9fff" for character in text)
    if han >= 2 and han * 2 >= len(text.replace(" ", "")):
        return "zh"
    if not has_marks(text):
        return ""
    words = _LETTERS.findall(text.lower())
    legal = sum(is_syllable(word) for word in words)
    return "vi" if len(words) >= 2 and legal >= 0.8 * len(words) else ""
