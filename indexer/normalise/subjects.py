"""Subjects. Rule: a heading and its subdivisions are one subject, joined by `` - ``; so is a string of keywords that a
cataloguer wrote that way (``Lễ tục - Người dao - Lào Cai``). A heading is kept as written; its key compares."""

import re
from functools import lru_cache

from indexer.normalise.keys import build_key
from indexer.normalise.text import trim_marks
from lienthu.record import Subject, SubjectKind

_DIVIDER = re.compile(r"\s*(?:--|—|–|\s-\s)\s*")
MAX_SUBJECT = 300


@lru_cache(maxsize=8_192)
def build_subject(text: str, kind: SubjectKind, scheme: str = "") -> Subject | None:
    """None where nothing is left of it, or it is no heading (an address, an endless text)."""
    if "--" in text or "–" in text or "—" in text:
        text = " - ".join([part for part in _DIVIDER.split(text) if part])
    shown = trim_marks(text)
    if len(shown) > MAX_SUBJECT or shown.startswith(("http://", "https://")):
        return None
    key = build_key(shown)
    return Subject(text=shown, key=key, kind=kind, scheme=scheme) if key else None


@lru_cache(maxsize=4_096)
def split_keywords(text: str) -> tuple[str, ...]:
    """Keywords in one string are parted by semicolons or, failing these, by bars; commas belong to headings."""
    separator = ";" if ";" in text else "|" if "|" in text else ""
    if not separator:
        return (text,)
    return tuple([part.strip() for part in text.split(separator) if part.strip()])
