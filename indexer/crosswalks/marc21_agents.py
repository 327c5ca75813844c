"""MARC 21 agents: 100, 110, 111, 700, 710, 711, 720, their 880, and failing all of these 245 $c."""

from collections.abc import Iterable
from functools import lru_cache

from indexer.crosswalks.doubts import doubt_name
from indexer.crosswalks.marc21_title import linked_fields
from indexer.crosswalks.source import Source
from indexer.normalise.keys import build_key
from indexer.normalise.names import ParsedName, begins_with_family, is_acronym, parse_body, parse_person
from indexer.normalise.publishers import is_publishing_house
from indexer.normalise.responsibility import parse_responsibility
from indexer.normalise.roles import find_roles, strip_titles
from indexer.normalise.text import clean_text, trim_marks
from lienthu.finding import Finding
from lienthu.marc import MarcField, MarcRecord, parse_field
from lienthu.record import PUBLISHER, Agent, AgentKind, Title

_PERSONS = ("100", "700", "720")
_TAGS = ("100", "110", "111", "700", "710", "711", "720")
MAX_AGENTS = 500


def read_agents(record: MarcRecord, source: Source, title: Title) -> tuple[Agent, ...]:
    """100, 110, 111, 700, 710, 711, 720: every person and body once, main entry first; roles are $e and $4. Added
    entries for another work (with $t) are no agents of this one. Where no entry names anybody, the statement of
    responsibility does."""
    agents: dict[str, Agent] = {}
    for tag in record.having(_TAGS):
        for text in record.texts_of(tag):
            found, findings = _read_entry(tag, text)
            _add(agents, found)
            if findings:
                source.findings.extend(findings)
    if record.has("880"):
        for field in linked_fields(record, _TAGS):
            _add(agents, _read_field(field, field.first("6")[:3], source.findings))
    if title.responsibility and all(agent.is_publisher for agent in agents.values()):
        _add(agents, read_responsible(title.responsibility))
    return tuple(agents.values())[:MAX_AGENTS]


def read_responsible(statement: str) -> Iterable[Agent]:
    """The agents that a statement of responsibility names."""
    for kind, name in parse_responsibility(statement):
        if is_publishing_house(name.name):
            yield build_publisher(name.name)
        else:
            body = kind == "corporate"
            yield Agent(name=name.name, key=name.key, kind="corporate" if body else "person", roles=name.roles)


def build_publisher(written: str) -> Agent:
    """A publishing house that stands where an author belongs: see ``publishing_agents``."""
    return Agent(name=written, key=build_key(written), kind="corporate", roles=(PUBLISHER,))


def _add(agents: dict[str, Agent], found: Iterable[Agent]) -> None:
    for agent in found:
        known = agents.get(agent.key)
        if known is None:
            agents[agent.key] = agent
        elif agent.is_publisher and not known.roles:
            continue  # an author that publishes too
        elif set(agent.roles) - set(known.roles) or (agent.dates and not known.dates):
            roles = tuple(dict.fromkeys([*known.roles, *agent.roles]))
            agents[agent.key] = Agent(
                name=known.name, key=known.key, kind=known.kind, roles=roles, dates=known.dates or agent.dates
            )


@lru_cache(maxsize=16_384)
def _read_entry(tag: str, text: str) -> tuple[tuple[Agent, ...], tuple[Finding, ...]]:
    """The same author comes again and again, in the same bytes."""
    findings: list[Finding] = []
    agents = _read_field(parse_field(tag, text, findings), tag, findings)
    return tuple(agents), tuple(findings)


def _read_field(field: MarcField, tag: str, findings: list[Finding]) -> list[Agent]:
    if field.first("t"):
        return []
    if tag in _PERSONS:
        return _read_persons(field, tag, findings)
    return _read_body(field, tag, findings)


def _read_persons(field: MarcField, tag: str, findings: list[Finding]) -> list[Agent]:
    """$a with $b is the name, $c a title shown after it (or a role), $d the dates, $e and $4 the roles."""
    written = clean_text(field.join("ab"))
    if not written:
        return []
    if is_publishing_house(written):
        return _pass_over_publisher(written, tag, findings)
    title = clean_text(field.join("c")) if field.first("c") else ""
    roles = _read_roles(field)
    if title and (more := find_roles(title)):
        roles, title = (*roles, *more), ""
    elif title and strip_titles(f"{title} x") == "x":
        title = ""  # TS, GS.: an academic title is no part of a name
    names = read_people(written)
    if rule := doubt_name(written):
        findings.append(Finding(rule, "note", f"{tag}$a", written[:120], "set aside"))
    agents = []
    for name in names:
        if name.rule:
            findings.append(Finding(name.rule, "warning", f"{tag}$a", name.name, "not taken for a name"))
            continue
        kind: AgentKind = "corporate" if is_acronym(name.name) else "person"
        shown = _add_title(name.name, title) if title and len(names) == 1 else name.name
        dates = trim_marks(clean_text(field.first("d"))) or name.dates
        every = tuple(dict.fromkeys([*roles, *name.roles])) if roles or name.roles else ()
        agents.append(Agent(name=shown, key=name.key, kind=kind, roles=every, dates=dates))
    return agents


def _add_title(name: str, title: str) -> str:
    """``Lê Lợi, Vua Việt Nam``; ``Singh, Manpreet (Analyst)``."""
    return f"{name} {title.strip(' ,')}" if title.lstrip().startswith("(") else f"{name}, {trim_marks(title)}"


def read_people(written: str) -> list[ParsedName]:
    """One name, or the several that somebody wrote into one field (``Hoàng Thị Cành, Hoàng Thị Thoa``)."""
    if ";" in written:
        return [name for piece in written.split(";") if piece.strip() for name in read_people(piece.strip())]
    if "," in written:
        pieces = [piece.strip(" .") for piece in written.split(",")]
        if len(pieces) > 1 and all(begins_with_family(piece) for piece in pieces[:2]):
            return [parse_person(piece) for piece in pieces if piece]
    return [parse_person(written)]


def _read_body(field: MarcField, tag: str, findings: list[Finding]) -> list[Agent]:
    """$a and its parts $b, of a meeting $c $d $n too; a publishing house entered as author is the publisher."""
    codes = "ab" if tag[1:] == "10" else "acdenq"
    written = clean_text(field.join(codes))
    if not written:
        return []
    if tag[1:] == "10" and is_publishing_house(written):
        return _pass_over_publisher(written, tag, findings)
    name = parse_body(written)
    if name.rule:
        findings.append(Finding(name.rule, "warning", f"{tag}$a", written[:120], "not taken for a name"))
        return []
    kind: AgentKind = "meeting" if tag[1:] == "11" else "corporate"
    return [Agent(name=name.name, key=name.key, kind=kind, roles=_read_roles(field))]


def _pass_over_publisher(written: str, tag: str, findings: list[Finding]) -> list[Agent]:
    findings.append(Finding("publisher-as-author", "warning", f"{tag}$a", written[:120], "not taken for an author"))
    return [build_publisher(written)]


def _read_roles(field: MarcField) -> tuple[str, ...]:
    """$4 codes (or the addresses that end with them), and $e words; of a meeting $e is a part of its name."""
    roles: list[str] = []
    for code, value in field.subfields:
        if code == "4":
            found = value.strip().rstrip("/.,").rpartition("/")[2].lower()
            if len(found) == 3 and found.isalpha():
                roles.append(found)
        elif code == "e" and field.tag[1:] != "11":
            roles.extend(find_roles(value))
    return tuple(dict.fromkeys(roles)) if roles else ()
