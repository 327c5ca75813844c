"""Payloads at rest: zstd, plain until 500 payloads of a format are stored; then one dictionary is trained from them.

The dictionary's id stands on the row (0: none), and a dictionary is never dropped. Reading writes nothing.
"""

import threading
from collections.abc import Mapping

import zstandard
from sqlalchemy import Connection, func, select

from lienthu.store.database import Writing, tell_time
from lienthu.store.lookup import Lookup
from lienthu.store.schema import dictionaries, formats, payloads, records

ENOUGH = 500
"""Payloads of a format before its dictionary is trained."""
DICTIONARY_BYTES = 112_640
SAMPLE_BYTES = 65_536
LEVEL = 3
PLAIN = 0
_TRAINED = Lookup(
    select(formats.c.format, formats.c.dictionary).where(formats.c.dictionary.is_not(None)), formats.c.format
)
_UNTRAINED = Lookup(
    select(formats.c.format).where(formats.c.stored >= ENOUGH, formats.c.dictionary.is_(None)), formats.c.format
)


class Payloads:
    """Packs and unpacks; keeps the dictionaries that it has met, one set of codecs for each thread."""

    def __init__(self) -> None:
        self._known: dict[int, zstandard.ZstdCompressionDict] = {}
        self._chosen: dict[str, int] = {}
        self._codecs = threading.local()

    def choose_dictionaries(self, connection: Connection, names: set[str]) -> dict[str, int]:
        """The dictionary with which a payload of each of these formats is packed now. Once trained, it stays."""
        for name, dictionary in _TRAINED.find(connection, names - self._chosen.keys()):
            self._chosen[name] = dictionary
        return {name: self._chosen.get(name, PLAIN) for name in names}

    def pack(self, connection: Connection, payload: bytes, dictionary: int) -> bytes:
        if not payload:
            return b""
        packers: dict[int, zstandard.ZstdCompressor] = self._codecs.__dict__.setdefault("packers", {})
        packer = packers.get(dictionary)
        if packer is None:
            packer = zstandard.ZstdCompressor(level=LEVEL, dict_data=self._find(connection, dictionary))
            packers[dictionary] = packer
        return packer.compress(payload)

    def unpack(self, connection: Connection, packed: bytes, dictionary: int) -> bytes:
        if not packed:
            return b""
        unpackers: dict[int, zstandard.ZstdDecompressor] = self._codecs.__dict__.setdefault("unpackers", {})
        unpacker = unpackers.get(dictionary)
        if unpacker is None:
            unpacker = zstandard.ZstdDecompressor(dict_data=self._find(connection, dictionary))
            unpackers[dictionary] = unpacker
        return unpacker.decompress(packed)

    def note_stored(self, writing: Writing, stored: Mapping[str, int]) -> None:
        """Adds to what was stored of each format that has no dictionary yet, and trains one where there are enough."""
        waiting = [(name, count) for name, count in stored.items() if name not in self._chosen]
        if not waiting:
            return
        writing.write_many(
            "INSERT INTO formats (format, stored) VALUES (?, ?) "
            "ON CONFLICT (format) DO UPDATE SET stored = formats.stored + excluded.stored",
            waiting,
        )
        for (name,) in _UNTRAINED.find(writing.connection, [name for name, _ in waiting]):
            self._train(writing.connection, name)

    def _train(self, connection: Connection, format_name: str) -> None:
        packed = connection.execute(
            select(payloads.c.payload, payloads.c.dictionary)
            .join(records, records.c.number == payloads.c.number)
            .where(records.c.format == format_name, func.length(payloads.c.payload) > 0)
            .order_by(payloads.c.number.desc())
            .limit(ENOUGH)
        )
        samples: list[bytes | bytearray | memoryview[int]] = [
            self.unpack(connection, payload, dictionary)[:SAMPLE_BYTES] for payload, dictionary in packed
        ]
        size = min(DICTIONARY_BYTES, max(256, sum(map(len, samples)) // 4))
        chosen = PLAIN
        try:
            content = zstandard.train_dictionary(size, samples).as_bytes()
        except zstandard.ZstdError:
            pass  # too little to learn from: this format stays plain
        else:
            chosen = 1 + (connection.scalar(select(func.max(dictionaries.c.id))) or 0)
            connection.execute(
                dictionaries.insert().values(id=chosen, format=format_name, created=tell_time(), content=content)
            )
        connection.execute(formats.update().where(formats.c.format == format_name).values(dictionary=chosen))

    def _find(self, connection: Connection, dictionary: int) -> zstandard.ZstdCompressionDict | None:
        if dictionary == PLAIN:
            return None
        if dictionary not in self._known:
            content = connection.execute(
                select(dictionaries.c.content).where(dictionaries.c.id == dictionary)
            ).scalar_one()
            found = zstandard.ZstdCompressionDict(content)
            found.precompute_compress(level=LEVEL)
            self._known[dictionary] = found
        return self._known[dictionary]
