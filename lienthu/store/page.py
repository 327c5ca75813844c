"""A page of received records on its way into the store: looked up in one go, decided one by one, written in one go."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, bindparam, select

from lienthu.raw_record import RawRecord, digest_content, digest_payload
from lienthu.store.database import Writing, clean_text, tell_time
from lienthu.store.family import Family, Member, find_awaited
from lienthu.store.lookup import Lookup
from lienthu.store.nouns import JudgeWork
from lienthu.store.payloads import Payloads
from lienthu.store.schema import records, siblings, staged_changes, staged_contents
from lienthu.store.waiting import find_other_works, write_waiting

ID_BYTES = 1_500
"""A longer id is cut and gets a digest: PostgreSQL indexes no key above 2,700 bytes."""

_MEMBERS = select(
    records.c.number,
    records.c.source_id,
    records.c.sibling,
    records.c.format,
    records.c.digest,
    records.c.deleted,
    records.c.datestamp,
    records.c.seen_run,
    records.c.findings,
)
_BY_ID = Lookup(_MEMBERS.where(records.c.feed == bindparam("feed")), records.c.source_id)
_BY_NUMBER = Lookup(_MEMBERS, records.c.number)
_SIBLINGS = Lookup(
    select(siblings.c.number, siblings.c.base_id).where(siblings.c.feed == bindparam("feed")), siblings.c.base_id
)
_STAGED = Lookup(
    select(staged_changes.c.number, staged_changes.c.kind, staged_contents.c.digest)
    .outerjoin(
        staged_contents,
        (staged_contents.c.run == staged_changes.c.run) & (staged_contents.c.number == staged_changes.c.number),
    )
    .where(staged_changes.c.run == bindparam("run")),
    staged_changes.c.number,
)


class Page:
    """The families that one page touches, within one writing transaction of one run.

    In a *staged* run nothing appears or vanishes: it is noted among the staged changes, and a record that waits to
    appear is written as a tombstone with its payload; what would become another work, as *judge* says, stays what it
    is. The run itself sees its own staged changes as done.
    """

    def __init__(
        self,
        writing: Writing,
        feed: int,
        run_id: int,
        arrivals: Sequence[RawRecord],
        *,
        staged: bool = False,
        judge: JudgeWork | None = None,
    ) -> None:
        self._writing = writing
        self._feed = feed
        self._run_id = run_id
        self._staged = staged
        self._judge = judge
        self._arrivals = [(raw, digest_content(raw.format, raw.payload, False)) for raw in map(clean_record, arrivals)]
        self._names: set[str] = set()
        self._families = self._read_families()

    def decide(self) -> Counter[str]:
        """What becomes of each record, counted."""
        return Counter(
            self._families[raw.source_id].place(raw, digest, self._name_sibling) for raw, digest in self._arrivals
        )

    def write(self, payloads: Payloads) -> None:
        """Writes every member that the page touched; those that changed get their change numbers."""
        now = tell_time()
        known: list[Member] = []
        fresh: list[tuple[str, Member]] = []
        for base_id, family in self._families.items():
            for member in family.members:
                if not member.number:
                    member.number = self._writing.next("record")
                    fresh.append((base_id, member))
                elif member.touched:
                    known.append(member)
        if self._staged:
            self._stage(payloads, [*(member for _, member in fresh), *known], now)
        self._insert(fresh, now)
        self._update(known, now)
        self._write_payloads(payloads, [*(member for _, member in fresh), *known])

    def _read_families(self) -> dict[str, Family]:
        awaited = find_awaited(self._arrivals)
        families = {
            raw.source_id: Family(raw.source_id, [], awaited.get(raw.source_id, {})) for raw, _ in self._arrivals
        }
        for base_id, member in self._read_members(list(families)):
            self._names.add(member.source_id)
            if base_id is not None:
                families[base_id].members.append(member)
        if self._staged:
            self._show_staged({member.number: member for family in families.values() for member in family.members})
        for family in families.values():
            if len(family.members) > 1:
                family.members.sort(key=lambda member: member.number)
        return families

    def _show_staged(self, members: dict[int, Member]) -> None:
        for number, kind, digest in _STAGED.find(self._writing.connection, members, run=self._run_id):
            members[number].deleted = kind not in {"appears", "becomes"}
            members[number].digest = digest or members[number].digest

    def _stage(self, payloads: Payloads, members: Sequence[Member], now: str) -> None:
        """Notes what the members are to become, and turns them back to what readers have."""
        changed = [member for member in members if member.changed]
        rewritten = [member for member in changed if member.shown and not member.deleted and member.content is not None]
        forget_staged(self._writing, self._run_id, [member.number for member in changed])
        waiting = [member for member in changed if member.deleted == member.shown]
        self._writing.write_many(
            "INSERT INTO staged_changes (run, number, kind) VALUES (?, ?, ?)",
            [(self._run_id, member.number, "deleted" if member.deleted else "appears") for member in waiting],
        )
        for member in waiting:
            member.deleted = not member.shown
            member.changed = member.content is not None
        if self._judge is not None and rewritten:
            others = find_other_works(self._writing.connection, payloads, rewritten, self._judge)
            self._writing.write_many(
                "INSERT INTO staged_changes (run, number, kind) VALUES (?, ?, 'becomes')",
                [(self._run_id, member.number) for member in others],
            )
            write_waiting(self._writing, payloads, self._run_id, others, now)
            for member in others:
                member.changed, member.content = False, None

    def _read_members(self, ids: Sequence[str]) -> Iterator[tuple[str | None, Member]]:
        """Members with the id under which their family is known; None for a name that another family's sibling has."""
        connection = self._writing.connection
        for row in _BY_ID.find(connection, ids, feed=self._feed):
            yield (None if row.sibling else row.source_id), self._build_member(row)
        bases = {row.number: row.base_id for row in _SIBLINGS.find(connection, ids, feed=self._feed)}
        for row in _BY_NUMBER.find(connection, bases):
            yield bases[row.number], self._build_member(row)

    def _build_member(self, row: Sequence[object]) -> Member:
        number, source_id, sibling, format_name, digest, deleted, datestamp, seen_run, findings = row
        return Member(
            number=number,  # type: ignore[arg-type]
            source_id=source_id,  # type: ignore[arg-type]
            sibling=bool(sibling),
            format=format_name,  # type: ignore[arg-type]
            digest=digest,  # type: ignore[arg-type]
            deleted=bool(deleted),
            datestamp=datestamp,  # type: ignore[arg-type]
            brought=seen_run == self._run_id,
            findings=tuple(str(findings).split()),
            shown=not deleted,
        )

    def _name_sibling(self, base_id: str) -> str:
        """The id itself where it is free, else the first free of ``id~2``, ``id~3``…"""
        name, place = base_id, 1
        while name in self._names or (place > 1 and is_taken(self._writing.connection, self._feed, name)):
            place += 1
            name = f"{base_id}~{place}"
        self._names.add(name)
        return name

    def _write_payloads(self, payloads: Payloads, members: Sequence[Member]) -> None:
        connection = self._writing.connection
        contents = [(member, member.content) for member in members if member.content is not None]
        chosen = payloads.choose_dictionaries(connection, {raw.format for _, raw in contents})
        rows = []
        stored: Counter[str] = Counter()
        for member, raw in contents:
            content = b"" if raw.deleted else raw.payload
            dictionary = chosen[raw.format]
            rows.append((member.number, dictionary, payloads.pack(connection, content, dictionary)))
            stored[raw.format] += bool(content)
        self._writing.write_many(
            "INSERT INTO payloads (number, dictionary, payload) VALUES (?, ?, ?) "
            "ON CONFLICT (number) DO UPDATE SET dictionary = excluded.dictionary, payload = excluded.payload",
            rows,
        )
        payloads.note_stored(self._writing, stored)

    def _insert(self, fresh: Sequence[tuple[str, Member]], now: str) -> None:
        self._writing.write_many(
            "INSERT INTO records (number, change, feed, source_id, sibling, format, digest, deleted, datestamp, "
            "harvested_at, findings, seen_run) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    member.number,
                    self._writing.next("change"),
                    self._feed,
                    member.source_id,
                    member.sibling,
                    member.format,
                    member.digest,
                    member.deleted,
                    member.datestamp,
                    (member.content.harvested_at if member.content else "") or now,
                    " ".join(member.findings),
                    self._run_id,
                )
                for _, member in fresh
            ],
        )
        self._writing.write_many(
            "INSERT INTO siblings (feed, base_id, number) VALUES (?, ?, ?)",
            [(self._feed, base_id, member.number) for base_id, member in fresh if member.sibling],
        )

    def _update(self, members: Sequence[Member], now: str) -> None:
        self._writing.write_many(
            "UPDATE records SET change = ?, format = ?, digest = ?, deleted = ?, datestamp = ?, harvested_at = ?, "
            "findings = ?, seen_run = ? WHERE number = ?",
            [
                (
                    self._writing.next("change"),
                    member.format,
                    member.digest,
                    member.deleted,
                    member.datestamp,
                    (member.content.harvested_at if member.content else "") or now,
                    " ".join(member.findings),
                    self._run_id,
                    member.number,
                )
                for member in members
                if member.changed
            ],
        )
        self._writing.write_many(
            "UPDATE records SET seen_run = ?, datestamp = ? WHERE number = ?",
            [(self._run_id, member.datestamp, member.number) for member in members if not member.changed],
        )


