"""The title: ISBD area 1 out of one string or out of subfields that were filled in one's own way.

Rules:
* Responsibility is cut off at the last `` / `` (or ``/ ``, `` /``). A slash without any space is cut only where names
  follow it. ``/ Song ngữ Việt-Dao`` is a subtitle, not responsibility.
* `` = `` begins a parallel title, `` : `` a subtitle. A colon without a space before it is taken for one only where the
  whole title came as one string.
* The volume is taken out (see volumes.py). Quotes and brackets at the beginning stay: sorting sets them aside.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from indexer.normalise.responsibility import looks_like_responsibility
from indexer.normalise.text import trim_marks
from indexer.normalise.volumes import build_volume_key, split_volume
from lienthu.record import Title

_SLASH = re.compile(r"\s/\s?|/\s")
_BARE_SLASH = re.compile(r"(?<=[^\d\s/])/(?=[^\d\s/])")
_BILINGUAL = re.compile(r"^\s*(?:sách\s+)?(?:song|đa)\s+ngữ|^\s*tiểu thuyết|^\s*truyện|^\s*thơ\b", re.IGNORECASE)
_MEDIUM = re.compile(
    r"\s*\[(?:electronic resource|videorecording|sound recording|microform|map|text[^\]]*|computer file"
    r"|tài liệu điện tử|cartographic material|graphic|picture|ressource électronique)[^\]]*\]",
    re.IGNORECASE,
)


class Statement(NamedTuple):
    """A title that came as one string, in its parts."""

    main: str
    subtitle: str = ""
    parallel: tuple[str, ...] = ()
    responsibility: str = ""


@lru_cache(maxsize=4_096)
def split_statement(text: str) -> Statement:
    """``Đảo giấu vàng : Tiểu thuyết / Robert Louis Stevenson ; Nguỵ Thanh Tuyên dịch`` in its parts."""
    title, responsibility = split_responsibility(text)
    title, extra = _cut_bilingual(title)
    main, parallel, subtitle = split_parallel(title, loose=True)
    if extra:
        subtitle = f"{subtitle} : {extra}" if subtitle else extra
    return Statement(main, subtitle, parallel, responsibility)


def split_responsibility(text: str) -> tuple[str, str]:
    """(title, statement of responsibility)."""
    if "/" not in text:
        return text, ""
    slashes = list(_SLASH.finditer(text))
    for found in reversed(slashes):
        rest = text[found.end() :].strip()
        if not rest:
            return trim_marks(text[: found.start()]), ""
        if not _BILINGUAL.match(rest):
            return text[: found.start()].strip(), rest
    for found in _BARE_SLASH.finditer(text):
        rest = text[found.end() :]
        if found.start() > 3 and looks_like_responsibility(rest):
            return text[: found.start()].strip(), rest.strip()
    return text, ""


def _cut_bilingual(title: str) -> tuple[str, str]:
    """``…người Dao Tuyển/ Song ngữ Việt-Dao``: what follows the slash is a subtitle."""
    found = next(iter(_SLASH.finditer(title)), None)
    if found is None or found.start() == 0:
        return title, ""
    return title[: found.start()].strip(), trim_marks(title[found.end() :])


def split_parallel(title: str, *, loose: bool = False) -> tuple[str, tuple[str, ...], str]:
    """(main, parallel titles, subtitle)."""
    parts = [part.strip() for part in re.split(r"\s=\s|=\s|\s=", title)] if "=" in title else [title]
    main, subtitle = split_subtitle(parts[0], loose=loose)
    parallel = []
    for part in parts[1:]:
        other, rest = split_subtitle(part, loose=True)
        if other:
            parallel.append(trim_marks(other))
        subtitle = subtitle or rest
    return main, tuple(parallel), subtitle


def split_subtitle(title: str, *, loose: bool = False) -> tuple[str, str]:
    """At the first `` : ``; where *loose*, also at ``: ``."""
    if ":" not in title:
        return title, ""
    main, mark, rest = title.partition(" : ")
    if not mark and loose:
        main, mark, rest = title.partition(": ")
    if not mark or not main.strip(" /:;,="):
        return title, ""
    return main.strip(), rest.strip()


def build_title(
    main: str,
    *,
    subtitle: str = "",
    parallel: tuple[str, ...] = (),
    responsibility: str = "",
    volumes: tuple[str, ...] = (),
    parts: tuple[str, ...] = (),
    variants: tuple[str, ...] = (),
) -> Title:
    """The noun, its volume found wherever it was written."""
    volume = ", ".join(filter(None, map(trim_marks, volumes))) if volumes else ""
    part = ". ".join(filter(None, map(trim_marks, parts))) if parts else ""
    if "[" in main:
        main = _MEDIUM.sub("", main)
    if not volume:
        main, volume, found_part = split_volume(main)
        part = part or found_part
    if not volume and subtitle:
        rest, found, found_part = split_volume(subtitle)
        if found:
            subtitle, volume, part = rest, found, part or found_part
    return Title(
        main=trim_marks(main) or main.strip(),
        subtitle=trim_marks(subtitle),
        parallel=parallel,
        responsibility=trim_marks(responsibility),
        volume=volume,
        volume_key=build_volume_key(volume),
        part=part,
        variants=variants,
    )
