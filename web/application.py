"""The whole site: the doors for machines of ``search_api`` and the pages for people, in one application."""

import inspect
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from lienthu.errors import CatalogueError
from lienthu.settings import Settings
from search_api.application import build_application
from search_api.problem import log_failure
from search_api.service import Catalogue
from web.assets import read_assets
from web.entrances import Entrances
from web.pages import build_routes
from web.presenters.failure import present_failure
from web.security import HEADERS, SecurityHeaders
from web.site import Site

MACHINE_PATHS = ("/api", "/healthz", "/readyz", "/openapi.json")
"""Here an error is a problem document, as ``search_api`` writes it; everywhere else it is a page."""

Handler = Callable[[Request, Exception], Response | Awaitable[Response]]


def build_site(catalogue: Catalogue, settings: Settings) -> FastAPI:
    """The application that ``lienthu serve`` runs."""
    app = build_application(catalogue, settings)
    site = Site(catalogue, settings, read_assets(), Entrances(catalogue))
    app.router.routes.extend(build_routes(site))
    for kind in (CatalogueError, HTTPException, RequestValidationError, Exception):
        _show_failures(app, kind, site)
    app.add_middleware(SecurityHeaders)
    return app


def _show_failures(app: FastAPI, kind: type[Exception], site: Site) -> None:
    """Errors of this kind on a page's address become a page; on a machine's address they stay what they were."""
    for_machines: Handler | None = app.exception_handlers.get(kind)

    async def answer(request: Request, error: Exception) -> Response:
        if for_machines is not None and _is_for_machines(site.find_path(request)):
            answered = for_machines(request, error)
            return await answered if inspect.isawaitable(answered) else answered
        status = _read_status(error)
        if isinstance(error, CatalogueError):
            log_failure(request, error)
        page = present_failure(status, site.choose_language(request), site.links)
        response = site.send_page(page, request, section="error", status=status)
        if status == 503:
            response.headers["retry-after"] = "60"
        for name, value in HEADERS:  # what nobody foresaw is answered outside of every middleware
            response.headers.setdefault(name, value)
        return response

    app.add_exception_handler(kind, answer)


def _is_for_machines(path: str) -> bool:
    return any(path == start or path.startswith(f"{start}/") for start in MACHINE_PATHS)


def _read_status(error: Exception) -> int:
    if isinstance(error, CatalogueError):
        return error.status
    if isinstance(error, HTTPException):
        return error.status_code
    return 400 if isinstance(error, RequestValidationError) else 500
