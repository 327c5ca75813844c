"""ElasticsearchWriter: the only one who writes a generation.

Documents gather in a chunk that is sent when it is full and at the commit: while the cluster works on one chunk the
next one is made, so that memory holds two. What the cluster is too busy for is sent again, each time after a longer
pause. Of two changes of one edition in a chunk only the last is sent: what is repeated can never overtake it.

Elasticsearch cannot take a change back: of a step that fails, chunks already sent stay written, unseen until the next
commit. The caller writes the same step again, which does no harm.
"""

import contextlib
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, repeat
from typing import Any

import msgspec
from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout
from elasticsearch import ApiError

from lienthu.engine.document import IndexDocument
from lienthu.engine.elasticsearch_cluster import ADMIN_SECONDS, Cluster
from lienthu.engine.elasticsearch_errors import PASSING_STATUS, is_disk_full, tell_full_disk, translate_errors
from lienthu.engine.elasticsearch_generations import GenerationIndices
from lienthu.engine.elasticsearch_labels import NewLabels, name_labels
from lienthu.engine.elasticsearch_mapping import build_document
from lienthu.engine.order import encode_id
from lienthu.errors import EngineError, EngineUnavailable
from lienthu.i18n import mark

CHUNK_BYTES = 6_000_000
CHUNK_ACTIONS = 2_000
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each repetition of what the cluster could not take; the last one stays."""
PATIENCE = 90.0
"""Seconds after which a chunk is given up: a cluster that lost a part for longer needs a person."""
SHARD_TIMEOUT = "10s"

HARMLESS = frozenset({(404, "not_found"), (409, "version_conflict_engine_exception")})
"""To delete what is not there; to create a label that is there."""
_encode = msgspec.json.encode
Key = tuple[str, str]
"""*(index, id)* of what an action writes."""
Failures = list[tuple[str, str]]
"""*(id, reason)*"""


class ElasticsearchWriter:
    """Made by :func:`write_generation`."""

    def __init__(self, cluster: Cluster, indices: GenerationIndices, name: str) -> None:
        self._cluster = cluster
        self._indices = indices
        self._name = name
        self._labels = name_labels(name)
        self._new_labels = NewLabels()
        self._chunk: dict[Key, bytes] = {}
        self._bytes = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="bulk")
        self._sent: Future[None] | None = None
        self._failed = False
        self._refusal = ""
        self._refresh()  # what a step that failed left behind counts among the documents that are there
        self._editions: int | None = indices.count(name)

    # -- the contract -------------------------------------------------------------------------------------------

    def upsert(self, documents: Iterable[IndexDocument]) -> int:
        self._check_open()
        done = 0
        for document in documents:
            line = build_document(document)
            for id, label in self._new_labels.meet(document):
                action = b'{"create":{"_index":%b,"_id":%b}}\n%b' % (_encode(self._labels), _encode(id), label)
                if (self._labels, id) not in self._chunk:  # the first one stays
                    self._add((self._labels, id), action)
            self._add((self._name, document.id), b'{"index":{"_id":%b}}\n%b' % (_encode(document.id), line))
            done += 1
        return done

    def delete(self, ids: Iterable[str]) -> None:
        self._check_open()
        for id in ids:
            encode_id(id)
            self._add((self._name, id), b'{"delete":{"_id":%b}}' % _encode(id))

    def commit(self) -> None:
        self._check_open()
        self._send_chunk()
        self._wait()
        try:
            self._cluster.ask(
                lambda: self._cluster.patient.indices.flush(index=[self._labels, self._name], wait_if_ongoing=True)
            )
            self._refresh()
            found = self._indices.count(self._name)
        except EngineError:
            self._failed = True
            raise
        expected, self._editions = self._editions, found
        if expected is not None and expected != found:
            raise EngineError(
                mark("The index {name} holds {found} editions where it should hold {expected}: run lienthu reindex."),
                name=self._name,
                found=found,
                expected=expected,
            )

    def close(self) -> None:
        """What was not sent is forgotten."""
        self._failed = True
        self._chunk.clear()
        self._thread.shutdown(wait=True, cancel_futures=True)

    # -- sending ------------------------------------------------------------------------------------------------

    def _check_open(self) -> None:
        if self._failed:
            raise EngineError(mark("The writer of {name} is closed: open a new one."), name=self._name)

    def _add(self, key: Key, action: bytes) -> None:
        replaced = self._chunk.pop(key, b"")
        self._chunk[key] = action
        self._bytes += len(action) - len(replaced)
        if self._bytes >= CHUNK_BYTES or len(self._chunk) >= CHUNK_ACTIONS:
            self._send_chunk()

    def _send_chunk(self) -> None:
        self._wait()
        if self._chunk:
            chunk, self._chunk, self._bytes = self._chunk, {}, 0
            self._sent = self._thread.submit(self._post, chunk)

    def _wait(self) -> None:
        """Until the chunk before is written. Raises what went wrong with it."""
        sent, self._sent = self._sent, None
        if sent is None:
            return
        try:
            sent.result()
        except EngineError:
            self._failed = True
            raise

    def _post(self, chunk: dict[Key, bytes]) -> None:
        failures: Failures = []
        deadline = time.monotonic() + PATIENCE
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            last = time.monotonic() + pause > deadline
            answers = self._post_once(chunk, last)
            if answers is not None:
                chunk = self._read_answers(chunk, answers, failures)
            if not chunk:
                break
            if last:
                raise self._give_up(chunk)
            time.sleep(pause)
        if failures:
            id, reason = failures[0]
            raise EngineError(
                mark("Edition {id} and {more} more could not be written to {name}: {reason}"),
                id=id,
                more=len(failures) - 1,
                name=self._name,
                reason=reason,
            )

    def _give_up(self, chunk: dict[Key, bytes]) -> EngineUnavailable:
        if is_disk_full(self._refusal):
            return tell_full_disk(self._cluster.shown, self._refusal)
        return EngineUnavailable(
            mark(
                "Elasticsearch could not take {count} editions into {name}: look at the cluster's health, then "
                "run the command again."
            ),
            count=sum(index == self._name for index, _ in chunk),
            name=self._name,
        )

    def _post_once(self, chunk: dict[Key, bytes], last: bool) -> Sequence[Any] | None:
        """One answer per action; None where the whole request has to be made again. What an interrupted request did
        cannot be known, so that editions are not counted along from there."""
        client = self._cluster.client.options(request_timeout=ADMIN_SECONDS, max_retries=0)
        with translate_errors(self._cluster.shown):
            try:
                answer = client.bulk(index=self._name, operations=_join(chunk), timeout=SHARD_TIMEOUT)
            except (NoConnection, ConnectionTimeout):
                self._editions = None
                if last:
                    raise
                return None
            except ApiError as error:
                self._editions = None
                if error.meta.status == 413 and len(chunk) > 1:
                    return self._post_halves(chunk, last)
                if last or error.meta.status not in PASSING_STATUS:
                    raise
                return None
            items: Sequence[Any] = answer["items"]
            return items

    def _post_halves(self, chunk: dict[Key, bytes], last: bool) -> Sequence[Any] | None:
        """A proxy lets through less at once than this."""
        keys = list(chunk)
        middle = len(keys) // 2
        first = self._post_once({key: chunk[key] for key in keys[:middle]}, last)
        second = self._post_once({key: chunk[key] for key in keys[middle:]}, last) if first is not None else None
        return None if first is None or second is None else [*first, *second]

    def _read_answers(self, chunk: dict[Key, bytes], answers: Sequence[Any], failures: Failures) -> dict[Key, bytes]:
        """Returns what is to be sent again. A label that is there already stays."""
        again: dict[Key, bytes] = {}
        change = 0
        for key, answer in zip(chunk, answers, strict=True):
            ((operation, told),) = answer.items()
            error = told.get("error")
            if error is None:
                if operation != "create":
                    change += {"created": 1, "deleted": -1}.get(told.get("result"), 0)
            elif told["status"] in PASSING_STATUS:
                again[key] = chunk[key]
                self._refusal = _describe(error)
            elif (told["status"], error.get("type")) not in HARMLESS:
                failures.append((key[1], _describe(error)))
        if self._editions is not None:
            self._editions += change
        return again

    def _refresh(self) -> None:
        """Labels first: an edition that is seen has its own."""
        for name in (self._labels, self._name):
            self._refresh_index(name)

    def _refresh_index(self, name: str) -> None:
        answer = self._cluster.ask(lambda: self._cluster.patient.indices.refresh(index=name))
        if answer["_shards"]["failed"]:
            raise EngineUnavailable(
                mark("A part of the index {name} is missing: look at the cluster's health."), name=name
            )


def _describe(error: Any) -> str:
    return f"{error.get('type')}: {error.get('reason')}"[:400]


def _join(chunk: dict[Key, bytes]) -> Any:
    """Lines that the client sends as they are."""
    return list(chunk.values())


@contextlib.contextmanager
def write_generation(cluster: Cluster, indices: GenerationIndices, name: str) -> Iterator[ElasticsearchWriter]:
    """The caller holds the generation's lock."""
    writer = ElasticsearchWriter(cluster, indices, name)
    try:
        yield writer
    finally:
        writer.close()
