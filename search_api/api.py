"""The JSON routes (contracts, JSON API): read the address, ask the catalogue in a thread, encode the answer.

Every answer carries an ETag of its content, so that a phone that has it is sent nothing; how long the search took is
no content. Searching runs in threads, never in the event loop: the engine releases the interpreter's lock, so that as
many searches run as there are cores, and one slow search cannot hold up the others.
"""

from collections.abc import Awaitable, Callable
from hashlib import blake2b
from urllib.parse import quote

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lienthu.raw_record import RecordKey
from search_api.asking import read_asked
from search_api.cards import (
    Health,
    build_description,
    build_partners_answer,
    build_record_card,
    build_search_answer,
)
from search_api.openapi import build_openapi
from search_api.reader import choose_language
from search_api.service import Catalogue

PREFIX = "/api/v1"
_NO_TIME = b'"took_ms":0.0'

Answer = Callable[[Catalogue, Request], Response]


def build_routes(catalogue: Catalogue) -> list[BaseRoute]:
    """Every route of the API. They are plain Starlette routes: the schema is our own."""
    return [
        _bind(f"{PREFIX}/search", search, catalogue),
        _bind(f"{PREFIX}/editions/{{edition_id}}", show_edition, catalogue),
        _bind(f"{PREFIX}/records/{{partner}}/{{feed}}/{{source_id:path}}", show_record, catalogue),
        _bind(f"{PREFIX}/partners", list_partners, catalogue),
        _bind("/readyz", tell_ready, catalogue),
        Route("/healthz", tell_health),
        Route("/openapi.json", send_openapi),
    ]


def search(catalogue: Catalogue, request: Request) -> Response:
    answer = catalogue.search(read_asked(request.query_params))
    shown = build_search_answer(answer, catalogue.partners, choose_language(request))
    content = msgspec.json.encode(msgspec.structs.replace(shown, took_ms=0.0))
    before, _, after = content.rpartition(_NO_TIME)
    return _send(request, content, b"".join((before, b'"took_ms":', msgspec.json.encode(shown.took_ms), after)))


def show_edition(catalogue: Catalogue, request: Request) -> Response:
    edition_id = request.path_params["edition_id"]
    edition = catalogue.find_edition(edition_id)
    if edition.id != edition_id:
        root = request.scope.get("root_path", "")
        return RedirectResponse(f"{root}{PREFIX}/editions/{quote(edition.id, safe='')}", status_code=308)
    return _send(request, msgspec.json.encode(build_description(edition)))


def show_record(catalogue: Catalogue, request: Request) -> Response:
    names = request.path_params
    found = catalogue.find_record(RecordKey(names["partner"], names["feed"], names["source_id"]))
    return _send(request, msgspec.json.encode(build_record_card(found)))


def list_partners(catalogue: Catalogue, request: Request) -> Response:
    return _send(request, msgspec.json.encode(build_partners_answer(catalogue.list_partners())))


def tell_ready(catalogue: Catalogue, request: Request) -> Response:
    generation, whole = catalogue.check_ready()
    return _send_health(Health("ready" if whole else "degraded", generation))


async def tell_health(request: Request) -> Response:
    return _send_health(Health("ok"))


async def send_openapi(request: Request) -> Response:
    return _send(request, msgspec.json.encode(build_openapi(request.scope.get("root_path", ""))))


def _bind(path: str, answer: Answer, catalogue: Catalogue) -> Route:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(answer, catalogue, request)

    bound: Callable[[Request], Awaitable[Response]] = endpoint
    return Route(path, bound, name=answer.__name__)


def _send(request: Request, content: bytes, body: bytes | None = None) -> Response:
    """*body* (the content itself by default), or 304 to who has this content already."""
    tag = f'W/"{blake2b(content, digest_size=12).hexdigest()}"'
    headers = {"etag": tag, "cache-control": "no-cache", "vary": "Accept-Language"}
    if _has_tag(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(content if body is None else body, headers=headers, media_type="application/json")


def _send_health(health: Health) -> Response:
    return Response(msgspec.json.encode(health), headers={"cache-control": "no-store"}, media_type="application/json")


def _has_tag(held: str, tag: str) -> bool:
    """Weak comparison: ``W/`` makes no difference."""
    plain = tag.removeprefix("W/")
    return any(part.strip().removeprefix("W/") in {plain, "*"} for part in held.split(","))
