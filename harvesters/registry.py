"""Which harvester speaks which protocol. A harvester is imported when a feed of its protocol is harvested."""

from harvesters.page import Harvester
from lienthu.errors import HarvestError
from lienthu.i18n import mark
from lienthu.partner import Protocol


def open_harvester(protocol: Protocol) -> Harvester:
    """The harvester of *protocol*. Raises HarvestError where there is none yet."""
    opener = _OPENERS.get(protocol)
    if opener is None:
        raise HarvestError(mark("The protocol {protocol} cannot be harvested yet."), protocol=protocol)
    return opener()


def _open_oai() -> Harvester:
    from harvesters.oai_pmh.harvester import OaiHarvester

    return OaiHarvester()


def _open_file() -> Harvester:
    from harvesters.file.harvester import FileHarvester

    return FileHarvester()


def _open_spider() -> Harvester:
    from harvesters.spider.harvester import SpiderHarvester

    return SpiderHarvester()


_OPENERS = {"oai-pmh": _open_oai, "file": _open_file, "spider": _open_spider}
