"""Debian's own PostgreSQL server, started for the tests on a free port, in a folder that goes when it ends.

``initdb`` refuses root, so a root user starts it as ``postgres`` (or ``nobody``), to whom the data folder belongs.
``LIENTHU_TEST_POSTGRESQL`` names a server to use instead; each test makes its own database there.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import find_free_port

SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "shared_buffers=64MB")


class PostgresqlMissing(Exception):
    """There is no server to start; the message says what to install."""


def find_programs() -> Path:
    """The folder of ``initdb`` and ``postgres``, the newest version first."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    for folder in [*folders, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresqlMissing(
        "no PostgreSQL server here: apt-get install postgresql, or set LIENTHU_TEST_POSTGRESQL to the address of one"
    )


def find_owner() -> pwd.struct_passwd | None:
    """Whom the server runs as where we are root; None: as ourselves."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresqlMissing("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


@contextmanager
def serve_postgresql() -> Iterator[str]:
    """The address of a running server's maintenance database, ``postgresql://lienthu@127.0.0.1:port/postgres``."""
    given = os.environ.get("LIENTHU_TEST_POSTGRESQL")
    if given:
        yield given
        return
    programs, owner = find_programs(), find_owner()
    folder = Path(tempfile.mkdtemp(prefix="lienthu-pg-", dir="/tmp"))
    try:
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        make_cluster(programs, folder, owner)
        port = find_free_port()
        server = start_server(programs, folder, port, owner)
        try:
            address = f"postgresql://lienthu@127.0.0.1:{port}/postgres"
            wait_for(server, address, folder)
            yield address
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_cluster(programs: Path, folder: Path, owner: pwd.struct_passwd | None) -> None:
    command = [programs / "initdb", "-D", folder / "data", "-U", "lienthu", "-A", "trust", "-E", "UTF8"]
    run = subprocess.run(
        [*map(str, command), "--locale=C", "--no-sync"],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=120,
        **name_user(owner),
    )
    if run.returncode:
        raise RuntimeError(f"initdb failed: {run.stderr}")


def start_server(programs: Path, folder: Path, port: int, owner: pwd.struct_passwd | None) -> "subprocess.Popen[bytes]":
    command = [str(programs / "postgres"), "-D", str(folder / "data"), "-p", str(port), "-k", str(folder)]
    command += ["-c", "listen_addresses=127.0.0.1"]
    for setting in SPEED:
        command += ["-c", setting]
    log = (folder / "log").open("wb")
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd=folder,
        start_new_session=True,
        **name_user(owner),
    )


def name_user(owner: pwd.struct_passwd | None) -> dict[str, object]:
    return {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def wait_for(server: "subprocess.Popen[bytes]", address: str, folder: Path) -> None:
    import psycopg

    end = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(address, connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}") from None
            time.sleep(0.1)


@contextmanager
def make_database(address: str) -> Iterator[str]:
    """A database of its own on that server; it is dropped when the block ends."""
    import psycopg
    from psycopg import sql
    from sqlalchemy import make_url

    name = f"lienthu_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield make_url(address).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


if __name__ == "__main__":
    with serve_postgresql() as running:
        print(running, flush=True)
        sys.stdin.read()
