"""Entrances: how many documents each way in from the home page leads to, so that none leads to nothing.

Counted anew when the index has changed, and kept until then: the home page costs one search.
"""

import threading
from collections.abc import Mapping

from search_api.answer import Asked
from search_api.service import Catalogue
from web.presenters.home import WAYS


class Entrances:
    """Thread-safe."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._seen: tuple[str, int] | None = None
        self._counts: Mapping[str, int] = {}

    def count(self) -> tuple[int, Mapping[str, int]]:
        """How many documents there are at all, and by each way of ``web.presenters.home.WAYS``."""
        everything = self._catalogue.search(Asked(size=1))
        seen = (everything.generation, everything.total)
        with self._lock:
            if seen != self._seen:
                self._counts = {name: self._count_way(asked) for name, asked in WAYS.items()}
                self._seen = seen
            return everything.total, self._counts

    def _count_way(self, asked: Asked) -> int:
        return self._catalogue.search(asked).total
