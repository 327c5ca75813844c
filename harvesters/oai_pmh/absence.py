"""Before what a whole list does not name is taken for gone, a few of these records are asked for by name.

A list that a server cuts can look whole, but it gives what it hides to whoever asks for it. Where most of what was
asked for is still there, the list is not whole, and nothing is taken away. One record alone accuses nobody: some
servers give what they have withdrawn. A record that says that it has left the feed's set is gone from there.
"""

from collections.abc import Sequence

from harvesters.oai_pmh.client import OaiClient
from harvesters.oai_pmh.records import RecordReader, is_in_set
from lienthu.partner import Feed

ASKED = 5


def find_survivors(
    client: OaiClient, reader: RecordReader, feed: Feed, prefix: str, absent: Sequence[str]
) -> list[str]:
    """Those of *absent* that the server still has; none where most of them are gone. Raises AskedToWait."""
    client.is_hasty = True
    asked = dict.fromkeys(absent)
    found = [identifier for identifier in asked if _is_there(client, reader, feed, prefix, identifier)]
    return found if 2 * len(found) > len(asked) else []


def _is_there(client: OaiClient, reader: RecordReader, feed: Feed, prefix: str, identifier: str) -> bool:
    record = client.fetch_record(prefix, identifier)
    if record is None or record.identifier != identifier or not reader.is_present(record):
        return False
    return not feed.set or (bool(record.sets) and is_in_set(record, feed.set))
