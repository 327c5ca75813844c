"""Outcome: a record's fate in the indexer. Every raw record has exactly one."""

import msgspec

from lienthu.record import Record


class Mapped(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The record was understood and belongs to an edition."""

    record: Record


class Deleted(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The partner took the record back."""

    reference: str


class Skipped(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The record is not for the catalogue (an authority record, a withheld one); ``reason`` says why."""

    reference: str
    rule: str
    reason: str


class Failed(msgspec.Struct, frozen=True, tag=True, gc=False):
    """The record could not be understood: ``field`` and ``rule`` say where, ``reason`` in words."""

    reference: str
    field: str
    rule: str
    reason: str


Outcome = Mapped | Deleted | Skipped | Failed
