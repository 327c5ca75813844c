"""Holding: where one copy can be had."""

from typing import Literal

import msgspec

Status = Literal["available", "on_loan", "reference", "unknown"]
Access = Literal["open", "login", "unknown"]


class Holding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One copy at one partner, or one online way to it (then ``url`` is set and there is no call number).

    ``record`` is the reference ``partner/feed/source_id`` of the record that told of it; ``as_of`` the date (ISO
    8601) at which the status was true, that is when the record was harvested.

    Books that rotate: ``bookcase`` is the bookcase or mobile library, which stands in ``location`` from ``from_day`` to
    ``to_day`` (ISO 8601, both included; empty is open). Whether that is now, only the day on which it is read can tell.
    """

    partner_id: str
    record: str
    location: str = ""
    call_number: str = ""
    accession_number: str = ""
    status: Status = "unknown"
    as_of: str = ""
    url: str = ""
    label: str = ""
    access: Access = "unknown"
    note: str = ""
    bookcase: str = ""
    from_day: str = ""
    to_day: str = ""
