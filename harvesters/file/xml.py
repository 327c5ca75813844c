"""Cuts an XML file into records, one at a time and freed at once: MARCXML, Dublin Core, MODS, EDM, in any wrapper.

A record is a MARCXML (or ESE) ``record``, an ``oai_dc:dc``, ``qualifieddc``, ``dim``, ``mods`` or ``rdf:RDF`` element
wherever it stands. Inside an OAI-PMH
``record`` (a saved response) the header's identifier is the record's id, and a header that says deleted is a
tombstone. No entity is expanded and nothing is fetched. A file that is not well-formed is read a second time with
repairs; the records that stand where the parser had to repair say so. What a repair lost is counted by the start tags
in the file, never passed over in silence.
"""

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec
from lxml import etree

from harvesters.file.mend import mend_chunks
from lienthu.errors import HarvestError
from lienthu.i18n import mark

MARCXML = "http://www.loc.gov/MARC21/slim"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
MODS = "http://www.loc.gov/mods/v3"
OAI = "http://www.openarchives.org/OAI/2.0/"
UNCLOSED_BYTES = 64_000_000
"""So much may be read without one record ending; more is not a file of records."""
_ONE_FORMAT = {"dc": "oai_dc", "qualifieddc": "qdc", "dim": "dim", "mods": "mods", "RDF": "edm"}
"""Elements that are records of one format; a ``record`` may be of several."""
_NAMESPACES = {
    "dc": (OAI_DC,), "mods": (MODS, None), "dim": ("http://www.dspace.org/xmlns/dspace/dim",),
    "RDF": ("http://www.w3.org/1999/02/22-rdf-syntax-ns#",),
}  # fmt: skip
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ESE = "http://www.europeana.eu/schemas/ese/"
_START_TAG = re.compile(rb"<(?:[\w.-]+:)?(?:record|dc|qualifieddc|dim|mods|RDF)(?=[\s/>])")
_TAIL_BYTES = 512
_SPOILT = "spoilt"


class XmlPiece(msgspec.Struct, frozen=True, kw_only=True):
    """One record of an XML file. ``identifier`` is the OAI header's or the 001; empty where there is none.

    ``rule`` is empty, ``format-unknown`` (an OAI record whose metadata is neither format), ``record-unreadable`` (no
    repair saves it) or ``record-cut``.
    """

    format: str = "unknown"
    payload: bytes = b""
    identifier: str = ""
    datestamp: str = ""
    deleted: bool = False
    repaired: bool = False
    rule: str = ""


