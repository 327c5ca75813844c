"""How MODS is looked into: by element names, whatever their namespace."""

from lxml import etree

from indexer.normalise.text import clean_text

MAX_VALUES = 500
Element = etree._Element


def name_of(element: Element) -> str:
    """The name in small letters, without namespace."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def children(element: Element, name: str) -> list[Element]:
    return [child for child in element if name_of(child) == name.lower()][:MAX_VALUES]


def text_of(element: Element) -> str:
    return clean_text("".join([str(text) for text in element.itertext()]))


def values(element: Element, *path: str) -> list[str]:
    """The texts at the end of a path of names."""
    found = [element]
    for name in path:
        found = [child for parent in found for child in children(parent, name)]
    return [text for one in found if (text := text_of(one))]


def write_title(info: Element) -> str:
    """nonSort and title of a titleInfo."""
    main = " ".join(values(info, "title"))
    article = " ".join(values(info, "nonSort"))
    if not main:
        return ""
    return f"{article}{main}" if article.endswith(("'", "’")) else f"{article} {main}".strip()
