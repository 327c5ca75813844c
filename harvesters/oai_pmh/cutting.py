"""A sound page is cut into its records as it stands: building a tree of it, only to write it out again, is most of the
work of a harvest.

Expat proves that the page is well-formed; then ``<`` is markup wherever it stands, and records can be found by their
tags. A payload is taken as it is where libxml2 would write the very same bytes (``_PLAIN``; references to letters are
resolved); any other goes through libxml2 by itself. A page that is built in any unusual way is not cut at all: the tree
of it is read instead, and gives the same payloads.
"""

import re
from functools import cache
from xml.parsers import expat

import msgspec
from lxml import etree

from harvesters.oai_pmh.envelope import Envelope, write_payload
from harvesters.xml import get_namespace, parse_strictly

_START = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*(?:<\?xml\s+version=["\']1\.0["\'](?:\s+encoding=["\'][Uu][Tt][Ff]-8["\'])?'
    rb'(?:\s+standalone=["\']\w+["\'])?\s*\?>\s*)?(?:<\?xml-stylesheet\s[^<>]*\?>\s*)?'
    rb"(<((?:[A-Za-z_][\w.-]*:)?)OAI-PMH\b[^<>]*>)"
)

# Text and tags as libxml2 writes them: one space before an attribute, double quotes, no empty element in two tags, no
# bare ">", no namespace declared inside. Character references are resolved below.
_TEXT = rb"[^<>&\r]*+"
_CLOSING = rb"(?:</[^ \t\n<>]++>" + _TEXT + rb")*+"
_ATTRIBUTES = rb"(?: [^ \t\n<>/=&\"']++=\"[^\"<>&\t\n\r]*+\")*+"
# Signs of ASCII are not among them: some would be markup.
_RESOLVED = (
    rb"quot|apos|#(?:12[89]|1[3-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3,6})"
    rb"|#x(?:[89A-Fa-f][0-9A-Fa-f]|[1-9A-Fa-f][0-9A-Fa-f]{2,5})"
)
_PLAIN = re.compile(
    _TEXT + _CLOSING + rb"(?:<[^ \t\n<>/=&\"']++" + _ATTRIBUTES + rb">(?!</)" + _TEXT + _CLOSING
    + rb"|<[^ \t\n<>/=&\"']++" + _ATTRIBUTES + rb"/>" + _TEXT + _CLOSING
    + rb"|&(?:amp|lt|gt|" + _RESOLVED + rb");" + _TEXT + _CLOSING + rb")*+"
)  # fmt: skip
_QUOTES = {b"quot": b'"', b"apos": b"'"}
_REFERENCE = re.compile(rb"&(" + _RESOLVED + rb");")


class CutPage(msgspec.Struct, frozen=True):
    """``frame`` is the page without its records."""

    frame: bytes
    envelopes: list[Envelope]


class _Shape(msgspec.Struct, frozen=True):
    """What the tags of a page look like whose elements bear one prefix."""

    record: re.Pattern[bytes]
    metadata_end: re.Pattern[bytes]
    metadata_tag: bytes
    metadata_end_tag: bytes
    tail: re.Pattern[bytes]


class _Uncommon(Exception):
    """The page is not built as pages usually are."""


def cut_page(body: bytes) -> CutPage | None:
    """The records of an answer to ListRecords; None where it is unusual in any way, or not well-formed."""
    start = _START.match(body)
    if start is None or b"\r" in body:
        return None
    shape = _build_shape(start[2])
    opening = re.compile(rb"<" + start[2] + rb"ListRecords>").search(body, start.end())
    if opening is None:
        return None
    try:
        declared = _count_namespaces(body, start.end())
        envelopes, end, on_roots = _cut_records(body, opening.end(), shape, start[1])
    except (_Uncommon, expat.ExpatError, etree.XMLSyntaxError):
        return None
    # A namespace that is declared inside a payload could be written otherwise by libxml2.
    if not envelopes or shape.tail.match(body, end) is None or declared != start[1].count(b"xmlns") + on_roots:
        return None
    return CutPage(body[: opening.end()] + body[end:], envelopes)


def _count_namespaces(body: bytes, start: int) -> int:
    """How many declarations of namespaces the page has. Raises ExpatError where it is not well-formed, and _Uncommon
    where it holds, behind *start*, what looks like markup and is none, or anything that may define entities."""
    count = 0

    def declare(prefix: str | None, name: str | None) -> None:
        nonlocal count
        count += 1

    def refuse(*_: object) -> None:
        if parser.CurrentByteIndex >= start:
            raise _Uncommon

    def refuse_document_type(*_: object) -> None:
        raise _Uncommon

    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.StartNamespaceDeclHandler = declare
    parser.CommentHandler = parser.ProcessingInstructionHandler = parser.StartCdataSectionHandler = refuse
    parser.StartDoctypeDeclHandler = refuse_document_type
    parser.Parse(body, True)
    return count


@cache
def _build_shape(prefix: bytes) -> _Shape:
    here, text = re.escape(prefix), rb">([^<&]*)</"
    return _Shape(
        record=re.compile(
            rb"\s*<%b(?:record>\s*<%b)header(?: status=[\"'](\w*)[\"'])?>\s*<%bidentifier" % (here, here, here)
            + text + rb"%bidentifier>\s*<%bdatestamp" % (here, here)
            + text + rb"%bdatestamp>\s*((?:<%bsetSpec>[^<&]*</%bsetSpec>\s*)*)</%bheader>\s*" % (here, here, here, here)
            + rb"(?:<%bmetadata>\s*(<([^\s<>/]+)[^<>]*(?<!/)>)|</%brecord>)" % (here, here)
        ),
        metadata_end=re.compile(rb"</%bmetadata>\s*</%brecord>" % (here, here)),
        metadata_tag=b"<" + prefix + b"metadata",
        metadata_end_tag=b"</" + prefix + b"metadata>",
        tail=re.compile(
            rb"\s*(?:<%bresumptionToken\b[^<>]*(?:/>|>[^<>]*</%bresumptionToken>)\s*)?</%bListRecords>"
            % (here, here, here)
        ),
    )  # fmt: skip


def _cut_records(body: bytes, position: int, shape: _Shape, root_tag: bytes) -> tuple[list[Envelope], int, int]:
    """The envelopes, where the last record ends, and how many namespaces the roots of payloads declare. Raises
    _Uncommon."""
    envelopes: list[Envelope] = []
    declared = 0
    roots: dict[bytes, tuple[bytes, str]] = {}
    while (found := shape.record.match(body, position)) is not None:
        status, identifier, datestamp, sets, root, name = found.groups()
        payload, namespace, position = None, "", found.end()
        deleted = status is not None and status.lower() == b"deleted"
        if root is not None:
            inside_end, position = _find_end(body, position, name, shape)
            declared += root.count(b"xmlns")
            if not deleted:
                if root not in roots:
                    roots[root] = _write_root(root, name, root_tag)
                opening, namespace = roots[root]
                payload = _take_payload(body, found.end(), inside_end, (opening, root, name, root_tag))
        envelopes.append(
            Envelope(
                identifier=identifier.decode().strip(),
                datestamp=datestamp.decode().strip(),
                sets=tuple(spec.decode().strip() for spec in re.findall(rb">([^<>]*)</", sets)) if sets else (),
                deleted=deleted,
                payload=payload,
                namespace=namespace,
            )
        )
    return envelopes, position, declared


def _find_end(body: bytes, start: int, name: bytes, shape: _Shape) -> tuple[int, int]:
    """Where the inside of the payload ends that begins at *start*, and where its record ends. The payload must be one
    element, and neither it nor ``metadata`` may occur within itself. Raises _Uncommon."""
    end = body.find(shape.metadata_end_tag, start)
    record_end = shape.metadata_end.match(body, end) if end >= 0 else None
    inside_end = body.rfind(b"</" + name + b">", start, end)
    if (
        record_end is None
        or inside_end < 0
        or body[inside_end + len(name) + 3 : end].strip()
        or _occurs(b"<" + name, body, start, inside_end)
        or body.find(shape.metadata_tag, start, inside_end) >= 0
    ):
        raise _Uncommon
    return inside_end, record_end.end()


def _occurs(tag: bytes, body: bytes, start: int, end: int) -> bool:
    """Whether an element of this name begins there; ``<dc:title`` is no ``<dc``."""
    while (start := body.find(tag, start, end)) >= 0:
        start += len(tag)
        if body[start : start + 1] in b" \t\n/>":
            return True
    return False


def _write_root(root: bytes, name: bytes, root_tag: bytes) -> tuple[bytes, str]:
    """The opening tag of a payload as libxml2 writes it, with the namespaces in scope; and its namespace."""
    element = _read_inside(root, b"x", name, root_tag)
    written = write_payload(element)
    return written[: written.index(b">x</")] + b">", get_namespace(element)


def _take_payload(body: bytes, start: int, end: int, parts: tuple[bytes, bytes, bytes, bytes]) -> bytes:
    opening, root, name, root_tag = parts
    if end > start and _PLAIN.fullmatch(body, start, end):
        inside = body[start:end]
        if b"&" in inside:
            inside = _REFERENCE.sub(_resolve, inside)
        return opening + inside + b"</" + name + b">"
    return write_payload(_read_inside(root, body[start:end], name, root_tag))


def _resolve(reference: re.Match[bytes]) -> bytes:
    name = reference[1]
    if name in _QUOTES:
        return _QUOTES[name]
    return chr(int(name[2:], 16) if name.startswith(b"#x") else int(name[1:])).encode()


def _read_inside(root: bytes, inside: bytes, name: bytes, root_tag: bytes) -> etree._Element:
    """The payload as an element of a small document, where only the page's root stands around it."""
    page_name = root_tag[1:].split(b">")[0].split()[0]
    return parse_strictly(b"".join((root_tag, root, inside, b"</", name, b"></", page_name, b">")))[0]
