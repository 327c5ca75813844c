"""Serving the whole site: the pages for people and the doors for machines, from what a command has opened."""

from collections.abc import Callable

from lienthu.composition import Composition
from search_api.server import serve
from search_api.service import Catalogue
from web.application import build_site


def serve_site(made: Composition, when_ready: Callable[[str], None]) -> None:
    """Serves at the address that the settings give until SIGINT or SIGTERM; *when_ready* is told that address."""
    catalogue = Catalogue(made.settings, made.store, made.engine, made.partners)
    serve(build_site(catalogue, made.settings), made.settings, when_ready)
