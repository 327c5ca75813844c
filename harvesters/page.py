"""What every harvester hands to the driver: pages, then one ending.

A harvester is a generator of pages; what it returns is its ending. The driver writes each page and its checkpoint in
one transaction before it asks for the next, so a harvester that is resumed starts from ``run.checkpoint`` and need
not remember anything else. A harvester never writes to the store and never says ``complete`` without proof.
"""

from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from lienthu.harvest_run import HarvestCounts
from lienthu.i18n import mark
from lienthu.message import Message, build_message
from lienthu.partner import Feed, Partner
from lienthu.raw_record import RawRecord

if TYPE_CHECKING:
    from lienthu.store import OpenRun, Rejection

SET_EXCLUDED = "set-excluded"
"""The rule of a record that is in a set which is not wanted: what the store has of it goes."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some records of a run, and where the run stands after them.

    Every record that arrived is in ``records`` or named in ``rejections``. ``checkpoint`` is whatever this harvester
    wants back in ``run.checkpoint`` if the process dies before the next page; None keeps the one before.
    ``promised`` is the total that the partner states, None where it states none. ``cursor`` is for the log only.
    """

    records: "tuple[RawRecord, ...]" = ()
    rejections: "tuple[Rejection, ...]" = ()
    checkpoint: bytes | None = None
    promised: int | None = None
    cursor: str = ""
    present: tuple[str, ...] = ()
    """Ids that the partner says it has, in a list without records: they are not taken for gone."""
    withdrawn: tuple[str, ...] = ()
    """Ids of records that are not to be kept: they become tombstones, whatever comes of the run."""


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended. ``complete`` only if proven; otherwise ``message`` gives the reason in words.

    ``not_before`` (ISO 8601 in UTC) is set when the partner asked not to be asked again sooner. ``kept_ids`` are
    records that the partner still has though they did not arrive (a page of the spider that timed out): they are not
    taken for deleted.
    """

    verdict: Literal["complete", "incomplete", "failed"]
    message: Message = Message()
    not_before: str = ""
    kept_ids: tuple[str, ...] = ()


class HarvestContext(msgspec.Struct, frozen=True, kw_only=True):
    """What a harvester may know of the world around it.

    ``since`` is the time (ISO 8601 in UTC) from which an incremental run asks for changes; empty: everything.
    ``seen`` gives the source ids stored so far in this run (the spider's checkpoint), ``rejected`` those that it
    rejected, ``counts`` what became of all that came in it, and ``middle`` a datestamp such that some of it is older
    and the rest not (empty: there is none). ``absent`` gives some ids of live records that the run has not brought, at
    most as many as it is asked for. ``agent`` is the User-Agent.
    """

    home: Path
    agent: str
    since: str = ""
    seen: Callable[[], set[str]] = set
    rejected: Callable[[], set[str]] = set
    middle: Callable[[], str] = str
    absent: Callable[[int], list[str]] = lambda most: []
    environment: Mapping[str, str] = {}
    now: Callable[[], datetime]
    counts: Callable[[], HarvestCounts] = HarvestCounts


def tell_share(received: int, promised: int | None, reason: Message) -> Message:
    """What came before the run stopped, and why it did."""
    if promised is not None:
        words = mark("received {received} of {promised}: {reason}")
        return build_message(words, received=received, promised=promised, reason=reason)
    return build_message(mark("received {received}: {reason}"), received=received, reason=reason)


PageStream = Generator[Page, None, Ending]


class Harvester(Protocol):
    """One protocol. ``pages`` raises HarvestError where nothing more can be done; the driver finds the verdict."""

    def pages(self, feed: Feed, partner: Partner, run: "OpenRun", context: HarvestContext) -> PageStream:
        """The pages of one run of one feed, from ``run.checkpoint`` on where the run is resumed."""
        ...
