import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harvesters.page import HarvestContext
from harvesters.spider import harvester
from harvesters.spider.lines import RecordFound, read_line, write_line
from lienthu.harvest_run import HarvestCounts
from lienthu.partner import Feed
from lienthu.store import OpenRun
from tests.harvesters.spider.catalogue import AGENT, PARTNER, Calendar, Crawl, serve, write_dublin_core, write_page

KILLED = """
import sys
from harvesters.spider import child_process
from tests.harvesters.spider.catalogue import Crawl
start = child_process.ChildProcess.__enter__
def tell(self):
    print(self.pid, flush=True)
    return start(self)
child_process.ChildProcess.__enter__ = tell
Crawl(sys.argv[1], delay=0.2)
"""


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks at processes as Linux shows them")
def test_a_killed_parent_takes_its_spider_along(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve({}) as catalogue:
        monkeypatch.setattr(catalogue, "answer", Calendar({}).answer)
        root = Path(__file__).resolve().parents[3]
        parent = subprocess.Popen(
            [sys.executable, "-c", KILLED, catalogue.url + "/lich"],
            stdout=subprocess.PIPE,
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        while len(catalogue.asked) < 3 and parent.poll() is None:
            time.sleep(0.05)
        assert is_running(child)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        parent.stdout.close()
        deadline = time.monotonic() + 30
        while is_running(child) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not is_running(child)


def test_a_spider_that_dies_is_never_called_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harvester, "PAGE_RECORDS", 1)
    children: list[int] = []
    start = harvester.ChildProcess.__enter__

    def watch(child: harvester.ChildProcess) -> harvester.ChildProcess:
        children.append(child.pid)
        return start(child)

    monkeypatch.setattr(harvester.ChildProcess, "__enter__", watch)
    answer = Calendar({}).answer

    def answer_and_kill(path: str) -> tuple[int, dict[str, str], str]:
        if path.endswith("thang=3"):
            os.kill(children[0], signal.SIGTERM)
        return answer(path)

    with serve({}) as catalogue:
        monkeypatch.setattr(catalogue, "answer", answer_and_kill)
        crawl = Crawl(catalogue.url + "/lich")
        assert crawl.ids
        assert crawl.ending.verdict == "incomplete"
        assert "before it had finished" in crawl.ending.message.tell()


def test_a_slow_reader_holds_the_spider_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harvester, "PAGE_RECORDS", 1)
    pages: dict[str, Any] = {"/": write_page(*(f"/sach/{number}" for number in range(40)))}
    pages |= {f"/sach/{number}": write_page(head=write_dublin_core("x" * 60_000)) for number in range(40)}
    with serve(pages) as catalogue:
        feed = Feed(id="web", protocol="spider", url=catalogue.url + "/", delay=0.0)
        run = OpenRun(id=1, full=True, resumed=False, checkpoint=None, counts=HarvestCounts(), started="")
        context = HarvestContext(home=Path(), agent=AGENT, now=lambda: datetime.now(UTC))
        stream = harvester.SpiderHarvester().pages(feed, PARTNER, run, context)
        next(stream)
        settled = -1
        while settled != len(catalogue.asked):  # until nothing more is asked while nobody reads
            settled = len(catalogue.asked)
            time.sleep(1)
        assert settled < 40
        assert sum(len(page.records) for page in stream) == 39


def test_lines_are_json_and_the_payload_survives() -> None:
    line = RecordFound(address="http://x/1", source_id="1", payload=bytes(range(256)), doors={"http://x/2": 3})
    assert read_line(write_line(line)) == line
    assert json.loads(write_line(line))["type"] == "record"
