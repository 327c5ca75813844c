"""Kinds of book that readers ask for by name, beside the type of document: textbooks, books for children, comics,
large print, Hán-Nôm, local studies. Told by words of the headings, series, notes and subtitle; a record can say for
whom it is meant; Kim Đồng publishes for children.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from indexer.normalise.text import collect_words, has_any

Kind = Literal["textbook", "children", "comics", "large-print", "han-nom", "local-studies"]
KINDS: tuple[Kind, ...] = ("textbook", "children", "comics", "large-print", "han-nom", "local-studies")


def _bound(word: str) -> str:
    """Chinese has no ends of words."""
    return rf"\b{re.escape(word)}\b" if word[0] < "\u3000" else word


_WORDS: Mapping[Kind, tuple[str, ...]] = {
    "textbook": ("sách giáo khoa", "sách giáo viên", "vở bài tập", "sách bài tập", "textbook", "教科书", "课本"),
    "children": (
        "thiếu nhi", "nhi đồng", "mẫu giáo", "mầm non", "truyện đồng thoại", "juvenile literature", "juvenile fiction",
        "children's stories", "children's literature", "少儿", "儿童",
    ),
    "comics": ("truyện tranh", "manga", "comic books", "comics", "graphic novel", "bande dessinée", "漫画", "连环画"),
    "large-print": ("chữ to", "chữ lớn", "chữ cỡ lớn", "large print", "gros caractères", "大字"),
    "han-nom": ("hán nôm", "hán - nôm", "hán-nôm", "chữ nôm", "nôm dao", "nôm tày", "nôm nùng", "汉喃", "漢喃", "喃字"),
    "local-studies": ("địa chí", "地方志", "地方文献", "local history"),
}  # fmt: skip
_HINTS = {kind: collect_words(words) for kind, words in _WORDS.items()}
_ANY_HINT = collect_words([word for words in _WORDS.values() for word in words])
_PATTERNS = {kind: re.compile("|".join(_bound(word) for word in words)) for kind, words in _WORDS.items()}
"""The same as whole words; looked for only where a word stands there at all."""
_HAN_NOM_LANGUAGE = "lzh"
_CHILDREN_PUBLISHER = "kim đồng"


def find_kinds(
    lowered: str,
    publisher_key: str = "",
    languages: Sequence[str] = (),
    *,
    textbook: bool = False,
    children: bool = False,
) -> tuple[Kind, ...]:
    """The kinds that *lowered*, a text in small letters, names, in the order of KINDS. *textbook*: it belongs to a
    textbook set; *children*: it is meant for them."""
    found = list(_find_named(lowered)) if has_any(lowered, _ANY_HINT) else []
    if textbook and "textbook" not in found:
        found.append("textbook")
    if (children or publisher_key == _CHILDREN_PUBLISHER) and "children" not in found:
        found.append("children")
    if _HAN_NOM_LANGUAGE in languages and "han-nom" not in found:
        found.append("han-nom")
    return tuple([kind for kind in KINDS if kind in found]) if found else ()


def _find_named(lowered: str) -> Iterator[Kind]:
    for kind, words in _HINTS.items():
        if has_any(lowered, words) and _PATTERNS[kind].search(lowered):
            yield kind
