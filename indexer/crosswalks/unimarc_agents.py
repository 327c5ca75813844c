"""UNIMARC names as those of MARC 21: 700-703, 710-713, 720-722, and 600, 602 as subjects.

Rule: ``$a`` entry element and ``$b`` the rest are ``$a, $b``; ``$f`` are dates; ``$c`` and ``$d`` additions; ``$4`` is
a code of three digits (070 author, 730 translator) or, in CNMARC, a word (著, 译).
"""

from collections.abc import Iterator

from lienthu.marc import MarcField

_TAGS = {
    "700": "100", "701": "700", "702": "700", "703": "700", "710": "110", "711": "710", "712": "710", "713": "710",
    "720": "700", "721": "700", "722": "700", "716": "710",
}  # fmt: skip
ROLES = {
    "005": "act", "010": "adp", "020": "ann", "030": "arr", "040": "art", "070": "aut", "072": "aut", "075": "aft",
    "080": "aui", "100": "ant", "110": "bnd", "180": "ctg", "205": "ctb", "210": "cwt", "212": "cwt", "220": "com",
    "230": "cmp", "250": "cnd", "273": "cur", "300": "drt", "305": "dis", "340": "edt", "370": "flm", "440": "ill",
    "470": "ivr", "460": "ive", "520": "lyr", "550": "nrt", "557": "orm", "570": "oth", "590": "prf", "595": "res",
    "600": "pht", "605": "prs", "610": "prt", "630": "pro", "650": "pbl", "651": "pbd", "673": "rth", "675": "rev",
    "690": "sce", "710": "edt", "720": "sgn", "721": "sng", "723": "spn", "727": "ths", "730": "trl", "740": "tyd",
}  # fmt: skip
"""Codes of UNIMARC's appendix C -> MARC relator codes."""
_NOT_NAMES = frozenset("9AB3567")


def read_agent_field(field: MarcField) -> Iterator[MarcField]:
    """The name, and CNMARC's pinyin of it is passed over: it would be another person."""
    subject = field.tag in ("600", "602")
    tag = "600" if subject else _TAGS.get(field.tag, "")
    if not tag:
        return
    person = subject or tag in ("100", "700")
    subfields = list(_read_person(field) if person else _read_body(field))
    if subject:
        subfields.extend(_read_divisions(field))
        yield MarcField(tag, " ", "7" if field.first("2") else " ", tuple(subfields))
        return
    for code, value in field.subfields:
        if code == "4":
            role = ROLES.get(value.strip()[:3])
            subfields.append(("4", role) if role else ("e", value))
    if subfields:
        yield MarcField(tag if person or field.ind1 != "1" else tag[0] + "11", " ", " ", tuple(subfields))


def _read_person(field: MarcField) -> Iterator[tuple[str, str]]:
    entry, rest = field.first("a").strip().rstrip(","), field.first("b").strip().lstrip(",").strip()
    name = f"{entry}, {rest}" if entry and rest else entry or rest
    if name:
        yield "a", name
        for code, value in field.subfields:
            if code == "f":
                yield "d", value.strip("() ")
            elif code == "c":
                yield "c", value


def _read_body(field: MarcField) -> Iterator[tuple[str, str]]:
    """Of a body $a and its parts $b; of a meeting also number $d, place $e and date $f."""
    change = {"a": "a", "b": "b", **({"d": "n", "e": "c", "f": "d"} if field.ind1 == "1" else {})}
    for code, value in field.subfields:
        if code in change and code not in _NOT_NAMES:
            yield change[code], value


def _read_divisions(field: MarcField) -> Iterator[tuple[str, str]]:
    change = {"j": "v", "x": "x", "y": "z", "z": "y", "2": "2"}
    for code, value in field.subfields:
        if code in change:
            yield change[code], value
