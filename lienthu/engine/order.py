"""Order: the keys by which editions stand among equals, made of the id alone, so that every engine, every build and
every page agrees."""

from hashlib import blake2b

from lienthu.engine.years import LAST_YEAR
from lienthu.errors import EngineError
from lienthu.i18n import mark

MAX_ID_BYTES = 512
MAX_TITLE_KEY = 300
NO_TITLE = "\U0010ffff"
"""Stands after every title."""
_YEAR_SHIFT = 48


def encode_id(id: str) -> bytes:
    """Raises EngineError for an id that no engine could replace or delete again: engines drop longer keys without a
    word."""
    try:
        raw = id.encode()
    except UnicodeEncodeError as error:
        raise EngineError(mark("Edition {id}: its id is not valid Unicode."), id=ascii(id)) from error
    if not 0 < len(raw) <= MAX_ID_BYTES:
        raise EngineError(mark("Edition {id}…: an id has 1 to {limit} bytes."), id=id[:60], limit=MAX_ID_BYTES)
    return raw


def build_tie(raw: bytes) -> int:
    """63 bits that decide between equals: the same for an id wherever and whenever it is indexed."""
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), "big") >> 1


def build_year_orders(span: tuple[int, int] | None) -> tuple[int, int]:
    """*(newest, oldest)*: the upper bits of two orders; whoever makes a document adds ``tie >> 15``. Editions of one
    year stand in the order of their ties, and those of unknown year last in both directions."""
    first, last = span or (LAST_YEAR + 1, 0)
    return last << _YEAR_SHIFT, first << _YEAR_SHIFT


def build_title_order(title_key: str, id: str) -> str:
    return f"{title_key[:MAX_TITLE_KEY] or NO_TITLE}\0{id}"
