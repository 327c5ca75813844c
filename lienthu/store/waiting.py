"""Contents that wait: where a staged run gives an identifier to another work, readers keep the work that they have
until the run is released; other changes of a record do not wait.

What is another work, a judge says who understands records; the store does not.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, select

from lienthu.raw_record import RawRecord
from lienthu.store.database import Writing
from lienthu.store.family import Member
from lienthu.store.lookup import Lookup
from lienthu.store.nouns import JudgeWork
from lienthu.store.payloads import Payloads
from lienthu.store.schema import payloads as payload_rows
from lienthu.store.schema import records, staged_contents

_SHOWN = Lookup(
    select(records.c.number, records.c.format, payload_rows.c.dictionary, payload_rows.c.payload).join(
        payload_rows, payload_rows.c.number == records.c.number
    ),
    records.c.number,
)
_waiting = staged_contents.c
_OF_RUN = _waiting.run == bindparam("run")
_ROWS = Lookup(
    select(
        _waiting.number, _waiting.format, _waiting.digest, _waiting.datestamp, _waiting.harvested_at, _waiting.findings
    ).where(_OF_RUN),
    _waiting.number,
)
_CONTENTS = Lookup(
    select(_waiting.number, _waiting.format, _waiting.dictionary, _waiting.payload).where(_OF_RUN), _waiting.number
)


def find_other_works(
    connection: Connection, payloads: Payloads, members: Sequence[Member], judge: JudgeWork
) -> list[Member]:
    """Of *members*, whose content changes, those that would be another work than the one that readers have."""
    arrived = {member.number: (member, member.content) for member in members}
    found = []
    for row in _SHOWN.find(connection, arrived):
        member, new = arrived[row.number]
        old = payloads.unpack(connection, row.payload, row.dictionary)
        if new is None or not old:
            continue
        shown = RawRecord(
            partner_id=new.partner_id,
            feed_id=new.feed_id,
            source_id=member.source_id,
            format=row.format,
            payload=old,
        )
        if judge(shown, new):
            found.append(member)
    return found


def write_waiting(writing: Writing, payloads: Payloads, run_id: int, members: Sequence[Member], now: str) -> None:
    """The new contents of *members* wait under the run."""
    contents = [(member, member.content) for member in members if member.content is not None]
    chosen = payloads.choose_dictionaries(writing.connection, {raw.format for _, raw in contents})
    writing.write_many(
        "INSERT INTO staged_contents (run, number, format, digest, datestamp, harvested_at, findings, dictionary, "
        "payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                run_id,
                member.number,
                member.format,
                member.digest,
                member.datestamp,
                raw.harvested_at or now,
                " ".join(member.findings),
                chosen[raw.format],
                payloads.pack(writing.connection, raw.payload, chosen[raw.format]),
            )
            for member, raw in contents
        ],
    )


def release_waiting(writing: Writing, run_id: int, numbers: Sequence[int]) -> None:
    """What waits for the records with these numbers takes the place of what readers have."""
    rows = sorted(_ROWS.find(writing.connection, numbers, run=run_id), key=lambda row: int(row.number))
    writing.write_many(
        "UPDATE records SET change = ?, format = ?, digest = ?, datestamp = ?, harvested_at = ?, findings = ? "
        "WHERE number = ?",
        [
            (
                writing.next("change"),
                row.format,
                row.digest,
                row.datestamp,
                row.harvested_at,
                row.findings,
                row.number,
            )
            for row in rows
        ],
    )
    writing.write_many(
        "INSERT INTO payloads (number, dictionary, payload) "
        "SELECT number, dictionary, payload FROM staged_contents WHERE run = ? AND number = ? "
        "ON CONFLICT (number) DO UPDATE SET dictionary = excluded.dictionary, payload = excluded.payload",
        [(run_id, row.number) for row in rows],
    )


def read_waiting(
    connection: Connection, payloads: Payloads, run_id: int, numbers: Iterable[int]
) -> dict[int, tuple[str, bytes]]:
    """Number -> the format and the payload that wait for it."""
    return {
        row.number: (row.format, payloads.unpack(connection, row.payload, row.dictionary))
        for row in _CONTENTS.find(connection, numbers, run=run_id)
    }


def forget_waiting(writing: Writing, run_id: int) -> None:
    """Nothing waits under the run any more."""
    writing.connection.execute(staged_contents.delete().where(staged_contents.c.run == run_id))
