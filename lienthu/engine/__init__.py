"""Search engines: one protocol (:mod:`lienthu.engine.protocol`), and one place that knows what an address means.

Each engine is imported only when an address asks for it.
"""

from pathlib import Path

from lienthu.engine.protocol import SearchEngine
from lienthu.errors import EngineError
from lienthu.i18n import mark

TANTIVY_SCHEME = "tantivy:"


def open_engine(address: str) -> SearchEngine:
    """``tantivy:/absolute/folder`` opens the embedded engine; the folder is made when the first generation is.

    Raises EngineError for any other address, ``http(s)://`` among them: Elasticsearch comes as an extra of its own.
    """
    if address.startswith(TANTIVY_SCHEME):
        from lienthu.engine.tantivy import TantivyEngine

        return TantivyEngine(Path(address.removeprefix(TANTIVY_SCHEME)))
    if address.startswith(("http://", "https://")):
        raise EngineError(
            mark(
                "Elasticsearch support comes with its own extra, which is not part of this version: use tantivy:folder."
            )
        )
    raise EngineError(mark("“{address}” is not an engine: give tantivy:folder."), address=address.split("@")[-1])
