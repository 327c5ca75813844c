"""Sample: what records hold, before any of them is stored. Each goes through the very crosswalk and findings of the
index; nothing is kept of it but counts, one example of each finding, and the first few as cards.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from indexer.crosswalks import map_record
from indexer.findings import list_findings
from indexer.merging import merge_edition
from lienthu.edition import Edition
from lienthu.examination import Contents, FindingTold, shorten
from lienthu.finding import Finding, Severity
from lienthu.outcome import Deleted, Failed, Mapped
from lienthu.partner import Partner
from lienthu.raw_record import RawRecord
from lienthu.record import Record

CARDS = 5
_WEIGHT: Mapping[Severity, int] = {"error": 0, "warning": 1, "note": 2}


class Sample:
    """Takes records one by one; ``describe`` may be asked at any time."""

    def __init__(self, partner: Partner) -> None:
        self._partner = partner
        self._counts: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._filled: Counter[str] = Counter()
        self._formats: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._types: Counter[str] = Counter()
        self._findings: dict[str, tuple[Finding, str]] = {}
        self._found_on: Counter[str] = Counter()
        self._cards: list[Edition] = []

    def add(self, raw: RawRecord) -> None:
        self._counts["read"] += 1
        self._formats[raw.format] += 1
        outcome = map_record(raw, self._partner)
        if isinstance(outcome, Mapped):
            self._counts["mapped"] += 1
            self._look_at(outcome.record)
        elif isinstance(outcome, Deleted):
            self._counts["deleted"] += 1
        elif isinstance(outcome, Failed):
            self._failed[outcome.rule] += 1
        else:
            self._skipped[outcome.rule] += 1
        findings = list_findings(outcome)
        for finding in findings:
            self._findings.setdefault(finding.rule, (finding, raw.source_id))
        self._found_on.update({finding.rule for finding in findings})

    def _look_at(self, record: Record) -> None:
        self._filled.update(_list_filled(record))
        self._languages.update(record.languages or ("und",))
        self._types[record.type] += 1
        is_new = all(card.title != record.title for card in self._cards)  # thirty copies make one card
        if is_new and len(self._cards) < CARDS:
            self._cards.append(merge_edition(f"check-{len(self._cards) + 1}", [record]))

    def describe(self) -> Contents:
        return Contents(
            read=self._counts["read"],
            mapped=self._counts["mapped"],
            deleted=self._counts["deleted"],
            skipped=dict(self._skipped.most_common()),
            failed=dict(self._failed.most_common()),
            filled=dict(self._filled),
            formats=dict(self._formats.most_common()),
            languages=dict(self._languages.most_common(12)),
            types=dict(self._types.most_common(12)),
            findings=tuple(sorted(self._tell_findings(), key=lambda told: (_WEIGHT[told.severity], -told.records))),
            cards=tuple(self._cards),
        )

    def _tell_findings(self) -> Iterable[FindingTold]:
        for rule, (finding, source_id) in self._findings.items():
            yield FindingTold(
                rule, finding.severity, self._found_on[rule], finding.field, shorten(finding.found), shorten(source_id)
            )


def _list_filled(record: Record) -> Iterable[str]:
    """The names of FILLED that this record has something for."""
    facts = {
        "title": record.title.main,
        "author": record.agents,
        "year": record.publication.year,
        "publisher": record.publication.publisher,
        "language": record.languages,
        "subject": record.subjects,
        "isbn": any(identifier.kind == "isbn" for identifier in record.identifiers),
        "copies": any(not holding.url for holding in record.holdings),
        "link": record.links or any(holding.url for holding in record.holdings),
    }
    return [name for name, value in facts.items() if value]
