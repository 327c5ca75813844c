"""UNIMARC links to other documents (4XX) as those of MARC 21 (76X-78X), and the series or set above a volume.

Rule: a link says what it leads to in subfields of its own ($a author, $t title, $v volume, $p pages, $x ISSN, $y ISBN)
or holds whole fields of the other record, each behind a ``$1`` with tag and indicators (``$12001 $aTitle``): both are
read. 410, 461 and 462 are the series or set of a volume; of an article (leader/07 ``a``) 461 to 463 are its host.
"""

from collections.abc import Iterator

from lienthu.marc import MarcField, MarcRecord

KINDS = {
    "411": "762", "421": "770", "422": "772", "423": "777", "424": "787", "425": "787", "430": "780", "431": "780",
    "432": "780", "433": "780", "434": "780", "435": "780", "436": "780", "437": "780", "440": "785", "441": "785",
    "442": "785", "443": "785", "444": "785", "445": "785", "446": "785", "447": "785", "448": "785", "451": "775",
    "452": "776", "453": "767", "454": "765", "455": "786", "456": "776", "464": "774", "470": "787", "481": "777",
    "482": "777", "488": "787",
}  # fmt: skip
"""UNIMARC tag -> the tag of MARC 21 that says the same."""
_ABOVE = ("410", "461", "462")
_HOSTS = ("461", "462", "463")
_STATED = {"a": "a", "t": "t", "x": "x", "y": "z", "v": "g", "p": "g", "d": "g"}
_EMBEDDED = {
    ("200", "a"): "t", ("200", "v"): "g", ("500", "a"): "t", ("011", "a"): "x", ("010", "a"): "z", ("210", "d"): "g",
    ("215", "a"): "g",
}  # fmt: skip


def read_relation_field(field: MarcField, is_part: bool) -> Iterator[MarcField]:
    """The link of MARC 21, of an article (*is_part*) its host as well; nothing where it is a series."""
    tag = "773" if is_part and field.tag in _HOSTS else KINDS.get(field.tag, "")
    if not tag and field.tag == "463":
        tag = "787"
    if tag:
        yield MarcField(tag, " ", " ", tuple(read_link(field)))


def fields_above(record: MarcRecord) -> Iterator[MarcField]:
    """410, 461 and 462 as fields of series: the title and the volume."""
    for tag in _ABOVE:
        for field in record.get(tag):
            found = dict(reversed(list(read_link(field))))
            title = found.get("t") or found.get("a")
            if title:
                volume = found.get("g", "")
                yield MarcField("490", " ", " ", (("a", title), *((("v", volume),) if volume else ())))


def read_link(field: MarcField) -> Iterator[tuple[str, str]]:
    """Subfields as those of MARC 21: $a author, $t title, $g place, $x ISSN, $z ISBN."""
    embedded = ""
    family = ""
    for code, value in field.subfields:
        if code == "1":
            embedded = value[:3]
            if embedded == "001":
                continue
        elif not embedded:
            if code in _STATED:
                yield _STATED[code], value
        elif (embedded, code) in _EMBEDDED:
            yield _EMBEDDED[embedded, code], value
        elif embedded[:1] == "7" and code == "a":
            family = value.strip().rstrip(",")
        elif embedded[:1] == "7" and code == "b":
            family = f"{family}, {value.strip().lstrip(', ')}"
    if family:
        yield "a", family
