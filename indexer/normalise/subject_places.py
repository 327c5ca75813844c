"""Places that a document is about: names of the table of places in its title and headings, and headings of places.

Rule: a name counts where it is written with a capital letter; with ``*`` only after *tỉnh*, *huyện*, *thành phố* and
the like. Each is told together with what it is a part of, or is called now: a book on Yên Bái is found under Lào Cai.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from lienthu.record import Subject, Title
from lienthu.tables import tables_in_use
from lienthu.tables.variants import VariantTable
from lienthu.text import analyse
from lienthu.text.script import is_spaceless

_BEFORE = frozenset(("tỉnh", "huyện", "phố", "xã", "phường", "quận", "tp", "thị", "trấn", "châu"))


def find_places(title: Title, words: Collection[str], subjects: Sequence[Subject]) -> tuple[str, ...]:
    """Keys of the table of places, each once. *words* are those of the title in the exact layer."""
    table = tables_in_use().places
    found: dict[str, None] = {}
    if not table.first_words.isdisjoint(words):
        for text in (title.main, title.subtitle, title.part):
            found.update(dict.fromkeys(_read_text(text, table)))
    for subject in subjects:
        found.update(dict.fromkeys(_read_kept(subject.text, subject.key, table)))
    return tuple(found)


@lru_cache(maxsize=16_384)
def _read_kept(text: str, key: str, table: VariantTable) -> tuple[str, ...]:
    return () if table.first_words.isdisjoint(key.split(" ")) else tuple(_read_text(text, table))


def _read_text(text: str, table: VariantTable) -> Iterable[str]:
    tokens = analyse(text)
    for found in table.find(tokens):
        begin = text[tokens[found.start].start]
        announced = found.start > 0 and tokens[found.start - 1].exact in _BEFORE
        if announced or (found.way.sign != "*" and (begin.isupper() or is_spaceless(begin))):
            yield from (entry.key for entry in table.trace(found.way.entry))
