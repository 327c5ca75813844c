"""How a run ends: what it has not seen is counted, the brake judges, and the store releases or holds it as a whole.

Records that a complete list does not hold become tombstones where the feed's deletions are known that way (or where
the feed has just been pointed elsewhere), and never when the run received nothing. A whole list of which next to
nothing could be kept is not complete.
"""

from hashlib import blake2b
from typing import Literal

import msgspec

from harvesters.brake import LEAST_KNOWN, Evidence, find_hold, is_churn, tell_other_works
from harvesters.page import SET_EXCLUDED, Ending
from lienthu.harvest_run import HarvestCounts, HarvestRun
from lienthu.i18n import mark
from lienthu.message import Message, build_message, join_messages
from lienthu.partner import Feed
from lienthu.store import OpenRun, RecordStore

_SWEPT = frozenset({"snapshot", "sweep"})
_ALL_REJECTIONS = 10_000_000
_HARDLY_ANY = 0.9
"""The share of rejected records beyond which what is left is no catalogue."""


class Conclusion(msgspec.Struct, frozen=True, kw_only=True):
    """``removed`` records were not seen and are tombstones now."""

    verdict: Literal["complete", "incomplete", "failed", "held"]
    message: Message = Message()
    removed: int = 0


def fingerprint_feed(feed: Feed) -> str:
    """Changes when the feed asks for something else than before."""
    asked = (feed.protocol, feed.url, feed.path, feed.format, feed.set, feed.query, *sorted(feed.exclude_sets))
    asked += (feed.query,) if feed.query else ()
    asked += (feed.spider, repr(feed.pages)) if feed.spider else ()
    return blake2b("\x1f".join(asked).encode(), digest_size=8).hexdigest()


def is_other_feed(fingerprint: str, feed: Feed) -> bool:
    """True where a run of *fingerprint* asked for something else than *feed* does; what is not known is the same."""
    return fingerprint not in {"", fingerprint_feed(feed)}


def is_run_staged(store: RecordStore, partner_id: str, feed: Feed, last: HarvestRun | None) -> bool:
    """A feed with something to lose is staged: it was complete before, and readers have some of its records."""
    return last is not None and feed.brake_share < 1 and store.count_live(partner_id, feed.id) >= LEAST_KNOWN


class Closing:
    """Ends one run of one feed. *last* is the last complete run before it."""

    def __init__(self, store: RecordStore, feed: Feed, run: OpenRun, last: HarvestRun | None) -> None:
        self._store = store
        self._feed = feed
        self._run = run
        self._last = last

    def end(self, ending: Ending, counts: HarvestCounts) -> Conclusion:
        """Writes the verdict. Doing it again after a death comes to the same."""
        remark = self._find_objection(ending, counts)
        told = self._doubt_empty_hands(ending, counts)
        arrived = self._run.sweep or counts.received > counts.rejected
        sweeps = self._knows_what_is_gone(ending) and not remark and arrived
        if not self._run.staged:
            removed = self._store.tombstone_unseen(self._run.id, except_ids=ending.kept_ids) if sweeps else 0
            message = join_messages((told.message, remark))
            self._store.end_run(self._run.id, told.verdict, message, told.not_before)
            return Conclusion(verdict=told.verdict, message=message, removed=removed)
        if sweeps:
            self._store.stage_unseen(self._run.id, except_ids=ending.kept_ids)
        return self._judge(ending, told, counts, remark)

    def _judge(self, ending: Ending, told: Ending, counts: HarvestCounts, remark: Message) -> Conclusion:
        evidence = self._gather(ending, counts)
        reason = find_hold(self._feed, evidence)
        if not reason:
            message = join_messages((told.message, remark, tell_other_works(evidence.staged)))
            done = self._store.release_run(self._run.id, told.verdict, message, told.not_before)
            return Conclusion(verdict=told.verdict, message=message, removed=done.removed)
        if not remark and evidence.whole and (self._knows_what_is_gone(ending) or self._replaces(evidence)):
            # Whoever approves approves all of it: an empty list, or new identifiers in the place of the old ones.
            self._store.stage_unseen(self._run.id, except_ids=ending.kept_ids)
        words = mark("{reason}; readers keep what they had until somebody decides: lienthu holds")
        waiting = build_message(words, reason=reason)
        message = join_messages((ending.message, remark, waiting))
        self._store.hold_run(self._run.id, reason, ending.verdict, message, ending.not_before)
        return Conclusion(verdict="held", message=message)

    def _doubt_empty_hands(self, ending: Ending, counts: HarvestCounts) -> Ending:
        """A whole list of which next to nothing could be kept has brought nothing, whatever proves that it is whole:
        such a list may still have a few deletions in it. What is not wanted is no such record."""
        if ending.verdict != "complete" or not self._run.full or counts.rejected <= _HARDLY_ANY * counts.received:
            return ending
        rejections = self._store.rejections(self._run.id, limit=_ALL_REJECTIONS) if counts.rejected else []
        lost = [one for one in rejections if one.rule != SET_EXCLUDED]
        wanted = counts.received - (len(rejections) - len(lost))
        if not lost or len(lost) <= _HARDLY_ANY * wanted:
            return ending
        words = mark("{lost} of {count} records could not be kept: {reason}")
        doubt = build_message(words, lost=len(lost), count=wanted, reason=lost[0].reason)
        message = join_messages((ending.message, doubt))
        return msgspec.structs.replace(ending, verdict="incomplete", message=message)

    def _gather(self, ending: Ending, counts: HarvestCounts) -> Evidence:
        is_whole = self._run.full and (ending.verdict == "complete" or self._found_nothing(ending, counts))
        return Evidence(
            staged=self._store.count_staged(self._run.id),
            arrived=counts.received - counts.rejected,
            baseline=_count_arrived(self._last) if self._last is not None and self._last.full else 0,
            whole=is_whole,
        )

    def _found_nothing(self, ending: Ending, counts: HarvestCounts) -> bool:
        """A spider that went everywhere and found no record: the site was made anew, or its library is gone."""
        is_spider = self._feed.protocol == "spider" and ending.verdict == "incomplete"
        return is_spider and not counts.received and not ending.kept_ids and not ending.not_before

    def _knows_what_is_gone(self, ending: Ending) -> bool:
        if ending.verdict != "complete":
            return False
        if self._run.sweep:
            return True
        is_moved = (
            self._feed.protocol in {"oai-pmh", "sru"}
            and self._last is not None
            and is_other_feed(self._last.fingerprint, self._feed)
        )
        return self._run.full and (self._feed.deletions in _SWEPT or is_moved)

    def _replaces(self, evidence: Evidence) -> bool:
        """A file that only adds takes nothing away, even where somebody approves of its new identifiers."""
        return is_churn(evidence) and not (self._feed.protocol == "file" and self._feed.deletions == "tombstones")

    def _find_objection(self, ending: Ending, counts: HarvestCounts) -> Message:
        """Why nothing can be taken for gone; empty where nothing stands against it."""
        if self._run.sweep and ending.verdict == "complete":
            seen = self._store.count_staged(self._run.id).seen
            words = mark("nothing was removed: the list of identifiers names no record that is here")
            return Message() if seen else Message(words)
        if not counts.rejected or not self._knows_what_is_gone(ending):
            return Message()
        rejections = self._store.rejections(self._run.id, limit=_ALL_REJECTIONS)
        nameless = sum(not rejection.source_id for rejection in rejections)
        words = mark("nothing was removed: {count} rejected records have no identifier")
        return build_message(words, count=nameless) if nameless else Message()


def _count_arrived(run: HarvestRun) -> int:
    return run.counts.received - run.counts.rejected
