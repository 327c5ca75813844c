"""Other documents that elements name: the journal of an article (``source``), versions, parts, what replaces what.

Rule: a bare ``relation`` says only that there is something; what is an address or a project's number is no title. A
``source`` such as ``Tạp chí Khoa học; Tập 5, Số 2 (2010): 12-20`` is the host: its title ends at the first semicolon,
or before the volume. ISSNs that stand alone in ``source`` are the host's.
"""

import re

from indexer.crosswalks.element_values import Elements
from indexer.normalise.isbn import parse_issn
from indexer.normalise.links import normalise_url
from indexer.normalise.text import trim_marks
from lienthu.record import Identifier, Relation, RelationKind

KINDS: tuple[tuple[str, RelationKind], ...] = (
    ("host", "host"), ("edition-of", "edition"), ("form-of", "form"), ("contains", "constituent"),
    ("earlier", "earlier"), ("later", "later"), ("relation", "other"),
)  # fmt: skip
_NO_TITLE = re.compile(r"info:|urn:|doi:|hdl:|oai:|10\.\d{4,}/|[\W\d_]*$|(?:e?-?issn|isbn)\b", re.IGNORECASE)
_VOLUME = re.compile(
    r"\s*[,.;]?\s+(?=(?:tập|số|t\.|vol(?:ume)?\b|no\.|issue|tome|n°|band|năm thứ)\s*\.?\s*[0-9IVX])", re.IGNORECASE
)
_SERIES = re.compile(r"[^;]{2,};(?:|\s*[^;\s][^;]{0,60})$")
_MONTH = re.compile(r"\w+ [12][0-9]{3}$")
_ISSN = re.compile(r"(?:e?-?issn(?:-l)?[:\s]*)?[0-9]{4}-[0-9]{3}[0-9Xx]$", re.IGNORECASE)


def read_relations(elements: Elements) -> tuple[Relation, ...]:
    """source (the host: journal and volume), isPartOf of an article, isVersionOf, isFormatOf, hasPart, replaces,
    isReplacedBy, relation; addresses and numbers are none."""
    found: dict[tuple[str, str], Relation] = {}
    numbers = tuple([
        Identifier(kind="issn", value=issn.value)
        for value in elements.every("source")
        if _ISSN.match(value) and (issn := parse_issn(value)) is not None and not issn.rule
    ])  # fmt: skip
    for value in elements.every("source"):
        if _is_title(value):
            title, place = _split_host(value)
            relation = Relation(kind="host", title=title[:500], place=place[:200], numbers=numbers)
            found.setdefault(("host", title), relation)
    for name, kind in KINDS:
        for value in elements.every(name):
            if name == "relation" and is_series(value):
                continue
            if _is_title(value) and (title := trim_marks(value)):
                found.setdefault((kind, title), Relation(kind=kind, title=title[:500]))
    return tuple(found.values())[:100]


def _is_title(value: str) -> bool:
    return not normalise_url(value) and _NO_TITLE.match(value) is None and not _MONTH.match(value)


def is_series(relation: str) -> bool:
    """``Working papers;12`` or ``Reports;``: how DSpace writes series and number."""
    return _SERIES.match(relation) is not None and not normalise_url(relation)


def _split_host(source: str) -> tuple[str, str]:
    title, semicolon, place = source.partition(";")
    if not semicolon:
        cut = _VOLUME.search(source)
        title, place = (source[: cut.start()], source[cut.end() :]) if cut else (source, "")
    return trim_marks(title), trim_marks(place)
