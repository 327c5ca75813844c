"""Generations of an Elasticsearch cluster: each is an index and that of its labels; an alias names the one that serves.

``lienthu-g0007-es9-s1-a1``: a running number, the major version of the server that made it, the schema and the
analyser. The alias is moved in one call, so that a reader sees the old generation or the new one. A generation is
filled without copies, as it can be made again; promotion gives it its copies first and waits for them. No index ever
refreshes by itself: what is written becomes visible by a commit. Running numbers come from a document whose version
only grows, so that none is used twice.
"""

import contextlib
import logging
import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from elasticsearch import BadRequestError, ConflictError, NotFoundError

from lienthu.engine.cluster import ClusterOptions
from lienthu.engine.elasticsearch_cluster import Cluster
from lienthu.engine.elasticsearch_errors import is_own_answer
from lienthu.engine.elasticsearch_labels import build_labels_mapping, find_generation, name_labels
from lienthu.engine.elasticsearch_mapping import build_mapping
from lienthu.engine.fields import SCHEMA_VERSION
from lienthu.engine.protocol import Generation
from lienthu.errors import CatalogueError, EngineError, EngineUnavailable, LockHeld
from lienthu.i18n import mark
from lienthu.text import ANALYSER_VERSION

COPYING_SECONDS = 1_800
"""How long a promotion waits for the copies of a new generation; then it goes on, and they follow."""
COPYING_STEP = 20
_NAME = re.compile(r"(.+)-g(\d{4,9})-es(\d+)-s(\d+)-a(\d+)")
_written: set[tuple[str, str]] = set()
_writing = threading.Lock()
log = logging.getLogger(__name__)


class GenerationName(NamedTuple):
    prefix: str
    number: int
    elasticsearch: int
    schema: int
    analyser: int


def build_generation_name(name: GenerationName) -> str:
    return f"{name.prefix}-g{name.number:04d}-es{name.elasticsearch}-s{name.schema}-a{name.analyser}"


def parse_generation_name(text: str) -> GenerationName | None:
    """The inverse; None where *text* is not the name of a generation."""
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    prefix, *numbers = found.groups()
    return GenerationName(prefix, *map(int, numbers))


def fits(name: GenerationName) -> bool:
    """Whether this program can use the generation. A server reads the indices of the version before its own."""
    return (name.schema, name.analyser) == (SCHEMA_VERSION, ANALYSER_VERSION)


