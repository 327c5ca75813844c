"""Readers: which generation answers now, seen as one consistent snapshot per request.

Nobody watches files. At most every CHECK_EVERY seconds a request looks at CURRENT and at the generation's meta.json
(two ``stat`` calls) and opens or reloads what changed; that works after a fork as well, where tantivy's own watcher is
dead.
A snapshot stays whole while others write, merge, swap or drop: its files are mapped.
"""

import os
import threading
import time
from collections import OrderedDict
from typing import Any

import tantivy

from lienthu.engine.facet_dictionary import FacetDictionary
from lienthu.engine.tantivy_generations import META, GenerationFolder
from lienthu.errors import EngineError, EngineUnavailable
from lienthu.i18n import mark

CHECK_EVERY = 0.2
CACHED_COUNTS = 256

Stamp = tuple[int, int, int]


class Snapshot:
    """One commit of one generation. ``counts`` keeps the facets that were counted last: they cannot change."""

    def __init__(self, name: str, searcher: tantivy.Searcher, dictionary: FacetDictionary) -> None:
        self.name = name
        self.searcher = searcher
        self.dictionary = dictionary
        self._counts: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()

    def find_counts(self, key: Any) -> Any:
        return self._counts.get(key)

    def keep_counts(self, key: Any, counts: Any) -> None:
        with self._lock:
            self._counts[key] = counts
            if len(self._counts) > CACHED_COUNTS:
                self._counts.popitem(last=False)


class GenerationReader:
    """Opens one generation once and follows its commits."""

    def __init__(self, folder: GenerationFolder, name: str) -> None:
        path = folder.check(name)
        self.name = name
        self._meta = path / META
        self._stamp = stamp_file(self._meta)
        try:
            self._index = tantivy.Index.open(str(path))
        except (ValueError, OSError) as error:
            raise EngineUnavailable(
                mark("The index {name} cannot be opened: run lienthu reindex. ({error})"), name=name, error=error
            ) from error
        self._index.config_reader("manual")
        self._index.reload()
        self._dictionary = FacetDictionary(path)
        self.snapshot = self._take()

    def _take(self) -> Snapshot:
        """The searcher first, then the dictionary: it has at least the values of that commit."""
        searcher = self._index.searcher()
        self._dictionary.reload()
        return Snapshot(self.name, searcher, self._dictionary)

    def refresh(self) -> None:
        stamp = stamp_file(self._meta)
        if stamp is None or stamp == self._stamp:
            return  # a generation that is gone goes on answering until CURRENT names another
        try:
            self._index.reload()
        except (ValueError, OSError):
            return  # dropped or merged between the two steps: the next look decides
        self.snapshot = self._take()
        self._stamp = stamp


class ReaderShelf:
    """The readers of one process: the serving generation, and others while they are asked for."""

    def __init__(self, folder: GenerationFolder) -> None:
        self._folder = folder
        self._readers: dict[str, GenerationReader] = {}
        self._serving: GenerationReader | None = None
        self._current: Stamp | None = None
        self._next_look = 0.0
        self._lock = threading.Lock()
        self._process = os.getpid()

    def look_again(self) -> None:
        """The next request looks at the files, however soon it comes."""
        self._next_look = 0.0

    def serving(self) -> Snapshot:
        """Raises EngineUnavailable where no generation serves."""
        if self._serving is None or time.monotonic() >= self._next_look:
            self._look()
        reader = self._serving
        if reader is None:
            raise EngineUnavailable(mark("No index serves yet: run lienthu reindex."))
        return reader.snapshot

    def named(self, name: str) -> Snapshot:
        """The last commit of a generation, serving or not."""
        with self._own_lock():
            reader = self._readers.get(name)
            if reader is None:
                reader = self._readers[name] = GenerationReader(self._folder, name)
            reader.refresh()
            return reader.snapshot

    def forget(self, name: str) -> None:
        with self._own_lock():
            if self._serving is None or self._serving.name != name:
                self._readers.pop(name, None)

    def close(self) -> None:
        with self._own_lock():
            self._readers.clear()
            self._serving, self._current = None, None
        self.look_again()

    def _own_lock(self) -> threading.Lock:
        """A lock that another thread held at a fork stays locked in the child: it gets a new one."""
        if self._process != os.getpid():
            self._process, self._lock = os.getpid(), threading.Lock()
        return self._lock

    def _look(self) -> None:
        with self._own_lock():
            if self._serving is not None and time.monotonic() < self._next_look:
                return
            # before the look, so that whoever asks for another one meanwhile gets it
            self._next_look = time.monotonic() + CHECK_EVERY
            current = stamp_file(self._folder.current)
            if self._serving is None or current != self._current:
                self._serving = self._open_serving()
                self._current = current
            elif self._serving is not None:
                self._serving.refresh()

    def _open_serving(self) -> GenerationReader | None:
        name = self._folder.serving()
        if name is None:
            return None
        reader = self._readers.get(name)
        if reader is None:
            reader = self._open(name)
        else:
            reader.refresh()
        self._readers = {name: reader}
        return reader

    def _open(self, name: str) -> GenerationReader:
        try:
            return GenerationReader(self._folder, name)
        except EngineUnavailable:
            raise
        except EngineError as error:
            raise EngineUnavailable(
                mark("The index {name} should serve but is not there: run lienthu reindex."), name=name
            ) from error


def stamp_file(path: os.PathLike[str]) -> Stamp | None:
    """Differs whenever the file was replaced; None where there is none."""
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_ino, stat.st_size
