"""Words for the classes of Dewey: ``510 = Toán học / Mathematics / 数学``, in our own short words.

A number of three digits without a line of its own shows the words of its division (``515``: those of ``510``), and
that of its main class where the division has none.
"""

import re
from collections.abc import Iterable, Mapping

from lienthu.errors import SettingsError
from lienthu.i18n import mark
from lienthu.tables.variants import LANGUAGES, TableText, list_lines

_LINE = re.compile(r"([0-9]{3})\s*=\s*(\S.*)")


def read_dewey(texts: Iterable[TableText]) -> dict[str, tuple[str, ...]]:
    """Three digits -> words in the order of LANGUAGES. Raises SettingsError naming file and line."""
    words: dict[str, tuple[str, ...]] = {}
    for source in texts:
        for number, line in list_lines(source.text):
            found = _LINE.fullmatch(line)
            if found is None:
                raise SettingsError(
                    mark("{path}, line {number}: write three digits and words: 510 = Toán học / Mathematics / 数学"),
                    path=source.path, number=number,
                )  # fmt: skip
            words.setdefault(found[1], tuple([text.strip() for text in found[2].split(" / ")]))
    return words


def label_dewey(number: str, language: str, words: Mapping[str, tuple[str, ...]]) -> str:
    """``515`` -> *515 Toán học*."""
    place = LANGUAGES.index(language) if language in LANGUAGES else 1
    for known in (number, f"{number[:2]}0", f"{number[:1]}00"):
        if known in words:
            texts = words[known]
            return f"{number} {texts[place] if place < len(texts) and texts[place] else texts[0]}"
    return number
