"""Results of SRU servers for tests, and a harvest of one."""

from typing import Any

from harvesters.result import FeedResult
from tests.harvesters.desk import Desk
from tests.servers.sru_server import Result, serve_result

UNIMARC = (
    '<mxc:record xmlns:mxc="info:lc/xmlns/marcxchange-v2" format="UNIMARC"><mxc:controlfield tag="001">FR{id}'
    '</mxc:controlfield><mxc:datafield tag="200"><mxc:subfield code="a">Titre {id}</mxc:subfield></mxc:datafield>'
    "</mxc:record>"
)
DUBLIN_CORE = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>Titre {id}</dc:title></oai_dc:dc>"
)
MODS = (
    '<mods xmlns="http://www.loc.gov/mods/v3"><titleInfo><title>Title {id}</title></titleInfo>'
    "<recordInfo><recordIdentifier>{id}</recordIdentifier></recordInfo></mods>"
)


def name_records(count: int) -> list[str]:
    return [f"b{number:03}" for number in range(1, count + 1)]


def harvest(desk: Desk, result: Result, **feed: Any) -> FeedResult:
    with serve_result(result) as url:
        return desk.harvest(url, **{"protocol": "sru", "query": "lang=vie", "format": "marcxml", **feed})


def list_starts(result: Result) -> list[int]:
    return [int(request["startRecord"]) for request in result.requests if "startRecord" in request]
