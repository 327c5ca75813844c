"""Record: one partner's description of a document, in our words. Crosswalks make it; nothing here knows MARC.

Text in a record is clean (NFC, no control characters, no markup) and shown as written; what facets and match keys
compare is derived from it later and never stored in its place.
"""

from typing import Literal

import msgspec

from lienthu.finding import Finding
from lienthu.holding import Access, Holding

AgentKind = Literal["person", "corporate", "meeting"]
SubjectKind = Literal["topic", "place", "person", "corporate", "title", "genre", "period", "keyword"]
DocumentType = Literal[
    "book",
    "serial",
    "article",
    "thesis",
    "map",
    "score",
    "sound",
    "talking-book",
    "video",
    "picture",
    "braille",
    "electronic",
    "manuscript",
    "kit",
    "object",
    "other",
]
Audience = Literal["", "children", "adolescents"]
PUBLISHER = "pbl"
IdentifierKind = Literal["isbn", "issn", "ismn", "doi", "lccn", "other"]
RelationKind = Literal[
    "host",
    "constituent",
    "parent",
    "supplement",
    "original",
    "translation",
    "edition",
    "form",
    "together",
    "earlier",
    "later",
    "source",
    "other",
]


class Title(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """ISBD area 1. ``volume`` is the designation as written (``Tập 1``, ``T.1``), ``part`` the title of the part;
    ``volume_key`` is its normal form for comparing (``1``, ``2/1``), empty where there is none."""

    main: str
    subtitle: str = ""
    parallel: tuple[str, ...] = ()
    responsibility: str = ""
    volume: str = ""
    volume_key: str = ""
    part: str = ""
    variants: tuple[str, ...] = ()


class Agent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A person or body with its roles (MARC relator codes: ``aut``, ``edt``, ``trl``, ``com``...).

    ``name`` is as written less roles, academic titles and "và những người khác", in the order written: never
    inverted. ``key`` is what facets and match keys compare: lower case, one spelling, comma forms put together
    (``Nguyễn, Du, 1765-1820`` and ``Nguyễn Du`` both give ``nguyễn du``; ``Christie, Agatha`` gives
    ``agatha christie``).
    """

    name: str
    key: str
    kind: AgentKind = "person"
    roles: tuple[str, ...] = ()
    dates: str = ""

    @property
    def is_publisher(self) -> bool:
        """All that it did was to publish: no author of anything."""
        return self.roles == (PUBLISHER,)


class Publication(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Place, publisher and year. ``place`` and ``publisher`` are as written (less ISBD marks); the keys are for
    facets. Years are Gregorian, both ends included; None is unknown, never a guess. ``date`` is as written."""

    place: str = ""
    place_key: str = ""
    publisher: str = ""
    publisher_key: str = ""
    publisher_label: str = ""
    """The publisher as a facet shows it: the name less ``Nxb``, or the known form from the table of variants."""
    linked: str = ""
    """The same statement in another script, in one line (MARC 880): it is shown and searched, and no facet."""
    also: tuple[str, ...] = ()
    """Further publishers, as written, that an entry of a name calls so: they are shown and searched, and no facet."""
    date: str = ""
    year: int | None = None
    year_end: int | None = None


class Subject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A heading or keyword. ``text`` as written, its subdivisions joined by `` - ``; ``key`` for facets."""

    text: str
    key: str
    kind: SubjectKind = "topic"
    scheme: str = ""


class Classification(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``scheme`` is ``ddc``, ``bbk``, ``udc``, ``lcc``, ``clc`` (the Chinese one) or ``other``."""

    scheme: str
    number: str


class Identifier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """``value`` is the normal form (ISBN as 13 digits, ISSN as ``NNNN-NNNX``), ``written`` what stood there."""

    kind: IdentifierKind
    value: str
    written: str = ""


class Link(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An online address (http or https only) of the document or something about it."""

    url: str
    label: str = ""
    access: Access = "unknown"


class Relation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Another document and what it is to this one: the ``host`` in which an article stands, its ``constituent``, the
    ``parent`` of a ``supplement``, the ``original`` of a ``translation``, another ``edition`` or ``form`` (print,
    electronic), what was issued ``together``, the ``earlier`` or ``later`` title of a serial, a ``source``.

    ``label`` is what the cataloguer calls it (``Also issued in Spanish``), ``place`` where in it (volume, pages),
    ``numbers`` its ISBN and ISSN."""

    kind: RelationKind
    title: str
    author: str = ""
    label: str = ""
    place: str = ""
    numbers: tuple[Identifier, ...] = ()


class Description(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is told of a document, by one partner's record or by an edition. Only the title and the type are sure.

    ``languages`` are ISO 639-1 codes where there is one, else 639-3 (``vi``, ``en``, ``fr``, ``zh``, ``hmn``).
    """

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
    audience: Audience = ""
    series: tuple[str, ...] = ()
    abstract: str = ""
    contents: str = ""
    notes: tuple[str, ...] = ()
    price: str = ""
    print_run: str = ""
    links: tuple[Link, ...] = ()
    relations: tuple[Relation, ...] = ()
    holdings: tuple[Holding, ...] = ()


class Record(Description, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One partner's description, with its identity and the doubts about it."""

    partner_id: str
    feed_id: str
    source_id: str
    findings: tuple[Finding, ...] = ()

    @property
    def reference(self) -> str:
        return f"{self.partner_id}/{self.feed_id}/{self.source_id}"
