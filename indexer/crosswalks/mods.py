"""MODS 3 to a Record.

Rule: element names count, namespaces and prefixes do not, and only elements of the record itself: what stands inside a
``relatedItem`` describes another document. The host or series of it gives the series, and what the record does not say
of itself (place, publisher, date, language, extent), for a part is published with its whole. The first title that is
no variant is the title; failing that a uniform one, then any.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from lxml import etree

from indexer.crosswalks.element_values import Elements
from indexer.crosswalks.elements import map_elements
from indexer.crosswalks.source import RuleBroken, Source
from indexer.normalise.names import parse_body, parse_person
from indexer.normalise.publishers import is_publishing_house
from indexer.normalise.roles import find_roles
from indexer.normalise.subjects import build_subject
from indexer.normalise.text import clean_text, trim_marks
from indexer.normalise.title import build_title
from lienthu.marcxml import parse_xml
from lienthu.record import Agent, AgentKind, Classification, Publication, Record, Subject, SubjectKind, Title

MAX_ELEMENTS = 10_000
MAX_VALUES = 500
_SCHEMES = {"ddc": "ddc", "udc": "udc", "lcc": "lcc", "bbk": "bbk", "clc": "clc"}
_SUBJECTS: dict[str, SubjectKind] = {
    "topic": "topic", "geographic": "place", "temporal": "period", "genre": "genre", "occupation": "topic",
    "geographiccode": "place",
}  # fmt: skip
_RESOURCES = {
    "text": "book", "cartographic": "map", "notated music": "score", "sound recording": "sound",
    "sound recording-musical": "sound", "sound recording-nonmusical": "sound", "still image": "picture",
    "moving image": "video", "software, multimedia": "electronic", "three dimensional object": "physical object",
}  # fmt: skip
_GENRES = ("thesis", "thèse", "luận", "periodical", "journal", "article", "newspaper", "map", "braille", "audiobook")
_KINDS: dict[str, AgentKind] = {"corporate": "corporate", "conference": "meeting"}
_HIJRA = frozenset(("ar", "fa", "ur"))
_FIRST_ARABIC_PRINT = 1514
_NUMBERS = ("isbn", "issn", "doi")
Element = etree._Element


def map_mods(payload: bytes, source: Source) -> Record:
    """Raises RuleBroken or MarcError where there is nothing to map."""
    root = _find_record(parse_xml(payload, source.findings))
    if sum(1 for _element in root.iter()) > MAX_ELEMENTS:
        raise RuleBroken("mods", "too-many-fields", f"the record has more than {MAX_ELEMENTS} elements")
    title = _read_title(root)
    if title is None:
        partner_id, _, source_id = source.raw.key
        reason = f"{partner_id}, record {source_id}: there is no title in titleInfo"
        raise RuleBroken("titleInfo/title", "title-missing", reason)
    host = next((item for item in _children(root, "relatedItem") if item.get("type") in ("host", "series")), None)
    elements = Elements("mods:")
    elements.add("title", title.main)
    _read_description(elements, root)
    if host is not None:
        _read_host(elements, host)
    record = map_elements(elements, source, online=bool(elements.every("url")))
    return msgspec.structs.replace(
        record,
        title=title,
        publication=_doubt_year(record, source),
        agents=_read_agents(root, source),
        subjects=_read_subjects(root),
        classifications=_read_classifications(root),
        findings=tuple(source.findings),
    )


def _doubt_year(record: Record, source: Source) -> Publication:
    """1415 in a book in Arabic is a year of the Hijra: unknown here, and kept as written."""
    publication = record.publication
    if publication.year is None or publication.year >= _FIRST_ARABIC_PRINT or not _HIJRA.intersection(record.languages):
        return publication
    source.note("year-hijri", "mods:dateIssued", publication.date, "year unknown")
    return msgspec.structs.replace(publication, year=None, year_end=None)


def _find_record(root: Element) -> Element:
    for element in root.iter():
        if _name(element) == "mods":
            return element
    raise RuleBroken("mods", "record-missing", "the XML holds no mods element")


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _children(element: Element, name: str) -> list[Element]:
    return [child for child in element if _name(child) == name.lower()][:MAX_VALUES]


def _text(element: Element) -> str:
    return clean_text("".join(str(text) for text in element.itertext()))


def _values(element: Element, *path: str) -> list[str]:
    """The texts at the end of a path of names."""
    found = [element]
    for name in path:
        found = [child for parent in found for child in _children(parent, name)]
    return [text for one in found if (text := _text(one))]


def _read_title(root: Element) -> Title | None:
    infos = [(info, _write_title(info)) for info in _children(root, "titleInfo")]
    infos = [(info, text) for info, text in infos if text]
    if not infos:
        return None
    order = {"": 0, "uniform": 1, "translated": 2, "alternative": 3, "abbreviated": 4}
    chosen, main = min(infos, key=lambda pair: order.get((pair[0].get("type") or "").lower(), 5))
    translated = [text for info, text in infos if info is not chosen and info.get("type") in ("translated", None)]
    others = [text for info, text in infos if info is not chosen and text not in translated]
    return build_title(
        main,
        subtitle=" : ".join(_values(chosen, "subTitle")),
        parallel=tuple(dict.fromkeys(translated)),
        responsibility="; ".join(
            _text(note) for note in _children(root, "note") if note.get("type") == "statement of responsibility"
        ),
        volumes=tuple(_values(chosen, "partNumber")),
        parts=tuple(_values(chosen, "partName")),
        variants=tuple(dict.fromkeys(text for text in others if text != main)),
    )


def _write_title(info: Element) -> str:
    main = " ".join(_values(info, "title"))
    article = " ".join(_values(info, "nonSort"))
    if not main:
        return ""
    return f"{article}{main}" if article.endswith(("'", "’")) else f"{article} {main}".strip()


def _read_agents(root: Element, source: Source) -> tuple[Agent, ...]:
    """namePart without a type, or family and given; role as code or words."""
    agents: dict[str, Agent] = {}
    for name in _children(root, "name"):
        agent = _read_agent(name, source)
        if agent is not None:
            agents.setdefault(agent.key, agent)
    return tuple(agents.values())


def _read_agent(name: Element, source: Source) -> Agent | None:
    parts: dict[str, list[str]] = {}
    for part in _children(name, "namePart"):
        parts.setdefault(part.get("type") or "", []).append(_text(part))
    written = " ".join(parts.get("", ()))
    if not written:
        written = ", ".join(" ".join(parts[kind]) for kind in ("family", "given") if kind in parts)
    if not written.strip():
        return None
    roles: list[str] = []
    for role in _values(name, "role", "roleTerm"):
        code = role.strip().rpartition("/")[2].lower()
        roles.extend((code,) if len(code) == 3 and code.isascii() else find_roles(role))
    kind = _KINDS.get(name.get("type") or "", "person")
    if is_publishing_house(written):
        source.note("publisher-as-author", "mods:name", written, "not taken for an author")
        return None
    parsed = parse_person(written) if kind == "person" else parse_body(written)
    if parsed.rule:
        source.note(parsed.rule, "mods:name", written, "not taken for a name")
        return None
    every = tuple(dict.fromkeys([*roles, *parsed.roles]))
    dates = " ".join(parts.get("date", ())) or parsed.dates
    return Agent(name=parsed.name, key=parsed.key, kind=kind, roles=every, dates=dates)


def _read_subjects(root: Element) -> tuple[Subject, ...]:
    """The parts of one subject are one heading, and the kind is that of its first part."""
    found: dict[str, Subject] = {}
    for subject in _children(root, "subject"):
        parts: list[tuple[SubjectKind, str]] = []
        for child in subject:
            name = _name(child)
            if name in _SUBJECTS:
                parts.append((_SUBJECTS[name], _text(child)))
            elif name == "name":
                kind: SubjectKind = "person" if child.get("type") == "personal" else "corporate"
                parts.append((kind, ", ".join(_values(child, "namePart"))))
            elif name == "titleinfo":
                parts.append(("title", _write_title(child)))
            elif name == "hierarchicalgeographic":
                parts.append(("place", " - ".join(text for part in child if (text := _text(part)))))
        parts = [(kind, trim_marks(text)) for kind, text in parts if trim_marks(text)]
        heading = build_subject(" - ".join(text for _kind, text in parts), parts[0][0]) if parts else None
        if heading is not None:
            found.setdefault(heading.key, heading)
    for genre in _values(root, "genre"):
        form = build_subject(genre, "genre")
        if form is not None:
            found.setdefault(form.key, form)
    return tuple(found.values())


def _read_classifications(root: Element) -> tuple[Classification, ...]:
    found: dict[tuple[str, str], Classification] = {}
    for element in _children(root, "classification"):
        number = _text(element).strip(" .,;")[:60]
        scheme = _SCHEMES.get((element.get("authority") or "").lower(), "other")
        if number:
            found.setdefault((scheme, number), Classification(scheme=scheme, number=number))
    return tuple(found.values())[:50]


def _read_description(elements: Elements, root: Element) -> None:
    """What the record says of itself."""
    for info in _children(root, "originInfo"):
        _read_origin(elements, info)
    _read_languages(elements, root)
    _read_physical(elements, root)
    for kind in (*_values(root, "genre"), *_values(root, "typeOfResource")):
        lowered = kind.lower()
        if lowered in _RESOURCES or any(word in lowered for word in _GENRES):
            elements.add("type", _RESOURCES.get(lowered, kind))
    for element in _children(root, "identifier"):
        kind = (element.get("type") or "").lower()
        if element.get("invalid") != "yes" and kind in _NUMBERS:
            elements.add(kind, _text(element))
    for location in _children(root, "location"):
        for url in _values(location, "url"):
            elements.add("url", url)
        for shelf in (
            *_values(location, "shelfLocator"),
            *_values(location, "holdingSimple", "copyInformation", "shelfLocator"),
        ):
            elements.add("callnumber", shelf)
    for text in _values(root, "abstract"):
        elements.add("abstract", text)
    for text in _values(root, "tableOfContents"):
        elements.add("tableofcontents", text)
    for note in _children(root, "note"):
        if note.get("type") != "statement of responsibility":
            elements.add("provenance", _text(note))
    for text in _values(root, "accessCondition"):
        elements.add("accessrights", text)


def _read_origin(elements: Elements, info: Element) -> None:
    """A place in words before one in a code; of dates the one of issue."""
    for term in (term for place in _children(info, "place") for term in _children(place, "placeTerm")):
        if term.get("type") != "code":
            elements.add("place", _text(term))
    for publisher in _values(info, "publisher"):
        elements.add("publisher", publisher)
    dates = _values(info, "dateIssued") or _values(info, "copyrightDate") or _values(info, "dateCreated")
    for date in dates:
        elements.add("issued", date)
    for edition in _values(info, "edition"):
        elements.add("edition", edition)


def _read_languages(elements: Elements, root: Element) -> None:
    for language in _children(root, "language"):
        terms = _children(language, "languageTerm")
        codes = [term for term in terms if term.get("type") == "code"] or terms
        for term in codes:
            elements.add("language", _text(term))


def _read_physical(elements: Elements, root: Element) -> None:
    for extent in _values(root, "physicalDescription", "extent"):
        elements.add("extent", extent)


def _read_host(elements: Elements, host: Element) -> None:
    """What the whole says where the part is silent."""
    title = _read_title(host)
    if title is not None:
        elements.add("ispartof", ". ".join([text for text in (title.main, title.volume) if text]))
    if not elements.every("publisher", "issued", "place"):
        for info in _children(host, "originInfo"):
            _read_origin(elements, info)
    if not elements.every("language"):
        _read_languages(elements, host)


FIELD_RULES: Mapping[str, Callable[..., Any]] = {
    "title": _read_title, "agents": _read_agents, "subjects": _read_subjects, "classifications": _read_classifications,
}  # fmt: skip
"""Those fields whose rule is not that of all elements."""
