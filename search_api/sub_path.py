"""Serving below a sub-path, ``/catalogue`` say: every route, link and redirect keeps it.

A proxy may cut the sub-path off before it passes a request on, or leave it; both arrive at the same route.
"""

from starlette.types import ASGIApp, Receive, Scope, Send


class SubPath:
    """Middleware that sets ``root_path`` and makes ``path`` begin with it, as ASGI wants."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self.app = app
        self.root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"} and self.root_path:
            path: str = scope["path"]
            whole = path if path == self.root_path or path.startswith(f"{self.root_path}/") else self.root_path + path
            scope = {**scope, "root_path": self.root_path, "path": whole}
        await self.app(scope, receive, send)
