"""What a look at a library's server or file told, in words: first whether it can be harvested, then what to mend, most
pressing first, then what the records hold and how the first of them will look."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from lienthu.examination import FILLED, Contents, Examination, Fault, FindingTold, Kind
from lienthu.fault_rules import RULES, tell_fault
from lienthu.finding import Severity
from lienthu.finding_rules import tell_rule
from lienthu.i18n import mark
from search_api.answer import Found
from web.language import Language
from web.presenters.holdings import Reader
from web.presenters.numbers import format_number
from web.presenters.report import SEVERITIES
from web.presenters.rows import Row, present_row
from web.presenters.words import name_language, name_type

KINDS: Mapping[Kind, str] = {
    "oai-pmh": mark("OAI-PMH server"),
    "sru": mark("SRU server"),
    "page": mark("Catalogue page"),
    "file": mark("File"),
}
FACTS: Mapping[str, str] = {
    "server": mark("Name of the server"),
    "protocol": mark("Protocol"),
    "formats": mark("Formats on offer"),
    "format": mark("Format looked at"),
    "sets": mark("Sets"),
    "deleted": mark("Deleted records"),
    "granularity": mark("Granularity of dates"),
    "earliest": mark("Oldest datestamp"),
    "total": mark("Total stated"),
    "schemas": mark("Record schemas"),
    "spider": mark("Spider that suits"),
    "remarks": mark("Remarks"),
}
PARTS: Mapping[str, str] = {
    "title": mark("Title"),
    "author": mark("Author"),
    "year": mark("Year of publication"),
    "publisher": mark("Publisher"),
    "language": mark("Language"),
    "subject": mark("Subject"),
    "isbn": mark("ISBN"),
    "copies": mark("Copies"),
    "link": mark("Link"),
}
FAULT_SEVERITIES: Mapping[Severity, str] = {
    "error": mark("A harvest would not be complete"),
    "warning": mark("To be mended"),
    "note": mark("Remark"),
}
_ORDER: Mapping[Severity, int] = {"error": 0, "warning": 1, "note": 2}


class Line(msgspec.Struct, frozen=True):
    label: str
    value: str


class FaultCard(msgspec.Struct, frozen=True):
    """``found`` is the first evidence, ``others`` the next, ``request`` what had been asked; all may be empty."""

    rule: str
    severity: Severity
    severity_words: str
    section: str
    meaning: str
    mending: str
    found: str
    request: str
    times: str
    others: tuple[str, ...] = ()


class FindingCard(msgspec.Struct, frozen=True):
    """A doubt about the records, with one example."""

    rule: str
    severity: Severity
    severity_words: str
    meaning: str
    mending: str
    count: str
    example: str


class CheckPage(msgspec.Struct, frozen=True, kw_only=True):
    """``verdict`` is the one sentence that matters."""

    kind: str
    address: str
    verdict: str
    severity: Severity
    facts: tuple[Line, ...]
    faults: tuple[FaultCard, ...]
    counts: str
    lost: tuple[Line, ...]
    filled: tuple[Line, ...]
    languages: str
    types: str
    rows: tuple[Row, ...]
    findings: tuple[FindingCard, ...]


def present_check(examination: Examination, contents: Contents, reader: Reader) -> CheckPage:
    language = reader.language
    faults = sorted(examination.faults, key=lambda fault: _ORDER[RULES[fault.rule].severity])
    return CheckPage(
        kind=language.say(KINDS[examination.kind]),
        address=examination.address,
        verdict=language.say(_judge(examination, contents)),
        severity=find_worst(examination),
        facts=tuple(Line(language.say(FACTS[fact.name]), fact.value) for fact in examination.facts),
        faults=tuple(_present_fault(fault, language) for fault in faults),
        counts=_count(contents, language),
        lost=tuple(_list_lost(contents, language)),
        filled=tuple(_tell_filled(contents, language)),
        languages=_join(contents.languages, language, lambda code: name_language(code, language)),
        types=_join(contents.types, language, lambda code: name_type(code, language)),
        rows=tuple(present_row(Found(edition=card), reader) for card in contents.cards),
        findings=tuple(_present_finding(told, language) for told in contents.findings),
    )


def find_worst(examination: Examination) -> Severity:
    """The severity that decides: ``note`` where nothing is wrong."""
    severities = {RULES[fault.rule].severity for fault in examination.faults}
    return min(severities, key=lambda severity: _ORDER[severity], default="note")


def _judge(examination: Examination, contents: Contents) -> str:
    if not examination.reached or not contents.read:
        return mark("Nothing could be taken: mend what is named below, then check again.")
    worst = find_worst(examination)
    if worst == "error":
        return mark("A harvest would not be complete: mend first what is marked so.")
    if worst == "warning" or any(told.severity != "note" for told in contents.findings):
        return mark("It can be harvested. What is named below is worth mending.")
    return mark("It can be harvested, and all is well. Welcome!")


def _present_fault(fault: Fault, language: Language) -> FaultCard:
    rule = RULES[fault.rule]
    meaning, mending = tell_fault(fault.rule, language.code)
    return FaultCard(
        rule=fault.rule,
        severity=rule.severity,
        severity_words=language.say(FAULT_SEVERITIES[rule.severity]),
        section=rule.section,
        meaning=meaning,
        mending=mending,
        found=fault.found,
        request=fault.request,
        times=language.say_many("found {n} time", "found {n} times", fault.times) if fault.times > 1 else "",
        others=fault.others,
    )


def _count(contents: Contents, language: Language) -> str:
    numbers = {
        "read": contents.read,
        "mapped": contents.mapped,
        "deleted": contents.deleted,
        "skipped": sum(contents.skipped.values()),
        "failed": sum(contents.failed.values()),
    }
    return language.say(
        "{read} records were looked at = {mapped} understood + {deleted} deleted + {skipped} set aside by right + "
        "{failed} not understood",
        **{name: format_number(number, language.code) for name, number in numbers.items()},
    )


def _list_lost(contents: Contents, language: Language) -> Iterable[Line]:
    for rule, count in (*contents.failed.items(), *contents.skipped.items()):
        yield Line(tell_rule(rule, language.code)[0], language.say_many("{n} record", "{n} records", count))


def _tell_filled(contents: Contents, language: Language) -> Iterable[Line]:
    for part in FILLED:
        if contents.mapped:
            count = contents.filled.get(part, 0)
            share = f"{100 * count // contents.mapped} %"
            yield Line(language.say(PARTS[part]), f"{share} ({format_number(count, language.code)})")


def _join(counts: Mapping[str, int], language: Language, name: Callable[[str], str]) -> str:
    return ", ".join(f"{name(code)} ({format_number(count, language.code)})" for code, count in counts.items())


def _present_finding(told: FindingTold, language: Language) -> FindingCard:
    meaning, mending = tell_rule(told.rule, language.code)
    example = " ".join(part for part in (told.example, told.field, told.found) if part)
    return FindingCard(
        rule=told.rule,
        severity=told.severity,
        severity_words=language.say(SEVERITIES[told.severity]),
        meaning=meaning,
        mending=mending,
        count=language.say_many("{n} record", "{n} records", told.records),
        example=example,
    )
