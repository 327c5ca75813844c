"""Locks that die with their process: a file below the home for SQLite, an advisory lock for PostgreSQL."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b

from filelock import FileLock, Timeout
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from lienthu.errors import LockHeld, StoreError
from lienthu.i18n import mark
from lienthu.store.database import Database


class Locks(Database):
    """One holder of a name at a time, on this machine (SQLite) or on this server (PostgreSQL)."""

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Holds the lock until the block ends. Raises LockHeld at once where another has it."""
        with self._hold_on_server(name) if self.is_server else self._hold_file(name):
            yield

    @contextmanager
    def _hold_file(self, name: str) -> Iterator[None]:
        path = self.home / "locks" / build_file_name(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path)
            lock.acquire(timeout=0)
        except Timeout as error:
            raise build_refusal(name) from error
        except OSError as error:
            raise StoreError(
                mark("The lock {path} cannot be made: {reason}. Check LIENTHU_HOME."),
                path=path,
                reason=error.strerror or error,
            ) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _hold_on_server(self, name: str) -> Iterator[None]:
        with self.telling():
            connection = self._reader.connect()
        try:
            with self.telling():
                held = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": build_key(name)})
            if not held:
                raise build_refusal(name)
            try:
                yield
            finally:
                # At once: of a session that ends, the server may hear a moment later.
                with suppress(SQLAlchemyError):
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": build_key(name)})
        finally:
            connection.invalidate()  # the session ends, and the lock with it, whatever state it is in
            connection.close()


def build_refusal(name: str) -> LockHeld:
    return LockHeld(
        mark("Another process is at work on “{name}”. Wait until it has finished, then try again."), name=name
    )


def build_file_name(name: str) -> str:
    """``harvest:laocai/oai`` -> a file name that no other lock has."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "_", name)[:80]
    return f"{readable}-{blake2b(name.encode(), digest_size=4).hexdigest()}.lock"


def build_key(name: str) -> int:
    return int.from_bytes(blake2b(f"lienthu {name}".encode(), digest_size=8).digest(), "big", signed=True)
