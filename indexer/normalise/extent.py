"""Physical description. Rule: as written, its parts joined, ISBD marks trimmed at the ends. Without a number it says
nothing (``tr.;``) and is left out, and a media type (``application/pdf``) is no extent."""

import re

from indexer.normalise.text import trim_marks

_MEDIA_TYPE = re.compile(r"^(?:application|audio|image|text|video|multipart|model)/[\w.+-]+$", re.IGNORECASE)
_BYTES = re.compile(r"^[0-9.,]+\s*(?:bytes|[kmg]?b)$", re.IGNORECASE)


def is_media_type(text: str) -> bool:
    return _MEDIA_TYPE.match(text.strip()) is not None or _BYTES.match(text.strip()) is not None


def normalise_extent(parts: list[str]) -> str:
    """``["614tr.;", "20.5cm"]`` -> ``614tr.; 20.5cm``."""
    kept = [part.strip() for part in parts]
    text = " ".join([part for part in kept if part.strip(" ,.;:+")])
    text = trim_marks(text) if not text.endswith((".", "]", ")")) else text.strip(" ,;:+/")
    return text if any(map(str.isdigit, text)) or len(text) > 12 else ""
