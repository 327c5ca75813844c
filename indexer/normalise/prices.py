"""Prices. Rule: đồng are shown as ``61.000 đ`` (a dot parts the thousands); other currencies stay as written; a field
with no digit in it (``đ.``, ``.``) is no price."""

import re
from functools import lru_cache

_DONG = re.compile(r"([0-9][0-9.,\s]*)\s*(?:đồng|đ|d|vnđ|vnd|₫)\b\.?", re.IGNORECASE)
_PRINT_RUN = re.compile(r"(?<![0-9.])([0-9][0-9.,]{0,9})\s*(?:bản|b|cuốn|copies)\b", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:^|[\s.;,]*[-–]\s*)([0-9][0-9.,]{0,12}\s*(?:đồng|đ|vnđ|vnd|₫)\.?)"
    r"(?:\s*[-–]\s*([0-9][0-9.,]{0,9}\s*(?:bản|b|cuốn)\.?))?\s*$",
    re.IGNORECASE,
)
_LOOKS = re.compile(r"^[0-9][0-9.,\s]*\s*(?:đồng|đ|vnđ|vnd|₫|usd|\$|eur|€)\.?$", re.IGNORECASE)


@lru_cache(maxsize=2_048)
def is_price(text: str) -> bool:
    """A price and nothing else: ``17.000đ``."""
    return _LOOKS.match(text.strip()) is not None


@lru_cache(maxsize=4_096)
def normalise_price(written: str) -> str:
    """``89000đ`` and ``89.000 VNĐ`` -> ``89.000 đ``."""
    text = written.strip(" .,:;")
    if not any(map(str.isdigit, text)):
        return ""
    found = _DONG.match(text)
    if found is None:
        return text[:60]
    digits = re.sub(r"[^0-9]", "", found[1])
    if not digits or len(digits) > 10 or int(digits) == 0:
        return "" if not digits or int(digits) == 0 else text[:60]
    return f"{int(digits):,}".replace(",", ".") + " đ"


@lru_cache(maxsize=4_096)
def read_print_run(written: str) -> str:
    """How many copies were printed: ``1000b``, ``1.000 bản`` and ``89000đ. - 1000b`` -> ``1.000``; else empty."""
    found = _PRINT_RUN.search(written)
    digits = re.sub(r"[^0-9]", "", found[1]) if found else ""
    return f"{int(digits):,}".replace(",", ".") if digits and int(digits) else ""


@lru_cache(maxsize=4_096)
def split_price(text: str) -> tuple[str, str, str]:
    """What ends a description written in one piece: ``345 tr. ; 21 cm. - 89000đ. - 1000b`` -> (``345 tr. ; 21 cm``,
    ``89.000 đ``, ``1.000``). Without a price there, the text and nothing."""
    found = _TAIL.search(text[-60:]) if any(sign in text for sign in "đĐ₫") or "vnd" in text.lower() else None
    if found is None:
        return text, "", ""
    at = max(len(text) - 60, 0) + found.start()
    return text[:at], normalise_price(found[1]), read_print_run(found[2] or "")
