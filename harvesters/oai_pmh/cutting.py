"""A sound page is cut into its records as it stands: building a tree of it, only to write it out again, is most of the
work of a harvest.

The parser, building nothing, proves that the page is well-formed; then ``<`` begins a tag wherever no comment, CDATA or
instruction has begun before, and none is let through. A record is matched from its first tag to its last; its payload
ends where the name of the payload's root is closed first. That each match is a whole record, and no part of one, is
proved by what is left of the page: it must be well-formed too, so what was taken out closes all that it opens.

A payload is taken as it is where libxml2 would write the very same bytes (references to letters are resolved); any
other goes through libxml2 by itself. A page that is built in any unusual way is not cut at all: the tree of it is read
instead, and gives the same payloads.
"""

import re
from functools import lru_cache

import msgspec
from lxml import etree

from harvesters.oai_pmh.envelope import Envelope, write_payload
from harvesters.xml import get_namespace, is_sound, parse_strictly

_START = re.compile(
    rb'(?:\xef\xbb\xbf)?\s*(?:<\?xml\s+version=["\']1\.0["\'](?:\s+encoding=["\'][Uu][Tt][Ff]-8["\'])?'
    rb'(?:\s+standalone=["\']\w+["\'])?\s*\?>\s*)?(?:<\?xml-stylesheet\s[^<>]*\?>\s*)?'
    rb"(<((?:[A-Za-z_][\w.-]*:)?)OAI-PMH\b[^<>]*>)"
)

# In the patterns below "{0}" stands for the prefix of the page's elements, "{1}" for the name of the payload's root.
_HEAD = rb"[^<]*+(?:<(?!{0}ListRecords\b|[!?])[^<]*+)*+<{0}ListRecords>"
_RECORD = (
    rb"\s*<{0}record>\s*<{0}header(?: status=[\"'](\w*)[\"'])?>\s*<{0}identifier>([^<&]*)</{0}identifier>"
    rb"\s*<{0}datestamp>([^<&]*)</{0}datestamp>\s*((?:<{0}setSpec>[^<&]*</{0}setSpec>\s*)*)</{0}header>\s*"
    rb"(?:<{0}metadata>\s*(<([^\s<>/!?]+)[^<>]*(?<!/)>)|</{0}record>)"
)
_TAIL = rb"\s*(?:<{0}resumptionToken\b[^<>]*(?:/>|>[^<>]*</{0}resumptionToken>)\s*)?</{0}ListRecords>"

# The inside of a payload. Plain are tags as libxml2 writes them: one space before an attribute, double quotes, nothing
# that would be escaped, no empty element in two tags. A namespace that is declared inside could be written otherwise,
# an id be refused. No groups in here: each turn of the loop would copy them.
_ATTRIBUTES = rb"(?: (?!xml(?:ns|:id))[^= \t\n]++=\"[^\"&\t\n]*+\")*+"
_CLOSED = rb"[^<]*+(?:</(?!{1}>)[^> \t\n]++>[^<]*+)*+"
_PLAIN = rb"(?!</)" + _CLOSED + rb"(?:<[^!?/> \t\n]++" + _ATTRIBUTES + rb"(?:>(?!</)|/>)" + _CLOSED + rb")*+"
_OTHER = rb"[^<]*+(?:<(?!/{1}\s*>|[!?])[^<]*+)*+"
_END = rb"(</{1}\s*>)\s*</{0}metadata>\s*</{0}record>"

_REFERENCE = re.compile(rb"&(quot|apos|#[^;]++);")
MOST_ROOTS = 10
"""Names of roots in a page: patterns are built for each of them."""

_QUOTES = {b"quot": b'"', b"apos": b"'"}


class _SignOfAscii(Exception):
    """A reference to one that could be markup."""


class CutPage(msgspec.Struct, frozen=True):
    """``frame`` is the page without its records."""

    frame: etree._Element
    envelopes: list[Envelope]


