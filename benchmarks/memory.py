"""Peak memory of a harvest and of a build, at several sizes: it must not grow with the harvest.

Run: ``python -m benchmarks.memory [SIZE…]``. A file partner's ISO 2709 file of so many real records (repeated,
``real_records.py``) goes through ``lienthu harvest`` and ``lienthu index``, each a process of its own whose peak
resident memory the system reports. A build of many records has worker processes: where there is ``/proc``, it is asked
again and again what all of them take together, memory that they share counted once. The baseline is the first size.

A build has two buffers that fill up and are then written out: the engine's heap, and what was given to it since the
last commit. At a size below theirs the baseline is less than what a build may take.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.real_records import repeat_payloads

COMMANDS = ("harvest", "index")
LOOK_EVERY = 0.05
PARTNERS = """
[[partner]]
id = "bench"
name = {en = "Benchmark"}

[[partner.feed]]
id = "file"
protocol = "file"
path = "records.mrc"
format = "marc21"
"""


class Peak(NamedTuple):
    """Of one command: seconds, megabytes of its main process, and of all its processes together (0: not known)."""

    seconds: float
    main: float
    together: float


def run_measured(home: Path, command: str) -> Peak:
    environment = {**os.environ, "LIENTHU_HOME": str(home), "LIENTHU_PARTNERS": str(home / "partners.toml")}
    began = time.perf_counter()
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "lienthu", command],
        environment,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    together = 0.0
    while True:
        ended, status, usage = os.wait4(child, os.WNOHANG)
        if ended:
            break
        together = max(together, sum(map(read_share, list_family(child))))
        time.sleep(LOOK_EVERY)
    if status:
        raise SystemExit(f"lienthu {command} ended with status {os.waitstatus_to_exitcode(status)}")
    return Peak(time.perf_counter() - began, usage.ru_maxrss / 1024, together)


def list_family(process: int) -> Iterator[int]:
    """The process and all that it started."""
    yield process
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            started = children.read_text().split()
        except OSError:  # it has just ended
            continue
        for child in started:
            yield from list_family(int(child))


def read_share(process: int) -> float:
    """Megabytes of a process, a page that several have counted in equal parts; 0 where it cannot be known."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def measure(size: int) -> dict[str, Peak]:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "partners.toml").write_text(PARTNERS, encoding="utf-8")
        # In a process of its own: a child's peak begins at what its parent holds.
        subprocess.run([sys.executable, "-m", "benchmarks.memory", "write", str(size), str(home)], check=True)
        return {command: run_measured(home, command) for command in COMMANDS}


def write_records(size: int, home: Path) -> None:
    with (home / "records.mrc").open("wb") as file:
        for _, payload in repeat_payloads(size):
            file.write(payload)


def main(sizes: list[int]) -> None:
    first: dict[str, Peak] = {}
    print(f"{'':8}{'records':>10}{'seconds':>10}{'main process':>16}{'all together':>16}    growth of both")
    for size in sizes:
        peaks = measure(size)
        first = first or peaks
        for command, peak in peaks.items():
            growth = zip(peak[1:], first[command][1:], strict=True)
            grown = " ".join(f"{ours / base:8.2f}" for ours, base in growth if base)
            cells = f"{peak.seconds:10.1f}{peak.main:13.0f} MB{peak.together:13.0f} MB"
            print(f"{command:8}{size:10,}{cells}    {grown}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write_records(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main([int(word) for word in sys.argv[1:]] or [10_000, 100_000])
