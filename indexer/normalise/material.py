"""The type of document, in the words of our own short list.

Rule, first match wins: a thesis says so (502, 008/24-27 ``m``, local code LA); braille and talking books are told by
007 and by their words; then leader/06 with leader/07. A text read online stays a book: where it can be read is the
business of its links. Without any code, the words of ``dc:type`` in Vietnamese, English and French.
"""

import re
from functools import lru_cache

from lienthu.record import DocumentType

_BY_LEADER: dict[str, DocumentType] = {
    "t": "manuscript", "c": "score", "d": "score", "e": "map", "f": "map", "g": "video", "i": "sound", "j": "sound",
    "k": "picture", "m": "electronic", "o": "kit", "p": "kit", "r": "object",
}  # fmt: skip
CONTENT_TYPES: dict[str, DocumentType] = {
    "txt": "book", "text": "book", "crd": "map", "cri": "map", "crm": "map", "crt": "map", "crn": "map", "crf": "map",
    "ntm": "score", "notated music": "score", "prm": "sound", "performed music": "sound", "spw": "sound",
    "spoken word": "sound", "snd": "sound", "sounds": "sound", "sti": "picture", "still image": "picture",
    "tdi": "video", "two-dimensional moving image": "video", "cartographic image": "map", "cod": "electronic",
    "cop": "electronic", "computer program": "electronic", "computer dataset": "electronic", "tdf": "object",
    "tct": "braille", "tactile text": "braille", "văn bản": "book", "hình ảnh bản đồ": "map", "lời nói": "sound",
}  # fmt: skip
"""RDA content types, codes and terms (336)."""
_LOCAL: dict[str, DocumentType] = {
    "SH": "book", "LA": "thesis", "LV": "thesis", "KL": "thesis", "TT": "serial", "BTC": "serial", "TC": "serial",
    "BB": "article", "BT": "article", "BD": "map", "CD": "electronic", "DT": "electronic", "AM": "sound", "PH": "video",
}  # fmt: skip
_WORDS: tuple[tuple[str, DocumentType], ...] = (
    (r"luận\s*(?:văn|án)|khóa luận|khoá luận|đồ án tốt nghiệp|\bthes[ie]s\b|dissertation|thèse|学位论文", "thesis"),
    (r"sách nói|talking book|audio\s*book|livre audio", "talking-book"),
    (r"chữ nổi|braille", "braille"),
    (
        r"bài (?:báo|trích|tạp chí)|\barticle\b|journal ?article|book ?(?:part|section|chapter)|chapter|chương sách"
        r"|chapitre|conference ?(?:paper|object|proceeding)|preprint",
        "article",
    ),
    (r"tạp chí|báo\b|ấn phẩm định kỳ|\bjournal\b|\bserial\b|periodical|newspaper|magazine|期刊", "serial"),
    (r"bản đồ|\bmaps?\b|cartographic|carte géographique", "map"),
    (r"bản nhạc|\bscore\b|musical notation|notated music", "score"),
    (r"bản thảo|viết tay|manuscript|hán nôm", "manuscript"),
    (r"video|phim|moving ?image|film", "video"),
    (r"âm thanh|ghi âm|\bsound\b|\baudio|music recording", "sound"),
    (r"hình ảnh|tranh ảnh|\bảnh\b|\bimage\b|still ?image|photograph|picture|postcard", "picture"),
    (r"phần mềm|software|dataset|data set|cơ sở dữ liệu|tài liệu số|electronic|interactive", "electronic"),
    (r"physical ?object|hiện vật|\brealia\b", "object"),
    (r"sách|giáo trình|\bbook\b|monograph|textbook|livre|图书|\btext\b|tài liệu|bài giảng|report|báo cáo", "book"),
)
_VOCABULARIES = (
    "info:eu-repo/",
    "http://purl.org/",
    "https://purl.org/",
    "https://vocabularies.coar-repositories.org/",
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_COAR = {
    "c_46ec": "thesis", "c_db06": "thesis", "c_bdcc": "thesis", "c_7a1f": "thesis", "c_6501": "article",
    "c_2df8fbb1": "article", "c_3248": "article", "c_5794": "article", "c_816b": "article", "c_0640": "journal",
    "c_2f33": "book", "c_18cf": "text", "c_93fc": "report", "c_12cd": "map", "c_12cc": "map", "c_12ce": "video",
    "c_8a7e": "video", "c_18cc": "sound", "c_c513": "image", "c_ecc8": "image", "c_ddb1": "dataset",
    "c_5ce6": "software",
    "c_18cw": "score", "c_0040": "manuscript",
}  # fmt: skip
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _WORDS)


@lru_cache(maxsize=2_048)
def read_type_words(words: str) -> DocumentType | None:
    """What a ``dc:type`` or a form term means. The literal ``no type provided`` means nothing."""
    if words.startswith(_VOCABULARIES):
        words = _read_term(words)
    if "no type" in words.lower():
        return None
    for pattern, kind in _PATTERNS:
        if pattern.search(words):
            return kind
    return None


def _read_term(address: str) -> str:
    """``info:eu-repo/semantics/doctoralThesis`` -> ``doctoral Thesis``; a version is no type; COAR has codes."""
    term = address.rstrip("/").rpartition("/")[2]
    if term.endswith("Version"):
        return "no type"
    return _COAR.get(term, _HUMP.sub(" ", term))


def read_local_code(code: str) -> DocumentType | None:
    """927 of the Libol family: ``SH`` a book, ``LA`` a thesis, ``TT`` a serial."""
    return _LOCAL.get(code.strip().upper())


def read_leader(kind: str, level: str) -> DocumentType:
    """leader/06 and 07."""
    if kind == "a":
        if level in "sib":
            return "article" if level == "b" else "serial"
        return "article" if level == "a" else "book"
    return _BY_LEADER.get(kind, "book")