def cut_page(body: bytes) -> CutPage | None:
    """The records of an answer to ListRecords; None where it is unusual in any way, or not well-formed."""
    start = _START.match(body)
    if start is None or b"\r" in body:
        return None
    page_tag, prefix = start.groups()
    opening = _compile(_HEAD, prefix).match(body, start.end())
    if opening is None or not is_sound(body):
        return None
    first = opening.end()
    try:
        envelopes, end = _cut_records(body, first, page_tag, prefix)
        if not envelopes or _compile(_TAIL, prefix).match(body, end) is None:
            return None
        return CutPage(parse_strictly(body[:first] + body[end:]), envelopes)
    except etree.XMLSyntaxError:
        return None


@lru_cache(maxsize=100)
def _compile(pattern: bytes, prefix: bytes, name: bytes = b"") -> re.Pattern[bytes]:
    return re.compile(pattern.replace(b"{0}", re.escape(prefix)).replace(b"{1}", re.escape(name)))


def _cut_records(body: bytes, position: int, page_tag: bytes, prefix: bytes) -> tuple[list[Envelope], int]:
    """The envelopes, and where the last record ends that could be cut."""
    envelopes: list[Envelope] = []
    cutters: dict[bytes, _PayloadCutter] = {}
    names: set[bytes] = set()
    record = _compile(_RECORD, prefix)
    while (found := record.match(body, position)) is not None:
        status, identifier, datestamp, sets, tag, name = found.groups()
        payload, namespace, end = None, "", found.end()
        deleted = status is not None and status.lower() == b"deleted"
        if tag is not None:
            cutter = cutters.get(tag)
            if cutter is None:
                names.add(name)
                if len(names) > MOST_ROOTS:
                    break
                cutter = cutters[tag] = _PayloadCutter(tag, name, page_tag, prefix)
            payload, end = cutter.cut(body, end)
            if payload is None:
                break
            payload, namespace = (None, "") if deleted else (payload, cutter.namespace)
        position = end
        envelopes.append(
            Envelope(
                identifier=identifier.decode().strip(),
                datestamp=datestamp.decode().strip(),
                sets=tuple(spec.decode().strip() for spec in re.findall(rb">([^<]*)</", sets)) if sets else (),
                deleted=deleted,
                payload=payload,
                namespace=namespace,
            )
        )
    return envelopes, position


class _PayloadCutter:
    """Cuts the payloads of a page whose root has the very same tag. Raises XMLSyntaxError where they cannot be read."""

    def __init__(self, tag: bytes, name: bytes, page_tag: bytes, prefix: bytes) -> None:
        self._plain, self._other = (_compile(inside + _END, prefix, name) for inside in (_PLAIN, _OTHER))
        page_name = page_tag[1:-1].split()[0]
        self._closing = b"</" + name + b">"
        self._before, self._after = page_tag + tag, self._closing + b"</" + page_name + b">"
        element = self._read(b"x")
        self.namespace = get_namespace(element)
        # With the namespaces in scope.
        self._opening = write_payload(element).removesuffix(b"x" + self._closing)

    def cut(self, body: bytes, start: int) -> tuple[bytes | None, int]:
        """The payload whose inside begins at *start*, None where it is unusual; and where its record ends."""
        end = self._plain.match(body, start)
        if end is not None:
            inside = _write_plain(body[start : end.start(1)])
            if inside is not None:
                return b"".join((self._opening, inside, self._closing)), end.end()
        else:
            end = self._other.match(body, start)
        if end is None:
            return None, start
        return write_payload(self._read(body[start : end.start(1)])), end.end()

    def _read(self, inside: bytes) -> etree._Element:
        """As an element of a small document, where only the page's root stands around it."""
        return parse_strictly(b"".join((self._before, inside, self._after)))[0]


def _write_plain(inside: bytes) -> bytes | None:
    """What libxml2 writes for it; None where a bare ``>`` or a reference to a sign of ASCII leaves that open."""
    if inside.count(b"<") != inside.count(b">"):
        return None
    try:
        return _REFERENCE.sub(_resolve, inside) if b"&" in inside else inside
    except _SignOfAscii:
        return None


def _resolve(reference: re.Match[bytes]) -> bytes:
    name = reference[1]
    if name in _QUOTES:
        return _QUOTES[name]
    code = int(name[2:], 16) if name.startswith(b"#x") else int(name[1:])
    if code < 128:
        raise _SignOfAscii
    return chr(code).encode()
