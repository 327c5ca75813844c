"""Drift: some servers' tokens forget the set or the format that was asked for, and lead on in the list of everything.

What the first page of a list is like tells what the server keeps to. A later page that is not is not taken: the list is
asked for in parts, in which no token is needed.
"""

from collections.abc import Sequence

from harvesters.oai_pmh.bookmark import Bookmark
from harvesters.oai_pmh.envelope import Envelope
from harvesters.oai_pmh.faults import TokenDrifts
from harvesters.oai_pmh.records import is_in_set


def refuse_drift(bookmark: Bookmark, entries: Sequence[Envelope], feed_set: str) -> None:
    """Takes note of a page that is about to be counted. Raises TokenDrifts where a token led elsewhere."""
    strays = bool(feed_set) and not all(is_in_set(entry, feed_set) for entry in entries)
    namespaces = {entry.namespace for entry in entries if entry.payload is not None}
    if not bookmark.pages:
        bookmark.names_set |= bool(feed_set) and any(entry.sets and is_in_set(entry, feed_set) for entry in entries)
        bookmark.keeps_set = not strays
        bookmark.namespace = namespaces.pop() if len(namespaces) == 1 else ""
        return
    if strays and bookmark.names_set and bookmark.keeps_set:
        raise TokenDrifts
    if bookmark.namespace and namespaces and bookmark.namespace not in namespaces:
        raise TokenDrifts
