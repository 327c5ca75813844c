"""MARC 21 publication, languages and type: 260, 264, 008, 041, 502, leader, 007, 927."""

import re

from indexer.crosswalks.doubts import doubt_languages
from indexer.crosswalks.marc21_title import linked_fields
from indexer.crosswalks.source import Source
from indexer.normalise.languages import detect_language, is_bilingual_word, normalise_language, split_languages
from indexer.normalise.material import CONTENT_TYPES, read_leader, read_local_code, read_type_words
from indexer.normalise.places import normalise_place
from indexer.normalise.publishers import NO_PUBLISHER, normalise_publisher
from indexer.normalise.text import clean_text, trim_marks
from indexer.normalise.years import UNKNOWN, Years, parse_fixed_years, parse_years
from lienthu.marc import MarcField, MarcRecord
from lienthu.record import DocumentType, Publication, Title

_BRACKETED = re.compile(r"\(([^()]*[12][0-9]{3})\)")
_BRACKETS = str.maketrans("", "", "[]")
_CONTINUING = frozenset("is")
"""Leader/07 of what still comes out: a journal whose first issue nobody has seen bears no year, and rightly."""
_PADDING = "     "


def read_publication(record: MarcRecord, source: Source) -> Publication:
    """264 with second indicator 1, else 260, else any 264: the first place, publisher and date that say something.
    Years come from $c, else from 008, else from the thesis note (502) or the journal (773 $g); an impossible one stays
    unknown, with a finding. The same in another script (880) is kept in one line.
    """
    place = place_key = ""
    publisher = NO_PUBLISHER
    date = ""
    for field in _find_statements(record):
        for code, value in field.subfields:
            if code == "a" and not place_key:
                place, place_key = normalise_place(clean_text(value))
            elif code == "b" and not publisher.key:
                publisher = normalise_publisher(clean_text(value))
            elif code == "c" and not date:
                date = clean_text(value.partition(_PADDING)[0])
    date, years = _choose_years(record, source, date)
    return Publication(
        place=place,
        place_key=place_key,
        publisher=publisher.shown,
        publisher_key=publisher.key,
        publisher_label=publisher.label,
        linked=_read_linked(record),
        date=trim_marks(date),
        year=years.first,
        year_end=years.last,
    )


def _read_linked(record: MarcRecord) -> str:
    """``北京 : 人民文学出版社, 2005``, of the first 880 that is one of publication."""
    for field in linked_fields(record, ("260", "264")):
        if field.first("6")[:3] == "260" or field.ind2 in "1 ":
            return clean_text(field.join("abc")).translate(_BRACKETS).strip(" ,:;")[:300]
    return ""


def _find_statements(record: MarcRecord) -> list[MarcField]:
    newer = record.get("264")
    stated = [field for field in newer if field.ind2 == "1"]
    return stated or [*record.get("260"), *newer]


def _choose_years(record: MarcRecord, source: Source, date: str) -> tuple[str, Years]:
    years = parse_years(date, source.latest) if date else UNKNOWN
    if years.rule:
        done = "year unknown" if years.first is None else ""
        source.note(years.rule, "260$c", date, done, "warning" if years.rule == "year-impossible" else "note")
    if years.first is not None:
        _compare_years(record, source, date, years)
        if years.last is None and "-" in date:
            fixed = parse_fixed_years(record.control("008"), source.latest)
            if fixed.first == years.first:
                return date, fixed
        return date, years
    if years.rule == "year-impossible":
        # What stands there is wrong: 008 was typed by the same hand and may be as wrong, but it is stated, not guessed.
        return date, parse_fixed_years(record.control("008"), source.latest)
    fixed = parse_fixed_years(record.control("008"), source.latest)
    if fixed.first is None and record.has("502"):
        text = " ".join([field.join("ad") for field in record.get("502")])
        thesis = parse_years(clean_text(text), source.latest)
        fixed = thesis if thesis.first is not None else UNKNOWN
    if fixed.first is None and record.has("773"):
        host = " ".join([field.join("gd") for field in record.get("773")])
        fixed = _read_host_year(clean_text(host), source)
    if fixed.first is None and not years.rule and record.leader[7:8] not in _CONTINUING:
        source.note("year-missing", "260$c", date, "year unknown", "note")
    return date, fixed


