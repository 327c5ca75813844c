"""Debian's Zebra, a library server that nobody here wrote, serving real MARC over SRU on a free port of loopback."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.process import find_free_port, run_server

PACKAGES = "idzebra-2.0-utils idzebra-2.0-common libidzebra-2.0-mod-dom libidzebra-2.0-mod-grs-marc"
_FILTER = """<dom xmlns="http://indexdata.com/zebra-2.0"><input><marc inputcharset="utf-8"/></input>
<extract name="index"><xslt stylesheet="index.xsl"/></extract><store/><retrieve name="marcxml"/></dom>"""
_INDEX = """<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
 xmlns:m="http://www.loc.gov/MARC21/slim" xmlns:z="http://indexdata.com/zebra-2.0"><xsl:template match="m:record">
<z:record z:id="{normalize-space(m:controlfield[@tag='001'])}">
<z:index name="Title:w"><xsl:value-of select="m:datafield[@tag='245']"/></z:index>
<z:index name="Any:w">everything</z:index></z:record></xsl:template></xsl:stylesheet>"""
_CQL = """set.cql = info:srw/cql-context-set/1/cql-v1.2
set.dc = info:srw/cql-context-set/1/dc-v1.1
index.cql.serverChoice = 1=1016
index.dc.title = 1=4
relation.eq = 2=3
relation.scr = 2=3
structure.* = 4=6
position.any = 3=3 6=1
"""


class ZebraMissing(Exception):
    """There is no Zebra here; the message says what to install."""


class Zebra:
    """A database in *folder*. Records are known by their 001."""

    def __init__(self, folder: Path) -> None:
        modules = next(Path("/usr/lib").glob("*/idzebra-2.0/modules"), None)
        found = modules is not None and (modules / "mod-dom.so").exists() and (modules / "mod-grs-marc.so").exists()
        if not found or not shutil.which("zebrasrv") or not shutil.which("zebraidx"):
            raise ZebraMissing(f"no Zebra here: apt-get install {PACKAGES}")
        self.folder = folder
        for name in ("register", "lock"):
            (folder / name).mkdir()
        settings = {
            "profilePath": f"{folder}:/usr/share/idzebra-2.0/tab",
            "modulePath": str(modules),
            "recordType": "dom.filter.xml",
            "register": f"{folder}/register:1G",
            "lockDir": f"{folder}/lock",
            "attset": "bib1.att",
        }
        written = "".join(f"{name}: {value}\n" for name, value in settings.items())
        for name, text in {"zebra.cfg": written, "filter.xml": _FILTER, "index.xsl": _INDEX, "cql.txt": _CQL}.items():
            (folder / name).write_text(text)
        self._run("init")

    def update(self, records: bytes) -> None:
        """Adds the records of an ISO 2709 file, or replaces those of the same 001."""
        self._change("update", records)

    def delete(self, records: bytes) -> None:
        self._change("delete", records)

    def _change(self, verb: str, records: bytes) -> None:
        path = self.folder / "records.mrc"
        path.write_bytes(records)
        self._run(verb, str(path))

    def _run(self, *words: str) -> None:
        done = subprocess.run(
            ["zebraidx", "-c", "zebra.cfg", *words], cwd=self.folder, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr[-500:]

    @contextmanager
    def serve(self) -> Iterator[str]:
        """The address of its one database."""
        port = find_free_port()
        (self.folder / "server.xml").write_text(
            f'<yazgfs><listen id="public">tcp:127.0.0.1:{port}</listen><server id="one" listenref="public">'
            f"<config>{self.folder}/zebra.cfg</config><cql2rpn>{self.folder}/cql.txt</cql2rpn></server></yazgfs>"
        )
        with run_server(["zebrasrv", "-f", "server.xml"], port, self.folder):
            yield f"http://127.0.0.1:{port}/Default"
