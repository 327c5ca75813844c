"""Readers who search without pause while a test rebuilds, promotes or stops something."""

import threading
from abc import ABC, abstractmethod
from typing import Self


class Readers(ABC):
    """Two threads that search from entering to leaving; what they saw is kept by the class of the test."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._read) for _ in range(2)]

    @abstractmethod
    def search_once(self) -> None:
        """One search, its trouble noted and not raised."""

    def _read(self) -> None:
        while not self._stopped.is_set():
            self.search_once()

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()
