"""Doubts that no field rule meets on its way: what is looked at only to tell the partner.

Rule: a doubt changes nothing of what is mapped, except that markup is taken out; and what is usual somewhere in good
cataloguing is no doubt. 008 has 40 characters (field 008 of MARC 21); shorter ones lose what stands at their end.
"""

import re

from indexer.crosswalks.source import Source
from indexer.normalise.extent import is_media_type
from indexer.normalise.languages import detect_language
from indexer.normalise.links import is_inside
from indexer.normalise.material import read_type_words
from indexer.normalise.names import strip_others
from indexer.normalise.roles import strip_titles
from indexer.normalise.text import clean_text, has_markup, strip_markup
from lienthu.marc import MarcRecord
from lienthu.record import Title

FIXED_FIELD = 40
LONG_TITLE = 500
MIN_CAPITALS = 16
_PAGES = re.compile(r"\W*(?:tr|trang|pp?|pages?|seiten|页|頁)\W*", re.IGNORECASE)
_MISTAKEN_CODES = ("yao", "nun")
_STAFF_TAGS = ("911", "912")
_LIBOL_TAGS = ("925", "926", "927")
_MAIN_ENTRIES = ("100", "110", "111", "130")


def strip_noted(written: str, field: str, source: Source) -> str:
    """Clean text; tags and entities of HTML are taken out, with a finding."""
    if "&#x" in written:
        written = clean_text(written)
    if ("<" in written or "&" in written) and has_markup(written):
        source.note("markup-in-field", field, written, "markup taken out")
        return strip_markup(written)
    return clean_text(written)


def doubt_title(title: Title, field: str, source: Source) -> None:
    """A title all in capitals, or as long as an abstract."""
    main = title.main
    if len(main) >= MIN_CAPITALS and " " in main and main.isupper():
        source.note("title-in-capitals", field, main, "kept as written", "note")
    elif len(main) > LONG_TITLE:
        source.note("title-too-long", field, main, "kept as written", "note")


def doubt_languages(languages: tuple[str, ...], title: Title, field: str, source: Source) -> None:
    """``yao`` is a language of Malawi and ``nun`` one of Myanmar: beside Vietnamese, Dao or Nùng is meant."""
    for code in _MISTAKEN_CODES:
        if code in languages and ("vi" in languages or detect_language(title.main) == "vi"):
            source.note("language-mistaken", field, code, "kept as written")


def doubt_extent(pages: str, field: str, source: Source) -> None:
    """Pages without their number (``tr.;``), or the kind of document where its size belongs (``Sách``)."""
    if _PAGES.fullmatch(pages):
        source.note("pages-missing", field, pages, "left out", "note")
        return
    words = pages.strip(" .,:;")
    is_bare = "," not in words and not any(map(str.isdigit, words))
    if is_media_type(words) or (is_bare and read_type_words(words) is not None):
        source.note("extent-is-type", field, pages, "kept as written", "note")


def doubt_link(url: str, field: str, source: Source) -> None:
    """An address inside the library's own network, which no reader elsewhere can follow."""
    if is_inside(url):
        source.note("link-inside", field, url, "kept as written")


def doubt_name(written: str) -> str:
    """The rule that a name breaks though it can be read, or an empty text: an academic title before it, or
    "và những người khác" after it."""
    text = written.strip()
    name = strip_others(text)
    if name != text:
        return "name-with-others"
    return "name-with-title" if strip_titles(name) != name else ""


def doubt_coded_fields(record: MarcRecord, source: Source) -> None:
    """Leader/06, the length of 008, more than one main entry, names of the staff in Libol's own fields (which are
    not told again)."""
    kind = record.leader[6:7]
    if kind in " |#":
        source.note("leader-type-missing", "leader/06", record.leader, "taken for a book", "note")
    if not record.has("008"):
        source.note("fixed-field-missing", "008", severity="note")
    elif len(field := record.control("008")) < FIXED_FIELD:
        source.note("fixed-field-short", "008", f"{len(field)}: {field}", "read as far as it goes")
    main_entries = record.having(_MAIN_ENTRIES)
    if len(main_entries) > 1 or (main_entries and len(record.texts_of(main_entries[0])) > 1):
        source.note("main-entry-repeated", "1XX", severity="note")
    if record.having(_LIBOL_TAGS):
        for tag in record.having(_STAFF_TAGS):
            source.note("staff-name", tag, done="shown to nobody", severity="note")
