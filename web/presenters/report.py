"""The report to a partner, in words: for a librarian who has five minutes and has never heard of us.

First how things stand, then what to mend with examples and the way to do it, then what the library gains. Every number
is exact, and how the score is worked out is said beside it.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec
from markupsafe import Markup

from lienthu.finding import Severity
from lienthu.finding_rules import tell_rule
from lienthu.i18n import mark
from lienthu.partner import Partner
from search_api.partner_report import FeedSum, IndexSum, Problem, Report, measure_score
from web.language import Language
from web.presenters.dates import format_day, format_time_as_day
from web.presenters.holdings import Reader
from web.presenters.links import build_partner_record_address
from web.presenters.numbers import format_number
from web.presenters.words import VERDICTS

SHOWN = 10
DAYS_SHOWN = 12
SEVERITIES: Mapping[Severity, str] = {
    "error": mark("Something is lost"),
    "warning": mark("To be mended"),
    "note": mark("Remark"),
}


WHOLE_RECORD = mark("whole record")


class ExampleLine(msgspec.Struct, frozen=True):
    """``address`` is the partner's own page of the record, or empty."""

    source_id: str
    address: str
    field: str
    found: str


class ProblemCard(msgspec.Struct, frozen=True):
    """One of the problems that matter most. ``has_found`` is false where no example shows any text."""

    rule: str
    severity: str
    severity_words: str
    meaning: str
    count: str
    mending: str
    examples: tuple[ExampleLine, ...]
    has_found: bool


class ProblemLine(msgspec.Struct, frozen=True):
    """One of the others, and remarks: a line of a table."""

    rule: str
    meaning: str
    records: str
    mending: str


class SumLine(msgspec.Struct, frozen=True):
    """One of the sums, written out; ``words`` say whether it holds. ``lost`` are records that could not be kept."""

    name: str
    sum: str
    words: str
    holds: bool
    lost: tuple[str, ...] = ()


class TrendDay(msgspec.Struct, frozen=True):
    day: str
    score: str


class ReportPage(msgspec.Struct, frozen=True, kw_only=True):
    """``points`` draws the trend in a box of 100 by 30; empty where there are fewer than two days."""

    library: str
    made: str
    score: str
    score_words: str
    trend_words: str
    points: str
    days: tuple[TrendDay, ...]
    sums: tuple[SumLine, ...]
    nothing: str
    problems: tuple[ProblemCard, ...]
    others: tuple[ProblemLine, ...]
    remarks: tuple[ProblemLine, ...]
    gains: tuple[str, ...]
    csv_address: str
    json_address: str


class Tongue(msgspec.Struct, frozen=True):
    """The report in one language, as HTML."""

    code: str
    tag: str
    name: str
    report: Markup


class ReportFile(msgspec.Struct, frozen=True):
    """``tongues`` begins with the language that is shown first."""

    tag: str
    title: str
    style: Markup
    tongues: tuple[Tongue, ...]


def present_report(
    report: Report, reader: Reader, today: date, csv_address: str = "", json_address: str = ""
) -> ReportPage:
    language, partner = reader.language, report.partner
    return ReportPage(
        library=partner.name_in(language.code),
        made=language.say("Made on {date}", date=format_day(today, language.code)),
        score="" if report.score is None else format_number(report.score, language.code),
        score_words=_tell_score(report, language),
        trend_words=_tell_trend(report, language, reader),
        points=_draw_trend(report),
        days=tuple(_list_days(report, reader)),
        sums=(*(_tell_feed(feed, reader) for feed in report.feeds), _tell_index(report.index, language)),
        nothing="" if report.problems or not report.known else language.say("Nothing to mend. Thank you."),
        problems=tuple(_present_problem(problem, partner, language) for problem in report.problems[:SHOWN]),
        others=tuple(_present_line(problem, language) for problem in report.problems[SHOWN:]),
        remarks=tuple(_present_line(problem, language) for problem in report.remarks),
        gains=tuple(_tell_gains(report, language)),
        csv_address=csv_address,
        json_address=json_address,
    )


def _tell_score(report: Report, language: Language) -> str:
    if not report.known:
        return language.say(
            "The quality of the records is not known yet: it is looked at when the index is next built."
        )
    if report.score is None:
        return language.say("There are no records to judge yet.")
    return language.say(
        "{clean} of {records} records are in the catalogue and need no mending. Out of 100, that is the score.",
        clean=format_number(report.clean, language.code),
        records=format_number(report.records, language.code),
    )


