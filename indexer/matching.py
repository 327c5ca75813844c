"""When do two records describe the same edition?

They lie together when all of these are equal, each in its normal form: title with subtitle, volume and part, edition
statement, year, publisher, first author. What is absent equals only what is absent. An identifier decides nothing: one
ISBN stands on different works.

Equality of one key cannot depend on the order of arrival, so an incremental history and a rebuild put the same
records together.
"""

from hashlib import blake2b

from lienthu.record import Record
from lienthu.text import exact

MATCHING_VERSION = 1
_SEPARATOR = "\x1f"


def build_match_key(record: Record) -> bytes:
    """16 bytes; equal for records of the same edition."""
    return blake2b(_SEPARATOR.join(describe_match(record)).encode(), digest_size=16).digest()


def describe_match(record: Record) -> tuple[str, ...]:
    """The parts of the key in readable form: title, subtitle, volume, part, edition, year, publisher, first author."""
    title, publication = record.title, record.publication
    years = "" if publication.year is None else f"{publication.year}-{publication.year_end or publication.year}"
    return (
        exact(title.main),
        exact(title.subtitle),
        title.volume_key or exact(title.volume),
        exact(title.part),
        exact(record.edition_statement),
        years,
        publication.publisher_key,
        record.agents[0].key if record.agents else "",
    )
