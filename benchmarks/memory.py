"""Peak memory of a harvest and of a build, at two sizes: it must not grow with the harvest.

Run: ``python -m benchmarks.memory [SMALL LARGE]``. A file partner's ISO 2709 file of so many real records (repeated,
``real_records.py``) goes through ``lienthu harvest`` and ``lienthu index``, each a process of its own whose peak
resident memory the system reports. The baseline is the smaller size.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.real_records import repeat_payloads

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


def run_measured(home: Path, command: str) -> tuple[float, float]:
    """Seconds and peak megabytes of one ``lienthu`` command."""
    environment = {**os.environ, "LIENTHU_HOME": str(home), "LIENTHU_PARTNERS": str(home / "partners.toml")}
    began = time.perf_counter()
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "lienthu", command],
        environment,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"lienthu {command} ended with status {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def measure(size: int) -> dict[str, tuple[float, float]]:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "partners.toml").write_text(PARTNERS, encoding="utf-8")
        # In a process of its own: a child's peak begins at what its parent holds.
        subprocess.run([sys.executable, "-m", "benchmarks.memory", "write", str(size), str(home)], check=True)
        return {command: run_measured(home, command) for command in ("harvest", "index")}


def write_records(size: int, home: Path) -> None:
    with (home / "records.mrc").open("wb") as file:
        for _, payload in repeat_payloads(size):
            file.write(payload)


def main(small: int, large: int) -> None:
    peaks = {size: measure(size) for size in (small, large)}
    print(f"{'':10}" + "".join(f"{size:>12} records" for size in peaks) + "    growth")
    for command in ("harvest", "index"):
        cells = "".join(f"{peaks[size][command][1]:10.0f} MB {peaks[size][command][0]:5.1f} s" for size in peaks)
        print(f"{command:10}{cells}    {peaks[large][command][1] / peaks[small][command][1]:.2f} times")


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write_records(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(*(int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (10_000, 100_000))
