"""Volumes: ``T.1``, ``Tập 1``, ``Tập3``, ``Quyển 2``, ``Phần 2, Tập 2``, ``Vol 2``, ``.Tập 1 - Quyển 2``, ``第二册``.

Rule: the volume is part of a document's identity, so it is taken out of the title wherever it was written, shown as
written, and compared by its numbers in Arabic digits, levels parted by a slash (``2/1``). A marker counts at the end of
a title or before a mark that begins the part's own title; ``Bài tập 1`` and ``thực tập 2`` are exercises, not volumes.
"""

import re
from functools import lru_cache

from indexer.normalise.keys import build_key
from indexer.normalise.numerals import parse_han, parse_numeral
from indexer.normalise.text import strip_brackets

_WORD = r"tập|quyển|phần|cuốn|quyền|vol(?:ume)?s?\.?|part|pt\.|book|tome|band|bd\.|teil|ph\.|q\.|t\.|v\.|k[ìỳ]|kỳ"
_NUMBER = (
    r"[0-9]{1,4}(?:\s?[-–/&,+]\s?[0-9]{1,4})*[a-d]?|[IVXLC]{1,7}(?![a-zà-ỹ])|[A-H](?![\w.])"
    r"|(?:một|nhất|hai|nhì|ba|bốn|tư|năm|sáu|bảy|bẩy|tám|chín|mười|thượng|trung|hạ|one|two|three|four|five|six)(?!\w)"
)
_ONE = rf"(?:{_WORD})\s*(?:thứ\s+)?(?:{_NUMBER})"
_VOLUME = re.compile(
    rf"(?P<before>^|[\s.,:;(\[–-]+)(?P<volume>{_ONE}(?:\s?[,.:–-]?\s?(?:{_ONE}))*)(?P<after>\s*[.,:;)\]/–-].*|\s*)$",
    re.IGNORECASE | re.DOTALL,
)
_PIECE = re.compile(rf"(?:{_WORD})\s*(?:thứ\s+)?(?P<number>{_NUMBER})", re.IGNORECASE)
_MARKERS = (
    "tập", "quy", "phần", "cuốn", " vol", " part", "pt.", "book ", "tome ", "band ", "bd.", "teil ", "ph.", " t.",
    ".t.",
    " q.", " v.", "kỳ", "kì", "第", "册", "卷", "集", "(上", "(中", "(下", "（",
)  # fmt: skip
_HAN = re.compile(
    r"[\s,.:：·（(]*(?P<volume>第\s?(?P<number>[0-9]+|[一二三四五六七八九十]+)\s?[册卷集部辑]|(?P<word>[上中下])[册卷集]|[（(](?P<bare>[上中下])[)）])(?P<after>.*)$"
)
_HAN_WORDS = {"上": "thượng", "中": "trung", "下": "hạ"}
_NOT_BEFORE = (
    "bài",
    "thực",
    "luyện",
    "học",
    "tuyển",
    "kiến",
    "toàn",
    "sưu",
    "góp",
    "thành",
    "một",
    "các",
    "và",
    "của",
    "là",
    "cổ",
)
_SHORT = re.compile(r"^(?:t|q|v|ph|bd|pt)\.", re.IGNORECASE)


def split_volume(title: str) -> tuple[str, str, str]:
    """(title, volume as written, title of the part): ``Toán cao cấp. Tập 1, Đại số`` in three."""
    lowered = title.lower()
    for marker in _MARKERS:
        if marker in lowered:
            break
    else:
        return title, "", ""
    if _PIECE.search(title) is None and "第" not in title and not any(mark in title for mark in "上中下"):
        return title, "", ""
    for found in _find_volumes(title):
        return found
    han = _HAN.search(title)
    if han and han.start() > 0:
        return title[: han.start()].strip(), han["volume"].strip("（()） "), han["after"].strip(" .,:;：·")
    return title, "", ""


def _find_volumes(title: str) -> list[tuple[str, str, str]]:
    start = 0
    while True:
        found = _VOLUME.search(title, start)
        if found is None:
            return []
        before, volume = title[: found.start("volume")], found["volume"]
        if _is_volume(before, volume, found["before"]) and before.strip(" .,:;([–-"):
            return [
                (
                    before.rstrip(" .,:;([–-"),
                    volume.strip(),
                    strip_brackets(found["after"].strip(" .,:;/–-")).strip(" .,:;"),
                )
            ]
        start = found.start("volume") + 1


def _is_volume(before: str, volume: str, separator: str) -> bool:
    """A short marker (``T.1``) stands after a mark; a word in small letters does not end a compound (``bài tập 1``)."""
    last_word = before.rstrip().rpartition(" ")[2].lower()
    if last_word in _NOT_BEFORE and not separator.strip():
        return False
    if _SHORT.match(volume):
        return bool(separator.strip()) or volume[1] == "."
    return True


@lru_cache(maxsize=4_096)
def build_volume_key(volume: str) -> str:
    """``Phần 2, Tập II`` -> ``2/2``; a designation without any number is compared by its words."""
    if not volume:
        return ""
    numbers = [_normalise_number(found["number"]) for found in _PIECE.finditer(volume)]
    if not numbers:
        han = re.search(r"第\s?([0-9]+|[一二三四五六七八九十]+)", volume)
        if han:
            return str(parse_han(han[1]) or int(han[1]) if han[1].isdecimal() else parse_han(han[1]))
        if volume.strip("()（） ")[:1] in _HAN_WORDS:
            return _HAN_WORDS[volume.strip("()（） ")[:1]]
        numbers = [_normalise_number(word) for word in re.findall(r"[0-9]+|\b[IVXLC]+\b", volume)]
    return "/".join(numbers) if numbers else build_key(volume)


def _normalise_number(number: str) -> str:
    parts = [part for part in re.split(r"\s?[-–/&,+]\s?", number.strip()) if part]
    return "-".join([_normalise_one(part) for part in parts])


def _normalise_one(part: str) -> str:
    value = parse_numeral(part)
    return str(value) if value is not None else part.lower()
