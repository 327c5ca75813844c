"""Clusters: which records lie together, and under which edition id.

An id belongs to the record that founded it. A cluster's id is the oldest one that a member founded; the ids of its
other founders become aliases of it, so that every old link leads on. Where a founder leaves a cluster that goes on
without it (it was corrected, or deleted), the smallest record number left becomes the founder. Where a founder turns
into another work, nobody founds the id any more: an old link never leads to another book. A cluster whose members
founded nothing is given a new id. All this depends on who lies together, not on the order of arrival.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

import msgspec

from lienthu.store import Fate, LedgerEntry

NOBODY = 0
"""The founder of an id whose record turned into another work. Record numbers begin at 1."""


class Ledger(Protocol):
    """The part of the store that allots edition ids."""

    def ledger_of_founders(self, numbers: Sequence[int]) -> dict[int, list[LedgerEntry]]: ...

    def allot_editions(self, founders: Sequence[int]) -> dict[int, str]: ...

    def change_ledger(
        self, *, founders: Mapping[str, int] | None = None, aliases: Mapping[str, str | None] | None = None
    ) -> None: ...


class Clusters(msgspec.Struct, frozen=True):
    """``members`` maps a match key to record numbers, ascending, never empty; ``ids`` maps it to the edition id;
    ``revived`` are those ids among them that had a tombstone."""

    members: Mapping[bytes, tuple[int, ...]]
    ids: Mapping[bytes, str]
    revived: tuple[str, ...] = ()


def gather_members(
    standing: Mapping[bytes, Iterable[int]], changed: Iterable[int], arriving: Iterable[tuple[bytes, int]]
) -> dict[bytes, tuple[int, ...]]:
    """The touched clusters as they will be: those that *standing* holds, less the *changed*, with the *arriving*."""
    leaving = set(changed)
    members = {key: {number for number in numbers if number not in leaving} for key, numbers in standing.items()}
    for key, number in arriving:
        members.setdefault(key, set()).add(number)
    return {key: tuple(sorted(numbers)) for key, numbers in members.items() if numbers}


def name_clusters(
    ledger: Ledger,
    members: Mapping[bytes, tuple[int, ...]],
    fates: Mapping[int, Fate],
    changed_works: Collection[int] = (),
) -> Clusters:
    """Gives every cluster its id and writes what that changes to the ledger. Doing it again changes nothing more.

    *fates* are those that the records had before this step (of changed and unchanged members alike); *changed_works*
    are the records that describe another work than they did then.
    """
    everyone = sorted({number for numbers in members.values() for number in numbers} | set(fates))
    founded = ledger.ledger_of_founders(everyone)
    moves = _give_up_ids(changed_works, fates, founded) | _pass_on_founders(members, fates, founded)
    entries: dict[bytes, list[LedgerEntry]] = {key: [] for key in members}
    home = {number: key for key, numbers in members.items() for number in numbers}
    for number, own in founded.items():
        for entry in own:
            key = home.get(moves.get(entry.edition_id, number))
            if key is not None:
                entries[key].append(entry)
    ids: dict[bytes, str] = {}
    revived: list[str] = []
    aliases: dict[str, str | None] = {}
    for key, own in entries.items():
        if not own:
            continue
        own.sort(key=lambda entry: entry.serial)
        ids[key] = own[0].edition_id
        if own[0].tombstone is not None:
            revived.append(own[0].edition_id)
        if own[0].alias_of is not None:
            aliases[own[0].edition_id] = None
        aliases.update((e.edition_id, ids[key]) for e in own[1:] if e.alias_of != ids[key])
    if moves or aliases:
        ledger.change_ledger(founders=moves, aliases=aliases)
    newcomers = {numbers[0]: key for key, numbers in members.items() if key not in ids}
    if newcomers:
        ids.update((newcomers[number], new) for number, new in ledger.allot_editions(sorted(newcomers)).items())
    return Clusters(members, ids, tuple(revived))


def _give_up_ids(
    changed_works: Collection[int], fates: Mapping[int, Fate], founded: Mapping[int, list[LedgerEntry]]
) -> dict[str, int]:
    """edition id -> NOBODY, for the ids under which a changed work lay: its edition's, and aliases of that."""
    return {
        entry.edition_id: NOBODY
        for number in changed_works
        for entry in founded.get(number, ())
        if fates[number].edition_id in {entry.edition_id, entry.alias_of}
    }


def _pass_on_founders(
    members: Mapping[bytes, tuple[int, ...]], fates: Mapping[int, Fate], founded: Mapping[int, list[LedgerEntry]]
) -> dict[str, int]:
    """edition id -> its new founder, for ids whose founder left while others of the same cluster stayed."""
    stayed: dict[str, int] = {}
    for key, numbers in members.items():
        for number in numbers:
            fate = fates.get(number)
            if fate is not None and fate.match_key == key and fate.edition_id:
                stayed[fate.edition_id] = min(number, stayed.get(fate.edition_id, number))
    moves: dict[str, int] = {}
    for number, entries in founded.items():
        for entry in entries:
            heir = stayed.get(entry.edition_id)
            if heir is None or heir == number:
                continue
            fate = fates.get(number)
            left = fate is None or fate.match_key not in members or number not in members[fate.match_key]
            if left:
                moves[entry.edition_id] = heir
    return moves
