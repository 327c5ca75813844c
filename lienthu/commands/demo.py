"""`lienthu demo`: starts three sample libraries, harvests and indexes them, serves the search page."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lienthu.i18n import _
from lienthu.settings import Settings, name_variable, read_settings

if TYPE_CHECKING:
    from lienthu.demo.servers import DemoServers

DEFAULT_PORT = 8080


def register(app: typer.Typer) -> None:
    app.command("demo", help=_("Try it all: harvest three sample libraries, index them, serve the search page."))(demo)


def demo(
    port: Annotated[int, typer.Option(help=_("Port of the search page."))] = DEFAULT_PORT,
    host: Annotated[str, typer.Option(help=_("Address to listen on."))] = "127.0.0.1",
    once: Annotated[bool, typer.Option("--once", help=_("Harvest and index, then stop: serve nothing."))] = False,
) -> None:
    from lienthu.demo.servers import run_demo_servers

    with _demo_home() as home, run_demo_servers() as servers:
        settings = prepare_demo(home, servers, bind=f"{host}:{port}")
        harvest_demo(settings)
        if not once:
            _serve(settings)


def prepare_demo(home: Path, servers: "DemoServers", bind: str) -> Settings:
    """Writes the demo's partners.toml below *home* and reads settings that stay wholly inside it."""
    from lienthu.demo.partners import write_demo_partners

    partners = write_demo_partners(home, servers)
    inside = {"home": str(home), "partners": str(partners), "store": "sqlite:///lienthu.db", "engine": "tantivy:index"}
    # Child processes (the spider) read the same settings from the environment.
    os.environ.update({name_variable(key): value for key, value in inside.items()})
    return read_settings({**inside, "bind": bind})


def harvest_demo(settings: Settings) -> Mapping[str, int]:
    """Harvests every demo partner and builds the index; returns the tally of the index."""
    from harvesters.run import Harvest, build_agent, harvest_feed
    from indexer.build import build_generation, is_rebuild_needed, update_index
    from indexer.promotion import promote_generation
    from lienthu.composition import compose

    with compose(settings) as made:
        harvest = Harvest(store=made.store, home=settings.home, agent=build_agent(settings.public_url))
        for partner in made.partners.values():
            for feed in partner.feeds:
                _say(_("Harvesting {partner}…").format(partner=partner.name_in(settings.lang)))
                result = harvest_feed(harvest, partner, feed)
                told = _("  {verdict}: {received} records")
                _say(told.format(verdict=_(result.verdict), received=result.counts.received))
        _say(_("Indexing…"))
        if is_rebuild_needed(made.store, made.engine):
            built = build_generation(made.store, made.engine, made.partners)
            promote_generation(made.store, made.engine, built.generation, made.partners)
        else:
            built = update_index(made.store, made.engine, made.partners)
        _say(
            _("  {editions} editions from {records} records").format(
                editions=built.editions, records=built.tally.get("mapped", 0)
            )
        )
        return built.tally


def _serve(settings: Settings) -> None:
    from lienthu.composition import compose
    from web.server import serve_site

    with compose(settings) as made:
        serve_site(made, when_ready=lambda address: _say_where(address))


def _say_where(address: str) -> None:
    _say("")
    _say(_("Try: nguoi dao tuyen · thư viện · Nguyễn Du · 苗族"))
    _say(_("Stop with Ctrl-C; nothing is left running."))
    _say(_("The catalogue is ready: {address}").format(address=address))


@contextmanager
def _demo_home() -> Iterator[Path]:
    """A folder of its own that goes with the demo, so that it never touches a real store; LIENTHU_HOME keeps one."""
    kept = os.environ.get(name_variable("home"))
    if kept:
        folder = Path(kept).expanduser().resolve()
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    home = Path(tempfile.mkdtemp(prefix="lienthu-demo-"))
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _say(text: str) -> None:
    print(text, file=sys.stdout, flush=True)
