"""The application with the doors for machines. The pages for people are added to it by the room ``web``."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette_compress import CompressMiddleware

from lienthu import __version__
from lienthu.errors import CatalogueError
from lienthu.settings import Settings
from search_api.api import build_routes
from search_api.problem import answer_error
from search_api.service import Catalogue
from search_api.sub_path import SubPath

SPARE_THREADS = 2
"""Beside one for each core, for requests that wait for the store. More only makes searches wait for one another."""
COMPRESS_FROM = 1_000


def build_application(catalogue: Catalogue, settings: Settings) -> FastAPI:
    """Everything below ``/api``, the health addresses and ``/openapi.json``; every error is a problem document."""
    app = FastAPI(
        title="Liên Thư", version=__version__, openapi_url=None, docs_url=None, redoc_url=None, lifespan=_bound_threads
    )
    app.router.routes.extend(build_routes(catalogue))
    for kind in (CatalogueError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, answer_error)
    app.add_middleware(CompressMiddleware, minimum_size=COMPRESS_FROM)
    app.add_middleware(SubPath, root_path=settings.root_path)
    return app


@asynccontextmanager
async def _bound_threads(app: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = (os.cpu_count() or 1) + SPARE_THREADS
    yield
