"""MODS 3 to a Record.

Rule: element names count, namespaces and prefixes do not, and only elements of the record itself: what stands inside a
``relatedItem`` describes another document. The host or series of it gives what the record does not say of itself
(place, publisher, date, language), for a part is published with its whole. Of several originInfo the one of publication
counts. The first title that is no variant is the title; failing that a uniform one, then any.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from indexer.crosswalks.element_values import Elements
from indexer.crosswalks.elements import map_elements
from indexer.crosswalks.marc21_agents import build_publisher
from indexer.crosswalks.mods_elements import Element, children, name_of, text_of, values, write_title
from indexer.crosswalks.mods_related import find_whole, read_copies, read_relations, read_series
from indexer.crosswalks.source import RuleBroken, Source
from indexer.normalise.names import parse_body, parse_person
from indexer.normalise.publishers import is_publishing_house
from indexer.normalise.roles import find_roles
from indexer.normalise.subjects import build_subject
from indexer.normalise.text import trim_marks
from indexer.normalise.title import build_title
from lienthu.marcxml import parse_xml
from lienthu.record import Agent, AgentKind, Classification, Link, Publication, Record, Subject, SubjectKind, Title

MAX_ELEMENTS = 10_000
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
_HIJRA_BEGAN = 622
_PUBLISHED = frozenset(("publication", "production", "copyright", ""))
_NUMBERS = ("isbn", "issn", "doi")


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
    whole = find_whole(root)
    elements = Elements("mods:")
    elements.add("title", title.main)
    _read_description(elements, root)
    if whole is not None:
        _read_whole(elements, whole)
    record = map_elements(elements, source, online=bool(elements.every("url")))
    copies = read_copies(root, source)
    online = tuple([holding for holding in record.holdings if holding.url])
    return msgspec.structs.replace(
        record,
        title=title,
        publication=_doubt_year(record, source),
        agents=_read_agents(root, source),
        subjects=_read_subjects(root),
        classifications=_read_classifications(root),
        series=read_series(root),
        relations=read_relations(root),
        links=_label_links(record.links, root),
        holdings=(*copies, *online) if copies else record.holdings,
        findings=tuple(source.findings),
    )


def _doubt_year(record: Record, source: Source) -> Publication:
    """1415 in a book in Arabic is a year of the Hijra: unknown here, and kept as written. ``1415 - 1995`` says the same
    year twice."""
    publication = record.publication
    if publication.year is None or publication.year >= _FIRST_ARABIC_PRINT or not _HIJRA.intersection(record.languages):
        return publication
    if publication.year_end is not None and abs(_HIJRA_BEGAN + publication.year * 0.97 - publication.year_end) < 2:
        return msgspec.structs.replace(publication, year=publication.year_end, year_end=None)
    source.note("year-hijri", "mods:dateIssued", publication.date, "year unknown")
    return msgspec.structs.replace(publication, year=None, year_end=None)


def _find_record(root: Element) -> Element:
    for element in root.iter():
        if name_of(element) == "mods":
            return element
    raise RuleBroken("mods", "record-missing", "the XML holds no mods element")


def _read_title(root: Element) -> Title | None:
    """The titleInfo without a type, else the uniform one, else any: nonSort and title, subTitle, partNumber, partName;
    a translated one is a parallel title, others are titles to be found by."""
    infos = [(info, write_title(info)) for info in children(root, "titleInfo")]
    infos = [(info, text) for info, text in infos if text]
    if not infos:
        return None
    order = {"": 0, "uniform": 1, "translated": 2, "alternative": 3, "abbreviated": 4}
    chosen, main = min(infos, key=lambda pair: order.get((pair[0].get("type") or "").lower(), 5))
    translated = [text for info, text in infos if info is not chosen and info.get("type") in ("translated", None)]
    others = [text for info, text in infos if info is not chosen and text not in translated]
    return build_title(
        main,
        subtitle=" : ".join(values(chosen, "subTitle")),
        parallel=tuple(dict.fromkeys(translated)),
        responsibility="; ".join(
            text_of(note) for note in children(root, "note") if note.get("type") == "statement of responsibility"
        ),
        volumes=tuple(values(chosen, "partNumber")),
        parts=tuple(values(chosen, "partName")),
        variants=tuple(dict.fromkeys(text for text in others if text != main)),
    )


def _read_agents(root: Element, source: Source) -> tuple[Agent, ...]:
    """namePart without a type, or family and given; role as code or words."""
    agents: dict[str, Agent] = {}
    for name in children(root, "name"):
        agent = _read_agent(name, source)
        if agent is not None:
            agents.setdefault(agent.key, agent)
    return tuple(agents.values())


def _read_agent(name: Element, source: Source) -> Agent | None:
    parts: dict[str, list[str]] = {}
    for part in children(name, "namePart"):
        parts.setdefault(part.get("type") or "", []).append(text_of(part))
    written = " ".join(parts.get("", ()))
    if not written:
        written = ", ".join(" ".join(parts[kind]) for kind in ("family", "given") if kind in parts)
    if not written.strip():
        return None
    roles: list[str] = []
    for role in values(name, "role", "roleTerm"):
        code = role.strip().rpartition("/")[2].lower()
        roles.extend((code,) if len(code) == 3 and code.isascii() else find_roles(role))
    kind = _KINDS.get(name.get("type") or "", "person")
    if is_publishing_house(written):
        source.note("publisher-as-author", "mods:name", written, "not taken for an author")
        return build_publisher(written)
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
    for subject in children(root, "subject"):
        parts: list[tuple[SubjectKind, str]] = []
        for child in subject:
            name = name_of(child)
            if name in _SUBJECTS:
                parts.append((_SUBJECTS[name], text_of(child)))
            elif name == "name":
                kind: SubjectKind = "person" if child.get("type") == "personal" else "corporate"
                parts.append((kind, ", ".join(values(child, "namePart"))))
            elif name == "titleinfo":
                parts.append(("title", write_title(child)))
            elif name == "hierarchicalgeographic":
                parts.append(("place", " - ".join(text for part in child if (text := text_of(part)))))
        parts = [(kind, trim_marks(text)) for kind, text in parts if trim_marks(text)]
        heading = build_subject(" - ".join(text for _kind, text in parts), parts[0][0]) if parts else None
        if heading is not None:
            found.setdefault(heading.key, heading)
    for genre in values(root, "genre"):
        form = build_subject(genre, "genre")
        if form is not None:
            found.setdefault(form.key, form)
    return tuple(found.values())


def _read_classifications(root: Element) -> tuple[Classification, ...]:
    """classification, its scheme as its authority says."""
    found: dict[tuple[str, str], Classification] = {}
    for element in children(root, "classification"):
        number = text_of(element).strip(" .,;")[:60]
        scheme = _SCHEMES.get((element.get("authority") or "").lower(), "other")
        if number:
            found.setdefault((scheme, number), Classification(scheme=scheme, number=number))
    return tuple(found.values())[:50]


def _read_description(elements: Elements, root: Element) -> None:
    """What the record says of itself."""
    _read_origins(elements, root)
    _read_languages(elements, root)
    _read_physical(elements, root)
    for kind in (*values(root, "genre"), *values(root, "typeOfResource")):
        lowered = kind.lower()
        if lowered in _RESOURCES or any(word in lowered for word in _GENRES):
            elements.add("type", _RESOURCES.get(lowered, kind))
    for element in children(root, "identifier"):
        kind = (element.get("type") or "").lower()
        if element.get("invalid") != "yes" and kind in _NUMBERS:
            elements.add(kind, text_of(element))
    for location in children(root, "location"):
        for url in values(location, "url"):
            elements.add("url", url)
    for text in values(root, "abstract"):
        elements.add("abstract", text)
    for text in values(root, "tableOfContents"):
        elements.add("tableofcontents", text)
    for note in children(root, "note"):
        if note.get("type") != "statement of responsibility":
            elements.add("note", text_of(note))
    for text in values(root, "targetAudience"):
        elements.add("audience", text)
    for text in values(root, "accessCondition"):
        elements.add("accessrights", text)


def _read_origins(elements: Elements, root: Element) -> None:
    """The originInfo that tells of publication (its eventType says so, or none does), else the first."""
    infos = children(root, "originInfo")
    told = [info for info in infos if (info.get("eventType") or "publication").lower() in _PUBLISHED]
    for info in told or infos[:1]:
        _read_origin(elements, info)


def _read_origin(elements: Elements, info: Element) -> None:
    """A place in words before one in a code; of dates the one of issue."""
    for term in (term for place in children(info, "place") for term in children(place, "placeTerm")):
        if term.get("type") != "code":
            elements.add("place", text_of(term))
    for publisher in values(info, "publisher"):
        elements.add("publisher", publisher)
    for kind in ("dateIssued", "copyrightDate", "dateCreated", "dateOther"):
        dates = children(info, kind)
        if dates:
            elements.add("issued", _write_date(dates))
            break
    for edition in values(info, "edition"):
        elements.add("edition", edition)


def _write_date(dates: list[Element]) -> str:
    """``1904-1906`` where start and end are pointed at; else the key date, else one that is encoded, else the first."""
    points = {date.get("point"): text_of(date)[:4] for date in dates if date.get("point")}
    if points.get("start") and points.get("end") and points["start"] != points["end"]:
        return f"{points['start']}-{points['end']}"
    return text_of(max(dates, key=lambda date: (date.get("keyDate") == "yes", date.get("encoding") is not None)))


def _read_languages(elements: Elements, root: Element) -> None:
    for language in children(root, "language"):
        terms = children(language, "languageTerm")
        codes = [term for term in terms if term.get("type") == "code"] or terms
        for term in codes:
            elements.add("language", text_of(term))


def _read_physical(elements: Elements, root: Element) -> None:
    for extent in values(root, "physicalDescription", "extent"):
        elements.add("extent", extent)


def _read_whole(elements: Elements, whole: Element) -> None:
    """What the host or series says where the part is silent."""
    if not elements.every("publisher", "issued", "place"):
        _read_origins(elements, whole)
    if not elements.every("issued"):
        for date in values(whole, "part", "date")[:1]:
            elements.add("issued", date)
    if not elements.every("language"):
        _read_languages(elements, whole)


def _label_links(links: tuple[Link, ...], root: Element) -> tuple[Link, ...]:
    """The label that stands beside an address."""
    labels = {
        text_of(url): url.get("displayLabel") or ""
        for location in children(root, "location")
        for url in children(location, "url")
    }
    return tuple([msgspec.structs.replace(link, label=labels.get(link.url, "")[:200]) for link in links])


FIELD_RULES: Mapping[str, Callable[..., Any]] = {
    "title": _read_title, "agents": _read_agents, "subjects": _read_subjects, "classifications": _read_classifications,
    "series": read_series, "relations": read_relations, "holdings": read_copies,
}  # fmt: skip
"""Those fields whose rule is not that of all elements."""
