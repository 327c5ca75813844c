"""Serving an application over HTTP: one address, quiet, and gone at once when it is asked to stop.

``X-Forwarded-*`` is believed only from the proxies that the settings trust.
"""

import gc
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from lienthu.errors import SettingsError
from lienthu.i18n import mark
from lienthu.settings import Settings

GRACE = 10
"""Seconds that requests under way are given to end."""
BACKLOG = 2_048


def serve(app: ASGIApp, settings: Settings, when_ready: Callable[[str], None] = lambda address: None) -> None:
    """Serves until SIGINT or SIGTERM, then returns, so that the caller closes what it opened. Calls *when_ready* with
    the address once it answers. Raises SettingsError where the address is not to be had."""
    with bind_socket(settings.host, settings.port) as bound:
        build_server(app, settings, lambda: when_ready(name_address(settings, bound))).run(sockets=[bound])


def build_server(app: ASGIApp, settings: Settings, when_ready: Callable[[], None] = lambda: None) -> "CatalogueServer":
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=GRACE,
    )
    return CatalogueServer(config, when_ready)


def bind_socket(host: str, port: int) -> socket.socket:
    """Raises SettingsError where another process has the port, or the host is none of this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise SettingsError(
            mark("Nothing can be served at {host}:{port} ({error}): give another --port or --host."),
            host=host, port=port, error=error.strerror or error,
        ) from error  # fmt: skip
    return bound


def name_address(settings: Settings, bound: socket.socket) -> str:
    """The address to type into a browser on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    host = f"[{host}]" if ":" in host else host
    return f"http://{host}:{bound.getsockname()[1]}{settings.root_path}/"


class CatalogueServer(uvicorn.Server):
    """uvicorn, but a signal ends the serving and not the process: the store and the engine are closed afterwards."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None] = lambda: None) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # what the program is made of never dies: no collection looks through it while a reader waits
        if self.started:
            self._when_ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, action in before.items():
                signal.signal(number, action)
