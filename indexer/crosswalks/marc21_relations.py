"""MARC 21 links to other documents: 760-787, and their 880 in another script.

Rule: the tag says what the other document is to this one; $t (else $s, the uniform title, else $a alone) is its title,
$a its author, $g and $q where in it, $i what the cataloguer calls the relation, $x and $z its ISSN and ISBN. One
without a title tells a reader nothing and is left out, but the number of another format (776 $z) can be found by.
"""

from collections.abc import Mapping

from indexer.crosswalks.marc21_title import linked_fields
from indexer.crosswalks.source import Source
from indexer.normalise.isbn import parse_isbn, parse_issn
from indexer.normalise.text import clean_text, trim_marks
from lienthu.marc import MarcField, MarcRecord
from lienthu.record import Identifier, Relation, RelationKind

KINDS: Mapping[str, RelationKind] = {
    "760": "parent", "762": "constituent", "765": "original", "767": "translation", "770": "supplement",
    "772": "parent", "773": "host", "774": "constituent", "775": "edition", "776": "form", "777": "together",
    "780": "earlier", "785": "later", "786": "source", "787": "other",
}  # fmt: skip
_TAGS = tuple(KINDS)
MAX_RELATIONS = 200


def read_relations(record: MarcRecord, source: Source) -> tuple[Relation, ...]:
    """760 to 787 by their tags (773 the journal or book of an article, 780 the earlier and 785 the later title of a
    serial, 765 and 767 translations, 775 other editions, 776 other formats): $t, $a, $g, $i, $x, $z."""
    tags = record.having(_TAGS)
    if not tags and not record.has("880"):
        return ()
    fields = [(tag, field) for tag in tags for field in record.get(tag)]
    fields.extend([(field.first("6")[:3], field) for field in linked_fields(record, _TAGS)])
    relations: dict[tuple[str, str], Relation] = {}
    for tag, field in fields:
        relation = _read_relation(field, KINDS[tag])
        if relation is not None:
            relations.setdefault((relation.kind, relation.title), relation)
    return tuple(relations.values())[:MAX_RELATIONS]


def _read_relation(field: MarcField, kind: RelationKind) -> Relation | None:
    title = trim_marks(clean_text(field.first("t") or field.first("s")))
    author = trim_marks(clean_text(field.first("a")))
    if not title:
        title, author = author, ""
    if not title:
        return None
    places = [text for code in "gq" if (text := clean_text(field.join(code)))]
    return Relation(
        kind=kind,
        title=title[:500],
        author=author,
        label=trim_marks(clean_text(field.first("i"))),
        place="; ".join(places[:1] if len(places) > 1 and kind == "host" else places)[:200],
        numbers=_read_numbers(field),
    )


def _read_numbers(field: MarcField) -> tuple[Identifier, ...]:
    """$x and $z, those whose check digit is right."""
    found: dict[str, Identifier] = {}
    for code, value in field.subfields:
        number = (
            parse_issn(clean_text(value)) if code == "x" else parse_isbn(clean_text(value)) if code == "z" else None
        )
        if number is not None and not number.rule:
            kind = Identifier(kind="issn" if code == "x" else "isbn", value=number.value)
            found.setdefault(number.value, kind)
    return tuple(found.values())
