"""Publishers. Shown as written; the key brings the spellings of one house together, the label is what a facet shows.

Rule: ``Nxb``, ``NXB.``, ``Nhà xuất bản`` are set aside; capitals, hyphens and spaces make no difference; then the table
``publishers.txt`` beside this file, which a librarian can edit, tells that CTQG is Chính trị quốc gia - Sự thật.
"""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from indexer.normalise.keys import build_key
from indexer.normalise.text import trim_marks
from lienthu.errors import SettingsError
from lienthu.i18n import mark

TABLE = Path(__file__).with_name("publishers.txt")
_HOUSE = re.compile(r"^(?:n\.?\s?x\.?\s?b\b\.?|nhà\s+(?:xuất\s+bản|xb)|nhà\s*xuất\s*bản)[\s.:,]*", re.IGNORECASE)
_NOBODY = frozenset(
    map(
        build_key,
        ("s.n.", "sn", "k.nxb", "knxb", "Không rõ nhà xuất bản", "Không có nhà xuất bản", "Nxb", "Nhà xuất bản",
         "publisher not identified", "éditeur non identifié"),
    )
)  # fmt: skip
_EDGES = re.compile(r"^[\[(<\s]+|[\])>\s]+$")


class Publisher(NamedTuple):
    """``shown`` as written, ``key`` for comparing, ``label`` for a facet; all empty where there is none."""

    shown: str
    key: str
    label: str


NO_PUBLISHER = Publisher("", "", "")


def is_publishing_house(name: str) -> bool:
    """The name begins with ``Nxb`` or ``Nhà xuất bản``."""
    return _HOUSE.match(name) is not None


@lru_cache(maxsize=16_384)
def normalise_publisher(written: str) -> Publisher:
    """``Nxb. Văn hoá-Dân tộc,`` -> (``Nxb. Văn hoá-Dân tộc``, ``văn hóa dân tộc``, ``Văn hóa dân tộc``)."""
    shown = trim_marks(_EDGES.sub("", trim_marks(written)))
    bare = trim_marks(_HOUSE.sub("", shown, count=1)) or shown
    key = build_key(bare)
    if not key or key in _NOBODY:
        return NO_PUBLISHER
    known = load_table().get(key)
    return Publisher(shown, known[0], known[1]) if known else Publisher(shown, key, bare)


@cache
def load_table(path: Path = TABLE) -> dict[str, tuple[str, str]]:
    """Key of each way of writing -> (key, label) of its publisher."""
    table: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        label, _, ways = line.partition("=")
        label = label.strip()
        publisher = (build_key(label), label)
        for way in (label, *ways.split("|")):
            key = build_key(_HOUSE.sub("", way.strip(), count=1))
            if key and table.setdefault(key, publisher) != publisher:
                raise SettingsError(
                    mark("{path}, line {number}: “{way}” already belongs to “{other}”: strike out one of the two."),
                    path=path, number=number, way=way.strip(), other=table[key][1],
                )  # fmt: skip
    return table
