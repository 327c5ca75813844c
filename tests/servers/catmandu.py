"""Debian's Catmandu, an OAI-PMH provider that nobody here wrote, serving real MARC on a free port of loopback."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import find_free_port, run_server

PACKAGES = "libdancer-plugin-catmandu-oai-perl libcatmandu-marc-perl"
_PROVIDER = Path(__file__).with_name("oai_catmandu.pl")


class CatmanduMissing(Exception):
    """There is no Catmandu here; the message says what to install."""


class Catmandu:
    """Serves the records of an ISO 2709 file, known by their 001, from *folder*."""

    def __init__(self, folder: Path, records: bytes) -> None:
        parts = [f"-M{module}" for module in ("Catmandu::MARC", "Dancer::Plugin::Catmandu::OAI")]
        if not shutil.which("perl") or subprocess.run(["perl", *parts, "-e1"], capture_output=True).returncode:
            raise CatmanduMissing(f"no Catmandu here: apt-get install {PACKAGES}")
        self.folder = folder
        (folder / "records.mrc").write_bytes(records)
        self.change({})

    def change(self, changes: Mapping[str, Mapping[str, str | bool]]) -> None:
        """By 001: a new ``datestamp`` and ``title``, or ``deleted``. Known at the next request."""
        whole = self.folder / "changes.new"
        whole.write_text(json.dumps(changes))
        whole.replace(self.folder / "changes.json")

    @contextmanager
    def serve(self) -> Iterator[str]:
        """The address of the provider."""
        port = find_free_port()
        command = ["perl", str(_PROVIDER), str(port), "records.mrc", "changes.json"]
        # It looks for settings of its own beside the script and in the environment: there shall be none.
        environment = {"PATH": os.environ["PATH"], "DANCER_CONFDIR": str(self.folder), "LC_ALL": "C.UTF-8"}
        with run_server(command, port, self.folder, environment):
            yield f"http://127.0.0.1:{port}/oai"
