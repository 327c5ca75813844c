"""Source: one raw record while it is being mapped, and what all field rules need to know of it."""

from lienthu.finding import Finding, Severity
from lienthu.practice import Practice
from lienthu.raw_record import RawRecord
from lienthu.record import Link

FAR_YEAR = 2_100
MAX_FINDINGS = 100
MAX_FOUND = 120


class Source:
    """``latest`` is the last year a publication can bear: two years after the record was harvested. ``online`` are the
    links to the document itself, once they are read."""

    __slots__ = ("findings", "latest", "online", "practice", "raw", "reference")

    def __init__(self, raw: RawRecord, practice: Practice, findings: list[Finding] | None = None) -> None:
        self.raw = raw
        self.practice = practice
        self.online: list[Link] = []
        self.reference = f"{raw.partner_id}/{raw.feed_id}/{raw.source_id}"
        self.findings = [] if findings is None else findings
        year = raw.harvested_at[:4]
        self.latest = int(year) + 2 if year.isdecimal() and len(year) == 4 else FAR_YEAR

    def note(self, rule: str, field: str, found: str = "", done: str = "", severity: Severity = "warning") -> None:
        """Adds a finding about the partner's *field*."""
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(rule, severity, field, found[:MAX_FOUND], done))


class RuleBroken(Exception):
    """A field rule finds that the record cannot be mapped: ``field``, ``rule`` and the reason in words."""

    def __init__(self, field: str, rule: str, reason: str) -> None:
        self.field = field
        self.rule = rule
        self.reason = reason
        super().__init__(reason)
