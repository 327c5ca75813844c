"""Traditional Chinese characters as simplified ones, one by one, by opencc's table.

Phrases are not looked at: a character has the same form wherever it stands, so that a query and a title always agree.
"""

from functools import cache

from opencc import OpenCC


@cache
def _open_table() -> OpenCC:
    return OpenCC("t2s")


@cache
def simplify(character: str) -> str:
    """``雲`` -> ``云``. A character outside the table is returned as it is."""
    for _ in range(4):
        simpler = _open_table().convert(character)
        if simpler == character or len(simpler) != 1:
            break
        character = simpler
    return character
