"""Search engines: one protocol (:mod:`lienthu.engine.protocol`), and one place that knows what an address means.

Each engine is imported only when an address asks for it.
"""

from pathlib import Path

from lienthu.engine.cluster import ClusterOptions
from lienthu.engine.protocol import SearchEngine
from lienthu.errors import EngineError
from lienthu.i18n import mark

TANTIVY_SCHEME = "tantivy:"


def open_engine(address: str, options: ClusterOptions | None = None) -> SearchEngine:
    """``tantivy:/absolute/folder`` opens the embedded engine; the folder is made when the first generation is.
    ``http(s)://…`` is an Elasticsearch cluster, which nothing is asked of before the first call; *options* are for it.

    Raises EngineError for any other address, SettingsError for one of a cluster that cannot be read.
    """
    if address.startswith(TANTIVY_SCHEME):
        from lienthu.engine.tantivy import TantivyEngine

        return TantivyEngine(Path(address.removeprefix(TANTIVY_SCHEME)))
    if address.startswith(("http://", "https://")):
        from lienthu.engine.elasticsearch import ElasticsearchEngine

        return ElasticsearchEngine(address, options)
    raise EngineError(
        mark("“{address}” is not an engine: give tantivy:folder or http(s)://… of an Elasticsearch cluster."),
        address=address.split("@")[-1],
    )
