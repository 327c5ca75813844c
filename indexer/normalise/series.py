"""Series: many spellings of one series are one value to filter by, shown as a library wrote it.

Rule: the title is what stands before the number of the volume (after a semicolon, or at the end in words such as *tập*,
*no.*, *第…辑*), without ISSN and editors. For comparing, *Tủ sách*, *Tùng thư* and *Bộ sách* before it are set aside
too where two words or a colon follow: ``Tủ sách Vàng`` keeps its name.
"""

import re
from functools import lru_cache

from indexer.normalise.keys import build_key
from indexer.normalise.text import trim_marks

_ISSN = re.compile(
    r"[\s,;.(\[]*\b(?:e-?|p-?)?ISSN\b[\s:]*[0-9]{4}-?[0-9]{3}[0-9Xx][)\]]?"
    r"|[\s,;(]+(?!(?:1[0-9]|20)[0-9]{2}-(?:1[0-9]|20)[0-9]{2})[0-9]{4}-[0-9]{3}[0-9Xx]\)?(?=$|\s*[;,])"
)
_EDITORS = re.compile(r"\s/\s.*$", re.DOTALL)
_VOLUME = re.compile(
    r"(?:[\s,.:;(\[]+(?:tập|t|quyển|q|cuốn|số|phần|nos?|nr|n°|nº|vol|volume|v|bd|band|tome|number)\b\.?\s*"
    r"(?:[0-9]+|[ivxlc]+\b)|\s*[,.;:(\[]\s*[0-9]{1,3}(?![0-9])|\s*#\s*[0-9]+"
    r"|\s*第[0-9一二三四五六七八九十百]+[卷辑輯册冊集期号])[0-9\s/.,–-]*[a-z]?[)\]]?$",
    re.IGNORECASE,
)
_SAYS_NUMBER = re.compile(r"[0-9]|^[ivxlc]+$|^第|^(?:tập|quyển|số)\b", re.IGNORECASE)
_KIND = re.compile(
    r"^(?:(?:tủ sách|tùng thư|bộ sách|loại sách|collection|coll\.?|series|丛书)\s*[:：]\s*"
    r"|(?:tủ sách|tùng thư|bộ sách)\s+(?=\S+\s+\S))",
    re.IGNORECASE,
)
MAX_LENGTH = 300


@lru_cache(maxsize=16_384)
def name_series(written: str) -> tuple[str, str]:
    """``Tủ sách: Thơ ca các dân tộc ; T. 2`` -> (``thơ ca các dân tộc``, ``Tủ sách: Thơ ca các dân tộc``). Empty where
    nothing but a number is in it."""
    title = _EDITORS.sub("", _ISSN.sub("", written[:MAX_LENGTH]))
    before, semicolon, after = title.rpartition(";")
    if semicolon and (not after.strip() or _SAYS_NUMBER.search(after.strip())):
        title = before
    title = trim_marks(_VOLUME.sub("", title.strip()))
    return build_key(_KIND.sub("", title)), title
