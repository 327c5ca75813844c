"""The real site over a real store and a real engine that hold nothing: what `lienthu serve` runs on the first day."""

import atexit
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import FastAPI

from lienthu.composition import compose
from lienthu.settings import read_settings
from search_api.service import Catalogue
from web.application import build_site


def build_test_site(**flags: str) -> FastAPI:
    """*flags* are settings. What is opened here is closed, and its folder removed, when the tests end."""
    opened = ExitStack()
    atexit.register(opened.close)
    home = Path(opened.enter_context(TemporaryDirectory(ignore_cleanup_errors=True)))
    (home / "partners.toml").touch()
    settings = read_settings({"home": str(home), **flags}, environment={}, folder=home)
    made = opened.enter_context(compose(settings))
    return build_site(Catalogue(settings, made.store, made.engine, made.partners), settings)
