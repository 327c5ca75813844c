"""Partner: a library that shares with us. Feed: one way in which it shares."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from lienthu.page_rules import PageRules

Protocol = Literal["oai-pmh", "spider", "sru", "file"]
SPIDERS = ("embedded", "koha", "vietbiblio", "sitemap", "pages")
"""The first is meant where none is named; the last follows the rules of ``pages``."""
Deletions = Literal["tombstones", "sweep", "snapshot"]
PartnerType = Literal[
    "public", "school", "university", "national", "army", "border-post", "prison", "office", "research", "other"
]


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """One way a partner shares: where, in which protocol and format, and with what manners.

    ``brake_share`` is the share of its live records (0 to 1) beyond which a run's losses wait for a person.
    ``delay`` is seconds between two requests to the host; ``window`` is ``HH:MM-HH:MM`` in ``timezone``; ``auth``
    holds names of environment variables (``env:NAME``), never a secret itself.
    """

    id: str
    protocol: Protocol
    url: str = ""
    path: str = ""
    format: str = ""
    set: str = ""
    query: str = ""
    """Of SRU: which records, in CQL."""
    exclude_sets: tuple[str, ...] = ()
    deletions: Deletions = "tombstones"
    brake_share: float = 0.1
    delay: float = 1.0
    window: str = ""
    timezone: str = "Asia/Ho_Chi_Minh"
    auth: Mapping[str, str] = {}
    ca_bundle: str = ""
    schedule: str = "daily"
    spider: str = ""
    pages: PageRules | None = None
    """Of a spider: how the pages of a catalogue are read that no other spider understands."""
    columns: Mapping[str, str] = {}
    """Of a table: field -> header, such as ``title`` -> ``Nhan đề``; empty: the headers are understood."""
    note: str = ""


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """A library that shares with us. ``id`` is a slug, unique, never changed; ``name`` is by language (vi, en, zh)."""

    id: str
    name: Mapping[str, str]
    country: str = "VN"
    area: str = ""
    type: PartnerType = "other"
    subjects: tuple[str, ...] = ()
    homepage: str = ""
    record_url: str = ""
    phone: str = ""
    licence: str = ""
    contact: str = ""
    note: str = ""
    enabled: bool = True
    practice: Mapping[str, object] = {}
    feed: tuple[Feed, ...] = ()

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return self.feed

    def name_in(self, language: str) -> str:
        """The library's name in *language*, else Vietnamese, else English, else whatever there is, else the id."""
        for code in (language, "vi", "en", *self.name):
            if self.name.get(code):
                return self.name[code]
        return self.id
