"""The words for what records say in codes: document types, languages, roles, statuses, verdicts.

The library's own words, not a programmer's: *nhan đề*, never *tiêu đề*; *tài liệu*, never *biểu ghi*. A code that has
no word here is never shown bare where a word can be had from Unicode's tables.
"""

from collections.abc import Mapping

from babel import Locale

from lienthu.i18n import mark
from web.language import Language

TYPES: Mapping[str, str] = {
    "book": mark("Book"),
    "serial": mark("Newspapers, journals"),
    "article": mark("Article"),
    "thesis": mark("Theses"),
    "map": mark("Map"),
    "score": mark("Printed music"),
    "sound": mark("Sound recording"),
    "talking-book": mark("Audio book"),
    "video": mark("Film, video"),
    "picture": mark("Picture"),
    "braille": mark("Braille book"),
    "electronic": mark("Digital document"),
    "manuscript": mark("Manuscript"),
    "kit": mark("Learning kit"),
    "object": mark("Object"),
    "other": mark("Other document"),
}
TYPES_OF_ONE: Mapping[str, str] = {"serial": mark("Newspaper or journal"), "thesis": mark("Thesis")}
"""Where the word for one document is another than the word for the kind."""

LANGUAGES: Mapping[str, str] = {
    "hmn": mark("Hmong"),
    "mww": mark("Hmong"),
    "hnj": mark("Hmong"),
    "tyz": mark("Tày"),
    "tys": mark("Tày"),
    "nut": mark("Nùng"),
    "blt": mark("Black Thai"),
    "twh": mark("White Thai"),
    "pcc": mark("Giáy"),
    "ium": mark("Dao"),
    "mji": mark("Dao"),
    "hni": mark("Hà Nhì"),
    "lgh": mark("Phù Lá"),
    "lbt": mark("La Chí"),
    "tai": mark("Tày–Thái language"),
    "lzh": mark("Classical Chinese"),
    "mul": mark("Several languages"),
    "und": mark("Language not known"),
    "unknown": mark("Language not known"),
}
"""Languages that Unicode's tables lack or name otherwise than libraries in Lào Cai do."""

ROLES: Mapping[str, str] = {
    "edt": mark("editor"),
    "trl": mark("translator"),
    "com": mark("compiler"),
    "col": mark("collector"),
    "ill": mark("illustrator"),
    "pht": mark("photographer"),
    "aui": mark("introduction"),
    "cmp": mark("composer"),
    "nrt": mark("reader"),
    "ths": mark("supervisor"),
    "dgs": mark("supervisor"),
    "dgg": mark("degree-granting institution"),
    "rev": mark("reviser"),
    "adp": mark("adapter"),
    "aft": mark("afterword"),
    "ann": mark("annotator"),
    "trc": mark("transcriber"),
    "drt": mark("director"),
    "prf": mark("performer"),
    "ctg": mark("cartographer"),
    "isb": mark("issuing body"),
}
"""By relator code. ``aut`` has no word: an author needs none."""

PARTNER_TYPES: Mapping[str, str] = {
    "public": mark("Public library"),
    "school": mark("School library"),
    "university": mark("University library"),
    "national": mark("National library"),
    "army": mark("Army library"),
    "border-post": mark("Border-post library"),
    "prison": mark("Prison library"),
    "office": mark("Office library"),
    "research": mark("Research library"),
    "other": mark("Library"),
}
ACCESS: Mapping[str, str] = {
    "library": mark("In the library"),
    "online": mark("Read online"),
    "login": mark("Online, login required"),
}
"""The values of the facet."""

ONLINE_ACCESS: Mapping[str, str] = {
    "open": mark("Read online"),
    "login": mark("Online, login required"),
    "unknown": mark("Online"),
}
"""Of one address."""

STATUSES: Mapping[str, str] = {
    "available": mark("Available"),
    "on_loan": mark("On loan"),
    "reference": mark("Reference only"),
    "unknown": mark("Ask the library"),
}
VERDICTS: Mapping[str, str] = {
    "complete": mark("Complete"),
    "incomplete": mark("Incomplete"),
    "failed": mark("Failed"),
    "held": mark("Held"),
    "running": mark("Under way"),
    "never": mark("Not yet harvested"),
}
PROTOCOLS: Mapping[str, str] = {
    "oai-pmh": mark("OAI-PMH"),
    "spider": mark("web catalogue"),
    "sru": mark("SRU"),
    "file": mark("file"),
}


def name_type(code: str, language: Language) -> str:
    """``thesis`` -> *Luận văn, luận án*: the kind, as a facet shows it."""
    return language.say(TYPES.get(code, TYPES["other"]))


def name_one(code: str, language: Language) -> str:
    """``thesis`` -> *Thesis*: one document of the kind."""
    return language.say(TYPES_OF_ONE.get(code) or TYPES.get(code, TYPES["other"]))


def name_language(code: str, language: Language) -> str:
    """``tyz`` -> *Tiếng Tày*. Without a name the code itself, in capitals."""
    if code in LANGUAGES:
        return language.say(LANGUAGES[code])
    name: str | None = Locale.parse(language.tag.replace("-", "_")).languages.get(code)
    return name or code.upper()


def describe_kind(type_code: str, language_codes: tuple[str, ...], language: Language) -> str:
    """*Sách tiếng Việt*; *Sách tiếng Dao, tiếng Việt*; at most three languages."""
    document_type = name_one(type_code, language)
    known = [code for code in language_codes if code not in {"und", "unknown"}]
    if not known:
        return document_type
    names = [_lower_first_word(name_language(code, language), language) for code in known[:3]]
    joined = ("、" if language.code == "zh" else ", ").join(dict.fromkeys(names))
    return language.say("{type} in {language}", type=document_type, language=joined)


def name_roles(codes: tuple[str, ...], language: Language) -> str:
    """*chủ biên*; *dịch, giới thiệu*; empty for an author."""
    words = [language.say(ROLES[code]) for code in codes if code in ROLES]
    return ", ".join(dict.fromkeys(words))


def _lower_first_word(name: str, language: Language) -> str:
    """*Tiếng Việt* stands inside a line as *tiếng Việt*; other languages keep their capitals."""
    if language.code == "vi" and name.startswith("Tiếng "):
        return f"t{name[1:]}"
    return name
