"""Places of publication. Shown as written less the ISBD marks; the key brings a city's spellings together.

Rule: ``H``, ``H.``, ``HN``, ``Hanoi`` are Hà Nội; whatever holds ``HCM``, ``Hồ Chí Minh`` or is ``Sài Gòn`` is TP. Hồ
Chí Minh (132 spellings are known, typing errors such as ``Yp.Hồ Chí Minh`` among them). Other spellings come from the
table of places. "No place" in any language is no place. The facet shows the table's name for a place, or what is
written.
"""

import re
from functools import lru_cache

from indexer.normalise.keys import build_key
from indexer.normalise.text import strip_brackets, trim_marks
from lienthu.tables import tables_in_use
from lienthu.tables.variants import VariantTable

HANOI = "hà nội"
SAIGON = "tp hồ chí minh"
_HANOI = frozenset(
    map(build_key, ("H.", "HN", "HNội", "Hà Nội", "Ha Noi", "Hanoi", "Hà nôi", "TP Hà Nội", "Thành phố Hà Nội", "河内"))
)
_SAIGON = frozenset(map(build_key, ("Sài Gòn", "Sài Gòn - Gia Định", "Sai Gon", "Saigon", "SG", "S.")))
_SAIGON_INSIDE = tuple(map(build_key, ("Hồ Chí Minh", "HCM", "Ho Chi Minh", "H.C.M", "Hồ Chi Minh", "胡志明")))
_NOWHERE = frozenset(
    map(
        build_key,
        ("S.l.", "SL", "s.n.", "K.đ.", "Kđ.", "Không rõ", "Không nơi xuất bản", "Không có nơi xuất bản", "n.p.",
         "Place of publication not identified", "Lieu de publication non identifié"),
    )
)  # fmt: skip
_AND_MORE = re.compile(r"\s*\[?\s*(?:u\.\s?a\.|etc\.?|et al\.?|\[?i\.\s?e\.\]?)\s*\]?[\s:;,]*$", re.IGNORECASE)


def normalise_place(written: str) -> tuple[str, str]:
    """(as shown, key); both empty where there is none."""
    return _normalise(written, tables_in_use().places)


def label_place(key: str, shown: str) -> str:
    """What the facet calls the place of this key."""
    entry = tables_in_use().places.entries.get(key)
    return entry.labels[0] if entry is not None else shown


@lru_cache(maxsize=16_384)
def _normalise(written: str, table: VariantTable) -> tuple[str, str]:
    written = _AND_MORE.sub("", written) if "u" in written or "e" in written else written
    shown = trim_marks(strip_brackets(trim_marks(written)))
    key = build_key(shown)
    if not key or key in _NOWHERE:
        return "", ""
    if key in _HANOI:
        return shown, HANOI
    if key in _SAIGON or any(inside in key for inside in _SAIGON_INSIDE):
        return shown, SAIGON
    known = table.look_up(key)
    return shown, known.key if known is not None and not known.renamed else key
