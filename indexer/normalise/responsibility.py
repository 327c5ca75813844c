"""The statement of responsibility: names out of ``Dương Sách (sưu tầm, biên dịch) ; Nguỵ Thanh Tuyên dịch``.

Rule: groups are parted by `` ; ``, the names of a group by commas, ``và``, ``and``, ``&``. A role written on the last
name of a Vietnamese group in brackets or before the group with a colon belongs to that group. Only what looks like a
name is taken (two to six words in capitals, no digits): the statement itself stays in the title as written.
"""

import re
from functools import lru_cache

from indexer.normalise.names import PARTICLES, ParsedName, begins_with_family, parse_body, parse_person, strip_others
from indexer.normalise.roles import take_roles

_NAMES = re.compile(r"\s*(?:,|;|\s&\s|\bvà\b|\band\b|\bet\b|、|，)\s*")
_BODIES_FIRST = (
    "bộ ", "sở ", "cục ", "tổng cục", "viện ", "trường ", "đại học", "hội ", "ban ", "uỷ ban", "ủy ban", "trung tâm",
    "thư viện", "công ty", "tỉnh ", "thành phố", "học viện", "bảo tàng", "liên hiệp", "quốc hội", "đảng ", "chi cục",
)  # fmt: skip
_BODIES_INSIDE = (
    "university", "department", "office", "institute", "ministry", "association", "committee", "centre", "center",
    "library", "museum", "society", "bureau", "agency", "commission", "company", "université", "école",
)  # fmt: skip


@lru_cache(maxsize=1_024)
def parse_responsibility(statement: str) -> tuple[tuple[str, ParsedName], ...]:
    """(kind, name) of everyone it names; kind is ``person`` or ``corporate``."""
    found: dict[str, tuple[str, ParsedName]] = {}
    for group in re.split(r"\s*;\s*", statement[:2_000]):
        text, roles = take_roles(strip_others(group))
        for piece in _NAMES.split(text):
            kind, name = _read_name(piece, roles)
            if name.key:
                found.setdefault(name.key, (kind, name))
    return tuple(found.values())


def _read_name(piece: str, roles: tuple[str, ...]) -> tuple[str, ParsedName]:
    if is_body(piece):
        return "corporate", parse_body(piece)
    name = parse_person(piece)
    if not name.key or not looks_like_name(name.name):
        return "person", ParsedName(piece, "", rule="name-impossible")
    return "person", name._replace(roles=tuple(dict.fromkeys([*name.roles, *roles])))


def is_body(name: str) -> bool:
    """``Bộ Văn hóa``, ``Trường Đại học Luật``, ``University of Hawaii``: a word tells."""
    lowered = name.lower()
    return lowered.startswith(_BODIES_FIRST) or any(word in lowered for word in _BODIES_INSIDE)


def looks_like_name(text: str) -> bool:
    """Two to six words that begin with a capital (or a particle), no digits. One word of Han is a name as well."""
    words = text.replace(".", ". ").split()
    if len(words) == 1:
        return "\u4e00" <= text[:1] <= "\u9fff" and 2 <= len(text) <= 4
    if not 2 <= len(words) <= 6 or any(map(str.isdigit, text)):
        return False
    return all(word[0].isupper() or word.lower() in PARTICLES for word in words) and words[0][0].isupper()


def looks_like_responsibility(text: str) -> bool:
    """Whether the text after a bare slash names somebody: it decides whether ``A/B`` is cut there."""
    names = parse_responsibility(text)
    return bool(names) and (begins_with_family(names[0][1].name) or len(text) < 200)
