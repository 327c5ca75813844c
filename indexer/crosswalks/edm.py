"""Europeana's models to a Record: EDM (``rdf:RDF``) and the flat ESE that came before it.

Rule: in EDM the document is the ``ProvidedCHO`` together with its proxies: their Dublin Core is read by the rules of
Dublin Core. What refers to an agent, place, concept or time span described beside it means that one's label, in the
document's own language where there is one. The ``Aggregation`` tells where it is seen (``isShownAt`` the page,
``isShownBy`` the file), under which rights and by which institution. ``edm:type`` (TEXT, IMAGE, SOUND, VIDEO, 3D) is
the type where ``dc:type`` says nothing better. Pictures made for a result list and what Europeana adds are left out.
ESE holds the same elements in one flat record.
"""

from collections.abc import Iterator, Mapping

from lxml import etree

from indexer.crosswalks.dublin_core import ALSO_CALLED, map_dublin_core
from indexer.crosswalks.element_values import Elements
from indexer.crosswalks.elements import map_elements
from indexer.crosswalks.source import RuleBroken, Source
from indexer.normalise.links import normalise_url
from lienthu.marcxml import parse_xml
from lienthu.record import Record

MAX_ELEMENTS = 10_000
_DOCUMENT = frozenset(("providedcho", "proxy", "inferredthing", "physicalthing"))
_CONTEXT = frozenset(("agent", "place", "concept", "timespan"))
_AGGREGATION = {"isshownat": "url", "isshownby": "url", "rights": "rights", "dataprovider": "note"}
_ALSO_CALLED = {
    **ALSO_CALLED, "currentlocation": "callnumber", "hastype": "type", "isrelatedto": "relation", "year": "",
    "isnextinsequence": "earlier", "europeanaproxy": "", "proxyfor": "", "proxyin": "", "sameas": "",
}  # fmt: skip
_TYPES = {"image": "still image", "sound": "sound", "video": "video", "text": "text", "3d": "physical object"}
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

map_ese = map_dublin_core
"""Its elements are those of Dublin Core and a few of its own, which the same table names."""


def map_edm(payload: bytes, source: Source) -> Record:
    """Raises RuleBroken or MarcError where there is nothing to map."""
    root = parse_xml(payload, source.findings)
    if sum(1 for _element in root.iter()) > MAX_ELEMENTS:
        raise RuleBroken("edm", "too-many-fields", f"the record has more than {MAX_ELEMENTS} elements")
    elements = Elements("edm:")
    labels = _read_labels(root)
    kinds: list[str] = []
    for name, value in _walk_document(root, labels):
        if name == "edm-type":
            kinds.append(_TYPES.get(value.lower(), value))
        elif name:
            elements.add(name, value)
    for kind in kinds:
        elements.add("type", kind)
    return map_elements(elements, source, online=any(normalise_url(value) for value in elements.every("url")))


def _walk_document(root: etree._Element, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for node in root.iter():
        kind = _name(node)
        if kind in _DOCUMENT:
            for element in node:
                yield _name_element(element), _read_value(element, labels)
        elif kind == "aggregation":
            for element in node:
                yield _AGGREGATION.get(_name(element), ""), _read_value(element, labels)


def _name_element(element: etree._Element) -> str:
    name = _name(element)
    if name == "type" and "/edm/" in str(element.tag):
        return "edm-type"
    return _ALSO_CALLED.get(name, name)


def _read_value(element: etree._Element, labels: Mapping[str, str]) -> str:
    """Its text; of a reference the label of what it refers to, else the address itself."""
    reference = element.get(f"{_RDF}resource") or ""
    if reference:
        return labels.get(reference, reference if reference.startswith(("http:", "https:")) else "")
    return "".join([str(text) for text in element.itertext()])


def _read_labels(root: etree._Element) -> dict[str, str]:
    """Address -> label of every agent, place, concept and time span; one in the document's language before others."""
    own = next((element.text or "" for element in root.iter("{*}language")), "")
    labels: dict[str, str] = {}
    for node in root.iter():
        if _name(node) not in _CONTEXT:
            continue
        found = [label for label in node.iterchildren("{*}prefLabel") if (label.text or "").strip()]
        found.sort(key=lambda label: (label.get(_LANGUAGE) or "") != own)
        if found:
            labels[node.get(f"{_RDF}about") or ""] = (found[0].text or "").strip()
    return labels


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