class GenerationIndices:
    """All generations below one prefix."""

    def __init__(self, cluster: Cluster, options: ClusterOptions) -> None:
        self._cluster = cluster
        self._client = cluster.client
        self._options = options
        self.alias = options.prefix
        self._numbers = f"{options.prefix}-numbers"

    # -- looking ------------------------------------------------------------------------------------------------

    def parse(self, text: str) -> GenerationName | None:
        name = parse_generation_name(text)
        return name if name is not None and name.prefix == self.alias else None

    def serving(self) -> str | None:
        def read() -> Any:
            try:
                return self._client.indices.get_alias(name=self.alias).body
            except NotFoundError as error:
                if not is_own_answer(error):
                    raise
                return {}

        names = [text for text in self._cluster.ask(read) if self.parse(text)]
        return max(names, key=self._number) if names else None

    def list(self) -> tuple[Generation, ...]:
        """Oldest first."""
        settings = self._read_settings(f"{self.alias}-g*")
        names = [(text, name) for text in settings if (name := self.parse(text)) is not None]
        serving = self.serving()
        return tuple(
            Generation(
                name=text,
                editions=self._count_or_none(text),
                serving=text == serving,
                current=fits(name),
                created=_read_date(settings[text]["settings"]["index"].get("creation_date", "0")),
            )
            for text, name in sorted(names, key=lambda pair: pair[1].number)
        )

    def check(self, text: str) -> None:
        """Raises EngineError where there is no such generation; EngineUnavailable for another version's."""
        name = self.parse(text)
        if name is None or not self._cluster.ask(lambda: self._client.indices.exists(index=text)):
            raise EngineError(mark("There is no generation “{name}”."), name=text)
        self.check_version(text)

    def check_version(self, text: str) -> None:
        name = self.parse(text)
        if name is None or not fits(name):
            raise EngineUnavailable(
                mark("The index {name} was built by another version of this program: run lienthu reindex."), name=text
            )

    def count(self, text: str) -> int:
        """Editions at the last commit."""
        body = {"query": {"match_all": {}}, "size": 0, "track_total_hits": True}
        answer = self._cluster.ask(
            lambda: self._client.search(index=text, body=body, allow_partial_search_results=False)
        )
        return int(answer["hits"]["total"]["value"])

    def find_trouble(self, text: str) -> EngineError | None:
        """What readers do not notice (copies or labels that are missing) is told, a part that is missing is raised."""
        if self._read_health(text)["status"] == "red":
            raise EngineUnavailable(
                mark("A part of the index {name} is missing: look at the cluster's health."), name=text
            )
        health = self._read_health(text, name_labels(text))
        if health["status"] == "red":
            return EngineError(
                mark(
                    "The labels of the index {name} are missing. Searches are answered, with values as they are "
                    "compared: look at the cluster's health, or run lienthu reindex."
                ),
                name=text,
            )
        if health["status"] == "yellow":
            return EngineError(
                mark(
                    "{missing} of {copies} copies of the index {name} are missing, with {nodes} nodes in the cluster. "
                    "Searches are answered: look at the nodes, or lower LIENTHU_ENGINE_REPLICAS."
                ),
                missing=health["unassigned_shards"] + health["initializing_shards"],
                copies=health["unassigned_shards"] + health["initializing_shards"] + health["active_shards"],
                name=text,
                nodes=health["number_of_data_nodes"],
            )
        return None

    def _read_health(self, *indices: str) -> Any:
        """For an index that is not there at all the server would wait, then say that it is red."""
        client = self._client.options(ignore_status=408)
        return self._cluster.ask(lambda: client.cluster.health(index=indices, timeout="1s"))

    def _count_or_none(self, text: str) -> int:
        try:
            return self.count(text)
        except CatalogueError:  # an index in pieces is listed all the same
            return 0

    def _read_settings(self, pattern: str) -> Any:
        return self._cluster.ask(lambda: self._client.indices.get_settings(index=pattern)).body

    def _number(self, text: str) -> int:
        name = self.parse(text)
        return name.number if name else 0

    # -- changing -----------------------------------------------------------------------------------------------

    def create(self) -> str:
        """An empty generation, without copies, then the index of its labels: labels alone are always forsaken."""
        self._drop_forsaken_labels()
        major = self._cluster.read_major()
        name = build_generation_name(
            GenerationName(self.alias, self._allot_number(), major, SCHEMA_VERSION, ANALYSER_VERSION)
        )
        unseen = {"number_of_replicas": 0, "refresh_interval": "-1"}
        for index, shards, mapping in (
            (name, self._options.shards, build_mapping()),
            (name_labels(name), 1, build_labels_mapping()),
        ):
            self._create_index(index, {"number_of_shards": shards, **unseen}, mapping)
        return name

    def _drop_forsaken_labels(self) -> None:
        """Of generations that somebody deleted by hand."""
        names = self._read_settings(f"{self.alias}-g*")
        forsaken = [text for text in names if (of := find_generation(text)) and self.parse(of) and of not in names]
        if forsaken:
            self._cluster.ask(lambda: self._cluster.patient.indices.delete(index=forsaken, ignore_unavailable=True))

    def _create_index(self, name: str, settings: dict[str, Any], mapping: dict[str, Any]) -> None:
        self._cluster.ask(lambda: self._cluster.patient.indices.create(index=name, settings=settings, mappings=mapping))

    def _allot_number(self) -> int:
        self._make_numbers()
        while True:
            taken = [self._number(text) for text in self._read_settings(f"{self.alias}-g*")]
            number = max([*taken, self._read_last_number()]) + 1
            try:
                self._client_write_number(number)
            except _NumberTaken:
                continue
            return number

    def _make_numbers(self) -> None:
        def create() -> None:
            if self._client.indices.exists(index=self._numbers):
                return
            try:
                self._client.indices.create(
                    index=self._numbers,
                    settings={"number_of_shards": 1, "auto_expand_replicas": "0-1"},
                    mappings={"dynamic": "strict"},
                )
            except BadRequestError as error:
                if "resource_already_exists" not in str(error.body):
                    raise

        self._cluster.ask(create)

    def _read_last_number(self) -> int:
        def read() -> int:
            try:
                return int(self._client.get(index=self._numbers, id="generation")["_version"])
            except NotFoundError:
                return 0

        return self._cluster.ask(read)

    def _client_write_number(self, number: int) -> None:
        def write() -> None:
            try:
                self._client.index(
                    index=self._numbers, id="generation", document={}, version=number, version_type="external"
                )
            except ConflictError as error:
                raise _NumberTaken from error

        self._cluster.ask(write)

    def promote(self, text: str) -> None:
        """Gives the generation its copies, then moves the alias in one call."""
        self.check(text)
        for index in (name_labels(text), text):
            self._make_copies(index)
        actions: list[dict[str, dict[str, object]]] = [
            {"remove": {"index": f"{self.alias}-g*", "alias": self.alias, "must_exist": False}},
            {"add": {"index": text, "alias": self.alias}},
        ]
        self._cluster.ask(lambda: self._cluster.patient.indices.update_aliases(actions=actions))

    def _make_copies(self, text: str) -> None:
        wanted = self._options.replicas
        index = self._read_settings(text)[text]["settings"]["index"]
        if int(index.get("number_of_replicas", 0)) != wanted:
            self._cluster.ask(
                lambda: self._cluster.patient.indices.put_settings(
                    index=text, settings={"index.number_of_replicas": wanted}
                )
            )
        nodes = int(self._cluster.ask(lambda: self._client.cluster.health())["number_of_data_nodes"])
        copies = int(index["number_of_shards"]) * (1 + min(wanted, max(0, nodes - 1)))
        if not self._wait_for_copies(text, copies):
            log.warning("%s serves before all its copies are made: look at the cluster's health", text)

    def _wait_for_copies(self, text: str, copies: int) -> bool:
        deadline = time.monotonic() + COPYING_SECONDS
        patient = self._cluster.patient.options(ignore_status=408)
        while True:
            health = self._cluster.ask(
                lambda: patient.cluster.health(index=text, wait_for_active_shards=copies, timeout=f"{COPYING_STEP}s")
            )
            if int(health["active_shards"]) >= copies:
                return True
            if time.monotonic() >= deadline:
                return False

    def drop(self, text: str) -> None:
        if text == self.serving():
            raise EngineError(mark("{name} is serving: promote another generation before dropping it."), name=text)
        if self.parse(text) is None:
            return
        patient = self._cluster.patient
        with self.lock(text):
            self._cluster.ask(lambda: patient.indices.delete(index=[text, name_labels(text)], ignore_unavailable=True))

    @contextlib.contextmanager
    def lock(self, text: str) -> Iterator[None]:
        """One writer in this process. Between processes and machines the store's lock decides."""
        key = (self._cluster.shown, text)
        with _writing:
            if key in _written:
                raise LockHeld(mark("Another process is writing the index {name}: wait until it is done."), name=text)
            _written.add(key)
        try:
            yield
        finally:
            with _writing:
                _written.discard(key)


class _NumberTaken(Exception):
    """Another process took this number in the same moment."""


def _read_date(milliseconds: str) -> str:
    return datetime.fromtimestamp(int(milliseconds) / 1_000, UTC).isoformat(timespec="seconds")
