"""MARCXML and the older ``oai_marc``: one record in XML, read with lxml into the same MarcRecord.

Rule: element names decide, namespaces do not (real feeds send three of them, or none). ``record`` or ``oai_marc`` may
be the root or lie below it; the first one is read. XML that is not well formed is read as far as it can be, with a
finding. No entity is expanded from outside and nothing is fetched.
"""

from lxml import etree

from lienthu.finding import Finding
from lienthu.i18n import mark
from lienthu.marc import (
    MAX_FIELD,
    MAX_FIELDS,
    MAX_RECORD,
    MarcError,
    MarcField,
    MarcRecord,
    build_record,
    is_control_tag,
)

BLANK_LEADER = " " * 24


def read_marcxml(payload: bytes) -> MarcRecord:
    """One record. Raises MarcError where there is none, or the bounds are passed."""
    findings: list[Finding] = []
    root = parse_xml(payload, findings)
    record = _find_record(root)
    if record is None:
        raise MarcError(
            mark("The XML holds no MARC record: its root is <{name}>."),
            field="record", rule="record-missing", name=_name(root),
        )  # fmt: skip
    if len(record) > MAX_FIELDS:
        raise MarcError(
            mark("The record has {count} fields; at most {limit} are read."),
            field="record", rule="too-many-fields", count=len(record), limit=MAX_FIELDS,
        )  # fmt: skip
    leader = BLANK_LEADER
    fields = []
    for element in record:
        name = _name(element)
        if name == "datafield" or name == "varfield":
            fields.append(_read_data_field(element, findings))
        elif name == "controlfield" or name == "fixfield":
            fields.append(_read_control_field(element, name, findings))
        elif name == "leader":
            leader = (element.text or "").replace("\n", " ")[:24].ljust(24)
    if _name(record) == "oai_marc":
        leader = _leader_of_oai_marc(record)
    return build_record(leader, fields, findings)


def parse_xml(payload: bytes, findings: list[Finding]) -> etree._Element:
    """The root. Not well formed: read as far as it goes, with a finding. Raises MarcError where nothing is left."""
    if len(payload) > MAX_RECORD:
        raise MarcError(
            mark("The record has {size} bytes; at most {limit} are read."),
            field="record", rule="record-too-long", size=len(payload), limit=MAX_RECORD,
        )  # fmt: skip
    try:
        return etree.fromstring(payload, _strict_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        findings.append(Finding("xml-broken", "error", "record", str(error)[:120], "read as far as it goes"))
    try:
        root = etree.fromstring(payload, _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MarcError(
            mark("The record is not XML: {reason}."), field="record", rule="xml-broken", reason=str(error)[:120]
        ) from error
    if root is None:
        raise MarcError(mark("The record is not XML: {reason}."), field="record", rule="xml-broken", reason="empty")
    return root


def _parser(recover: bool = False) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


_STRICT: list[etree.XMLParser] = []


def _strict_parser() -> etree.XMLParser:
    if not _STRICT:
        _STRICT.append(_parser())
    return _STRICT[0]


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _find_record(root: etree._Element) -> etree._Element | None:
    for element in root.iter():
        if _name(element) in ("record", "oai_marc") and len(element) and _holds_fields(element):
            return element
    return None


def _holds_fields(element: etree._Element) -> bool:
    return any(_name(child) in ("leader", "controlfield", "datafield", "fixfield", "varfield") for child in element)


def _read_control_field(element: etree._Element, name: str, findings: list[Finding]) -> MarcField:
    tag = (element.get("tag") or element.get("id") or "").strip().zfill(3)
    value = element.text or ""
    if name == "fixfield":
        value = value.strip('"')
    return MarcField(tag, " ", " ", (), _bound(value, tag, findings))


def _read_data_field(element: etree._Element, findings: list[Finding]) -> MarcField:
    tag = (element.get("tag") or element.get("id") or "").strip().zfill(3)
    subfields = []
    for child in element:
        code = child.get("code") or child.get("label") or ""
        value = child.text or ""
        if len(child):
            value = "".join([str(text) for text in child.itertext()])
            findings.append(Finding("markup-in-field", "warning", tag, value[:60], "markup passed over"))
        if not code:
            findings.append(Finding("subfield-without-code", "note", tag, value[:60], "passed over"))
            continue
        subfields.append((code[0], _bound(value, tag, findings)))
    if not subfields and (element.text or "").strip():
        text = _bound((element.text or "").strip(), tag, findings)
        if is_control_tag(tag):
            return MarcField(tag, " ", " ", (), text)
        findings.append(Finding("subfields-missing", "note", tag, text[:60], "read all the same"))
        subfields.append(("a", text))
    return MarcField(
        tag,
        (element.get("ind1") or element.get("i1") or " ")[0],
        (element.get("ind2") or element.get("i2") or " ")[0],
        tuple(subfields),
    )


def _bound(value: str, tag: str, findings: list[Finding]) -> str:
    if len(value) <= MAX_FIELD:
        return value
    findings.append(Finding("field-too-long", "error", tag, f"{len(value)} characters", f"cut to {MAX_FIELD}"))
    return value[:MAX_FIELD]


def _leader_of_oai_marc(record: etree._Element) -> str:
    """``oai_marc`` keeps leader/05, 06 and 07 as attributes."""
    leader = list(BLANK_LEADER)
    for at, name in ((5, "status"), (6, "type"), (7, "level")):
        leader[at] = (record.get(name) or " ")[0]
    return "".join(leader)
