"""The site over the stub catalogue: in the process for most tests, on a loopback port for the browser's."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from lienthu.settings import Settings, read_settings
from tests.web.stub_catalogue import PARTNERS, StubCatalogue
from web.application import build_site
from web.language import load_language
from web.presenters.holdings import Reader
from web.presenters.links import Links

BROWSER_ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def make_settings(root_path: str = "", **flags: str) -> Settings:
    return read_settings({"root_path": root_path, **flags}, environment={})


def make_client(root_path: str = "", catalogue: object | None = None) -> TestClient:
    site = build_site(catalogue or StubCatalogue(), make_settings(root_path))  # type: ignore[arg-type]
    return TestClient(site, raise_server_exceptions=False)


@pytest.fixture
def client() -> TestClient:
    return make_client()


@pytest.fixture
def make_reader() -> Callable[..., Reader]:
    def make(code: str = "vi", root: str = "", today: date | None = None) -> Reader:
        return Reader(load_language(code), Links(root), ZoneInfo("Asia/Ho_Chi_Minh"), PARTNERS, today)

    return make


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the site answers on loopback."""
    yield from serve(build_site(StubCatalogue(), make_settings()))  # type: ignore[arg-type]


def serve(app: FastAPI) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A real headless Chromium, Debian's own."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("LIENTHU_REQUIRE_ALL") == "1":
            pytest.fail("Chromium is required here: install Debian's package chromium")
        pytest.skip("Chromium is not here: install Debian's package chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
        yield started
        started.close()
