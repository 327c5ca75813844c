"""Names of persons and bodies. The name stays in the order written; the key brings its forms together.

Rules:
* Set aside: roles, academic titles, dates, "và những người khác", ``et al.``, ``,...``.
* The key of a comma form: a Vietnamese (or pinyin) family name before the comma is already in its place
  (``Nguyễn, Du`` -> ``nguyễn du``), and one after it has been inverted by mistake (``Du, Nguyễn`` -> ``nguyễn du``);
  any other name is turned round (``Christie, Agatha`` -> ``agatha christie``). What follows a second comma is a title.
* No name: a spreadsheet formula, ``6th edition``, a text with a colon (a title by ISBD) or of more than 90
  characters, "nhiều tác giả". The record keeps its description; the finding says what was set aside.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from indexer.normalise.families import FAMILIES, PINYIN_FAMILIES
from indexer.normalise.keys import build_key
from indexer.normalise.roles import strip_titles, take_roles
from indexer.normalise.text import trim_marks
from lienthu.text import has_marks, is_syllable

MAX_NAME = 90
_PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxzcsryw])?(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie"
    r"|iu|ua|uo|ui|ue|er|[aeiouüv])['-]?)+"
)
_OTHERS = re.compile(
    r"[\s,.…;]*[\[(]?\s*(?:\b(?:và\s+)?(?:những|các|nhiều|một\s+số)\s+(?:người|tác\s+giả)\s+khác|\bv\.\s?v\b|\b[ij]?et\s+al(?:ii)?\b"
    r"|\bet\s+autres\b|\bu\.\s?a\b|\band\s+\w+\s+others\b|\by\s+otros\b"
    r"|\band\s+others|\bothers\b|\.\.\.|…|[等])[\s\].)…,]*$",
    re.IGNORECASE,
)
_OTHERS_WORDS = ("khác", "...", "…", "et al", "autres", "u.a", "u. a", "otros", "v.v", "v. v", "others", "等")
_DATES = re.compile(
    r"[,\s]*[(\[]?\s*((?:(?:b|d|fl|ca|s|m|sinh|mất)\.?\s*)?[12]?[0-9]{3}\??\s*[-–]\s*(?:[12]?[0-9]{3}\??)?"
    r"|(?:b|d|sinh|mất|born)\.?\s*(?:năm\s*)?[12][0-9]{3})\s*[)\]]?[.,]?$",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^[+=@-]\s?[A-Z(0-9]|^\d+(?:st|nd|rd|th)?\s+ed|^(?:tái bản|in lần|lần thứ|second edition|revised)|https?://|^[\W\d_]+$",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    map(build_key, ("Nhiều tác giả", "Khuyết danh", "Không rõ", "Không rõ tác giả", "Anonymous", "Anonyme", "Vô danh",
                    "Tập thể tác giả", "Tập thể", "Nhóm tác giả", "Nhóm", "Đang cập nhật", "Chưa xác định", "Chưa rõ",
                    "Various", "Various authors", "Unknown", "佚名"))
)  # fmt: skip
PARTICLES = frozenset(
    ("de", "da", "di", "do", "du", "des", "del", "dos", "le", "la", "los", "las", "van", "von", "der", "den", "ter",
     "al", "el", "bin", "ibn", "y", "e", "und", "zu")
)  # fmt: skip
"""Small words that are part of a name."""
LONG_NAME = 8
"""Words: so many, most of them small, are a title that was typed where the author belongs."""


class ParsedName(NamedTuple):
    """``rule`` is set where this is no name (``name`` then is what stood there)."""

    name: str
    key: str
    roles: tuple[str, ...] = ()
    dates: str = ""
    rule: str = ""


@lru_cache(maxsize=8_192)
def parse_person(written: str) -> ParsedName:
    """One person's name as it stands in a field, already clean."""
    text, roles = take_roles(strip_others(written.strip()))
    text = trim_marks(text)
    if not text or _NO_NAME.match(written.strip()) or _NO_NAME.match(text) or ":" in text or _is_no_name(text):
        return ParsedName(written[:MAX_NAME], "", rule="name-impossible")
    dates = ""
    if text[-1] in ")].,-" or text[-1].isdecimal():
        found = _DATES.search(text)
        if found and found.start() > 0:
            dates, text = found[1].strip(), trim_marks(text[: found.start()])
    text = trim_marks(strip_titles(text))
    key = build_person_key(text)
    if not key or key in _NOBODY:
        return ParsedName(written[:MAX_NAME], "", rule="name-nobody" if key else "name-impossible")
    return ParsedName(text, key, roles, dates)


def strip_others(text: str) -> str:
    """``Trần Ngọc Hiên...[và những người khác]`` -> ``Trần Ngọc Hiên``."""
    tail = text[-40:].lower()
    for word in _OTHERS_WORDS:
        if word in tail:
            return _OTHERS.sub("", text).strip()
    return text


def _is_no_name(text: str) -> bool:
    if len(text) > MAX_NAME:
        return True
    if text.count(" ") < LONG_NAME - 1 or "," in text:
        return False
    words = [word for word in text.split() if word.isalpha() and word not in PARTICLES]
    return sum(word[0].islower() for word in words) * 2 > len(words)


def build_person_key(name: str) -> str:
    """The key of a name in any of its orders."""
    if "," not in name:
        return build_key(name)
    parts = [part.strip() for part in name.split(",")]
    family, given = parts[0], parts[1] if len(parts) > 1 else ""
    if not given:
        return build_key(family)
    if is_family_first(family, given):
        return build_key(f"{family} {given}")
    return build_key(f"{given} {family}")


def is_family_first(before: str, after: str) -> bool:
    """Whether what stands before the comma is a family name that stands first by right."""
    before, after = before.lower(), after.lower()
    if before in FAMILIES and all(is_syllable(word) for word in after.split()) and (has_marks(before + after)):
        return True
    if before in PINYIN_FAMILIES and all(_PINYIN.fullmatch(word) for word in after.split()):
        return True
    return before in FAMILIES and after not in FAMILIES and all(is_syllable(word) for word in after.split())


@lru_cache(maxsize=4_096)
def parse_body(written: str) -> ParsedName:
    """The name of a corporate body or a meeting: nothing is turned round."""
    text = trim_marks(strip_others(written.strip()))
    key = build_key(text)
    if not key or _NO_NAME.match(text):
        return ParsedName(written[:MAX_NAME], "", rule="name-impossible")
    return ParsedName(text[:300], key)


def is_acronym(name: str) -> bool:
    """``IATA``, ``ICAO`` entered as persons are bodies."""
    return name.isascii() and name.isalpha() and name.isupper() and 3 <= len(name) <= 8


def begins_with_family(name: str) -> bool:
    """``Hoàng Thị Cành``: two to five syllables, the first a family name."""
    words = name.lower().split()
    return 2 <= len(words) <= 5 and words[0] in FAMILIES
