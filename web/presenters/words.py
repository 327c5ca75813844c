"""The words for what records say in codes: document types, languages, roles, statuses, verdicts.

The library's own words, not a programmer's: *nhan đề*, never *tiêu đề*; *tài liệu*, never *biểu ghi*. What facets call
document types and languages comes from ``search_api.labels``, so that pages and machines say the same.
"""

from collections.abc import Mapping
from functools import lru_cache

from lienthu.i18n import mark
from search_api.labels import label_facet
from web.language import Language

TYPES_OF_ONE: Mapping[str, str] = {"serial": mark("Newspaper or journal"), "thesis": mark("Thesis")}
"""Where the word for one document is another than the word for the kind."""

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
    return label_facet("type", code, "", language.code, {}) or label_facet("type", "other", "", language.code, {})


def name_one(code: str, language: Language) -> str:
    """``thesis`` -> *Thesis*: one document of the kind."""
    return language.say(TYPES_OF_ONE[code]) if code in TYPES_OF_ONE else name_type(code, language)


def name_language(code: str, language: Language) -> str:
    """``tyz`` -> *Tiếng Tày*. Without a name the code itself, in capitals."""
    return label_facet("language", code, code.upper(), language.code, {})


@lru_cache(maxsize=4_096)
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
