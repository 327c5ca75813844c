"""TantivyWriter: the only one who writes a generation.

The order of a commit: facet values to their dictionary (synced), then tantivy's commit, then a look whether it holds
as many editions as it must. Whatever fails leaves the last commit as it was; the caller opens a new writer and writes
the same documents again, which does no harm.
"""

import contextlib
import gc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import tantivy

from lienthu.engine.document import IndexDocument
from lienthu.engine.facet_dictionary import FacetDictionary
from lienthu.engine.order import encode_id
from lienthu.engine.panics import translate_panics
from lienthu.engine.tantivy_schema import DocumentBuilder
from lienthu.errors import EngineError, LockHeld
from lienthu.i18n import mark

DEFAULT_HEAP = 128_000_000
"""Bytes, for each thread at least 15 MB. One thread is enough: making the documents in Python is the slower half."""


FAILURES = (ValueError, TypeError, OverflowError, OSError)
"""What tantivy raises."""


class TantivyWriter:
    """Made by :func:`write_generation`. ``_live`` tells of every id touched since the last commit whether it is there:
    it grows with the step and is emptied by its commit."""

    def __init__(self, path: Path, heap_size: int, threads: int, after_commit: Callable[[], None]) -> None:
        # opened anew for each writer: an Index that outlives another's writing leaves files that nobody removes
        self._index = tantivy.Index.open(str(path))
        self._index.config_reader("manual")
        self._schema = self._index.schema
        self._dictionary = FacetDictionary(path)
        self._dictionary.cut_torn_line()
        self._builder = DocumentBuilder(self._dictionary)
        try:
            self._writer: tantivy.IndexWriter | None = self._index.writer(heap_size, threads)
        except ValueError as error:
            if "LockBusy" in str(error):
                raise LockHeld(
                    mark("Another process is writing the index {name}: wait until it is done."), name=path.name
                ) from error
            raise EngineError(
                mark("The index {name} cannot be written: {error}"), name=path.name, error=error
            ) from error
        self._after_commit = after_commit
        self._name = path.name
        self._live: dict[str, bool] = {}
        self._failed = False
        self._look_at_last_commit()
        self._editions = self._searcher.num_docs

    def upsert(self, documents: Iterable[IndexDocument]) -> int:
        writer = self._writing()
        build, add_document = self._builder.build, writer.add_document
        done = 0
        with translate_panics():
            for document in documents:
                built = build(document)
                try:
                    self._make_room(writer, document.id)
                    add_document(built)
                except FAILURES as error:
                    raise self._fail(document.id, error) from error
                done += 1
        return done

    def delete(self, ids: Iterable[str]) -> None:
        writer = self._writing()
        with translate_panics():
            for id in ids:
                encode_id(id)
                try:
                    if self._is_live(id):
                        writer.delete_documents_by_term("id", id)
                        self._editions -= 1
                except FAILURES as error:
                    raise self._fail(id, error) from error
                self._live[id] = False

    def commit(self) -> None:
        writer = self._writing()
        with translate_panics():
            try:
                self._dictionary.write()
                writer.commit()
                writer.garbage_collect_files()
                self._look_at_last_commit()
            except FAILURES as error:
                raise self._fail("commit", error) from error
        self._live.clear()
        held, self._editions = self._editions, self._searcher.num_docs
        if held != self._editions:
            raise EngineError(
                mark("The index {name} holds {found} editions where it should hold {expected}: run lienthu reindex."),
                name=self._name,
                found=self._editions,
                expected=held,
            )
        self._after_commit()

    def close(self, finished: bool) -> None:
        """What was not committed is forgotten. A writer that ends well waits for its merges: they speed up searches."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        with translate_panics():
            try:
                if self._live:
                    writer.rollback()
                if finished:
                    writer.wait_merging_threads()
                    self._after_commit()
            except FAILURES as error:
                if finished:
                    raise self._fail("merge", error) from error
        del writer
        gc.collect()

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None or self._failed:
            raise EngineError(mark("The writer of {name} is closed: open a new one."), name=self._name)
        return self._writer

    def _look_at_last_commit(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()
        self._empty = self._searcher.num_docs == 0

    def _make_room(self, writer: tantivy.IndexWriter, id: str) -> None:
        """Deletes the document of the same id where there is one. Nothing is asked of an empty index."""
        if self._is_live(id):
            writer.delete_documents_by_term("id", id)
        else:
            self._editions += 1
        self._live[id] = True

    def _is_live(self, id: str) -> bool:
        live = self._live.get(id)
        if live is not None:
            return live
        if self._empty or not self._searcher.doc_freq("id", id):
            return False
        # doc_freq still counts deleted documents until a merge
        found: Any = self._searcher.search(tantivy.Query.term_query(self._schema, "id", id), 1)
        return bool(found.count)

    def _fail(self, step: str, error: Exception) -> EngineError:
        """A writer that failed is not used again: tantivy's may be dead without saying so."""
        self._failed = True
        return EngineError(
            mark("The index {name} could not be written at “{step}”: {error}"), name=self._name, step=step, error=error
        )


@contextlib.contextmanager
def write_generation(
    path: Path, heap_size: int, threads: int, after_commit: Callable[[], None]
) -> Iterator[TantivyWriter]:
    """The caller holds the generation's lock."""
    writer = TantivyWriter(path, heap_size, threads, after_commit)
    finished = False
    try:
        yield writer
        finished = True
    finally:
        writer.close(finished)
