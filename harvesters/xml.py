"""XML from strangers: no entities, no network, no document types, no giant trees."""

from collections.abc import Iterator

from lxml import etree


class _Nothing:
    """What a parser builds that is only to look."""

    def close(self) -> None:
        pass


def build_parser(*, recover: bool = False, target: _Nothing | None = None) -> etree.XMLParser:
    """A parser that reaches nothing outside the bytes it is given."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=recover,
        target=target,  # type: ignore[arg-type]  # the stubs ask for more than lxml does
    )


def parse_strictly(body: bytes) -> etree._Element:
    """Raises lxml.etree.XMLSyntaxError for anything that is not well-formed."""
    return etree.fromstring(body, parser=build_parser())


def is_sound(body: bytes) -> bool:
    """Whether it is well-formed and the parser has nothing to remark: a third of the work of building a tree."""
    parser = build_parser(target=_Nothing())
    try:
        etree.fromstring(body, parser=parser)
    except etree.XMLSyntaxError:
        return False
    return not parser.error_log


def get_local_name(element: etree._Element) -> str:
    """``{namespace}record`` -> ``record``, and so is ``oai:record`` where nobody declared the prefix; empty for
    comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def get_namespace(element: etree._Element) -> str:
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def find_children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Direct children only: a MARC record below ``metadata`` is called ``record`` too. Servers get the case wrong, and
    a ``resumptiontoken`` that is not seen would be the end of a list."""
    wanted = name.lower()
    return (child for child in element if get_local_name(child).lower() == wanted)


def find_child(element: etree._Element, name: str) -> etree._Element | None:
    return next(find_children(element, name), None)


def read_text(element: etree._Element) -> str:
    """All text below, comments apart, without the white space around it."""
    return str(element.xpath("string()")).strip()


def get_text(element: etree._Element, name: str) -> str:
    """The text of a direct child, without the white space around it; empty where there is none."""
    child = find_child(element, name)
    return read_text(child) if child is not None else ""
