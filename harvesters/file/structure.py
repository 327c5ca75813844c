"""What a dropped file is, its first bytes say, whatever its name: ``feed.format`` only decides between formats that
look alike (``unimarc`` is ISO 2709 too) and is checked against what is found."""

from typing import Literal

from harvesters.file.folder import DroppedFile
from harvesters.file.iso2709 import BYTE_ORDER_MARK, FIELD_END, PADDING, RECORD_END
from harvesters.file.lines import looks_like_lines
from harvesters.file.printable import looks_printable
from harvesters.file.unpack import read_chunks
from lienthu.errors import HarvestError
from lienthu.i18n import mark

Structure = Literal["iso2709", "printable", "lines", "xml", "workbook", "table"]

FORMATS: dict[Structure, tuple[str, ...]] = {
    "iso2709": ("marc21", "unimarc"),
    "printable": ("marc21", "marc21-printable"),
    "lines": ("marc21", "marc21-lines"),
    "xml": ("marcxml", "unimarc", "oai_dc", "qdc", "dim", "mods", "edm", "ese"),
    "workbook": ("row",),
    "table": ("row",),
}
_XML_HEADS = (b"<", b"\xff\xfe<", b"\xfe\xff\x00<", b"<\x00", b"\x00<")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_STRANGERS = (
    *(b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF-"),
    *(b"Rar!\x1a", b"7z\xbc\xaf\x27\x1c", b"BZh", b"\xfd7zXZ\x00", b"\x00\x05\x16\x07"),
)
"""Pictures, PDF, archives and what macOS leaves beside a file: chance puts terminators among their bytes."""
_BINARY = frozenset((*range(8), *range(14, 26), 28))


def guess_structure(file: DroppedFile, format_name: str = "") -> Structure:
    """Raises HarvestError for what is no file of records, and where the feed says otherwise."""
    head = next(read_chunks(file.path), b"").lstrip(PADDING).removeprefix(BYTE_ORDER_MARK).lstrip(PADDING)
    if not head:
        raise HarvestError(mark("{file} is empty: send it again."), file=file.name)
    structure = _name_structure(file, head)
    if format_name and format_name not in FORMATS[structure]:
        raise HarvestError(
            mark("{file} is not {format} as the feed says: it is one of {possible}. Mend format in partners.toml."),
            file=file.name,
            format=format_name,
            possible=", ".join(FORMATS[structure]),
        )
    return structure


def _name_structure(file: DroppedFile, head: bytes) -> Structure:
    if head.startswith(_XML_HEADS):
        return "xml"
    if head.startswith(_ZIP):
        return "workbook"
    if head.startswith(_OLD_OFFICE):
        raise HarvestError(mark("{file} is an old Excel file: save it as .xlsx and send that."), file=file.name)
    if head.startswith(_STRANGERS):
        raise _refuse_stranger(file)
    if head.startswith(_UTF16_MARKS):  # before the terminators: half a sign may look like one
        return "table"
    if RECORD_END in head or FIELD_END in head:
        return "iso2709"
    if looks_printable(head):
        return "printable"
    if looks_like_lines(head):
        return "lines"
    if not _BINARY.intersection(head[:4_096]):
        return "table"
    raise _refuse_stranger(file)


def _refuse_stranger(file: DroppedFile) -> HarvestError:
    return HarvestError(
        mark("{file} is neither ISO 2709 nor XML nor a table: export it as ISO 2709 (.mrc), MARCXML, Excel or CSV."),
        file=file.name,
    )
