"""The report to a partner: what became of all that it sent, what it should mend, and what it gains.

Score: of every 100 live records that should be in the catalogue, how many are there and bear nothing to mend (rounded
down, so that 100 means all). Records that are skipped by right (authorities, withheld ones) count in neither. Two works
on one ISBN are told and not counted: nobody knows which of them is wrong. Notes are told and never counted.
"""

import csv
import io
from collections.abc import Iterable, Sequence

import msgspec

from lienthu.finding import Finding, Severity
from lienthu.finding_rules import tell_rule
from lienthu.harvest_run import HarvestRun
from lienthu.partner import Partner
from lienthu.store import FindingExample, QualityDay, RecordStore, Rejection

EXAMPLES = 5
MAX_REJECTIONS = 20
SHARED_ISBN = "isbn-shared"
REPEATED_RECORD = "record-repeated"
ACROSS = (SHARED_ISBN, REPEATED_RECORD)
"""Rules that no record breaks alone."""
_WEIGHTS = {"error": 3, "warning": 1, "note": 0}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


class Example(msgspec.Struct, frozen=True):
    """A record that shows a problem, as the partner knows it."""

    feed_id: str
    source_id: str
    field: str
    found: str


class Problem(msgspec.Struct, frozen=True):
    """One rule: how many records it concerns, how often it was found, and some of them."""

    rule: str
    severity: Severity
    records: int
    times: int
    examples: tuple[Example, ...]


class FeedSum(msgspec.Struct, frozen=True):
    """received = stored + unchanged + deleted + repeated + rejected, of a feed's last run; None: never harvested."""

    feed_id: str
    run: HarvestRun | None
    last_complete: str
    rejections: tuple[Rejection, ...] = ()


class IndexSum(msgspec.Struct, frozen=True):
    """live = mapped + skipped + failed; ``waiting`` is what the index has not seen yet (then the sum does not hold)."""

    live: int
    mapped: int
    skipped: int
    failed: int

    @property
    def waiting(self) -> int:
        return self.live - self.mapped - self.skipped - self.failed


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """``known`` is false where this index was built before findings were kept: then nothing is said of quality.
    ``problems`` are to be mended, the most pressing first; ``remarks`` are notes."""

    partner: Partner
    known: bool
    records: int
    clean: int
    trend: tuple[QualityDay, ...]
    feeds: tuple[FeedSum, ...]
    index: IndexSum
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]
    editions: int
    only_here: int

    @property
    def score(self) -> int | None:
        """0 to 100; None where nothing can be said."""
        return measure_score(self.records, self.clean) if self.known else None


def measure_score(records: int, clean: int) -> int | None:
    return 100 * clean // records if records else None


def build_report(store: RecordStore, generation: str | None, partner: Partner) -> Report:
    """Everything of one partner, from the *generation* that serves."""
    known = generation is not None and store.has_findings(generation)
    problems = _list_problems(store, generation or "", partner.id) if known else []
    quality = store.count_quality(generation).get(partner.id, (0, 0)) if known and generation else (0, 0)
    tally = store.tally(generation).get(partner.id, {}) if generation else {}
    editions, only_here = store.count_editions_of(generation, partner.id) if generation else (0, 0)
    return Report(
        partner=partner,
        known=known,
        records=quality[0],
        clean=quality[1],
        trend=tuple(store.quality_days(partner.id)),
        feeds=tuple(_sum_feed(store, partner.id, feed_id) for feed_id in _list_feeds(store, partner)),
        index=IndexSum(
            store.count_records().by_partner.get(partner.id, (0, 0))[0],
            *(tally.get(fate, 0) for fate in ("mapped", "skipped", "failed")),
        ),
        problems=tuple(problem for problem in problems if problem.severity != "note"),
        remarks=tuple(problem for problem in problems if problem.severity == "note"),
        editions=editions,
        only_here=only_here,
    )


def _list_feeds(store: RecordStore, partner: Partner) -> Iterable[str]:
    return dict.fromkeys([*(feed.id for feed in partner.feeds), *store.list_feeds(partner.id)])


def _sum_feed(store: RecordStore, partner_id: str, feed_id: str) -> FeedSum:
    run = store.last_run(partner_id, feed_id)
    complete = store.last_complete(partner_id, feed_id)
    rejections = store.rejections(run.id, MAX_REJECTIONS) if run and run.counts.rejected else []
    return FeedSum(feed_id, run, complete.finished if complete else "", tuple(rejections))


