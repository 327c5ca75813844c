"""Words for people in their language. Sources are English; ``.po`` files translate and are read as they are.

A program text is marked with ``_`` and translated when it is shown, in the language of whoever looks: the command
line sets its language once, each web request sets its own. Two catalogues exist: ``lienthu/locale`` for commands and
errors, ``web/locale`` for pages.
"""

from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

COMMAND_LANGUAGES = ("vi", "en")
PAGE_LANGUAGES = ("vi", "en", "zh")
_HERE = Path(__file__).parent / "locale"

_current: ContextVar[NullTranslations] = ContextVar("translations", default=NullTranslations())  # noqa: B039


@cache
def load_translations(language: str, folder: Path = _HERE) -> NullTranslations:
    """The catalogue ``folder/<language>.po``; English, or one that is absent, gives the sources themselves."""
    path = folder / f"{language}.po"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def use_translations(translations: NullTranslations) -> None:
    """Everything that ``_`` gives from now on, in this context, is in this language."""
    _current.set(translations)


def _(text: str) -> str:
    """The text in the current language. A text that is shown later is marked with :func:`mark` instead."""
    return _current.get().gettext(text) if text else text


def plural(one: str, many: str, n: int) -> str:
    """``one`` or ``many`` as the language wants for *n*; placeholders stay for the caller to fill in."""
    return _current.get().ngettext(one, many, n)


def mark_plural(one: str, many: str) -> tuple[str, str]:
    """Marks both forms of a text for translation that is shown later."""
    return one, many


def mark(text: str) -> str:
    """Marks a text for translation that is shown later, such as an error's message."""
    return text
