"""Record schemas: what ``feed.format`` asks for, under the names that servers have for it.

The Library of Congress says ``marcxml`` and ``dc``, the German National Library ``MARC21-xml`` and ``oai_dc``, the
National Library of France ``unimarcxchange`` and ``dublincore``. A name that a server does not know is followed by the
next one.
"""

from collections.abc import Mapping

from lxml import etree

from harvesters.xml import get_namespace

DEFAULT_FORMAT = "marcxml"

_NAMES: Mapping[str, tuple[str, ...]] = {
    "marcxml": ("marcxml", "MARC21-xml", "info:srw/schema/1/marcxml-v1.1", "marc21"),
    "unimarcxchange": ("unimarcxchange", "unimarcXchange", "info:lc/xmlns/marcxchange-v2", "unimarc"),
    "dublincore": ("dc", "dublincore", "oai_dc", "info:srw/schema/1/dc-v1.1"),
    "mods": ("mods", "mods36", "info:srw/schema/1/mods-v3.6", "mods3"),
}
_OTHER_WORDS: Mapping[str, str] = {
    "marc21": "marcxml", "MARC21-xml": "marcxml", "unimarc": "unimarcxchange", "dc": "dublincore",
    "oai_dc": "dublincore", "mods36": "mods",
}  # fmt: skip
_FORMATS: Mapping[str, str] = {
    "marcxml": "marcxml",
    "unimarcxchange": "unimarc",
    "dublincore": "oai_dc",
    "mods": "mods",
}
_FORMAT_BY_NAMESPACE: Mapping[str, str] = {
    "http://www.loc.gov/MARC21/slim": "marcxml",
    "http://www.openarchives.org/OAI/2.0/oai_dc/": "oai_dc",
    "info:srw/schema/1/dc-schema": "oai_dc",
    "info:srw/schema/1/dc-v1.1": "oai_dc",
    "http://www.loc.gov/mods/v3": "mods",
}


def list_schema_names(feed_format: str) -> tuple[str, ...]:
    """What to ask for, one after the other: the feed's own word first."""
    word = feed_format or DEFAULT_FORMAT
    names = _NAMES.get(_OTHER_WORDS.get(word, word), ())
    return (word, *[name for name in names if name != word])


def name_format(content: etree._Element, feed_format: str) -> str:
    """The format of a record that came: its namespace decides, else what was asked for."""
    if get_namespace(content).startswith("info:lc/xmlns/marcxchange"):
        return "unimarc" if "marc21" not in (content.get("format") or "unimarc").lower() else "marcxml"
    word = feed_format or DEFAULT_FORMAT
    word = _OTHER_WORDS.get(word, word)
    found = _FORMAT_BY_NAMESPACE.get(get_namespace(content), _FORMATS.get(word, word))
    # Some servers send UNIMARC in the namespace of MARC 21: then the admin's word counts.
    return "unimarc" if found == "marcxml" and word == "unimarcxchange" else found
