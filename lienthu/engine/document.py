"""IndexDocument: what an engine stores of one edition. Engines see this and nothing of records or partners."""

from collections.abc import Mapping

import msgspec


class FacetTerm(msgspec.Struct, frozen=True, gc=False):
    """``value`` is compared and filtered by, ``label`` is how it was written here."""

    value: str
    label: str


class IndexDocument(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``texts`` maps a field of :mod:`lienthu.engine.fields` to its two layers *(exact, folded)*: tokens joined by
    U+0020, several values of one field joined by the gap that ``lienthu.text`` gives. ``facets`` maps a facet of
    ``lienthu.search.FACETS`` to its terms (no value twice). ``identifiers`` are normal forms. ``title_key`` sorts in
    Vietnamese order. ``source`` is the edition as JSON."""

    id: str
    texts: Mapping[str, tuple[str, str]]
    identifiers: tuple[str, ...] = ()
    facets: Mapping[str, tuple[FacetTerm, ...]] = {}
    year: int | None = None
    year_end: int | None = None
    title_key: str = ""
    source: bytes = b""
