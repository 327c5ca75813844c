"""The engines that the contract suite runs over. An engine joins by one line here."""

from collections.abc import Callable
from pathlib import Path

from lienthu.engine import open_engine
from lienthu.engine.protocol import SearchEngine


def open_tantivy(folder: Path) -> SearchEngine:
    return open_engine(f"tantivy:{folder / 'index'}")


ENGINES: dict[str, Callable[[Path], SearchEngine]] = {"tantivy": open_tantivy}
