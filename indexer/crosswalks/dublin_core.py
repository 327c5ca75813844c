"""Dublin Core (``oai_dc``, ``qdc``) to a Record.

Rule: element names count, namespaces and prefixes do not. Repositories of the DSpace and Libol families have their
ways:
the date repeated to the second, the whole of 245 in ``dc:title``, place and publisher glued together, HTML in the
description, ``no type provided``. Where an identifier of the record is a web address, or its format is a file's, the
document is had online.
"""

from indexer.crosswalks.element_values import Elements
from indexer.crosswalks.elements import map_elements
from indexer.crosswalks.source import RuleBroken, Source
from indexer.normalise.extent import is_media_type
from indexer.normalise.links import normalise_url
from lienthu.marcxml import parse_xml
from lienthu.record import Record

MAX_ELEMENTS = 10_000
_ALSO_CALLED = {"references": "relation", "medium": "format", "available": "", "dateaccepted": "", "datesubmitted": ""}


def map_dublin_core(payload: bytes, source: Source) -> Record:
    """Raises RuleBroken or MarcError where there is nothing to map."""
    elements = read_elements(payload, source)
    repository = any(is_media_type(value) for value in elements.every("format")) or any(
        normalise_url(value) for value in elements.every("identifier")
    )
    return map_elements(elements, source, online=repository)


def read_elements(payload: bytes, source: Source) -> Elements:
    """Every element that holds text and no other elements."""
    elements = Elements("dc:")
    root = parse_xml(payload, source.findings)
    for number, element in enumerate(root.iter()):
        if number > MAX_ELEMENTS:
            raise RuleBroken("dc", "too-many-fields", f"the record has more than {MAX_ELEMENTS} elements")
        if len(element) or not isinstance(element.tag, str) or not element.text:
            continue
        name = element.tag.rpartition("}")[2].lower()
        if name in _ALSO_CALLED:
            name = _ALSO_CALLED[name]
        if name:
            elements.add(name, element.text)
    return elements