def _read_host_year(host: str, source: Source) -> Years:
    """``Số 2 (2010), tr. 45-52``: only in brackets, or alone, are four digits sure to be the year."""
    bracketed = _BRACKETED.search(host)
    years = parse_years(bracketed[1] if bracketed else host, source.latest)
    return years if bracketed or len(host.strip(" .")) <= 4 else UNKNOWN


def _compare_years(record: MarcRecord, source: Source, date: str, years: Years) -> None:
    """One year in 260 and another, single, in 008: one of them is wrong. A copyright date may be a year later."""
    field = record.control("008")
    if field[6:7] != "s" or years.first is None or years.last is not None:
        return
    fixed = parse_fixed_years(field, source.latest)
    if fixed.first is not None and fixed.last is None and abs(fixed.first - years.first) > 1:
        source.note("year-contradicts", "008/07-10", field[7:11], f"260 says {date[:40]}")


def read_languages(record: MarcRecord, source: Source, title: Title) -> tuple[str, ...]:
    """041 $a (of sound $d), codes or words; else 008/35-37; else what the title is written in, with a finding.
    Where 041 and 008 contradict each other, 041 wins: it was filled in by hand."""
    stated: list[str] = []
    for field in record.get("041"):
        for value in field.every("a") or field.every("d"):
            codes = split_languages(clean_text(value))
            stated.extend(codes)
            if not codes and value.strip():
                rule = "language-word" if is_bilingual_word(value) else "language-unknown"
                source.note(rule, "041$a", value, "passed over", "note")
    fixed = record.control("008")[35:38]
    coded = normalise_language(fixed) if len(fixed) == 3 else ""
    if stated:
        languages = tuple(dict.fromkeys(stated))
        if coded and coded not in languages:
            source.note("language-contradicts", "008/35-37", fixed, f"041 says {', '.join(languages)}")
        doubt_languages(languages, title, "041$a", source)
        return languages
    if coded:
        doubt_languages((coded,), title, "008/35-37", source)
        return (coded,)
    found = detect_language(title.main)
    if not found:
        return ()
    source.note("language-missing", "041$a", "", f"the title is in {found}", "note")
    return (found,)


def _read_form_words(record: MarcRecord, kind: str) -> DocumentType | None:
    """Talking books and braille, by the words of 655 and, of a sound recording, of 245 $h and 300."""
    tags = ("245", "300", "655") if kind == "i" else ("655",)
    for tag in tags:
        for field in record.get(tag):
            words = field.join("ah").lower()
            if "sách nói" in words or "audiobook" in words or "talking book" in words:
                return "talking-book"
            if "braille" in words or "chữ nổi" in words:
                return "braille"
    return None


def read_type(record: MarcRecord, source: Source) -> DocumentType:
    """502 or 008/24-27 ``m``: a thesis. 007 ``fb`` or 336 ``tct``: braille. 927: local code. Else leader/06-07, with
    the words of 245 $h, 655 and 300 for talking books and the like; where the leader is empty, 336 or 245 $h."""
    leader = record.leader
    kind, level = leader[6:7], leader[7:8]
    if record.has("502"):
        return "thesis"
    for field in record.get("927"):
        local = read_local_code(field.join("ab"))
        if local and local != "book":
            return local
    fixed = record.control("008")
    if kind in "at " and "m" in fixed[24:28] and len(fixed) >= 40:
        return "thesis"
    for field in record.get("007"):
        if field.value[:2] == "fb":
            return "braille"
    if record.has("336") and any(field.first("b").strip() == "tct" for field in record.get("336")):
        return "braille"
    special = _read_form_words(record, kind)
    if special is not None:
        return special
    if kind in " |#":
        return _read_content_type(record) or "book"
    return read_leader(kind, level)


def _read_content_type(record: MarcRecord) -> DocumentType | None:
    """336 $b or $a (RDA content type), else the words of 245 $h: of a record whose leader says nothing."""
    for field in record.get("336"):
        for value in field.every("ba"):
            found = CONTENT_TYPES.get(value.strip().lower())
            if found is not None:
                return found
    words = clean_text(" ".join([field.first("h") for field in record.get("245")]))
    return read_type_words(words) if words else None
