"""A family: all that a partner ever gave under one id, and what becomes of a record that arrives under it. Pure.

* The same content is the same record: ``unchanged``, or ``repeated`` where this run has already brought it.
* Other content replaces what this run has not brought yet, or what it brought with an older datestamp: ``stored``.
* Other content beside what this run has brought: both are kept, the later one as ``id~2``, with a finding
  unless it tells a further stay of a copy on rotation.
* A tombstone deletes what this run has not brought; where it has brought all of it, the tombstone speaks later and
  deletes that, unless the datestamps say that it is the older word.

In an incremental run nothing tells which of two siblings was changed; the first is replaced, and the next full run,
which sees both, puts it right.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec

from lienthu.raw_record import RawRecord, digest_content

Kind = Literal["stored", "unchanged", "deleted", "repeated"]
REUSED = "id-reused"


class Member(msgspec.Struct, gc=False):
    """One stored record of a family, as it is and as this page leaves it.

    ``number`` is 0 until the store gives one. ``brought``: this run has seen it. ``content`` is what must be written
    as its payload, ``changed`` whether it needs a change number.
    """

    number: int
    source_id: str
    sibling: bool
    format: str
    digest: bytes
    deleted: bool
    datestamp: str
    brought: bool
    findings: tuple[str, ...] = ()
    content: RawRecord | None = None
    changed: bool = False
    touched: bool = False
    shown: bool = False
    """Readers have it now, whatever this run wants."""

    def bring(self, datestamp: str) -> None:
        self.brought = self.touched = True
        self.datestamp = max(self.datestamp, datestamp)

    def rewrite(self, raw: RawRecord, digest: bytes) -> None:
        self.format, self.digest, self.deleted, self.datestamp = raw.format, digest, raw.deleted, raw.datestamp
        reused = self.sibling and not raw.rotates
        self.findings = tuple(dict.fromkeys((*raw.findings, REUSED))) if reused else raw.findings
        self.content = raw
        self.brought = self.touched = self.changed = True

    def bury(self, datestamp: str) -> None:
        self.deleted = self.changed = True
        self.bring(datestamp)


class Family(msgspec.Struct, gc=False):
    """The members under ``base_id``, oldest first; ``awaited`` are the digests that this page brings later on, with
    their datestamps: their members are spoken for."""

    base_id: str
    members: list[Member]
    awaited: Mapping[bytes, str] = {}

    def place(self, raw: RawRecord, digest: bytes, name_sibling: Callable[[str], str]) -> Kind:
        """Decides what becomes of *raw*. *name_sibling* gives a free id for a further member."""
        if raw.deleted:
            return self._bury(raw, name_sibling)
        if not self.members:
            self._add(name_sibling).rewrite(raw, digest)
            return "stored"
        for member in self.members:
            if not member.deleted and member.digest == digest:
                kind: Kind = "repeated" if member.brought else "unchanged"
                member.bring(raw.datestamp)
                return kind
        if self._is_outdated(raw):
            return "repeated"
        chosen = self._choose(raw, digest) or self._add(name_sibling)
        chosen.rewrite(raw, digest)
        return "stored"

    def _bury(self, tombstone: RawRecord, name_sibling: Callable[[str], str]) -> Kind:
        live = [member for member in self.members if not member.deleted]
        if not self.members:
            self._add(name_sibling).rewrite(tombstone, digest_content(tombstone.format, b"", False))
            return "deleted"
        if not live:
            kind: Kind = "repeated" if all(member.brought for member in self.members) else "unchanged"
            for member in self.members:
                member.bring(tombstone.datestamp)
            return kind
        hit = [member for member in live if not member.brought]
        hit = hit or [member for member in live if not is_older(tombstone.datestamp, member.datestamp)]
        for member in hit:
            member.bury(tombstone.datestamp)
        return "deleted" if hit else "repeated"

    def _is_outdated(self, raw: RawRecord) -> bool:
        """This run has already brought a tombstone that is newer than this record."""
        return all(member.deleted for member in self.members) and any(
            member.brought and is_older(raw.datestamp, member.datestamp) for member in self.members
        )

    def _choose(self, raw: RawRecord, digest: bytes) -> Member | None:
        live = [member for member in self.members if not member.deleted]
        for member in live:
            if not member.brought and not self._is_spoken_for(member, raw):
                return member
        older = [member for member in live if member.brought and is_older(member.datestamp, raw.datestamp)]
        if older:
            return min(older, key=lambda member: member.datestamp)
        dead = [member for member in self.members if member.deleted]
        same = [member for member in dead if member.digest == digest]
        return next(iter(same or dead), None)

    def _is_spoken_for(self, member: Member, raw: RawRecord) -> bool:
        awaited = self.awaited.get(member.digest)
        return awaited is not None and not is_older(raw.datestamp, awaited)

    def _add(self, name_sibling: Callable[[str], str]) -> Member:
        source_id = name_sibling(self.base_id)
        member = Member(
            number=0,
            source_id=source_id,
            sibling=source_id != self.base_id,
            format="",
            digest=b"",
            deleted=False,
            datestamp="",
            brought=False,
        )
        self.members.append(member)
        return member


def is_older(one: str, other: str) -> bool:
    """Both are known, and *one* is the earlier. Datestamps of one feed have one granularity, so text order is time."""
    return bool(one and other) and one < other


def find_awaited(arrivals: Sequence[tuple[RawRecord, bytes]]) -> dict[str, dict[bytes, str]]:
    """For each id that comes more than once in a page: the digests that come, with their datestamps."""
    once: dict[str, tuple[bytes, str]] = {}
    awaited: dict[str, dict[bytes, str]] = {}
    for raw, digest in arrivals:
        if raw.deleted:
            continue
        first = once.setdefault(raw.source_id, (digest, raw.datestamp))
        if first[0] is not digest:
            known = awaited.setdefault(raw.source_id, dict([first]))
            known[digest] = max(known.get(digest, ""), raw.datestamp)
    return awaited
