"""Labels: the values of facets in words of the reader's language, for machines that show them to people.

Libraries are called as partners.toml names them; languages as Unicode's tables do, where they have a name; document
types and access in the library's own words; school subjects, textbook sets, peoples, places and classes of Dewey as the
tables do. Authors, subjects, publishers and series keep the words of the records.
"""

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from lienthu.partner import Partner
from lienthu.search import UNKNOWN
from lienthu.tables import Tables, tables_in_use
from lienthu.tables.dewey import label_dewey
from lienthu.tables.variants import LANGUAGES, VariantTable

_TYPES: Mapping[str, tuple[str, str, str]] = {
    "book": ("Sách", "Book", "图书"),
    "serial": ("Báo, tạp chí", "Newspapers, journals", "报刊"),
    "article": ("Bài viết", "Article", "文章"),
    "thesis": ("Luận văn, luận án", "Theses", "学位论文"),
    "map": ("Bản đồ", "Map", "地图"),
    "score": ("Bản nhạc", "Printed music", "乐谱"),
    "sound": ("Tài liệu âm thanh", "Sound recording", "录音资料"),
    "talking-book": ("Sách nói", "Audio book", "有声书"),
    "video": ("Phim, video", "Film, video", "影片、视频"),
    "picture": ("Tranh, ảnh", "Picture", "图片"),
    "braille": ("Sách chữ nổi", "Braille book", "盲文书"),
    "electronic": ("Tài liệu số", "Digital document", "数字资源"),
    "manuscript": ("Bản viết tay", "Manuscript", "手稿"),
    "kit": ("Bộ học liệu", "Learning kit", "教学资料包"),
    "object": ("Hiện vật", "Object", "实物"),
    "other": ("Tài liệu khác", "Other document", "其他文献"),
}
_ACCESS: Mapping[str, tuple[str, str, str]] = {
    "library": ("Tại thư viện", "In the library", "在图书馆"),
    "online": ("Đọc trực tuyến", "Read online", "在线阅读"),
    "login": ("Trực tuyến, cần tài khoản", "Online, login required", "在线，需要账号"),
}
_YEARS: Mapping[str, tuple[str, str, str]] = {UNKNOWN: ("Không rõ năm", "Year not known", "年份不明")}
_LANGUAGE_NAMES: Mapping[str, tuple[str, str, str]] = {
    **dict.fromkeys(("hmn", "mww", "hnj"), ("Tiếng Hmông", "Hmong", "苗语")),
    **dict.fromkeys(("tyz", "tys"), ("Tiếng Tày", "Tày", "岱依语")),
    **dict.fromkeys(("ium", "mji"), ("Tiếng Dao", "Dao", "瑶语")),
    "nut": ("Tiếng Nùng", "Nùng", "侬语"),
    "blt": ("Tiếng Thái Đen", "Black Thai", "黑傣语"),
    "twh": ("Tiếng Thái Trắng", "White Thai", "白傣语"),
    "pcc": ("Tiếng Giáy", "Giáy", "热依语"),
    "hni": ("Tiếng Hà Nhì", "Hà Nhì", "哈尼语"),
    "lgh": ("Tiếng Phù Lá", "Phù Lá", "普拉语"),
    "lbt": ("Tiếng La Chí", "La Chí", "拉基语"),
    "tai": ("Tiếng Tày – Thái", "Tày–Thái language", "台语支语言"),
    "lzh": ("Hán văn", "Classical Chinese", "文言文"),
    "mul": ("Nhiều ngôn ngữ", "Several languages", "多语种"),
    **dict.fromkeys(("und", UNKNOWN), ("Chưa rõ ngôn ngữ", "Language not known", "语种不明")),
}
"""Languages that Unicode's tables lack or name otherwise than the libraries do."""

_CLASSES: Mapping[str, tuple[str, str, str]] = {
    str(number): (f"Lớp {number}", f"Class {number}", f"{number}年级") for number in range(1, 13)
}
_KINDS: Mapping[str, tuple[str, str, str]] = {
    "textbook": ("Sách giáo khoa", "Textbook", "教科书"),
    "children": ("Sách thiếu nhi", "Children's book", "少儿图书"),
    "comics": ("Truyện tranh", "Comics", "漫画"),
    "large-print": ("Sách chữ to", "Large print", "大字本"),
    "han-nom": ("Tài liệu Hán Nôm", "Hán-Nôm document", "汉喃文献"),
    "local-studies": ("Tài liệu địa chí", "Local-studies document", "地方文献"),
}
_WORDS = {
    "type": _TYPES,
    "access": _ACCESS,
    "year": _YEARS,
    "language": _LANGUAGE_NAMES,
    "class": _CLASSES,
    "kind": _KINDS,
}


def label_facet(facet: str, value: str, label: str, language: str, partners: Mapping[str, Partner]) -> str:
    """``("language", "fr", ...)`` -> *Tiếng Pháp*. A value that has no word keeps its *label*."""
    if facet == "partner":
        partner = partners.get(value)
        return partner.name_in(language) if partner else label
    words = _WORDS.get(facet, {}).get(value)
    if words is not None:
        return words[LANGUAGES.index(language)] if language in LANGUAGES else words[1]
    if facet == "language":
        return _name_language(value, language) or label
    if facet == "ddc":
        return label_dewey(value, language, tables_in_use().dewey)
    table = _choose_table(facet, tables_in_use())
    entry = table.entries.get(value) if table is not None else None
    return entry.label_in(language) if entry is not None else label


def _choose_table(facet: str, tables: Tables) -> VariantTable | None:
    """The table that names the values of *facet*."""
    return {
        "school_subject": tables.school_subjects,
        "textbook_set": tables.textbook_sets,
        "people": tables.peoples,
        "place": tables.places,
        "publication_place": tables.places,
    }.get(facet)


@lru_cache(maxsize=1_024)
def _name_language(code: str, language: str) -> str:
    try:
        name: str | None = Locale.parse(language).languages.get(code)
    except (UnknownLocaleError, ValueError):
        return ""
    return name or ""
