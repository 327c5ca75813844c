"""The door to the database: how it is opened, read and written, and how its errors are told.

Every writing transaction begins with BEGIN IMMEDIATE (SQLite) or by locking the one-row counter (PostgreSQL); every
number that is given out comes from that row. Reading never waits for a writer. Secrets in addresses are never shown.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from lienthu.errors import StoreError
from lienthu.i18n import mark
from lienthu.store import schema, upgrade

BUSY_SECONDS = 60
_WRITES = "lienthu_writes"
_COUNTER = select(schema.counter).with_for_update()
_SET_COUNTER = schema.counter.update()


class Writing:
    """One writing transaction and the numbers that it gives out; no other transaction gives out any meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        row = connection.execute(_COUNTER).one()
        self._before: dict[str, int] = {name: row._mapping[name] for name in ("change", "record", "run", "edition")}
        self._now = dict(self._before)

    def next(self, name: str) -> int:
        """The next number of ``change``, ``record``, ``run`` or ``edition``."""
        self._now[name] += 1
        return self._now[name]

    def write_many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Runs *statement* (marks are ``?``) once for each row, on the driver itself: several times faster."""
        if not rows:
            return
        if self.connection.dialect.name == "postgresql":
            statement = statement.replace("?", "%s")
        self.connection.exec_driver_sql(statement, list(rows))

    def save_counter(self) -> None:
        if self._now != self._before:
            self.connection.execute(_SET_COUNTER, self._now)


class Database:
    """An open database with the current schema."""

    def __init__(self, address: str, home: Path, steps: Sequence[upgrade.Step] = upgrade.STEPS) -> None:
        self.home = home
        self._url = read_address(address)
        self._engine = self._create_engine()
        self._writer = self._engine.execution_options(**{_WRITES: True})
        self._reader = self._engine.execution_options(isolation_level="AUTOCOMMIT") if self.is_server else self._engine
        try:
            self.schema_number = self._prepare(steps)
        except BaseException:
            self.close()
            raise

    @property
    def is_server(self) -> bool:
        return self._url.get_backend_name() == "postgresql"

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on which each statement sees all that is committed when it begins."""
        with self.telling(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """One transaction: all of it is kept, or, where an exception leaves the block, nothing."""
        with self.telling(), self._writer.begin() as connection:
            writing = Writing(connection)
            yield writing
            writing.save_counter()

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Errors of the database leave as StoreError, without secrets."""
        try:
            yield
        except SQLAlchemyError as error:
            raise self._translate(error) from None if self._url.password else error

    def _translate(self, error: SQLAlchemyError) -> StoreError:
        reason = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
        for secret in find_secrets(self._url):
            reason = reason.replace(secret, "***")
        if isinstance(error, OperationalError) and ("locked" in reason or "busy" in reason):
            return StoreError(
                mark(
                    "The store {store} is busy: another process has been writing for more than {seconds} seconds. "
                    "Wait for it or end it, then try again."
                ),
                store=describe_address(self._url),
                seconds=BUSY_SECONDS,
            )
        return StoreError(
            mark(
                "The store {store} cannot be used: {reason}. Check LIENTHU_STORE, that the file or server is there, "
                "that you may write to it, and that the disk is not full."
            ),
            store=describe_address(self._url),
            reason=reason,
        )

    def _create_engine(self) -> Engine:
        try:
            if self.is_server:
                return create_engine(self._url, pool_pre_ping=True, hide_parameters=True)
            self._make_folder()
            engine = create_engine(self._url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
        except ModuleNotFoundError as error:
            raise StoreError(
                mark('The store {store} needs psycopg: pip install "lienthu[postgresql]".'),
                store=describe_address(self._url),
            ) from error
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _make_folder(self) -> None:
        path = Path(self._url.database or "")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                mark(
                    "The folder {folder} of the store cannot be made: {reason}. Check LIENTHU_HOME and LIENTHU_STORE."
                ),
                folder=path.parent,
                reason=error.strerror or error,
            ) from error

    def _prepare(self, steps: Sequence[upgrade.Step]) -> int:
        with self.reading() as connection:
            number = upgrade.read_schema_number(connection)
        upgrade.check_schema_number(number, len(steps))
        if number == len(steps):
            return number
        if not self.is_server:
            self._keep_write_ahead_log()
        with self.telling(), self._writer.begin() as connection:
            return upgrade.upgrade_schema(connection, steps)

    def _keep_write_ahead_log(self) -> None:
        # SQLite does not call its busy handler for this pragma: two processes that make a store must try again.
        end = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                with self.telling(), self._engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA journal_mode=WAL")
                return
            except StoreError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)


def read_address(address: str) -> URL:
    """``postgres://`` and ``postgresql://`` mean psycopg 3. Raises StoreError for what can be no store."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = None
    if url is not None and url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url is None or url.drivername not in {"sqlite", "postgresql+psycopg"} or not url.database:
        raise StoreError(
            mark("The address of the store cannot be read: give sqlite:///file.db or postgresql://user@host/database.")
        )
    return url


def describe_address(url: URL) -> str:
    """The address for people: no password, no parameters."""
    return url.set(password=None, query={}).render_as_string(hide_password=True)


def find_secrets(url: URL) -> list[str]:
    values = [url.password, *(value for name, value in url.query.items() if "pass" in name.lower())]
    return [str(value) for value in values if value]


def tell_time() -> str:
    """Now, as ISO 8601 in UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def clean_text(value: str) -> str:
    """The text without what PostgreSQL or UTF-8 cannot hold (U+0000, lone surrogates), which become U+FFFD."""
    if value.isascii():
        return value.replace("\0", "\ufffd") if "\0" in value else value
    return value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _set_up_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA cache_size=-8192")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.execute("PRAGMA wal_autocheckpoint=4000")  # pages that many transactions touch are copied less often
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get(_WRITES):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
