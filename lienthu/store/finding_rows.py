"""How findings come into the store and leave it.

Of each record at most MAX_ROWS are kept, the first of every rule before any second one, so that the number of records
that a rule concerns is always exact.
"""

from collections.abc import Iterable, Mapping, Sequence

from lienthu.finding import Finding
from lienthu.store.database import Writing, clean_text

MAX_ROWS = 40


def write_findings(
    writing: Writing,
    generation: int,
    numbers: Iterable[int],
    found: Mapping[int, Sequence[Finding]],
    isbns: Mapping[int, Mapping[int, bytes]],
) -> None:
    """Replaces what was found on the records *numbers* by *found*, and which title they give to which ISBN."""
    forget_findings(writing, generation, numbers)
    writing.write_many(
        "INSERT INTO findings (generation, number, place, rule, severity, field, found, done) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (generation, number, place, finding.rule, finding.severity, clean_text(finding.field),
             clean_text(finding.found), clean_text(finding.done))
            for number, own in found.items()
            for place, finding in enumerate(choose_findings(own))
        ],
    )  # fmt: skip
    writing.write_many(
        "INSERT INTO isbn_titles (generation, number, isbn, title) VALUES (?, ?, ?, ?)",
        [(generation, number, isbn, title) for number, own in isbns.items() for isbn, title in own.items()],
    )


def choose_findings(found: Sequence[Finding]) -> Sequence[Finding]:
    """All of them where they are few; else the first of every rule, then others, MAX_ROWS in all."""
    if len(found) <= 1:
        return found
    found = list(dict.fromkeys(found))
    if len(found) <= MAX_ROWS:
        return found
    first = {finding.rule: finding for finding in reversed(found)}
    chosen = {id(finding) for finding in first.values()}
    return [*reversed(first.values()), *(finding for finding in found if id(finding) not in chosen)][:MAX_ROWS]


def forget_findings(writing: Writing, generation: int, numbers: Iterable[int]) -> None:
    rows = [(generation, number) for number in numbers]
    writing.write_many("DELETE FROM findings WHERE generation = ? AND number = ?", rows)
    writing.write_many("DELETE FROM isbn_titles WHERE generation = ? AND number = ?", rows)
