"""The test server of Debian's YAZ, which nobody here wrote: some real MARC records over SRU, on loopback."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.zebra import wait_for

PACKAGES = "yaz"


class YazMissing(Exception):
    """There is no YAZ here; the message says what to install."""


@contextmanager
def serve_yaz(folder: Path) -> Iterator[str]:
    """The address of its one database. How many records a query finds hangs on its words."""
    if not shutil.which("yaz-ztest"):
        raise YazMissing(f"no YAZ here: apt-get install {PACKAGES}")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (folder / "yaz.log").open("wb")
    process = subprocess.Popen(["yaz-ztest", f"tcp:127.0.0.1:{port}"], cwd=folder, stdout=log, stderr=log)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}/Default"
    finally:
        process.terminate()
        process.wait(10)
        log.close()
