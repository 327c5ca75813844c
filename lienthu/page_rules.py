"""PageRules: how the pages of a web catalogue are read, as an admin writes it in ``[partner.feed.pages]``.

Rule: ``link`` leads from a list to the pages of records and ``next`` to the next list; every other key is a field we
know (``title``, ``author``, …) and selects its values on a record's page. All are CSS selectors, with ``::text`` and
``::attr(name)``; without these an element's whole text counts. Where ``copy`` selects the row of each copy, the fields
of a copy are looked for within it.
"""

import difflib
from collections.abc import Mapping

import msgspec

from lienthu.columns import NAMES
from lienthu.errors import SettingsError
from lienthu.i18n import mark

COPY_FIELDS = ("accession", "call_number", "location", "status", "note")
LONGEST_SELECTOR = 500
_OWN_KEYS = ("start", "link", "next", "copy")
_EXAMPLE = 'title = "h1.title"'


class PageRules(msgspec.Struct, frozen=True, kw_only=True):
    """``start`` is the first list; empty: the feed's url. ``fields`` maps a field's name to its selector."""

    link: str
    start: str = ""
    next: str = ""
    copy: str = ""
    fields: Mapping[str, str] = {}


def read_page_rules(table: Mapping[str, object], place: str) -> PageRules:
    """The rules of the table *place*. Raises SettingsError naming the key, with what to write instead."""
    known = (*_OWN_KEYS, *NAMES)
    for key, value in table.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            raise SettingsError(
                mark("{place}: {key}: there is no such key. Did you mean: {hint}?"),
                place=place,
                key=key,
                hint=near[0] if near else ", ".join(known),
            )
        if key != "start":
            check_selector(key, value, place)
    for key, example in (("link", 'link = "a.book"'), ("title", _EXAMPLE)):
        if key not in table:
            raise SettingsError(
                mark("{place}: {key}: the pages of a feed need one, such as {example}."),
                place=place,
                key=key,
                example=example,
            )
    written = {key: str(value) for key, value in table.items()}
    own = {key: written.pop(key) for key in _OWN_KEYS if key in written}
    return PageRules(**own, fields=written)


def check_selector(key: str, written: object, place: str) -> None:
    """Raises SettingsError where this is no CSS selector."""
    reason = ""
    if not isinstance(written, str) or not written.strip():
        reason = "empty" if isinstance(written, str) else repr(written)[:80]
    elif len(written) > LONGEST_SELECTOR:
        reason = f"{len(written)} > {LONGEST_SELECTOR}"
    else:
        reason = _find_fault(written)
    if reason:
        raise SettingsError(
            mark("{place}: {key}: this is not a CSS selector ({reason}). Write it like this: {example}"),
            place=place,
            key=key,
            reason=reason,
            example=_EXAMPLE,
        )


def _find_fault(selector: str) -> str:
    from lxml import etree
    from parsel.csstranslator import HTMLTranslator

    try:
        etree.XPath(HTMLTranslator().css_to_xpath(selector))
    except (SyntaxError, ValueError, RuntimeError, etree.XPathError) as error:  # cssselect raises the first three
        return str(error)[:200] or type(error).__name__
    return ""
