"""Places of publication. Shown as written less the ISBD marks; the key brings a city's spellings together.

Rule: ``H``, ``H.``, ``HN``, ``Hanoi`` are Hà Nội; whatever holds ``HCM``, ``Hồ Chí Minh`` or is ``Sài Gòn`` is TP. Hồ
Chí Minh (132 spellings are known, typing errors such as ``Yp.Hồ Chí Minh`` among them). "No place" in any language is
no place.
"""

import re
from functools import lru_cache

from indexer.normalise.keys import build_key
from indexer.normalise.text import trim_marks

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
_EDGES = re.compile(r"^[\[(<\s]+|[\])>\s]+$")


@lru_cache(maxsize=16_384)
def normalise_place(written: str) -> tuple[str, str]:
    """(as shown, key); both empty where there is none."""
    written = _AND_MORE.sub("", written) if "u" in written or "e" in written else written
    shown = trim_marks(_EDGES.sub("", trim_marks(written)))
    key = build_key(shown)
    if not key or key in _NOWHERE:
        return "", ""
    if key in _HANOI:
        return shown, HANOI
    if key in _SAIGON or any(inside in key for inside in _SAIGON_INSIDE):
        return shown, SAIGON
    return shown, key
