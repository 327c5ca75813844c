"""The nouns that the store hands out. Times are ISO 8601 in UTC."""

from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from lienthu.finding import Finding, Severity
from lienthu.harvest_run import HarvestCounts
from lienthu.message import Message
from lienthu.raw_record import RawRecord, RecordKey

FateOutcome = Literal["mapped", "skipped", "failed"]


class OpenRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run that may write pages. ``resumed``: its process died and it goes on from ``checkpoint`` and ``counts``."""

    id: int
    full: bool
    resumed: bool
    checkpoint: bytes | None
    counts: HarvestCounts
    started: str
    staged: bool = False
    """What it makes appear or vanish waits until it is released."""
    sweep: bool = False
    """It asks for the list of all identifiers as well, to learn what is gone."""
    fingerprint: str = ""
    """Of the feed's settings that decide what is asked for."""


class StagedCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What a run wants, against the ``live`` records of its feed as readers have them. ``seen`` of these it brought;
    ``deleted`` are taken back by the partner's word, ``unseen`` are missing from a whole list, ``becoming`` are to
    stand for another work than before."""

    live: int
    seen: int
    appearing: int
    deleted: int
    unseen: int
    becoming: int = 0

    @property
    def vanishing(self) -> int:
        return self.deleted + self.unseen


StagedKind = Literal["appears", "deleted", "unseen", "becomes"]
JudgeWork = Callable[[RawRecord, RawRecord], bool]
"""Whether the second record describes another work than the first one, which readers have."""
HoldDecision = Literal["", "approved", "rejected", "superseded"]


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A run that waits for a person (``decision`` empty), or waited. ``ending`` is the verdict it has else earned."""

    run_id: int
    partner_id: str
    feed_id: str
    reason: Message
    ending: str
    live: int
    appearing: int
    vanishing: int
    created: str
    decision: HoldDecision = ""
    decided: str = ""
    decided_by: str = ""


class Hiding(msgspec.Struct, frozen=True, kw_only=True):
    """A decision to hide what is named (a record or an edition). ``lifted`` is empty while it stands."""

    id: int
    name: str
    reason: str
    decided: str
    decided_by: str
    lifted: str = ""
    lifted_by: str = ""


HIDDEN_RULE = "hidden"
"""The rule of the fate of a record that is hidden."""


class Hidden(msgspec.Struct, frozen=True):
    """All that is hidden now: records, whole editions, and the match keys of these."""

    records: frozenset[RecordKey] = frozenset()
    editions: frozenset[str] = frozenset()
    match_keys: frozenset[bytes] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.records or self.editions)


class Rejection(msgspec.Struct, frozen=True):
    """A received record that could not be kept. ``position`` is its place in the run; ``source_id`` may be empty."""

    position: int
    source_id: str
    rule: str
    reason: str


class StoredRecord(msgspec.Struct, frozen=True, gc=False):
    """``number`` is the record's own, for ever; ``change`` the number of its last real change.

    ``raw`` of a deleted record still has the last payload that the partner sent.
    """

    number: int
    change: int
    raw: RawRecord


class StoreCounts(msgspec.Struct, frozen=True):
    """``by_partner`` gives (live, deleted) of each partner that ever sent a record."""

    live: int
    deleted: int
    by_partner: Mapping[str, tuple[int, int]]


class GenerationState(msgspec.Struct, frozen=True):
    """A generation of the index: it holds all changes up to ``change``. ``promoted`` is empty until it served.
    ``tables`` is the digest of the tables of names it was begun with; empty is not known."""

    name: str
    change: int
    created: str
    promoted: str
    tables: str = ""


class Fate(msgspec.Struct, frozen=True, gc=False):
    """What became of a live record in one generation. ``match_key`` and ``edition_id`` are empty unless mapped."""

    number: int
    outcome: FateOutcome
    rule: str = ""
    reason: str = ""
    match_key: bytes = b""
    edition_id: str = ""


class LedgerEntry(msgspec.Struct, frozen=True, gc=False):
    """An edition id that was allotted. ``founder`` is the number of the record for which it stands; ``alias_of`` the
    id that took its place; ``tombstone`` what is known of an edition that is gone."""

    edition_id: str
    serial: int
    founder: int
    alias_of: str | None = None
    tombstone: bytes | None = None


class FindingCount(msgspec.Struct, frozen=True):
    """How many live records a rule concerns, how often it was found on them, and at worst how severe."""

    rule: str
    severity: Severity
    records: int
    times: int


class FindingExample(msgspec.Struct, frozen=True):
    """One finding and the record on which it was made."""

    key: RecordKey
    finding: Finding


class QualityDay(msgspec.Struct, frozen=True):
    """How the records stood at the end of *day* (ISO 8601): of ``records`` that should be in the catalogue, ``clean``
    were mapped and bear nothing to mend."""

    day: str
    records: int
    clean: int
