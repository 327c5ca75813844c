"""The test server of Debian's YAZ, which nobody here wrote: some real MARC records over SRU, on loopback."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import find_free_port, run_server

PACKAGES = "yaz"


class YazMissing(Exception):
    """There is no YAZ here; the message says what to install."""


@contextmanager
def serve_yaz(folder: Path) -> Iterator[str]:
    """The address of its one database. How many records a query finds hangs on its words."""
    if not shutil.which("yaz-ztest"):
        raise YazMissing(f"no YAZ here: apt-get install {PACKAGES}")
    port = find_free_port()
    with run_server(["yaz-ztest", f"tcp:127.0.0.1:{port}"], port, folder):
        yield f"http://127.0.0.1:{port}/Default"
