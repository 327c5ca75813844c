"""Whom a document is meant for: children, young people, or nobody in particular.

Rule: MARC 008/22 and UNIMARC 100/17-19 say it in a letter; a blank, a fill character and what no table knows say
nothing. Where a note (521) says it in words, ages and classes count: up to 15 years a child, up to 18 a young person.
What is for parents and teachers is not for children, whatever else it names.
"""

import re
from functools import lru_cache

from lienthu.record import Audience

FIXED: dict[str, Audience] = {"a": "children", "b": "children", "c": "children", "j": "children", "d": "adolescents"}
"""008/22 of MARC 21."""
UNIMARC = {"a": "j", "b": "a", "c": "b", "d": "c", "e": "d", "k": "e", "m": "g"}
"""Letters of UNIMARC 100/17-19 -> those of 008/22."""
_ADULTS = frozenset("km")
_CARERS = re.compile(
    r"phụ huynh|cha mẹ|bố mẹ|giáo viên|sinh viên|người lớn|教师|家长"
    r"|\b(?:parents?|teachers?|educators?|(?<!young )adults?|students)\b"
)
_CHILDREN = re.compile(
    r"thiếu nhi|nhi đồng|thiếu niên|trẻ em|mẫu giáo|mầm non|bạn đọc nhỏ|tiểu học"
    r"|\b(?:juvenile|children|kids?|preschool|primary|pre-?adolescent|preteens?)\b|少儿|儿童|幼儿"
)
_ADOLESCENTS = re.compile(r"tuổi mới lớn|tuổi teen|\b(?:adolescents?|young adults?|teen(?:age(?:rs?)?|s)?)\b|青少年")
_AGE = re.compile(
    r"\b(?:ages?|lứa tuổi)\s*:?\s*0*([0-9]{1,2})(?![0-9])"
    r"|(?<![0-9])([0-9]{1,2})\s*(?:\+|(?:[-–]|đến|to)\s*[0-9]{1,2})?\s*(?:tuổi|years? old|岁)"
)
_CHILDREN_UP_TO, _YOUNG_UP_TO = 12, 17
"""The highest ages from which on a book for children, or for young people, can be read."""


@lru_cache(maxsize=256)
def turn_unimarc_letters(letters: str) -> str:
    """The letter of 008/22 for 100/17-19: the first that says something, but adults among them make it general."""
    if _ADULTS.intersection(letters):
        return "g"
    return next((UNIMARC[letter] for letter in letters if letter in UNIMARC), " ")


@lru_cache(maxsize=2_048)
def read_audience_words(words: str) -> Audience:
    """``Dành cho lứa tuổi 6 - 10``, ``Ages 3-6``, ``juvenile`` -> ``children``."""
    lowered = words.lower()
    if _CARERS.search(lowered):
        return ""
    age = _AGE.search(lowered)
    if age is not None:
        first = int(age[1] or age[2])
        return "children" if first <= _CHILDREN_UP_TO else "adolescents" if first <= _YOUNG_UP_TO else ""
    if _ADOLESCENTS.search(lowered):
        return "adolescents"
    return "children" if _CHILDREN.search(lowered) else ""
