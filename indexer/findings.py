"""What the indexer tells the store of a record besides its fate: its findings, and its ISBNs with its title.

A record that failed has one finding, of the rule that broke. A skipped one has none: nothing is wrong with it.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

from indexer.normalise.keys import build_key
from lienthu.finding import Finding
from lienthu.outcome import Failed, Mapped, Outcome
from lienthu.record import Record

MAX_ISBNS = 20


def list_findings(outcome: Outcome) -> Sequence[Finding]:
    """Every doubt about this record."""
    if isinstance(outcome, Mapped):
        return outcome.record.findings
    if isinstance(outcome, Failed):
        return (Finding(outcome.rule, "error", outcome.field, done=outcome.reason[:200]),)
    return ()


def list_isbns(record: Record) -> Mapping[int, bytes]:
    """ISBN as a number -> a digest of the work's title, by which two works on one ISBN are told apart. Volumes and
    editions have the title of their work."""
    isbns = [
        identifier.value
        for identifier in record.identifiers
        if identifier.kind == "isbn" and identifier.value.isdecimal()
    ]
    if not isbns:
        return {}
    digest = blake2b(build_key(record.title.main).encode(), digest_size=8).digest()
    return {int(isbn): digest for isbn in isbns[:MAX_ISBNS]}
