"""Text of a record in an old or broken encoding is mended before any rule reads it, and the mending is noted.

Rule: all strings of a record are judged together (:mod:`lienthu.encodings`). Each field that was mended is named by a
finding ``encoding-repaired`` with what stood there and the encoding; the bytes stay in the store as they came. A record
of plain ASCII without ``^`` or ``+`` is not looked at. MARC is mended field by field; of XML and JSON the texts are
mended in the payload, so that every crosswalk reads the mended ones.
"""

import html
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import msgspec

from indexer.crosswalks.source import Source
from lienthu.encodings import Repair, may_be_damaged, repair_texts
from lienthu.marc import MarcRecord, is_control_tag

RULE = "encoding-repaired"
_TEXT = re.compile(r"<([\w:.-]+)[^<>]*>([^<]+)(?=<)|<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_MAX_DEPTH = 10
_MARC_XML = ("marcxml", "unimarc", "unimarcxchange")


def is_worth_reading(payload: bytes) -> bool:
    """False for nearly every record of a library that writes English: it holds nothing that could be damaged."""
    if not payload.isascii() or b"^" in payload:
        return True
    return (b"+" in payload and (b"u+" in payload or b"o+" in payload)) or (b"\\" in payload and b"\\u" in payload)


def mend_marc(record: MarcRecord, source: Source) -> None:
    """Mends the fields in their places. Control fields hold codes, and are left."""
    if not is_worth_reading(source.raw.payload):
        return
    plain = source.raw.payload.isascii()
    fields = [text for text in record.walk_fields() if plain or not text.isascii()]
    if not (any(map(may_be_damaged, fields)) if plain else may_be_damaged("\n".join(fields))):
        return
    found = [(tag, text) for tag, text in record.walk_texts() if not is_control_tag(tag)]
    repairs = _repair_all([text for _tag, text in found])
    if not repairs:
        return
    _note_repairs(source, ((tag, text) for tag, text in found if text in repairs), repairs)
    record.replace_texts({text: repair.text for text, repair in repairs.items()})


def mend_payload(payload: bytes, source: Source) -> bytes:
    """The payload with its texts mended: XML (but not MARC in XML) and JSON; any other as it is."""
    head = payload[:200].lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if head not in (b"<", b"{", b"[") or not is_worth_reading(payload):
        return payload
    if head != b"<":
        return _mend_json(payload, source)
    return payload if source.raw.format in _MARC_XML else _mend_xml(payload, source)


def _mend_xml(payload: bytes, source: Source) -> bytes:
    try:
        written = payload.decode("utf-8")
    except UnicodeDecodeError:
        return payload
    if not any(may_be_damaged(html.unescape(m[2] or m[3] or "")) for m in _TEXT.finditer(written)):
        return payload
    found = [(m[1] or "", html.unescape(m[2]) if m[2] else m[3]) for m in _TEXT.finditer(written)]
    repairs = _repair_all([text for _name, text in found])
    if not repairs:
        return payload
    _note_repairs(source, ((name, text) for name, text in found if text in repairs), repairs)

    def replace(match: re.Match[str]) -> str:
        text = html.unescape(match[2]) if match[2] else match[3]
        repair = repairs.get(text)
        if repair is None:
            return match[0]
        if match[2] is None:
            return f"<![CDATA[{repair.text.replace(']]>', ']] >')}]]>"
        return match[0][: match.start(2) - match.start()] + escape(repair.text)

    return _TEXT.sub(replace, written).encode("utf-8", "replace")


def _mend_json(payload: bytes, source: Source) -> bytes:
    try:
        tree = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError):
        return payload
    found = list(_walk(tree, "", 0))
    if not any(may_be_damaged(text) for _name, text in found):
        return payload
    repairs = _repair_all([text for _name, text in found])
    if not repairs:
        return payload
    _note_repairs(source, ((name, text) for name, text in found if text in repairs), repairs)
    return msgspec.json.encode(_rebuild(tree, repairs, 0))


def _walk(node: Any, name: str, depth: int) -> Iterator[tuple[str, str]]:
    """Every text with the name it stands under; a table's headers are texts, too."""
    if isinstance(node, str):
        if not node.startswith(("http:", "https:")):
            yield name, node
    elif depth > _MAX_DEPTH:
        return
    elif isinstance(node, list):
        for part in node:
            yield from _walk(part, name, depth + 1)
    elif isinstance(node, dict):
        for key, part in node.items():
            yield key, key
            yield from _walk(part, key, depth + 1)


def _rebuild(node: Any, repairs: dict[str, Repair], depth: int) -> Any:
    if isinstance(node, str):
        return repairs[node].text if node in repairs else node
    if depth > _MAX_DEPTH:
        return node
    if isinstance(node, list):
        return [_rebuild(part, repairs, depth + 1) for part in node]
    if isinstance(node, dict):
        return {_rebuild(key, repairs, depth): _rebuild(part, repairs, depth + 1) for key, part in node.items()}
    return node


def _repair_all(texts: list[str]) -> dict[str, Repair]:
    distinct = list(dict.fromkeys(texts))
    repairs = zip(distinct, repair_texts(distinct), strict=True)
    return {text: repair for text, repair in repairs if repair is not None and repair.encoding != "combining-marks"}


def _note_repairs(source: Source, found: Iterator[tuple[str, str]], repairs: dict[str, Repair]) -> None:
    """One finding for each field and encoding."""
    noted: set[tuple[str, str]] = set()
    for field, text in found:
        encoding = repairs[text].encoding
        if (field, encoding) not in noted:
            noted.add((field, encoding))
            source.note(RULE, field or "record", text, f"read as {encoding}")
