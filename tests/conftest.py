"""Fixtures strategy: the smallest record inline; whole records in ``fixtures/``; the demo library for anything end to
end; real records of the shared folder in place, skipped with a message where it is absent."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from lienthu.composition import Composition
    from search_api.service import Catalogue

REPOSITORY = Path(__file__).resolve().parent.parent


class Demo(NamedTuple):
    """The demo library as a reader meets it, and what lies behind it."""

    made: "Composition"
    catalogue: "Catalogue"
    tally: Mapping[str, int]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real records that nobody on this project wrote."""
    folder = Path(os.environ.get("LIENTHU_SHARED", REPOSITORY.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"real records are not here: put them at {folder}, or set LIENTHU_SHARED")
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo library, harvested from its real servers and indexed, once for each test process."""
    from lienthu.commands.demo import harvest_demo, prepare_demo
    from lienthu.composition import compose
    from lienthu.demo.servers import run_demo_servers
    from search_api.service import Catalogue

    home = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch, run_demo_servers() as servers:
        for name in ("LIENTHU_HOME", "LIENTHU_PARTNERS", "LIENTHU_STORE", "LIENTHU_ENGINE"):
            patch.setenv(name, "")
        settings = prepare_demo(home, servers, bind="127.0.0.1:0")
        tally = harvest_demo(settings)
        with compose(settings) as made:
            yield Demo(made, Catalogue(settings, made.store, made.engine, made.partners), tally)
