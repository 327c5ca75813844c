"""The language of a page: Vietnamese unless the reader asked for another, remembered in a cookie.

``?lang=`` on any page wins over the cookie. The browser's own list of languages is not asked: most phones here are
sold with English set, and their owners read Vietnamese.
"""

from gettext import NullTranslations
from pathlib import Path

import msgspec

from lienthu.i18n import PAGE_LANGUAGES, load_translations
from web.presenters.numbers import format_number

DEFAULT_LANGUAGE = "vi"
COOKIE = "lienthu_lang"
LOCALE_FOLDER = Path(__file__).parent / "locale"


class Language(msgspec.Struct, frozen=True):
    """One language of the pages. ``code`` is ``vi``, ``en`` or ``zh``; ``tag`` is what ``lang`` attributes say."""

    code: str
    tag: str
    translations: NullTranslations

    def say(self, text: str, /, **facts: object) -> str:
        """The text in this language, with ``{facts}`` filled in."""
        translated = self.translations.gettext(text)
        return translated.format(**facts) if facts else translated

    def say_many(self, one: str, many: str, n: int, /, **facts: object) -> str:
        """As the language counts; ``{n}`` is written as it writes numbers."""
        return self.translations.ngettext(one, many, n).format(n=format_number(n, self.code), **facts)


def load_language(code: str) -> Language:
    """The language *code*, one of PAGE_LANGUAGES."""
    tag = {"zh": "zh-Hans"}.get(code, code)
    return Language(code=code, tag=tag, translations=load_translations(code, LOCALE_FOLDER))


def choose_language(asked: str | None, remembered: str | None) -> str:
    """The code asked for in the address, else the one remembered, else Vietnamese. Unknown ones are as good as none."""
    for code in (asked, remembered):
        if code in PAGE_LANGUAGES:
            return code
    return DEFAULT_LANGUAGE
