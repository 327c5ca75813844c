"""What an SRU server says when it cannot do as it is asked (SRU 1.2, diagnostics list): numbers, in words."""

from collections.abc import Mapping

import msgspec
from lxml import etree

from harvesters.xml import get_text
from lienthu.i18n import mark
from lienthu.message import Message, join_messages, quote_text

VERSION = 5
PARAMETER_VALUE = 6
PARAMETER = 8
OUT_OF_RANGE = 61
SCHEMAS = frozenset({66, 67})
PACKING = 71
PARTIAL = frozenset({58, 59})
PASSING = frozenset({1, 2, 52})
REFUSALS = frozenset({3, 68, 69})

WORDS: Mapping[int, str] = {
    1: mark("the server has an error of its own"),
    2: mark("the server is not available for the moment"),
    3: mark("the server wants to know who asks"),
    4: mark("the server does not search"),
    5: mark("the server does not speak this version of SRU"),
    6: mark("the server does not take this value of a parameter"),
    7: mark("a parameter is missing"),
    8: mark("the server does not know a parameter"),
    10: mark("the query is not well-formed"),
    13: mark("the server does not read these parentheses"),
    14: mark("the server does not read these quotation marks"),
    15: mark("the server does not know this set of indexes"),
    16: mark("the server does not have this index"),
    18: mark("the server does not combine these indexes"),
    19: mark("the server does not know this relation"),
    20: mark("the server does not know this relation modifier"),
    22: mark("the server does not use this relation with this index"),
    24: mark("the server does not use this relation with this term"),
    27: mark("the server does not search for an empty term"),
    28: mark("the server does not know this masking character"),
    29: mark("a masked word of the query is too short"),
    35: mark("the query has only words that are too common"),
    36: mark("a term of the query does not fit its index"),
    37: mark("the server does not know this boolean operator"),
    38: mark("the query has too many boolean operators"),
    48: mark("the server does not do this kind of query"),
    52: mark("the result is not available for the moment"),
    58: mark("only a part of the result was ready"),
    59: mark("only a part of the result was ready"),
    60: mark("the query finds too many records: divide it into several feeds"),
    61: mark("the server does not go that far in a result"),
    64: mark("this record is not available for the moment"),
    65: mark("this record is no longer there"),
    66: mark("the server does not have this record schema"),
    67: mark("this record cannot be had in this schema"),
    68: mark("the server may not send this record"),
    69: mark("the server may not send this record in this schema"),
    70: mark("this record is too large for the server to send"),
    71: mark("the server does not pack records this way"),
    80: mark("the server does not sort"),
}  # fmt: skip
_NAMESPACES = (
    "info:srw/diagnostic/1/",
    "info:srw/diagnostics/1/",
    "http://docs.oasis-open.org/ns/search-ws/diagnostic",
)


class Diagnostic(msgspec.Struct, frozen=True):
    """``number`` is that of the standard's list, 0 for one of the server's own."""

    number: int
    uri: str = ""
    details: str = ""
    message: str = ""

    def keep(self) -> Message:
        """In words: ours for the numbers of the standard, the server's own for the rest; then what it adds."""
        words = WORDS.get(self.number) or self.message or self.uri or mark("no reason given")
        details = quote_text(f"({self.details})") if self.details else Message()
        return join_messages((Message(words), details), " ")

    def tell(self) -> str:
        """The same in the current language."""
        return self.keep().tell()


def read_diagnostic(element: etree._Element) -> Diagnostic:
    """A ``diagnostic`` element, whatever its namespace is."""
    uri = get_text(element, "uri")[:200] or get_text(element, "code")[:200]
    tail = uri.rstrip("/").rpartition("/")[2]
    is_standard = uri.startswith(_NAMESPACES) or uri == tail
    return Diagnostic(
        int(tail) if is_standard and tail.isascii() and tail.isdecimal() and len(tail) < 5 else 0,
        uri,
        " ".join(get_text(element, "details").split())[:200],
        " ".join(get_text(element, "message").split())[:200],
    )
