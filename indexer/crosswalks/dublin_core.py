"""Dublin Core to a Record: ``oai_dc``, qualified (``qdc``, ``dcterms``), DSpace's own ``dim`` and ``xoai``, and ESE.

Rule: element names count, namespaces and prefixes do not. A qualifier (``dim:field element="date" qualifier="issued"``)
or a scheme (``xsi:type="dcterms:DDC"``) says more than its element, and is followed. Repositories of the DSpace and
Libol families have their ways: the date repeated to the second, the whole of 245 in ``dc:title``, place and publisher
glued together, HTML in the description, ``no type provided``. Of a title in several languages the one in the document's
own language leads. Where an identifier of the record is a web address, or its format is a file's, the document is had
online. Who put it into the repository (``description.provenance``) is nobody's business.
"""

from collections.abc import Iterator

from lxml import etree

from indexer.crosswalks.element_values import Elements
from indexer.crosswalks.elements import map_elements
from indexer.crosswalks.source import RuleBroken, Source
from indexer.normalise.extent import is_media_type
from indexer.normalise.languages import normalise_language
from indexer.normalise.links import normalise_url
from lienthu.marcxml import parse_xml
from lienthu.record import Record

MAX_ELEMENTS = 10_000
ALSO_CALLED = {
    "references": "relation", "isreferencedby": "relation", "requires": "relation", "isrequiredby": "relation",
    "conformsto": "relation", "medium": "format", "available": "", "dateaccepted": "", "datesubmitted": "",
    "modified": "", "valid": "", "datecopyrighted": "created", "provenance": "", "isversionof": "edition-of",
    "hasversion": "edition-of", "isformatof": "form-of", "hasformat": "form-of", "haspart": "contains",
    "replaces": "earlier", "isreplacedby": "later", "educationlevel": "audience", "license": "rights",
    "rightsholder": "", "isshownat": "url", "isshownby": "url", "dataprovider": "note", "object": "",
    "provider": "", "country": "", "unstored": "", "uri": "identifier", "year": "", "preview": "",
}  # fmt: skip
"""Element -> what it is called here; empty: a date or name of the repository's own doings."""
QUALIFIED = {
    "contributor.author": "creator", "contributor.advisor": "advisor", "contributor.editor": "editor",
    "contributor.illustrator": "contributor", "contributor.translator": "translator", "creator.author": "creator",
    "date.issued": "issued", "date.created": "created", "date.copyright": "created",
    "description.abstract": "abstract", "description.tableofcontents": "tableofcontents",
    "description.provenance": "", "description.statementofresponsibility": "note", "identifier.isbn": "isbn",
    "identifier.issn": "issn", "identifier.doi": "doi", "identifier.uri": "url",
    "identifier.citation": "bibliographiccitation", "identifier.ismn": "identifier",
    "relation.ispartofseries": "series", "relation.ispartof": "host", "relation.isversionof": "edition-of",
    "relation.hasversion": "edition-of", "relation.isformatof": "form-of", "relation.haspart": "contains",
    "relation.replaces": "earlier", "relation.isreplacedby": "later", "title.alternative": "alternative",
    "title.translated": "alternative", "subject.ddc": "ddc", "subject.lcc": "lcc", "subject.udc": "udc",
    "subject.classification": "classification", "subject.clc": "clc", "coverage.spatial": "spatial",
    "coverage.temporal": "temporal", "format.extent": "extent", "language.iso": "language",
    "publisher.place": "place", "rights.accessrights": "accessrights", "rights.uri": "rights",
    "rights.license": "rights", "degree.name": "note", "degree.discipline": "note", "degree.level": "note",
    "degree.grantor": "publisher",
}  # fmt: skip
"""``element.qualifier`` of DSpace -> what it is called here. Any other qualifier is set aside, but of a date."""
SCHEMES = {"ddc": "ddc", "lcc": "lcc", "udc": "udc", "clc": "clc", "clcss": "clc"}
"""``xsi:type`` of a subject that is a class number."""
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_SCHEMAS = frozenset(("dc", "dcterms", "thesis", "degree", ""))


def map_dublin_core(payload: bytes, source: Source) -> Record:
    """Raises RuleBroken or MarcError where there is nothing to map."""
    elements = read_elements(payload, source)
    return map_elements(elements, source, online=is_repository(elements))


def is_repository(elements: Elements) -> bool:
    return any(is_media_type(value) for value in elements.every("format")) or any(
        normalise_url(value) for value in elements.every("identifier", "url")
    )


def read_elements(payload: bytes, source: Source) -> Elements:
    """Every element that holds text and no other elements, by its name."""
    elements = Elements("dc:")
    titles: list[tuple[str, str]] = []
    root = parse_xml(payload, source.findings)
    for name, value, language in _walk(root):
        if name == "title":
            titles.append((language, value))
        elif name:
            elements.add(name, value)
    for language, title in _order_titles(titles, elements):
        known = elements.every("title")
        elements.add("paralleltitle" if known and language != _first_language(titles, known) else "title", title)
    return elements


def _walk(root: etree._Element) -> Iterator[tuple[str, str, str]]:
    """(name, value, language) of every element with text."""
    xoai = root.tag.endswith("}metadata") if isinstance(root.tag, str) else False
    for number, element in enumerate(root.iter()):
        if number > MAX_ELEMENTS:
            raise RuleBroken("dc", "too-many-fields", f"the record has more than {MAX_ELEMENTS} elements")
        if len(element) or not isinstance(element.tag, str) or not element.text:
            continue
        if xoai:
            name, language = _name_xoai(element)
        elif element.get("mdschema") is not None or element.get("element") is not None:
            name, language = _name_dim(element), element.get("lang") or ""
        else:
            name, language = _name_element(element), element.get(_LANGUAGE) or ""
        yield name, element.text, normalise_language(language)


def _name_element(element: etree._Element) -> str:
    name = str(element.tag).rpartition("}")[2].lower()
    scheme = (element.get(_TYPE) or "").rpartition(":")[2].lower()
    if name == "subject" and scheme in SCHEMES:
        return SCHEMES[scheme]
    return ALSO_CALLED.get(name, name)


def _name_dim(element: etree._Element) -> str:
    if (element.get("mdschema") or "") not in _SCHEMAS:
        return ""
    return _name_qualified((element.get("element") or "").lower(), (element.get("qualifier") or "").lower())


def _name_qualified(name: str, qualifier: str) -> str:
    if not qualifier or qualifier == "none":
        return ALSO_CALLED.get(name, name)
    return QUALIFIED.get(f"{name}.{qualifier}", "" if name == "date" else ALSO_CALLED.get(name, name))


def _name_xoai(field: etree._Element) -> tuple[str, str]:
    """``dc / title / vi / field name="value"``: the names of the elements above, the last of which is a language."""
    if field.get("name") != "value":
        return "", ""
    above = [place.get("name") or "" for place in field.iterancestors() if place.get("name")][::-1]
    if len(above) < 2 or above[0] not in _SCHEMAS:
        return "", ""
    qualifier = above[2] if len(above) > 3 else ""
    return _name_qualified(above[1].lower(), qualifier.lower()), above[-1]


def _order_titles(titles: list[tuple[str, str]], elements: Elements) -> list[tuple[str, str]]:
    """As written, but a title in the document's own language first."""
    own = normalise_language(elements.first("language"))
    if len(titles) < 2 or not own:
        return titles
    return sorted(titles, key=lambda title: title[0] != own)


def _first_language(titles: list[tuple[str, str]], known: list[str]) -> str:
    """The language of the title that leads."""
    return next((language for language, title in titles if " ".join(title.split()) == known[0]), "")
