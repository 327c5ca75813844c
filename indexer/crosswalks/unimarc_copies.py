"""UNIMARC copies as those of MARC 21.

=====  ==========================================================================================================
852    $b store, $j call number, $p barcode
905    CNMARC: $a library or store, $b accession numbers, $d class and $e book number (or $s, $f), $c shelf
995    recommended in France: $b branch (else $c), $e shelf, $k call number, $f barcode, $n due, $o for loan
930    France (Sudoc, BnF): $b library, $c store, $a call number, $p barcode; 955 $r what it has of a serial
996    $a barcode or number, $b branch, $c store, $k or $d call number
=====  ==========================================================================================================
"""

from collections.abc import Iterator

from lienthu.marc import MarcField

COPY_TAGS = frozenset(("852", "905", "930", "955", "995", "996"))
Subfields = list[tuple[str, str]]


def read_copies(field: MarcField) -> Iterator[MarcField]:
    """One field of MARC 21 for each field of copies."""
    if field.tag == "852":
        yield _turn(field, "852", {"b": "b", "c": "c", "j": "h", "k": "k", "l": "i", "m": "m", "p": "p", "a": "a"})
    elif field.tag == "905":
        yield field
        yield _read_905(field)
    elif field.tag == "995":
        yield _read_995(field)
    elif field.tag == "930":
        yield field
        yield _turn(field, "852", {"b": "b", "c": "c", "a": "h", "p": "p"})
    elif field.tag == "955":
        yield _turn(field, "866", {"r": "a"})
    else:
        yield field
        yield _turn(field, "852", {"a": "j", "b": "b", "c": "c", "k": "h", "d": "i"})


def _turn(field: MarcField, tag: str, change: dict[str, str]) -> MarcField:
    return MarcField(tag, " ", " ", tuple([(change[code], value) for code, value in field.subfields if code in change]))


def _read_905(field: MarcField) -> MarcField:
    """The accession numbers may stand in one subfield, parted by commas or semicolons."""
    number = field.first("s") or "/".join(
        [text for text in (field.first("d"), field.first("e") or field.first("f")) if text]
    )
    subfields: Subfields = [("b", value) for value in field.every("a")]
    subfields.extend([("c", value) for value in field.every("c")])
    if number:
        subfields.append(("h", number))
    for value in field.every("b"):
        for part in value.replace(";", ",").replace("；", ",").replace("，", ",").split(","):
            if part.strip():
                subfields.append(("j", part.strip()))
    return MarcField("852", " ", " ", tuple(subfields))


def _read_995(field: MarcField) -> MarcField:
    subfields: Subfields = []
    branch = field.first("b") or field.first("c") or field.first("a")
    if branch:
        subfields.append(("b", branch))
    for code, to in (("e", "c"), ("k", "o"), ("f", "p"), ("n", "q")):
        subfields.extend([(to, value) for value in field.every(code)])
    if field.first("o").strip() in ("0", "1", "2", "3"):
        subfields.append(("7", field.first("o").strip()))
    return MarcField("952", " ", " ", tuple(subfields))
