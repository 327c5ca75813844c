"""Findings in the store: every doubt about a live record as one generation's crosswalks saw it, counted for reports.

They are written in the same transaction as the records' fates, and go with them: see finding_rows.py.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from lienthu.finding import Finding, Severity
from lienthu.raw_record import RecordKey
from lienthu.store.database import Database
from lienthu.store.index_side import find_generation, require_generation
from lienthu.store.nouns import FindingCount, FindingExample, QualityDay
from lienthu.store.schema import (
    fates,
    feeds,
    findings,
    generations_with_findings,
    isbn_titles,
    quality_days,
    records,
)

SEVERITIES: tuple[Severity, ...] = ("note", "warning", "error")
FLAWS = SEVERITIES[1:]
"""What a partner should mend; a note is only told."""
SHOWN_NAMES = ("partner_id", "feed_id", "source_id", "rule", "severity", "field", "found", "done")
SHOWN = (
    feeds.c.partner_id,
    feeds.c.feed_id,
    records.c.source_id,
    findings.c.rule,
    findings.c.severity,
    findings.c.field,
    findings.c.found,
    findings.c.done,
)


class Findings(Database):
    """Counts and lists findings."""

    def has_findings(self, generation: str) -> bool:
        """Whether findings were kept while this generation was filled: where not, nothing is known."""
        with self.reading() as connection:
            known = find_generation(connection, generation)
            statement = select(generations_with_findings).where(generations_with_findings.c.generation == known)
            return known is not None and connection.execute(statement).first() is not None

    def count_findings(self, generation: str, partner_id: str) -> list[FindingCount]:
        """Every rule that concerns a live record of the partner, most records first."""
        counted = func.count(findings.c.number.distinct())
        worst = func.max(case({"note": 0, "warning": 1}, value=findings.c.severity, else_=2))
        with self.reading() as connection:
            known = require_generation(connection, generation)
            statement = (
                _select_findings(known, partner_id, findings.c.rule, worst, counted, func.count())
                .group_by(findings.c.rule)
                .order_by(counted.desc(), findings.c.rule)
            )
            found = connection.execute(statement)
            return [FindingCount(rule, SEVERITIES[rank], count, times) for rule, rank, count, times in found]

    def finding_examples(self, generation: str, partner_id: str, limit: int) -> dict[str, list[FindingExample]]:
        """Of every rule the first *limit* of the partner's records that it concerns, with its first finding on each."""
        per_record = func.row_number().over(
            partition_by=(findings.c.rule, findings.c.number), order_by=findings.c.place
        )
        with self.reading() as connection:
            known = require_generation(connection, generation)
            every = _select_findings(known, partner_id, *SHOWN, findings.c.number, per_record.label("nth")).subquery()
            place = func.row_number().over(partition_by=every.c.rule, order_by=every.c.number)
            ranked = select(every, place.label("rank")).where(every.c.nth == 1).subquery()
            columns = [ranked.c[name] for name in SHOWN_NAMES]
            statement = select(*columns).where(ranked.c.rank <= limit).order_by(ranked.c.rule, ranked.c.rank)
            examples: dict[str, list[FindingExample]] = {}
            for row in connection.execute(statement):
                example = _build_example(row)
                examples.setdefault(example.finding.rule, []).append(example)
        return examples

    def findings_of_rule(self, generation: str, partner_id: str, rule: str) -> Iterator[FindingExample]:
        """All of the partner's findings of one rule, by record number."""
        with self.reading() as connection:
            known = require_generation(connection, generation)
            statement = (
                _select_findings(known, partner_id, *SHOWN)
                .where(findings.c.rule == rule)
                .order_by(findings.c.number, findings.c.place)
            )
            for row in connection.execute(statement):
                yield _build_example(row)

    def shared_isbns(self, generation: str, partner_id: str) -> dict[int, list[RecordKey]]:
        """Every ISBN that stands on two or more works (titles) of the partner, with the records that bear it."""
        with self.reading() as connection:
            known = require_generation(connection, generation)
            own = _select_isbns(known, partner_id)
            several = (
                own.with_only_columns(isbn_titles.c.isbn)
                .group_by(isbn_titles.c.isbn)
                .having(func.count(isbn_titles.c.title.distinct()) > 1)
            )
            statement = own.where(isbn_titles.c.isbn.in_(several)).order_by(isbn_titles.c.isbn, isbn_titles.c.number)
            shared: dict[int, list[RecordKey]] = {}
            for isbn, *key in connection.execute(statement):
                shared.setdefault(isbn, []).append(RecordKey(*key))
        return shared

    def repeated_editions(self, generation: str, partner_id: str) -> list[list[RecordKey]]:
        """The records of each edition that two or more records of one feed of the partner describe. Those under one id
        are none of these: they are the stays of a copy, or told as ``id-reused``."""
        with self.reading() as connection:
            known = require_generation(connection, generation)
            own = (
                select(feeds.c.partner_id, feeds.c.feed_id, records.c.source_id, fates.c.edition, records.c.feed)
                .select_from(fates)
                .join(records, records.c.number == fates.c.number)
                .join(feeds, feeds.c.id == records.c.feed)
                .where(fates.c.generation == known, fates.c.edition.is_not(None), feeds.c.partner_id == partner_id)
                .where(records.c.sibling.is_(False))
            )
            several = (
                own.with_only_columns(fates.c.edition, records.c.feed)
                .group_by(fates.c.edition, records.c.feed)
                .having(func.count() > 1)
                .subquery()
            )
            statement = own.join(
                several, (several.c.edition == fates.c.edition) & (several.c.feed == records.c.feed)
            ).order_by(fates.c.edition, records.c.feed, records.c.number)
            editions: dict[tuple[int, int], list[RecordKey]] = {}
            for *key, edition, feed in connection.execute(statement):
                editions.setdefault((edition, feed), []).append(RecordKey(*key))
        return list(editions.values())

    def count_quality(self, generation: str) -> dict[str, tuple[int, int]]:
        """Partner -> (live records that should be in the catalogue, those of them that are and bear nothing to
        mend). Skipped records count in neither."""
        flawed = (
            select(findings.c.number)
            .where(findings.c.generation == fates.c.generation, findings.c.number == fates.c.number)
            .where(findings.c.severity.in_(FLAWS))
            .exists()
        )
        clean = func.sum(case(((fates.c.outcome == "mapped") & ~flawed, 1), else_=0))
        statement = (
            select(feeds.c.partner_id, func.count(), clean)
            .select_from(fates)
            .join(records, records.c.number == fates.c.number)
            .join(feeds, feeds.c.id == records.c.feed)
            .where(records.c.deleted.is_(False), fates.c.outcome != "skipped")
            .group_by(feeds.c.partner_id)
        )
        with self.reading() as connection:
            known = require_generation(connection, generation)
            found = connection.execute(statement.where(fates.c.generation == known))
            return {partner_id: (int(count), int(sound)) for partner_id, count, sound in found}

    def note_quality(self, generation: str, day: str) -> None:
        """Writes how every partner's records stand, as of *day*; a later word of the same day replaces it."""
        standing = self.count_quality(generation)
        dialect = postgresql if self.is_server else sqlite
        with self.writing() as writing:
            for partner_id, (count, clean) in standing.items():
                row = dialect.insert(quality_days).values(partner_id=partner_id, day=day, records=count, clean=clean)
                changed = {"records": row.excluded.records, "clean": row.excluded.clean}
                writing.connection.execute(
                    row.on_conflict_do_update(index_elements=["partner_id", "day"], set_=changed)
                )

    def quality_days(self, partner_id: str, limit: int = 400) -> list[QualityDay]:
        """The latest days that are known, oldest first."""
        statement = (
            select(quality_days.c.day, quality_days.c.records, quality_days.c.clean)
            .where(quality_days.c.partner_id == partner_id)
            .order_by(quality_days.c.day.desc())
            .limit(limit)
        )
        with self.reading() as connection:
            days = [QualityDay(row.day, row.records, row.clean) for row in connection.execute(statement)]
        return days[::-1]


def _build_example(row: Sequence[Any]) -> FindingExample:
    return FindingExample(RecordKey(row[0], row[1], row[2]), Finding(row[3], row[4], row[5], row[6], row[7]))


def _select_findings(generation: int, partner_id: str, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(findings)
        .join(records, records.c.number == findings.c.number)
        .join(feeds, feeds.c.id == records.c.feed)
        .where(findings.c.generation == generation, feeds.c.partner_id == partner_id, records.c.deleted.is_(False))
    )


def _select_isbns(generation: int, partner_id: str) -> Select[Any]:
    return (
        select(isbn_titles.c.isbn, feeds.c.partner_id, feeds.c.feed_id, records.c.source_id)
        .select_from(isbn_titles)
        .join(records, records.c.number == isbn_titles.c.number)
        .join(feeds, feeds.c.id == records.c.feed)
        .where(isbn_titles.c.generation == generation, feeds.c.partner_id == partner_id, records.c.deleted.is_(False))
    )
