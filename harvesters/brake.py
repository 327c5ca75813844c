"""The change brake: a run that would take too much from readers, or that looks like another library's, waits for a
person. Pure.

It holds a run in which

* more than the feed's share (10 %) of the live records would vanish, and at least 20 of them; or more than half of
  them, and at least 10;
* more than the feed's share of the live records, and at least 20 of them, would stand for other works than before under
  the same identifiers; or more than half of them, and at least 10: the library has given its old numbers again;
* most known records did not come and most of what came is new, though the list is whole: the ids have changed;
* a spider or a file brought less than half of what the last complete run brought, or any whole list is empty.

Growth alone never holds a run: more records than before, however many, pass. A share of 1 switches the brake off.
"""

import msgspec

from lienthu.i18n import mark, mark_plural
from lienthu.message import Message, build_message, build_plural
from lienthu.partner import Feed
from lienthu.store.nouns import StagedCounts

LEAST_KNOWN = 10
"""A feed with fewer live records has nothing to compare with: its runs are not staged."""
LEAST_LOSS = 20
LEAST_HALF_LOSS = 10
LEAST_BASELINE = 20
LOW_YIELD = 0.5


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a run brought. ``arrived`` counts received records less rejected ones; ``baseline`` is what the last
    complete run over the whole feed brought (0: there was none). ``whole``: the run lists everything that is there."""

    staged: StagedCounts
    arrived: int
    baseline: int
    whole: bool


def find_hold(feed: Feed, evidence: Evidence) -> Message:
    """Why the run has to wait for a person; an empty message where it may pass."""
    staged = evidence.staged
    if evidence.whole and _has_changed_ids(evidence):
        words = mark("most identifiers changed: {missing} of {live} known records did not come, and {new} are new")
        return build_message(words, missing=staged.live - staged.seen, live=staged.live, new=staged.appearing)
    if _loses_too_much(staged.vanishing, staged.live, feed.brake_share):
        forms = mark_plural(
            "{count} of {live} records would vanish ({share} %)",
            "{count} of {live} records would vanish ({share} %)",
        )
        share = _tell_share(staged.vanishing, staged.live)
        return build_plural(forms, staged.vanishing, live=staged.live, share=share)
    if _loses_too_much(staged.becoming, staged.live, feed.brake_share):
        return tell_other_works(staged)
    if evidence.whole and _yields_too_little(feed, evidence):
        words = mark("it brought {arrived} records; the last complete run brought {baseline}")
        return build_message(words, arrived=evidence.arrived, baseline=max(evidence.baseline, staged.live))
    return Message()


def tell_other_works(staged: StagedCounts) -> Message:
    """How many identifiers of the feed stand for another work than before; an empty message where none does."""
    if not staged.becoming:
        return Message()
    forms = mark_plural(
        "{count} of {live} identifiers now stands for another work ({share} %)",
        "{count} of {live} identifiers now stand for other works ({share} %)",
    )
    share = _tell_share(staged.becoming, staged.live)
    return build_plural(forms, staged.becoming, live=staged.live, share=share)


def is_churn(evidence: Evidence) -> bool:
    """The ids have changed: what is new stands for what did not come."""
    return evidence.whole and _has_changed_ids(evidence)


def _loses_too_much(lost: int, live: int, share: float) -> bool:
    if lost >= LEAST_LOSS:
        return lost > share * live
    return lost >= LEAST_HALF_LOSS and lost > max(share, 0.5) * live


def _has_changed_ids(evidence: Evidence) -> bool:
    staged = evidence.staged
    missing = staged.live - staged.seen
    return (
        missing >= LEAST_HALF_LOSS
        and missing * 2 > staged.live
        and staged.appearing * 2 > evidence.arrived
        and staged.appearing * 2 > staged.live
    )


def _yields_too_little(feed: Feed, evidence: Evidence) -> bool:
    staged = evidence.staged
    if not evidence.arrived:
        return max(staged.live, evidence.baseline) >= LEAST_BASELINE
    # A file that brings mostly new records is an addition, not a short list.
    is_addition = feed.protocol == "file" and feed.deletions == "tombstones" and staged.appearing * 2 > evidence.arrived
    return (
        feed.protocol in {"spider", "file"}
        and not is_addition
        and evidence.baseline >= LEAST_BASELINE
        and evidence.arrived < LOW_YIELD * evidence.baseline
    )


def _tell_share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}" if whole else "100"