def forget_staged(writing: Writing, run_id: int, numbers: Sequence[int]) -> None:
    for table in ("staged_changes", "staged_contents"):
        writing.write_many(
            f"DELETE FROM {table} WHERE run = ? AND number = ?",  # noqa: S608
            [(run_id, number) for number in numbers],
        )


def is_taken(connection: Connection, feed: int, source_id: str) -> bool:
    found = select(records.c.number).where(records.c.feed == feed, records.c.source_id == source_id)
    return connection.scalar(found) is not None


def clean_id(source_id: str) -> str:
    """The id as every database can hold and index it; one that fits stays as it is."""
    source_id = clean_text(source_id)
    if len(source_id) > ID_BYTES // 4:
        encoded = source_id.encode()
        if len(encoded) > ID_BYTES:
            return f"{encoded[: ID_BYTES - 40].decode(errors='ignore')}~{digest_payload(encoded)}"
    return source_id


def clean_record(raw: RawRecord) -> RawRecord:
    """The record with texts that every database can hold and index."""
    source_id = clean_id(raw.source_id)
    datestamp, format_name = clean_text(raw.datestamp), clean_text(raw.format)
    if (source_id, datestamp, format_name) == (raw.source_id, raw.datestamp, raw.format):
        return raw
    return RawRecord(
        partner_id=raw.partner_id,
        feed_id=raw.feed_id,
        source_id=source_id,
        format=format_name,
        payload=raw.payload,
        datestamp=datestamp,
        harvested_at=raw.harvested_at,
        deleted=raw.deleted,
        findings=raw.findings,
        rotates=raw.rotates,
    )
