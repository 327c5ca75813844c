"""The frame around every page: its language, the box at the top, the ways to the other pages."""

from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec

from web.language import Language, load_language
from web.presenters.links import Links

OWN_NAMES: Mapping[str, str] = {"vi": "Tiếng Việt", "en": "English", "zh": "中文"}
"""Each language in its own words: whoever looks for one reads it."""


class LanguageLink(msgspec.Struct, frozen=True):
    tag: str
    name: str
    address: str
    current: bool


class Stylesheets(msgspec.Struct, frozen=True):
    """Addresses of what a page loads; each changes when its content does."""

    style: str
    script: str
    icon: str


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """``q`` is what stands in the box; ``section`` is the page that is open, for the navigation."""

    tag: str
    links: Links
    static: Stylesheets
    languages: tuple[LanguageLink, ...]
    section: str
    q: str = ""


def present_frame(
    language: Language,
    links: Links,
    static: Stylesheets,
    path: str,
    parameters: tuple[tuple[str, str], ...],
    section: str,
    q: str = "",
) -> Frame:
    """``path`` is where the reader is (root path included) and ``parameters`` what the address asks: changing the
    language stays on the page."""
    kept = [pair for pair in parameters if pair[0] != "lang"]
    return Frame(
        tag=language.tag,
        links=links,
        static=static,
        languages=tuple(
            LanguageLink(
                tag=load_language(code).tag,
                name=name,
                address=f"{path}?{urlencode([*kept, ('lang', code)])}",
                current=code == language.code,
            )
            for code, name in OWN_NAMES.items()
        ),
        section=section,
        q=q,
    )
