"""Envelope: one record of an OAI-PMH list, unopened: what its header says, and its payload as bytes.

The payload is the first element below ``metadata`` with the namespaces in scope, written as libxml2 writes it: the same
record gives the same bytes, whatever way the page was read.
"""

import re

import msgspec
from lxml import etree

from harvesters.repair import Entry
from harvesters.xml import (
    find_child,
    find_children,
    get_local_name,
    get_namespace,
    get_text,
    parse_strictly,
    read_text,
)

_DECLARATION = re.compile(r"<\?xml\s[^>]*\?>\s*")

_FRAME = frozenset({"", "header", "about"})


class Envelope(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``payload`` is None where there is no metadata; ``namespace`` is that of its root. Not ``readable``: the XML of
    the record could not be mended; then only an identifier may be known."""

    identifier: str = ""
    datestamp: str = ""
    sets: tuple[str, ...] = ()
    deleted: bool = False
    payload: bytes | None = None
    namespace: str = ""
    readable: bool = True
    repaired: bool = False


def open_entry(entry: Entry) -> Envelope:
    """From the element of the record."""
    header = find_child(entry.element, "header") if entry.element is not None else None
    if entry.element is None or header is None:
        return Envelope(identifier=entry.identifier, readable=False, repaired=entry.repaired)
    named = open_header(header)
    metadata = find_child(entry.element, "metadata")
    repaired = entry.repaired
    content = None
    if metadata is not None:
        content = next((child for child in metadata if get_local_name(child)), None)
    if content is None:
        content, repaired = _find_misplaced(entry.element, metadata), True
    if content is None or named.deleted:
        return msgspec.structs.replace(named, repaired=entry.repaired)
    return msgspec.structs.replace(
        named, payload=write_payload(content), namespace=get_namespace(content), repaired=repaired
    )


def _find_misplaced(record: etree._Element, metadata: etree._Element | None) -> etree._Element | None:
    """Some servers put the payload in as text, escaped or as CDATA; some leave ``metadata`` out."""
    if metadata is None:
        return next((child for child in record if get_local_name(child).lower() not in _FRAME), None)
    text = _DECLARATION.sub("", read_text(metadata))
    if not text.startswith("<"):
        return None
    try:
        return parse_strictly(text.encode())
    except etree.XMLSyntaxError:
        return None


def open_header(header: etree._Element) -> Envelope:
    """What a header says, in either kind of list."""
    return Envelope(
        identifier=get_text(header, "identifier"),
        datestamp=get_text(header, "datestamp"),
        sets=tuple(read_text(spec) for spec in find_children(header, "setSpec")),
        deleted=(header.get("status") or "").strip().lower() == "deleted",
    )


def write_payload(content: etree._Element) -> bytes:
    return etree.tostring(content, encoding="utf-8", with_tail=False)
