"""Problem documents (RFC 9457): every error of the API, in the reader's language, with what to do next."""

import logging
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from lienthu.errors import CatalogueError
from lienthu.i18n import load_translations, mark
from search_api.reader import choose_language

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: mark("This request cannot be answered"),
    404: mark("Not found"),
    405: mark("This address only answers GET"),
    422: mark("This request cannot be answered"),
    500: mark("Something went wrong"),
}
LATER = mark("Please try again in a few minutes.")
_log = logging.getLogger("lienthu.search_api")


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``known`` is what is known of something that is gone. A ``type`` that is absent means ``about:blank``."""

    title: str
    status: int
    detail: str = ""
    instance: str = ""
    known: dict[str, Any] = {}


async def answer_error(request: Request, error: Exception) -> Response:
    """Any error as a problem document. Words that nobody foresaw, or that name what stands behind the site (the
    address of the store, of the engine), are kept from the reader; the server logs them."""
    translate = load_translations(choose_language(request)).gettext
    known: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if isinstance(error, CatalogueError):
        status, title, detail = error.status, translate(error.title), error.tell(translate)
        if status == 410:
            known = {name: fact for name, fact in error.facts.items() if fact}
        if status >= 500 and error.facts:
            detail = translate(LATER)
        if status == 503:
            headers["retry-after"] = "60"
        log_failure(request, error)
    elif isinstance(error, HTTPException):
        status, detail = error.status_code, ""
        title = translate(TITLES.get(status, error.detail))
        headers.update(error.headers or {})
    else:
        status, title, detail = 500, translate(TITLES[500]), ""
    problem = Problem(title=title, status=status, detail=detail, instance=request.url.path, known=known)
    return Response(msgspec.json.encode(problem), status, headers=headers, media_type=MEDIA_TYPE)


def log_failure(request: Request, error: CatalogueError) -> None:
    """What does not answer now is one line, and a defect has its traceback; a reader's own mistake is not logged."""
    if error.status >= 500:
        trace = None if error.status == 503 else error
        _log.error("%s %s: %s", request.method, request.url.path, error, exc_info=trace)
