"""Keys: what facets and match keys compare. One spelling, lower case, nothing but words and single spaces.

Rule: a key is the exact layer of the text analysis, so that a facet, a search and a match can never disagree about
what is "the same". The label beside it stays as written.
"""

from functools import lru_cache

from lienthu.text import exact

_EDGES = '.,:;()[]"?!/'
_LONG = 64


def build_key(text: str) -> str:
    """``Văn hoá-Dân tộc`` and ``văn hóa dân tộc`` -> ``văn hóa dân tộc``.

    The same as ``exact(text)``, a chunk at a time: titles never come twice, their syllables all the time.
    """
    keys = [key for chunk in text.split() if (key := _build_chunk_key(chunk) if len(chunk) < _LONG else exact(chunk))]
    key = " ".join(keys)
    return exact(text) if "h m" in key else key  # ``H mông`` is one word: only the whole text tells


@lru_cache(maxsize=65_536)
def _build_chunk_key(chunk: str) -> str:
    return exact(chunk.strip(_EDGES))
