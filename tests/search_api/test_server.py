import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from lienthu.errors import SettingsError
from search_api.server import bind_socket, build_server, name_address
from tests.search_api.shelf import build_settings

PROGRAM = """
import sys
from search_api.server import serve
from lienthu.settings import read_settings
from starlette.responses import PlainTextResponse
settings = read_settings({"bind": "127.0.0.1:0", "root_path": "/catalogue"}, {})
serve(PlainTextResponse("here"), settings, lambda address: print(address, flush=True))
print("closed", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_serving_and_lets_the_caller_close_what_it_opened(number: int, tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.endswith("/catalogue/")
        assert httpx.get(address).text == "here"
        process.send_signal(number)
        assert process.communicate(timeout=30)[0] == "closed\n"
        assert process.returncode == 0


def test_a_port_that_is_taken_is_told_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SettingsError, match="--port"):
            bind_socket("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(SettingsError, match=r"203\.0\.113\.1"):
        bind_socket("203.0.113.1", 0)


def test_the_address_is_one_that_a_browser_can_open(tmp_path: Path) -> None:
    with bind_socket("0.0.0.0", 0) as bound:
        port = bound.getsockname()[1]
        settings = build_settings(tmp_path, bind="0.0.0.0:0", root_path="/catalogue")
        assert name_address(settings, bound) == f"http://127.0.0.1:{port}/catalogue/"


async def _tell_client(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        request = Request(scope)
        await PlainTextResponse(f"{request.client.host if request.client else ''} {scope['scheme']}")(
            scope, receive, send
        )


@pytest.mark.parametrize(
    ("trusted", "told"),
    [("", "127.0.0.1 http"), ("203.0.113.9", "127.0.0.1 http"), ("127.0.0.0/8", "198.51.100.7 https")],
)
def test_forwarded_headers_are_believed_from_trusted_proxies_only(tmp_path: Path, trusted: str, told: str) -> None:
    settings = build_settings(tmp_path, trusted_proxies=trusted)
    ready = threading.Event()
    with bind_socket("127.0.0.1", 0) as bound:
        server = build_server(_tell_client, settings, ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        assert ready.wait(30)
        headers = {"x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "https"}
        assert httpx.get(f"http://127.0.0.1:{bound.getsockname()[1]}/", headers=headers).text == told
        server.should_exit = True
        thread.join(30)
