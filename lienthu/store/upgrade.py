"""Upgrade: how an older store becomes a newer one.

A store carries one schema number. An empty one gets today's tables at once. An older one is led forward by numbered
steps, each run once, all under a lock and in one transaction; there is no way back, and a store that a newer program
made is refused in words. A released step is never changed: a change of the tables adds one, so that every released
store can be upgraded.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Table, inspect, select, text

from lienthu.errors import StoreError
from lienthu.i18n import mark
from lienthu.store.schema import (
    counter,
    findings,
    generation_tables,
    generations_with_findings,
    hidden_editions,
    hidden_records,
    hidings,
    holds,
    isbn_titles,
    metadata,
    quality_days,
    run_messages,
    run_terms,
    schema_state,
    staged_changes,
    staged_contents,
)

LATCH = 0x6C69_656E_7468_75  # the advisory lock of upgrades on PostgreSQL: "lienthu"

Step = Callable[[Connection], None]


def create_tables(connection: Connection) -> None:
    """The first step: all tables, as they are today."""
    metadata.create_all(connection)
    connection.execute(counter.insert().values(id=1, change=0, record=0, run=0, edition=0))


def add_tables(*tables: Table) -> Step:
    return lambda connection: metadata.create_all(connection, tables=tables)


STEPS: Sequence[Step] = (
    create_tables,
    # What waits for a person, and what a person has decided.
    add_tables(run_terms, staged_changes, holds, hidings, hidden_records, hidden_editions),
    # Doubts about records, and how partners' records stood day by day.
    add_tables(findings, isbn_titles, generations_with_findings, quality_days),
    # The tables of names with which a generation was begun.
    add_tables(generation_tables),
    # What runs have to say, for readers of any language.
    add_tables(run_messages),
    # What records would become that wait for a person.
    add_tables(staged_contents),
)


def read_schema_number(connection: Connection) -> int:
    """The number that the store carries; 0 for an empty one."""
    if not inspect(connection).has_table(schema_state.name):
        return 0
    return connection.scalar(select(schema_state.c.number)) or 0


def check_schema_number(number: int, known: int) -> None:
    if number > known:
        raise StoreError(
            mark(
                "The store has schema {number}, made by a newer Liên Thư; this program knows schemas up to {known}. "
                "Install the newer version, or give another LIENTHU_STORE."
            ),
            number=number,
            known=known,
        )


def upgrade_schema(connection: Connection, steps: Sequence[Step] = STEPS) -> int:
    """Runs the steps that this store has not had, inside the caller's writing transaction. Returns the new number."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:latch)"), {"latch": LATCH})
    number = read_schema_number(connection)
    check_schema_number(number, len(steps))
    for step in steps[number:] if number else steps[:1]:
        step(connection)
    if number == 0:
        connection.execute(schema_state.insert().values(id=1, number=len(steps)))
    elif number < len(steps):
        connection.execute(schema_state.update().values(number=len(steps)))
    return len(steps)
