"""Which harvester speaks which protocol. A harvester is imported when a feed of its protocol is harvested."""

from collections.abc import Callable, Mapping

from harvesters.page import Harvester
from lienthu.partner import Protocol


def open_harvester(protocol: Protocol) -> Harvester:
    """The harvester of *protocol*."""
    return _OPENERS[protocol]()


def _open_oai() -> Harvester:
    from harvesters.oai_pmh.harvester import OaiHarvester

    return OaiHarvester()


def _open_file() -> Harvester:
    from harvesters.file.harvester import FileHarvester

    return FileHarvester()


def _open_spider() -> Harvester:
    from harvesters.spider.harvester import SpiderHarvester

    return SpiderHarvester()


def _open_sru() -> Harvester:
    from harvesters.sru.harvester import SruHarvester

    return SruHarvester()


_OPENERS: Mapping[Protocol, Callable[[], Harvester]] = {
    "oai-pmh": _open_oai,
    "file": _open_file,
    "spider": _open_spider,
    "sru": _open_sru,
}
