"""The composition root: from settings to all that a command or a server works with, opened and closed together. The
tables that a librarian edits are read here and put into use for this process."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from lienthu.engine.protocol import SearchEngine
from lienthu.partner import Partner
from lienthu.settings import Settings

if TYPE_CHECKING:
    from lienthu.engine.cluster import ClusterOptions
    from lienthu.store import RecordStore
    from lienthu.tables import Tables


class Composition(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one process needs, read once."""

    settings: Settings
    tables: "Tables"
    partners: Mapping[str, Partner]
    store: "RecordStore"
    engine: SearchEngine


def list_cluster_options(settings: Settings) -> "ClusterOptions":
    """What the settings say of an Elasticsearch cluster."""
    from lienthu.engine.cluster import ClusterOptions

    return ClusterOptions(
        prefix=settings.engine_prefix,
        shards=settings.engine_shards,
        replicas=settings.engine_replicas,
        api_key=settings.engine_api_key,
        password=settings.engine_password,
        ca=settings.engine_ca,
    )


@contextmanager
def compose(settings: Settings) -> Iterator[Composition]:
    """Opens partners, store and engine. Raises SettingsError, StoreError or EngineError in an admin's words."""
    from lienthu.engine import open_engine
    from lienthu.partners_file import read_partners
    from lienthu.store import open_store
    from lienthu.tables import FOLDER, read_tables, use_tables

    tables = read_tables(settings.home / FOLDER)
    use_tables(tables)
    partners = {partner.id: partner for partner in read_partners(settings.partners)}
    with open_store(settings.store, settings.home) as store:
        engine = open_engine(settings.engine, list_cluster_options(settings))
        try:
            yield Composition(settings=settings, tables=tables, partners=partners, store=store, engine=engine)
        finally:
            engine.close()
