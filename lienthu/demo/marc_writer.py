"""Writes MARC 21 records, as MARCXML and as ISO 2709.

A field is a tag, two indicators (``#`` is a blank) and subfields. Written out: ``245 00 $aTitle$bsubtitle``; a control
field: ``001 TVL140004602``. Nothing is corrected here: the demo's records carry real troubles on purpose.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

MARC_NAMESPACE = "http://www.loc.gov/MARC21/slim"
_END_OF_RECORD, _END_OF_FIELD, _DELIMITER = b"\x1d", b"\x1e", "\x1f"


class Field(NamedTuple):
    """A control field has a ``value`` and no subfields."""

    tag: str
    indicators: str = "  "
    subfields: tuple[tuple[str, str], ...] = ()
    value: str = ""


def build_field(tag: str, indicators: str = "##", **subfields: str) -> Field:
    """``build_field("260", a="H.:", b="Thời đại,")``; empty subfields are left out."""
    filled = tuple((code.strip("_"), text) for code, text in subfields.items() if text)
    return Field(tag, indicators.replace("#", " "), filled)


def parse_field(line: str) -> Field:
    """The inverse of writing out: ``260 ## $aH.:$bThời đại,$c2011``. Raises ValueError for any other shape."""
    tag, _, rest = line.partition(" ")
    if len(tag) != 3 or not tag.isdigit():
        raise ValueError(line)
    if tag < "010":
        return Field(tag, value=rest)
    indicators, _, text = rest.partition(" ")
    if len(indicators) != 2 or not text.startswith("$"):
        raise ValueError(line)
    subfields = tuple((piece[0], piece[1:]) for piece in text[1:].split("$"))
    return Field(tag, indicators.replace("#", " "), subfields)


def build_leader(kind: str) -> str:
    """The leader for a document type (lengths are filled in when ISO 2709 is written); UTF-8 throughout."""
    codes = {"TT": "as", "BD": "em", "HN": "tm", "LA": "am", "TL": "am"}
    return f"00000n{codes.get(kind, 'am')} a2200000 a 4500"


def write_marcxml(leader: str, fields: Iterable[Field]) -> str:
    """One ``<record>`` element with its own namespace."""
    lines = [f'<record xmlns="{MARC_NAMESPACE}"><leader>{escape(leader)}</leader>']
    for field in fields:
        if field.subfields:
            first, second = quoteattr(field.indicators[0]), quoteattr(field.indicators[1])
            lines.append(f'<datafield tag="{field.tag}" ind1={first} ind2={second}>')
            lines += (f"<subfield code={quoteattr(code)}>{escape(text)}</subfield>" for code, text in field.subfields)
            lines.append("</datafield>")
        else:
            lines.append(f'<controlfield tag="{field.tag}">{escape(field.value)}</controlfield>')
    lines.append("</record>")
    return "".join(lines)


def write_iso2709(leader: str, fields: Sequence[Field]) -> bytes:
    """One record: leader, directory (offsets in bytes), fields, in UTF-8."""
    directory, bodies, offset = [], [], 0
    for field in fields:
        text = field.indicators + "".join(_DELIMITER + code + value for code, value in field.subfields)
        body = (text if field.subfields else field.value).encode() + _END_OF_FIELD
        directory.append(f"{field.tag}{len(body):04d}{offset:05d}")
        bodies.append(body)
        offset += len(body)
    base = 24 + 12 * len(fields) + 1
    length = base + offset + 1
    head = f"{length:05d}{leader[5:12]}{base:05d}{leader[17:24]}"
    return b"".join([head.encode(), "".join(directory).encode(), _END_OF_FIELD, *bodies, _END_OF_RECORD])
