"""MARC 21 title fields: 245, its variants, edition (250) and series (490, 440, 8XX)."""

import re
from functools import lru_cache

from indexer.crosswalks.doubts import strip_noted
from indexer.crosswalks.source import RuleBroken, Source
from indexer.normalise.keys import build_key, has_words
from indexer.normalise.text import clean_text, trim_marks
from indexer.normalise.title import build_title, split_parallel, split_responsibility
from lienthu.marc import SUBFIELD, MarcField, MarcRecord
from lienthu.record import Title

_VARIANT_TAGS = ("246", "130", "240", "730", "740", "210", "222", "242", "247")
_WORK_TAGS = ("700", "710", "711")
_TRACED_SERIES = ("830", "800", "810", "811")
_ABBREVIATED = frozenset(("aufl", "ausg", "bearb", "éd", "ed", "edn", "rev", "corr", "augm"))
_QUALIFIER = re.compile(r"\s*\([^()]*\)")
_VARIANT_CODES = "abnp"
_WORK_TITLE = f"{SUBFIELD}t"
MAX_VARIANTS = 50


def linked_fields(record: MarcRecord, tags: tuple[str, ...]) -> list[MarcField]:
    """The 880 fields that say one of *tags* in another script ($6 begins with the tag)."""
    if not record.has("880"):
        return []
    return [field for field in record.get("880") if field.first("6")[:3] in tags]


def read_title(record: MarcRecord, source: Source) -> Title:
    """245 $a title, $b subtitle or (after ``=``) parallel title, $n volume, $p title of the part, $c responsibility,
    all of them anywhere in $a where a cataloguer put everything there. 880 gives the same in another script, which is
    a parallel title. Without 245 but with its 880, that is the title. No title at all: the record fails."""
    fields = record.get("245") or tuple(linked_fields(record, ("245",)))
    field = next((field for field in fields if field.join("abpkfg").strip(" /:;,=.")), None)
    if field is None:
        partner_id, _, source_id = source.raw.key
        raise RuleBroken("245$a", "title-missing", f"{partner_id}, record {source_id}: there is no title in 245")
    if len(record.texts_of("245")) > 1:
        source.note("title-repeated", "245", fields[1].join("ab"), "the first one was taken")
    responsibility = clean_text(field.join("c"))
    main = strip_noted(field.first("a"), "245$a", source)
    if not main.strip(" /:;,=."):
        main = clean_text(field.join("k") or field.join("b") or field.join("p") or field.join("fg"))
    if not responsibility:
        main, responsibility = split_responsibility(main)
    main, parallel, subtitle = _read_subtitles(field, main)
    if not responsibility and "/" in subtitle:
        subtitle, responsibility = split_responsibility(subtitle)
    if record.has("880"):
        parallel += tuple(
            [_read_linked_title(other) for other in linked_fields(record, ("245",)) if other is not field]
        )
    title = build_title(
        main,
        subtitle=subtitle,
        parallel=parallel,
        responsibility=responsibility,
        volumes=tuple([clean_text(value) for value in field.every("n")]),
        parts=tuple([clean_text(value) for value in field.every("p")]) if field.first("a") else (),
        variants=read_variants(record, main),
    )
    if title.volume and title.volume in main and not field.first("n"):
        source.note("volume-in-title", "245$a", main, f"taken for the volume: {title.volume}", "note")
    return title


def _read_subtitles(field: MarcField, main: str) -> tuple[str, tuple[str, ...], str]:
    """$b after ``=`` is a parallel title, and may hold a subtitle of its own; else it is the subtitle."""
    parallel_next = main.endswith("=") or field.first("h").endswith("=")
    main, parallel, subtitle = split_parallel(main.rstrip(" ="))
    for value in field.every("b") if field.first("a") else ():
        text = clean_text(value)
        if parallel_next or text.startswith("="):
            other, more, rest = split_parallel(text.strip(" =/"), loose=True)
            parallel += (trim_marks(other), *more)
            subtitle = subtitle or rest
        elif " = " in text:
            rest, _, other = text.partition(" = ")
            subtitle = f"{subtitle} : {rest}" if subtitle else rest
            parallel += (trim_marks(other),)
        else:
            subtitle = f"{subtitle} : {text}" if subtitle else text
        parallel_next = text.endswith("=")
    return main, tuple([title for title in parallel if title]), subtitle.rstrip(" =")


def _read_linked_title(field: MarcField) -> str:
    return trim_marks(clean_text(field.join("abnp")))


def read_variants(record: MarcRecord, main: str) -> tuple[str, ...]:
    """246, 130, 240, 730, 740, 210, 222, 242, 247 $a $b $n $p, and their 880: other titles to be found by. So are
    the works that a volume contains (700, 710, 711 $t)."""
    found: list[str] = []
    for tag in record.having(_VARIANT_TAGS):
        found.extend([trim_marks(clean_text(field.join(_VARIANT_CODES))) for field in record.get(tag)])
    for tag in record.having(_WORK_TAGS):
        if any(_WORK_TITLE in text for text in record.texts_of(tag)):
            found.extend([trim_marks(clean_text(field.join("tnp"))) for field in record.get(tag) if field.first("t")])
    if record.has("880"):
        found.extend([_read_linked_title(field) for field in linked_fields(record, _VARIANT_TAGS)])
    if not found:
        return ()
    return tuple([title for title in dict.fromkeys(found) if title and title != main])[:MAX_VARIANTS]


def read_edition(record: MarcRecord, source: Source) -> str:
    """250 $a and $b as written: ``Tái bản lần thứ 1`` stays in its words."""
    return " ; ".join([text for field in record.get("250") if (text := _trim_edition(clean_text(field.join("ab"))))])


def _trim_edition(text: str) -> str:
    """``1. Aufl.`` and ``2e éd.`` keep the full stop of their abbreviation."""
    trimmed = trim_marks(text)
    return f"{trimmed}." if trimmed.rpartition(" ")[2].lower() in _ABBREVIATED and "." in text[-2:] else trimmed


def read_series(record: MarcRecord, source: Source) -> tuple[str, ...]:
    """490 and 440 $a $n $p $v as written; then 830, 800, 810, 811 where they name another series than these (what
    stands in brackets only tells it from others of its name); 880 of them in another script."""
    stated = [*record.get("490"), *record.get("440")]
    found = dict.fromkeys([_write_series(field) for field in stated])
    known = {_name_series(field) for field in stated}
    for tag in record.having(_TRACED_SERIES):
        for field in record.get(tag):
            if (name := _name_series(field)) not in known:
                known.add(name)
                found.setdefault(_write_series(field))
    for field in linked_fields(record, ("490", "440", *_TRACED_SERIES)):
        found.setdefault(_write_series(field))
    return tuple([series for series in found if has_words(series)])


def _write_series(field: MarcField) -> str:
    """A mark before the volume where the cataloguer left it out."""
    title, volume = clean_text(field.join("atnp")), clean_text(field.join("v"))
    mark = "" if title.endswith((";", ",", ":", ".")) or not title else " ;"
    return trim_marks(f"{title}{mark} {volume}" if volume else title)


def _name_series(field: MarcField) -> str:
    """Its title without author and number, for comparing."""
    return _build_series_key(field.join("tnp") if field.first("t") else field.join("anp"))


@lru_cache(maxsize=4_096)
def _build_series_key(title: str) -> str:
    return build_key(_QUALIFIER.sub("", clean_text(title)))
