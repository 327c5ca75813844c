"""MARC 21 subjects and classification: 600-655, 690, 653; 082, 092, 090, 094, 084, 080, 050, 060, 086."""

import re
from functools import lru_cache

from indexer.crosswalks.marc21_title import linked_fields
from indexer.crosswalks.source import Source
from indexer.normalise.keys import build_key
from indexer.normalise.subjects import build_subject, split_keywords
from indexer.normalise.text import clean_text, trim_marks
from lienthu.finding import Finding
from lienthu.marc import MarcField, MarcRecord, parse_field
from lienthu.record import Classification, Subject, SubjectKind, Title

_KINDS: dict[str, SubjectKind] = {
    "600": "person", "610": "corporate", "611": "corporate", "630": "title", "647": "topic", "648": "period",
    "650": "topic", "651": "place", "655": "genre", "690": "topic", "691": "place",
}  # fmt: skip
_SUBJECT_TAGS = tuple(_KINDS)
_SCHEMES = {"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "nal", "5": "csh", "6": "rvm"}
_DIVISIONS = "vxyz"
_NOT_TEXT = "0123456789ewu"
_DDC = re.compile(r"[0-9]{3}(?:\.[0-9]+)?(?![0-9])")
_CUTTER = re.compile(r"[A-ZĐ]{1,3}[0-9]{2,3}[A-ZĐ]{1,3}")
"""``TH459C``, ``Đ103TH``: an author's mark alone, which is no class number."""
_NO_NUMBER = frozenset(("b", "e", "fic", "92"))
"""What 082 $a may say in place of a number, in brackets or without: a life, an easy book, fiction."""
_CLASS_FIELDS = {
    "082": "ddc", "092": "ddc", "083": "ddc", "090": "", "094": "bbk", "084": "other", "080": "udc", "050": "lcc",
    "055": "lcc", "060": "other", "070": "other", "086": "other",
}  # fmt: skip
_CLASS_TAGS = tuple(_CLASS_FIELDS)
MAX_SUBJECTS = 300
MAX_HEADING = 3
"""Words of a heading that may well be a title too; a longer one was copied from the title."""


def read_subjects(record: MarcRecord, source: Source, title: Title) -> tuple[Subject, ...]:
    """600 to 655 and 690: each heading with its subdivisions, once; 653 are keywords. A 650 that only repeats
    the title is dropped, unless it is a short heading of a vocabulary that is named: a book called *Uranium* is about
    uranium."""
    found: dict[str, Subject] = {}
    title_key = build_key(title.main)
    for tag in record.having(_SUBJECT_TAGS):
        kind = _KINDS[tag]
        for text in record.texts_of(tag):
            subject, findings = _read_heading(tag, text)
            if findings:
                source.findings.extend(findings)
            if subject is None or subject.key in found:
                continue
            if subject.key == title_key and kind == "topic" and not _is_heading(subject):
                source.note("subject-repeats-title", tag, subject.text, "dropped")
                continue
            found[subject.key] = subject
    for field in record.get("653"):
        for value in field.every("a"):
            for text in split_keywords(clean_text(value)):
                keyword = build_subject(text, "keyword")
                if keyword is not None:
                    found.setdefault(keyword.key, keyword)
    for field in linked_fields(record, _SUBJECT_TAGS):
        subject = build_subject(_join_heading(field), _KINDS[field.first("6")[:3]])
        if subject is not None:
            found.setdefault(subject.key, subject)
    return tuple(found.values())[:MAX_SUBJECTS]


@lru_cache(maxsize=16_384)
def _read_heading(tag: str, text: str) -> tuple[Subject | None, tuple[Finding, ...]]:
    """The same heading comes again and again, in the same bytes."""
    findings: list[Finding] = []
    field = parse_field(tag, text, findings)
    return build_subject(_join_heading(field), _KINDS[tag], _read_scheme(field)), tuple(findings)


def _is_heading(subject: Subject) -> bool:
    return subject.scheme != "" and subject.text.count(" ") < MAX_HEADING


def _join_heading(field: MarcField) -> str:
    """The name or term, then its subdivisions, parted by `` - ``."""
    parts: list[str] = []
    divisions: list[str] = []
    for code, value in field.subfields:
        if code in _DIVISIONS:
            divisions.append(value)
        elif code not in _NOT_TEXT:
            parts.append(value)
    heading = clean_text(parts[0]) if len(parts) == 1 else clean_text(" ".join(parts))
    if not divisions:
        return heading
    texts = [trim_marks(heading)] if heading else []
    texts.extend([trim_marks(clean_text(division)) for division in divisions])
    return " - ".join([text for text in texts if text])


def _read_scheme(field: MarcField) -> str:
    if field.ind2 == "7":
        return field.first("2").strip()[:20]
    return _SCHEMES.get(field.ind2, "")


def read_classifications(record: MarcRecord, source: Source) -> tuple[Classification, ...]:
    """082, 083, 092, 080, 050, 055, 060, 070, 084, 086: the numbers without cutters. 090 is Dewey with a Vietnamese
    cutter where it begins with three digits, else a local Library of Congress number; 094 is BBK; both schemes may
    stand in one record."""
    found: dict[tuple[str, str], Classification] = {}
    for tag in record.having(_CLASS_TAGS):
        scheme = _CLASS_FIELDS[tag]
        for field in record.get(tag):
            for value in field.every("a"):
                number = _read_number(clean_text(value), tag, scheme, field)
                if number is not None:
                    if tag == "082" and number.scheme != "ddc" and value.strip(" []").lower() not in _NO_NUMBER:
                        source.note("class-number-impossible", "082$a", value, "kept as written", "note")
                    found.setdefault((number.scheme, number.number), number)
    return tuple(found.values())[:50]


def _read_number(text: str, tag: str, scheme: str, field: MarcField) -> Classification | None:
    text = text.strip(" .,;:")
    if not text:
        return None
    if scheme == "ddc" or tag == "090" or (tag == "084" and field.first("2").lower().startswith("ddc")):
        digits = text.replace("/", "").replace("'", "").replace("′", "").replace("’", "")
        found = _DDC.match(digits)
        if found:
            return Classification(scheme="ddc", number=found[0])
        if tag == "090" and _CUTTER.fullmatch(text):
            return None
        return Classification(scheme="lcc" if tag == "090" and text[0].isalpha() else "other", number=text[:60])
    if tag == "084" and field.first("2").lower().startswith("bbk"):
        scheme = "bbk"
    if tag == "084" and field.first("2").lower() == "clc":
        scheme = "clc"
    return Classification(scheme=scheme, number=text[:60])
