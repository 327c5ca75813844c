"""Clean text: what every value of a record goes through before anything else looks at it.

Rule: canonical order of marks (``xuá̂t`` becomes ``xuất``: NFC alone leaves it), NFC, no control or invisible formatting
characters, no lone surrogates, every run of white space is one space, and never longer than MAX_TEXT. Markup is taken
out of formats that carry it by mistake (Dublin Core, web pages), entities once and once more where they were escaped
twice. Plain ASCII, the usual case in a feed of codes and numbers, takes a short way.
"""

import html.entities
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

MAX_TEXT = 20_000
"""Characters of one value; the rest is cut (an abstract of twenty pages is no abstract)."""

# Combining marks, controls, soft hyphen, zero-width and direction marks, surrogates, private noncharacters.
_SUSPECT = re.compile(
    "[\u0300-\u036f\x00-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffc\ud800-\udfff]"
)
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffc\ud800-\udfff]"
)
_TONE_BEFORE_SHAPE = re.compile("([\u0300\u0301\u0303\u0309])([\u0302\u0306])")
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,500}|!--.{0,2000}?--)>", re.DOTALL)
_HIDDEN = re.compile(r"<(script|style)\b[^>]{0,500}>.{0,20000}?</\1\s*>", re.DOTALL | re.IGNORECASE)

_HTML = re.compile(
    r"</?(?:p|br|b|i|em|strong|span|div|a|sup|sub|ul|ol|li|font|table|td|tr|h[1-6]|img|script|style)\b[^<>]{0,500}>"
    r"|&(?:#[0-9]{2,7}|#x[0-9a-fA-F]{2,6}|(?P<name>[a-zA-Z]{2,8}));",
    re.IGNORECASE,
)

_REFERENCE = re.compile(r"&#x([0-9A-Fa-f]{2,6})(?:%x)?;")

ISBD_END = " /:;,=.\t"


def clean_text(text: str) -> str:
    """The value without what nobody can see. ``&#x6C49;`` is how MARC-8 says a sign that it lacks: the sign itself."""
    if "&#x" in text:
        text = _REFERENCE.sub(_resolve_reference, text)
    if text.isascii() and text.isprintable():
        if "  " not in text and len(text) <= MAX_TEXT:
            return text.strip()
        return " ".join(text.split())[:MAX_TEXT]
    if _SUSPECT.search(text) is None and unicodedata.is_normalized("NFC", text):
        return " ".join(text.split())[:MAX_TEXT]
    text = _DROPPED.sub("", text)
    decomposed = unicodedata.normalize("NFD", text)
    text = unicodedata.normalize("NFC", _TONE_BEFORE_SHAPE.sub(r"\2\1", decomposed))
    return " ".join(text.split())[:MAX_TEXT]


def _resolve_reference(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return chr(code) if code <= 0x10FFFF else found[0]


def strip_markup(text: str) -> str:
    """Clean text without HTML: entities resolved (twice where needed), tags taken out, scripts with their content."""
    text = text[: MAX_TEXT * 4]
    for _ in range(2):
        if "&" not in text:
            break
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", _HIDDEN.sub(" ", text))
    return clean_text(text)


def has_markup(text: str) -> bool:
    """Whether tags or entities of HTML stand in a value where words should."""
    if "<" not in text and "&" not in text:
        return False
    return any(not found["name"] or f"{found['name']};" in html.entities.html5 for found in _HTML.finditer(text))


def trim_marks(text: str) -> str:
    """Without the ISBD marks at either end. A full stop after an initial or an abbreviation in capitals stays."""
    text = text.strip(" /:;,=\t")
    if text.endswith(".") and not text.endswith("..") and not _ends_with_initial(text):
        return text[:-1].rstrip(ISBD_END)
    return text


def _ends_with_initial(text: str) -> bool:
    """``Rowling, J. K.`` and ``U.S.`` keep their full stop; ``Toán 5.`` does not."""
    last = text.rpartition(" ")[2]
    return last[-2:-1].isalpha() and (len(last) == 2 or (len(last) > 2 and last[-3] == "."))


class Words(NamedTuple):
    """Words to look for: all of them, and those that can stand in a plain text."""

    every: tuple[str, ...]
    plain: tuple[str, ...]


def collect_words(words: Iterable[str]) -> Words:
    """Each once."""
    every = tuple(dict.fromkeys(words))
    return Words(every, tuple([word for word in every if word.isascii()]))


def has_any(text: str, words: Words) -> bool:
    """Whether any of *words* stands in *text*, whole or in part: far cheaper than a pattern."""
    for word in words.plain if text.isascii() else words.every:  # noqa: SIM110 - a generator would cost more
        if word in text:
            return True
    return False


def strip_brackets(text: str) -> str:
    """``[Hà Nội]`` and a half of a pair (``[Paris``, ``Paris]``) without them; ``(Mil.-Geo)`` inside stays."""
    for opening, closing in ("[]", "()", "<>"):
        if text[:1] == opening and text.find(closing, 1) in (-1, len(text) - 1):
            text = text[1:].removesuffix(closing).strip()
        elif text[-1:] == closing and text.count(closing) > text.count(opening):
            text = text[:-1].rstrip()
    return text
