"""Edition: the same edition at many partners. One edition is one document of the index and one card for a reader."""

import msgspec

from lienthu.holding import Holding
from lienthu.record import (
    Agent,
    Classification,
    DocumentType,
    Identifier,
    Link,
    Publication,
    Subject,
    Title,
)


class Edition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``id`` is ours and never used for anything else; ``members`` are the records that lie together here, as
    ``partner/feed/source_id``, in that order; the description is merged from them; all their holdings are here."""

    id: str
    members: tuple[str, ...]
    title: Title
    type: DocumentType = "book"
    agents: tuple[Agent, ...] = ()
    publication: Publication = Publication()
    edition_statement: str = ""
    languages: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    classifications: tuple[Classification, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    extent: str = ""
    series: tuple[str, ...] = ()
    abstract: str = ""
    contents: str = ""
    notes: tuple[str, ...] = ()
    price: str = ""
    links: tuple[Link, ...] = ()
    holdings: tuple[Holding, ...] = ()

    @property
    def partner_ids(self) -> tuple[str, ...]:
        """The libraries that have it, each once, in order of first member."""
        return tuple(dict.fromkeys(member.split("/", 1)[0] for member in self.members))
