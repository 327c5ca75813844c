"""Books for school: class, school subject and textbook set, from what is written in and about a book.

Rule: *lớp 5* (and *lớp 10, 11*, *lớp 6 - 9*, *lớp năm*, *Grade 5*, *五年级*) is a class, unless *tuổi* follows or
the book is for students. A school subject right before a number (*Toán 8*, *Bài tập Vật lí 10*) is a class where the
subject is taught in that class (see the table of school subjects), nothing but a mark, a volume or a set follows, and
nothing says that the book is for universities: so *Giải tích 1*, *Lịch sử 10 nước Đông Nam Á* and *Toán rời rạc 2* are
none.

A subject and a set are told only of a book that is seen to be for school: it has a class, names a set of its own, or
says so (*sách giáo khoa*, *trung học cơ sở*...). Theses and serials are never school books.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from indexer.normalise.numerals import parse_han
from indexer.normalise.text import Words, collect_words, has_any
from lienthu.record import DocumentType, Subject, Title
from lienthu.tables import tables_in_use
from lienthu.tables.variants import VariantTable
from lienthu.text import Token, analyse, exact

_DIGIT = re.compile(r"[0-9]")
_SCHOOL_HINTS = collect_words(
    ("sách giáo", "bài tập", "sgk", "sgv", "vbt", "sbt", "trung học", "tiểu học", "thcs", "thpt", "textbook", "教科书",
     "课本")
)  # fmt: skip
_SCHOOL = re.compile(
    r"sách giáo (?:khoa|viên)|sách bài tập|vở bài tập|\bsg[kv]\b|\bvbt\b|\bsbt\b|trung học (?:cơ sở|phổ thông)|tiểu học"
    r"|\bth(?:cs|pt)\b|textbook|教科书|课本"
)
_STUDENTS = re.compile(r"giáo trình|sinh viên|luận (?:văn|án)|cao học|bài giảng")
_UNIVERSITY = re.compile(r"giáo trình|đại học|cao đẳng|đại cương|trung cấp|sinh viên|cao cấp|university")
_CLASS_HINTS = collect_words(("lớp", "grade", "khối", "class ", "年级"))
_NUMBERS = r"(?:1[0-2]|[1-9])(?![\d.]\d|\d)"
_CLASS = re.compile(
    r"(?:\blớp|\bkhối(?: lớp)?|\bgrades?|\bclass)\s+"
    rf"(?P<numbers>{_NUMBERS}(?:\s*(?:[-–,/&+]|và|đến|and|to)\s*(?:lớp\s+)?{_NUMBERS})*)"
    r"[a-e]?\d?\b(?!\s*(?:[-–]\s*\d+\s*)?tuổi)"
)
_CLASS_WORD = re.compile(
    r"\blớp\s+(một|hai|ba|bốn|tư|năm|sáu|bảy|bẩy|tám|chín|mười một|mười hai|mười)\b(?!\s+(?:tuổi|học|người))"
)
_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
    "mười": 10, "mười một": 11, "mười hai": 12,
}  # fmt: skip
_HAN = re.compile(r"([1-9]|[一二三四五六七八九])年级")
_PIECE = re.compile(r"\d+|[-–]|đến|to")
_AFTER = frozenset(
    ("tập", "t", "quyển", "q", "phần", "học", "kì", "nâng", "cơ", "chuyên", "bộ", "sách", "dành", "theo", "ban",
     "global", "kết", "chân", "cánh", "friends", "i", "song", "thí", "chương", "kntt", "ctst", "năm", "vol", "volume",
     "vở", "tái", "mới", "tham", "chọn")
)  # fmt: skip
"""Words that may follow a class without a mark between."""


class School(msgspec.Struct, frozen=True):
    """``classes`` ascending; ``subjects`` and ``sets`` are keys of their tables."""

    classes: tuple[int, ...] = ()
    subjects: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()


NO_SCHOOL = School()


def read_school(title: Title, kind: DocumentType, subjects: Sequence[Subject], lowered: str) -> School:
    """What a description says of school. *lowered* are all its texts in small letters, parted by `` | ``. Costs next to
    nothing where no number and no word of school is in it."""
    if kind in ("thesis", "serial", "article"):
        return NO_SCHOOL
    tables = tables_in_use()
    sets = _find_sets(lowered, tables.textbook_sets)
    says_school = has_any(lowered, _SCHOOL_HINTS) and _SCHOOL.search(lowered) is not None
    says_class = has_any(lowered, _CLASS_HINTS)
    has_number = _DIGIT.search(title.main) is not None or _DIGIT.search(title.subtitle) is not None
    if not (says_school or sets or says_class or has_number):
        return NO_SCHOOL
    classes: set[int] = set()
    if says_class:
        classes.update(read_classes(lowered))
        if classes and _STUDENTS.search(lowered):
            classes.clear()
    if not classes and has_number:
        classes.update(_read_numbered(title, tables.school_subjects))
        if classes and _UNIVERSITY.search(lowered):
            classes.clear()
    if not (classes or says_school or any(sure for _key, sure in sets)):
        return NO_SCHOOL
    titles = [text for text in (title.main, title.subtitle, title.part) if text]
    found = _find_subjects(titles, tables.school_subjects) or _find_subjects(
        [subject.text for subject in subjects], tables.school_subjects
    )
    return School(tuple(sorted(classes)), found, tuple([key for key, _sure in sets]))


def read_classes(lowered: str) -> tuple[int, ...]:
    """``lớp 10, 11`` -> 10, 11; ``lớp 6 - 9`` -> 6, 7, 8, 9."""
    found: dict[int, None] = {}
    for match in _CLASS.finditer(lowered):
        numbers: list[int] = []
        spans = False
        for piece in _PIECE.findall(match["numbers"]):
            if not piece.isdecimal():
                spans = True
                continue
            if spans and numbers and numbers[-1] < int(piece):
                numbers.extend(range(numbers[-1] + 1, int(piece)))
            numbers.append(int(piece))
            spans = False
        found.update(dict.fromkeys(numbers))
    for match in _CLASS_WORD.finditer(lowered):
        found[_WORDS[match[1]]] = None
    for match in _HAN.finditer(lowered):
        number = int(match[1]) if match[1].isdecimal() else parse_han(match[1])
        if number:
            found[number] = None
    return tuple(found)


def _read_numbered(title: Title, table: VariantTable) -> Iterable[int]:
    """The number right after a subject, in the title or its subtitle."""
    for text in (title.main, title.subtitle):
        if not _DIGIT.search(text) or table.first_words.isdisjoint(exact(text).split(" ")):
            continue
        tokens = analyse(text)
        for found in table.find(tokens):
            number = tokens[found.end].exact if found.end < len(tokens) else ""
            first, last = found.way.classes
            if (
                number.isdecimal()
                and len(number) <= 2
                and first <= int(number) <= last
                and number[0] != "0"
                and _ends_there(text, tokens, found.end)
                and _joins(text, tokens[found.end - 1], tokens[found.end])
            ):
                yield int(number)


def _joins(text: str, before: Token, number: Token) -> bool:
    """Nothing but a space or a colon between the name and the number."""
    return not text[before.end : number.start].strip(" :")


def _ends_there(text: str, tokens: Sequence[Token], at: int) -> bool:
    """The number ends the name of the book: a mark, the end, or a word that may follow."""
    if at + 1 >= len(tokens):
        return True
    between = text[tokens[at].end : tokens[at + 1].start].strip()
    following = tokens[at + 1].exact
    if between:
        return not (between in (",", ".") and following.isdecimal())
    return following in _AFTER


def _find_sets(lowered: str, table: VariantTable) -> tuple[tuple[str, bool], ...]:
    """(key, whether the words are sure to mean the set) of each."""
    if not has_any(lowered.replace("-", " "), _set_hints(table)):
        return ()
    found: dict[str, bool] = {}
    for one in table.find(analyse(lowered)):
        found[one.way.entry.key] = found.get(one.way.entry.key, False) or not one.way.sign
    return tuple(found.items())


@lru_cache(maxsize=2)
def _set_hints(table: VariantTable) -> Words:
    """The two first words of any way."""
    return collect_words([" ".join(way.words[:2]) for way in table.ways.values()])


def _find_subjects(texts: Iterable[str], table: VariantTable) -> tuple[str, ...]:
    """The subject that is named first (of several in one text, all); longer names win over shorter ones in them."""
    for text in texts:
        found = dict.fromkeys(one.way.entry.key for one in table.find(_analyse_kept(text)))
        if found:
            return tuple(found)
    return ()


@lru_cache(maxsize=4_096)
def _analyse_kept(text: str) -> tuple[Token, ...]:
    return tuple(analyse(text))