class _RawTags:
    """Counts the start tags of records in the raw bytes, and keeps the end of the file."""

    def __init__(self) -> None:
        self.found = 0
        self.tail = b""

    def count_all(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Hands the chunks on."""
        for chunk in chunks:
            counted = len(_START_TAG.findall(self.tail))
            self.tail += chunk
            self.found += len(_START_TAG.findall(self.tail)) - counted
            self.tail = self.tail[-_TAIL_BYTES:]
            yield chunk


class _Reader:
    """One pass over the file. ``ended`` counts the elements that may be records, wrappers among them."""

    def __init__(self, *, recover: bool) -> None:
        self.parser = etree.XMLPullParser(
            ("end",),
            tag=("{*}record", *(f"{{*}}{name}" for name in _ONE_FORMAT)),
            recover=recover,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        self.recover = recover
        self.ended = 0
        self.mended = 0
        self._faults = 0
        self._wrapped = False

    def feed(self, chunk: bytes) -> Iterator[XmlPiece]:
        """The records that end in this chunk. Raises XMLSyntaxError unless it repairs."""
        self.parser.feed(chunk)
        for _event, element in self.parser.read_events():
            if not isinstance(element, etree._Element):
                continue
            self.ended += 1
            piece = self._read_piece(element)
            if piece is not None:
                yield piece
            _free(element)

    def _read_piece(self, element: etree._Element) -> XmlPiece | None:
        name = etree.QName(element)
        format_name = _name_format(element, name)
        if element.find(f"{{{OAI}}}header") is not None:
            wrapped, self._wrapped = self._wrapped, False
            return None if wrapped else _read_empty_wrapper(element)
        if not format_name:
            return None
        if _SPOILT in element.attrib:
            return XmlPiece(identifier=str(element.get(_SPOILT)), rule="record-unreadable")
        _spoil_around(element)
        wrapper = next(element.iterancestors(f"{{{OAI}}}record"), None)
        self._wrapped = wrapper is not None
        identifier = _read_header(wrapper, "identifier") or _read_own_identifier(element, format_name)
        deleted = bool(identifier) and _is_deleted(wrapper, element)
        return XmlPiece(
            format=format_name,
            payload=b"" if deleted else etree.tostring(element, encoding="utf-8", with_tail=False),
            identifier=identifier,
            datestamp=_read_header(wrapper, "datestamp"),
            deleted=deleted,
            repaired=self._was_repaired(),
        )

    def _was_repaired(self) -> bool:
        before, self._faults = self._faults, self.mended + len(self.parser.feed_error_log)
        return self._faults > before


def read_xml(name: str, open_chunks: Callable[[], Iterable[bytes]], skip: int = 0) -> Iterator[XmlPiece]:
    """The records of a file after the first *skip*. Raises HarvestError where it cannot be read on."""
    handed_over = 0
    try:
        for piece in _parse(name, open_chunks(), recover=False):
            handed_over += 1
            if handed_over > skip:
                yield piece
    except etree.XMLSyntaxError:
        for position, piece in enumerate(_parse(name, open_chunks(), recover=True), 1):
            if position > max(skip, handed_over):
                yield piece


def _parse(name: str, chunks: Iterable[bytes], *, recover: bool) -> Iterator[XmlPiece]:
    reader, tags = _Reader(recover=recover), _RawTags()
    counted = tags.count_all(chunks)
    silent = 0
    for part, faults in mend_chunks(counted) if recover else ((chunk, 0) for chunk in counted):
        reader.mended += faults
        silent += len(part)
        for piece in reader.feed(part):
            silent = 0
            yield piece
        if silent > UNCLOSED_BYTES:
            raise HarvestError(mark("{file} is not a file of records: in 64 MB no record ends."), file=name)
    root = reader.parser.close()
    lost = tags.found - reader.ended
    if recover and (lost > 0 or not _is_closed(root, tags.tail)):
        yield XmlPiece(rule="record-cut")
        raise HarvestError(
            mark("{file} is cut or damaged: {lost} of its {found} record elements could not be read. Send it again."),
            file=name,
            lost=max(lost, 0),
            found=tags.found,
        )


def _spoil_around(element: etree._Element) -> None:
    """A record never holds another: one that was not closed swallows those behind it, and they take its inside away."""
    for place in element.iterancestors("{*}record"):
        if _SPOILT not in place.attrib and _name_format(place, etree.QName(place)):
            place.set(_SPOILT, _read_control_number(place))


def _is_closed(root: etree._Element, tail: bytes) -> bool:
    """The last bytes hold the root's end tag (some servers print notices after it)."""
    name = etree.QName(root).localname
    written = f"{root.prefix}:{name}" if root.prefix else name
    return re.search(rb"</" + re.escape(written.encode()) + rb"\s*>", tail) is not None


def _name_format(element: etree._Element, name: etree.QName) -> str:
    if name.localname in _ONE_FORMAT:
        namespaces = _NAMESPACES.get(name.localname, (name.namespace,))
        return _ONE_FORMAT[name.localname] if name.namespace in namespaces else ""
    if name.namespace == _ESE:
        return "ese"
    if (element.get("format") or "").upper() == "UNIMARC":
        return "unimarc"
    if name.namespace == MARCXML:
        return "marcxml"
    marc_inside = next(element.iterchildren("{*}leader", "{*}datafield"), None) is not None
    return "marcxml" if marc_inside else ""  # without its namespace, or in the wrapper's: both are seen


def _read_empty_wrapper(element: etree._Element) -> XmlPiece:
    """An OAI record in which no record was found: a tombstone, or metadata in a format that we do not read."""
    deleted = _is_deleted(element, element)
    return XmlPiece(
        identifier=_read_header(element, "identifier"),
        datestamp=_read_header(element, "datestamp"),
        deleted=deleted,
        rule="" if deleted else "format-unknown",
    )


def _is_deleted(wrapper: etree._Element | None, element: etree._Element) -> bool:
    """The OAI header says so, or leader/05 does (the library took the record back)."""
    header = None if wrapper is None else wrapper.find(f"{{{OAI}}}header")
    leader = next((child.text or "" for child in element.iterchildren("{*}leader")), "")
    return (header is not None and header.get("status") == "deleted") or leader[5:6] == "d"


def _read_header(wrapper: etree._Element | None, name: str) -> str:
    if wrapper is None:
        return ""
    return (wrapper.findtext(f"{{{OAI}}}header/{{{OAI}}}{name}") or "").strip()


def _read_own_identifier(element: etree._Element, format_name: str) -> str:
    """001, or of MODS the record's identifier, else the first that is a name in the web of names (urn, uri, hdl)."""
    if format_name == "edm":
        about = (node.get(_RDF_ABOUT) or "" for node in element.iterchildren("{*}ProvidedCHO"))
        return next((address.strip() for address in about if address.strip()), "")
    if format_name != "mods":
        return _read_control_number(element)
    for info in element.iterchildren("{*}recordInfo"):
        for child in info.iterchildren("{*}recordIdentifier"):
            if (child.text or "").strip():
                return (child.text or "").strip()
    for child in element.iterchildren("{*}identifier"):
        kind = (child.get("type") or "").lower()
        if kind.endswith(("urn", "uri", "hdl", "local")) and (child.text or "").strip():
            return (child.text or "").strip()
    return ""


def _read_control_number(element: etree._Element) -> str:
    field = next((child for child in element.iterchildren("{*}controlfield") if child.get("tag") == "001"), None)
    return "" if field is None else (field.text or "").strip()


def _free(element: etree._Element) -> None:
    """Lets go of what was read: the element's inside and everything before it, but not an OAI record's header."""
    element.clear()
    for place in (element, *element.iterancestors()):
        parent = place.getparent()
        if parent is None or parent.tag == f"{{{OAI}}}record":
            continue
        while place.getprevious() is not None:
            del parent[0]
