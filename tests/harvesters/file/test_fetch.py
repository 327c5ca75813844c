"""A file behind an address, fetched from a real server on loopback."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from harvesters.file import fetch, harvester
from harvesters.session import Manners
from tests.harvesters.file.dropping import Reading, write_marc


class Server(BaseHTTPRequestHandler):
    """Sends ``content`` under an ETag, after as many faults as ``faults`` holds."""

    content: ClassVar[bytes] = b""
    faults: ClassVar[list[tuple[int, dict[str, str]]]] = []
    short: ClassVar[int] = 0
    asked: ClassVar[list[int]] = []

    def do_GET(self) -> None:
        tag = f'"{hash(self.content)}"'
        if self.faults:
            status, headers = self.faults.pop(0)
        elif self.headers.get("If-None-Match") == tag:
            status, headers = 304, {}
        else:
            status, headers = 200, {"ETag": tag, "Content-Length": str(len(self.content))}
        self.asked.append(status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if status == 200:
            self.wfile.write(self.content[: len(self.content) - self.short])

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(fetch, "MANNERS", Manners(tries=3, backoff=0.001, connect=2, read=2, page=5))
    Server.content, Server.faults, Server.short, Server.asked = write_marc("1") + write_marc("2"), [], 0, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/export/so%20sach.mrc?key=1"
    server.shutdown()
    server.server_close()


def test_a_file_is_fetched_and_read(address: str, tmp_path: Path) -> None:
    reading = Reading("", tmp_path, url=address)
    assert (reading.ids, reading.verdict) == (["1", "2"], "complete")
    assert (tmp_path / "fetched" / "baothang" / "files" / "so_sach.mrc").is_file()


def test_an_unchanged_file_is_not_sent_again_and_a_changed_one_is(address: str, tmp_path: Path) -> None:
    Reading("", tmp_path, url=address)
    assert Reading("", tmp_path, url=address).ids == ["1", "2"]
    Server.content = write_marc("3")
    assert Reading("", tmp_path, url=address).ids == ["3"]
    assert Server.asked == [200, 304, 200]


def test_a_killed_run_goes_on_with_the_file_it_had(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harvester, "PAGE_RECORDS", 1)
    first = Reading("", tmp_path, url=address, limit=1)
    Server.content = write_marc("3")
    second = Reading("", tmp_path, url=address, checkpoint=first.pages[-1].checkpoint)
    assert first.ids + second.ids == ["1", "2"]
    assert second.verdict == "complete"


def test_passing_faults_are_tried_again_and_half_a_file_is_never_read(address: str, tmp_path: Path) -> None:
    Server.faults = [(503, {"Retry-After": "0"}), (500, {})]
    assert Reading("", tmp_path, url=address).ids == ["1", "2"]
    Server.content, Server.short = write_marc("4"), 3
    with pytest.raises(fetch.HarvestError, match="3 tries"):
        Reading("", tmp_path, url=address)


def test_a_server_that_wants_to_be_left_alone_is(address: str, tmp_path: Path) -> None:
    Server.faults = [(503, {"Retry-After": "7200"})]
    with pytest.raises(fetch.HarvestError, match="120 minutes") as caught:
        Reading("", tmp_path, url=address)
    assert hasattr(caught.value, "not_before")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ((404, {}), "HTTP 404"),
        ((403, {}), "refuses us"),
        ((302, {"Location": "file:///etc/passwd"}), "only http and https"),
        ((302, {"Location": "http://10.0.0.1/secret"}), "inside our own network"),
    ],
)
def test_what_makes_no_sense_to_repeat_is_told_at_once(
    fault: tuple[int, dict[str, str]], words: str, address: str, tmp_path: Path
) -> None:
    Server.faults = [fault]
    with pytest.raises(fetch.HarvestError, match=words):
        Reading("", tmp_path, url=address)
    assert len(Server.asked) == 1


def test_a_file_without_end_is_left(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "FILE_BYTES", 50)
    with pytest.raises(fetch.HarvestError, match="more than 50 bytes"):
        Reading("", tmp_path, url=address)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://x.org/a/..%2F..%2Fetc/passwd", "passwd"),
        ("https://x.org/%2e%2e", "file"),
        ("https://x.org/", "file"),
        ("https://x.org/..%5Cboot.ini", "boot.ini"),
    ],
)
def test_no_address_names_a_place_outside_its_folder(url: str, name: str) -> None:
    assert fetch._name_file(url) == name
