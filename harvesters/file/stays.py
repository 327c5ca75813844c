"""Stays: a list of a bookcase that rotates has one row for each stay of a copy, all under the copy's one number.

Rule: a row that tells a stay (a bookcase, a first or a last day) under an id which a row of the same title had, for
another stay, is a further stay of that copy. Under another title the id was given away twice, which the store tells.
"""

from collections.abc import Mapping

from lienthu.columns import Columns
from lienthu.text import fold

_FIELDS = ("bookcase", "from", "to")


class Stays:
    """What the rows of one file have told so far. Remembers those rows alone that tell a stay."""

    def __init__(self) -> None:
        self._titles: dict[str, int] = {}
        self._told: set[int] = set()

    def is_further(self, identifier: str, cells: Mapping[str, str], columns: Columns) -> bool:
        """Whether this row tells a further stay of a copy. To be asked once of every row, in their order."""
        stay = tuple([cells[name].strip() for field in _FIELDS for name in columns.of(field)])
        if not identifier or not any(stay):
            return False
        title = hash(tuple([fold(cells[name]) for name in columns.of("title")]))
        is_first = identifier not in self._titles
        if self._titles.setdefault(identifier, title) != title:
            return False
        told = hash((identifier, stay))
        is_new = told not in self._told
        self._told.add(told)
        return is_new and not is_first
