"""The shape of an OAI-PMH page, by which it is mended: records begin with ``<record><header>``."""

import re

from lxml import etree

from harvesters.repair import PageShape
from harvesters.xml import find_child, get_text


def _has_substance(record: etree._Element) -> bool:
    header = find_child(record, "header")
    if header is None or not get_text(header, "identifier"):
        return False
    metadata = find_child(record, "metadata")
    return (header.get("status") or "").strip().lower() == "deleted" or (metadata is not None and len(metadata) > 0)


OAI_PAGE = PageShape(
    protocol="OAI-PMH",
    root="OAI-PMH",
    record_start=re.compile(r"<((?:[A-Za-z_][\w.-]*:)?)record\b[^<>]*>\s*<\1header\b", re.IGNORECASE),
    identifier=re.compile(r"<(?:[A-Za-z_][\w.-]*:)?identifier\s*>\s*([^<]{1,2000}?)\s*<"),
    has_substance=_has_substance,
)