def _list_problems(store: RecordStore, generation: str, partner_id: str) -> list[Problem]:
    examples = store.finding_examples(generation, partner_id, EXAMPLES)
    problems = [
        Problem(count.rule, count.severity, count.records, count.times, _show(examples.get(count.rule, ())))
        for count in store.count_findings(generation, partner_id)
    ]
    for rule in ACROSS:
        found = list_across(store, generation, partner_id, rule)
        if found:
            problems.append(_build_across(rule, found))
    return sorted(problems, key=lambda problem: (-problem.records * _WEIGHTS[problem.severity], problem.rule))


def _build_across(rule: str, found: Sequence[FindingExample]) -> Problem:
    """Counted in records; ``times`` are the numbers, or the editions, that they share."""
    severity = found[0].finding.severity
    shared = len({one.finding.found for one in found})
    return Problem(rule, severity, len({one.key for one in found}), shared, _show(found[: EXAMPLES + 1]))


def list_across(store: RecordStore, generation: str, partner_id: str, rule: str) -> list[FindingExample]:
    """A finding for each record that another one of the partner contradicts or repeats."""
    if rule == SHARED_ISBN:
        return [
            FindingExample(key, Finding(rule, "warning", "ISBN", str(isbn)))
            for isbn, keys in store.shared_isbns(generation, partner_id).items()
            for key in keys
        ]
    return [
        FindingExample(key, Finding(rule, "note", "record", " = ".join(own.source_id for own in keys)))
        for keys in store.repeated_editions(generation, partner_id)
        for key in keys
    ]


def _show(found: Iterable[FindingExample]) -> tuple[Example, ...]:
    return tuple(Example(one.key.feed_id, one.key.source_id, one.finding.field, one.finding.found) for one in found)


def write_json(report: Report, language: str) -> bytes:
    """The report as JSON: exact counts, and the words of *language*."""
    shown = {
        "partner": report.partner.id,
        "score": report.score,
        "records": report.records,
        "clean": report.clean,
        "trend": [
            {"day": day.day, "records": day.records, "clean": day.clean, "score": measure_score(day.records, day.clean)}
            for day in report.trend
        ],
        "feeds": [_show_feed(feed) for feed in report.feeds],
        "index": {**msgspec.structs.asdict(report.index), "waiting": report.index.waiting},
        "problems": [_show_problem(problem, language) for problem in report.problems],
        "remarks": [_show_problem(problem, language) for problem in report.remarks],
        "gains": {
            "editions": report.editions,
            "only_here": report.only_here,
            "shared": report.editions - report.only_here,
        },
    }
    return msgspec.json.format(msgspec.json.encode(shown), indent=2) + b"\n"


def _show_feed(feed: FeedSum) -> dict[str, object]:
    run = feed.run
    return {
        "feed": feed.feed_id,
        "verdict": run.verdict if run else None,
        **(msgspec.structs.asdict(run.counts) if run else {}),
        "adds_up": run.counts.adds_up if run else None,
        "last_complete": feed.last_complete or None,
        "rejections": feed.rejections,
    }


def _show_problem(problem: Problem, language: str) -> dict[str, object]:
    meaning, mending = tell_rule(problem.rule, language)
    return {**msgspec.structs.asdict(problem), "meaning": meaning, "mending": mending}


def write_csv(report: Report, language: str) -> str:
    """One line for each rule, problems first; begins with the mark by which Excel knows UTF-8."""
    lines = [("rule", "severity", "records", "times", "meaning", "mending", "examples")]
    for problem in (*report.problems, *report.remarks):
        examples = "; ".join(dict.fromkeys(example.source_id for example in problem.examples))
        counts = (str(problem.records), str(problem.times))
        lines.append((problem.rule, problem.severity, *counts, *tell_rule(problem.rule, language), examples))
    return write_table(lines)


def write_examples(found: Iterable[FindingExample]) -> str:
    """One line for each finding, with the record that bears it."""
    head = ("feed", "record", "rule", "severity", "field", "found", "done")
    rows = (
        (one.key.feed_id, one.key.source_id, one.finding.rule, one.finding.severity, one.finding.field,
         one.finding.found, one.finding.done)
        for one in found
    )  # fmt: skip
    return write_table([head, *rows])


def write_table(rows: Iterable[Sequence[str]]) -> str:
    """CSV that no spreadsheet takes for formulas: what would begin one is put behind an apostrophe."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(_DANGEROUS) else cell for cell in row])
    return "\ufeff" + written.getvalue()
