"""Keys: what facets and match keys compare. One spelling, lower case, nothing but words and single spaces.

Rule: a key is the exact layer of the text analysis, so that a facet, a search and a match can never disagree about
what is "the same". The label beside it stays as written.
"""

from lienthu.text import exact


def build_key(text: str) -> str:
    """``Văn hoá-Dân tộc`` and ``văn hóa dân tộc`` -> ``văn hóa dân tộc``."""
    return exact(text)


def has_words(text: str) -> bool:
    """Whether a key would have anything in it."""
    return (text[:1].isascii() and text[:1].isalnum()) or bool(exact(text))
