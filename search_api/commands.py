"""The command of this room: ``serve``."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from lienthu.i18n import _
from lienthu.settings import Settings, read_settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from search_api.service import Catalogue

Build = Callable[["Catalogue", Settings], "ASGIApp"]


def register(app: typer.Typer, load_builder: Callable[[], Build] | None = None) -> None:
    """Adds ``serve``. *load_builder* imports the function that builds the application: the doors for machines by
    default, and the whole site where the room ``web`` gives its own."""

    def serve(
        host: Annotated[str | None, typer.Option(help=_("Address to listen on."))] = None,
        port: Annotated[int | None, typer.Option(help=_("Port to listen on."), min=0, max=65_535)] = None,
    ) -> None:
        run_server(read_settings_with(host, port), load_builder or load_application_builder)

    app.command("serve", help=_("Serve the search page and the API."))(serve)


def read_settings_with(host: str | None, port: int | None) -> Settings:
    """The settings with what the flags say."""
    settings = read_settings()
    if host is None and port is None:
        return settings
    return read_settings({"bind": f"{host or settings.host}:{settings.port if port is None else port}"})


def run_server(settings: Settings, load_builder: Callable[[], Build]) -> None:
    """Opens everything, serves until it is asked to stop, and closes it."""
    from lienthu.composition import compose
    from search_api.server import serve
    from search_api.service import Catalogue

    build = load_builder()
    with compose(settings) as made:
        catalogue = Catalogue(settings, made.store, made.engine, made.partners)
        serve(
            build(catalogue, settings),
            settings,
            lambda address: print(_("Serving at {address}").format(address=address), flush=True),
        )


def load_application_builder() -> Build:
    from search_api.application import build_application

    return build_application