def _tell_trend(report: Report, language: Language, reader: Reader) -> str:
    """Against the oldest day that is shown."""
    days = [day for day in report.trend[-DAYS_SHOWN:] if day.records]
    if report.score is None or len(days) < 2:
        return ""
    first = days[0]
    day = format_time_as_day(first.day, language.code, reader.zone)
    change = report.score - (measure_score(first.records, first.clean) or 0)
    if change == 0:
        return language.say("As on {date}.", date=day)
    if change > 0:
        return language.say_many(
            "{n} point better than on {date}.", "{n} points better than on {date}.", change, date=day
        )
    return language.say_many("{n} point worse than on {date}.", "{n} points worse than on {date}.", -change, date=day)


def _draw_trend(report: Report) -> str:
    scores = [100 * day.clean / day.records for day in report.trend[-DAYS_SHOWN:] if day.records]
    if len(scores) < 2:
        return ""
    step = 100 / (len(scores) - 1)
    return " ".join(f"{place * step:.1f},{30 - 0.3 * score:.1f}" for place, score in enumerate(scores))


def _list_days(report: Report, reader: Reader) -> Iterable[TrendDay]:
    code = reader.language.code
    for day in report.trend[-DAYS_SHOWN:]:
        score = measure_score(day.records, day.clean)
        if score is not None:
            yield TrendDay(format_time_as_day(day.day, code, reader.zone), format_number(score, code))


def _tell_feed(feed: FeedSum, reader: Reader) -> SumLine:
    language, run = reader.language, feed.run
    if run is None:
        return SumLine(feed.feed_id, language.say("Its documents are not here yet."), "", True)
    numbers = {name: format_number(getattr(run.counts, name), language.code) for name in (
        "received", "stored", "unchanged", "deleted", "repeated", "rejected")}  # fmt: skip
    when = format_time_as_day(run.finished or run.started, language.code, reader.zone)
    return SumLine(
        name=language.say("Harvest of “{feed}”, {date}: {verdict}", feed=feed.feed_id, date=when,
                          verdict=language.say(VERDICTS[run.verdict])),
        sum=language.say(
            "{received} received = {stored} new or changed + {unchanged} unchanged + {deleted} deleted + "
            "{repeated} repeated + {rejected} rejected",
            **numbers,
        ),
        words=_judge(run.counts.adds_up, language),
        holds=run.counts.adds_up,
        lost=tuple(f"{lost.source_id or lost.position}: {lost.rule}" for lost in feed.rejections),
    )  # fmt: skip


def _tell_index(index: IndexSum, language: Language) -> SumLine:
    names = ("live", "mapped", "skipped", "failed")
    numbers = {name: format_number(getattr(index, name), language.code) for name in names}
    words = _judge(index.waiting == 0, language)
    if index.waiting > 0:
        words = language.say_many("{n} record waits to be indexed.", "{n} records wait to be indexed.", index.waiting)
    return SumLine(
        name=language.say("Index"),
        sum=language.say(
            "{live} records held = {mapped} in the catalogue + {skipped} set aside by right + {failed} not understood",
            **numbers,
        ),
        words=words,
        holds=index.waiting == 0,
    )


def _judge(holds: bool, language: Language) -> str:
    return (
        language.say("The sum holds: every record is accounted for.")
        if holds
        else language.say("The sum does not hold.")
    )


def _present_problem(problem: Problem, partner: Partner, language: Language) -> ProblemCard:
    meaning, mending = tell_rule(problem.rule, language.code)
    return ProblemCard(
        rule=problem.rule,
        severity=problem.severity,
        severity_words=language.say(SEVERITIES[problem.severity]),
        meaning=meaning,
        count=_count(problem, language),
        mending=mending,
        examples=tuple(
            ExampleLine(
                example.source_id,
                build_partner_record_address(partner.record_url, example.source_id),
                language.say(WHOLE_RECORD) if example.field == "record" else example.field,
                example.found,
            )
            for example in problem.examples
        ),
        has_found=any(example.found for example in problem.examples),
    )


def _present_line(problem: Problem, language: Language) -> ProblemLine:
    meaning, mending = tell_rule(problem.rule, language.code)
    return ProblemLine(problem.rule, meaning, _count(problem, language), mending)


def _count(problem: Problem, language: Language) -> str:
    records = language.say_many("{n} record", "{n} records", problem.records)
    if problem.times == problem.records:
        return records
    return f"{records}, " + language.say_many("found {n} time", "found {n} times", problem.times)


def _tell_gains(report: Report, language: Language) -> Iterable[str]:
    yield language.say_many(
        "Readers of the catalogue find {n} document of yours.", "Readers of the catalogue find {n} documents of yours.",
        report.editions,
    )  # fmt: skip
    yield language.say_many(
        "{n} of them is found only through you.", "{n} of them are found only through you.", report.only_here
    )
    shared = report.editions - report.only_here
    if shared:
        yield language.say_many(
            "{n} other also stands in another library: each leads readers to the other.",
            "{n} others also stand in other libraries: each leads readers to the others.",
            shared,
        )
