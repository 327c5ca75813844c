"""Publishers. Shown as written; the key brings the spellings of one house together, the label is what a facet shows.

Rule: ``Nxb``, ``NXB.``, ``Nhà xuất bản`` are set aside; capitals, hyphens and spaces make no difference; then the table
``publishers.txt``, which a librarian can edit, tells that CTQG is Chính trị quốc gia - Sự thật.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from indexer.normalise.keys import build_key
from indexer.normalise.text import strip_brackets, trim_marks
from lienthu.tables import tables_in_use
from lienthu.tables.variants import VariantTable

_HOUSE = re.compile(r"^(?:n\.?\s?x\.?\s?b\b\.?|nhà\s+(?:xuất\s+bản|xb)|nhà\s*xuất\s*bản)[\s.:,]*", re.IGNORECASE)
_NOBODY = frozenset(
    map(
        build_key,
        ("s.n.", "sn", "k.nxb", "knxb", "Không rõ nhà xuất bản", "Không có nhà xuất bản", "Nxb", "Nhà xuất bản",
         "publisher not identified", "éditeur non identifié"),
    )
)  # fmt: skip


class Publisher(NamedTuple):
    """``shown`` as written, ``key`` for comparing, ``label`` for a facet; all empty where there is none."""

    shown: str
    key: str
    label: str


NO_PUBLISHER = Publisher("", "", "")


def is_publishing_house(name: str) -> bool:
    """The name begins with ``Nxb`` or ``Nhà xuất bản``."""
    return _HOUSE.match(name) is not None


def normalise_publisher(written: str) -> Publisher:
    """``Nxb. Văn hoá-Dân tộc,`` -> (``Nxb. Văn hoá-Dân tộc``, ``văn hóa dân tộc``, ``Văn hóa dân tộc``)."""
    return _normalise(written, tables_in_use().publishers)


@lru_cache(maxsize=16_384)
def _normalise(written: str, table: VariantTable) -> Publisher:
    shown = trim_marks(strip_brackets(trim_marks(written)))
    bare = trim_marks(_HOUSE.sub("", shown, count=1)) or shown
    key = build_key(bare)
    if not key or key in _NOBODY:
        return NO_PUBLISHER
    known = table.look_up(key)
    return Publisher(shown, known.key, known.labels[0]) if known else Publisher(shown, key, bare)
