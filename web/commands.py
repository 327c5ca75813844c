"""`lienthu serve`: the search page and the doors for machines, in one process."""

from typing import Annotated

import typer

from lienthu.i18n import _
from lienthu.settings import read_settings


def register(app: typer.Typer) -> None:
    """Adds this room's command to the command line."""
    app.command("serve", help=_("Serve the search page and the API."))(serve)


def serve(
    host: Annotated[str | None, typer.Option(help=_("Address to listen on."))] = None,
    port: Annotated[int | None, typer.Option(help=_("Port to listen on."))] = None,
) -> None:
    from lienthu.composition import compose
    from web.server import serve_site

    settings = read_settings()
    bind = f"{settings.host if host is None else host}:{settings.port if port is None else port}"
    with compose(read_settings({"bind": bind})) as made:
        serve_site(made, lambda address: print(_("Serving at {address}").format(address=address), flush=True))
