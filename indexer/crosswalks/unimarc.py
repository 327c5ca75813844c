"""UNIMARC and CNMARC to a Record: each field is read as the field of MARC 21 that says the same, and then by its rules.

Rule: the table FIELDS gives the fields whose subfields only change their letters; titles, dates, names, numbers, links
and copies have a function each. A finding names the field that the partner wrote (``010$a``, not ``020$a``). Fields of
no table keep their tags where MARC 21 has no meaning for them (9XX), so that a partner's practice can name them. CNMARC
writes the Chinese classification in 690 and its copies in 905; French libraries write copies in 995 or 930 and 915,
others in 996. Left out are codes that only librarians read (102, 105-182 but for what is said below, 801, 345).
"""

import re
from collections.abc import Iterator

import msgspec

from indexer.crosswalks.marc21 import map_marc
from indexer.crosswalks.source import RuleBroken, Source
from indexer.crosswalks.unimarc_agents import read_agent_field
from indexer.crosswalks.unimarc_copies import COPY_TAGS, read_copies
from indexer.crosswalks.unimarc_relations import fields_above, read_relation_field
from indexer.normalise.audience import turn_unimarc_letters
from lienthu.finding import Finding
from lienthu.marc import MarcField, MarcRecord, build_record
from lienthu.outcome import Outcome, Skipped
from lienthu.record import Record

Subfields = tuple[tuple[str, str], ...]

FIELDS: dict[str, tuple[str, str]] = {
    "011": ("022", "aaflyyzz"), "012": ("035", "aa"), "017": ("024", "aa22"), "020": ("015", "ba"),
    "022": ("015", "ba"), "036": ("035", "aa"), "040": ("030", "aa"), "071": ("028", "aa"), "101": ("041", "aa"),
    "205": ("250", "aabbfb"), "206": ("255", "aabbcc"), "207": ("362", "aa"), "225": ("490", "aaeahnipvv"),
    "208": ("500", "aa"), "215": ("300", "aacbdcee"), "230": ("500", "aa"), "300": ("500", "aa"), "301": ("500", "aa"),
    "302": ("500", "aa"), "303": ("500", "aa"), "304": ("500", "aa"), "305": ("500", "aa"), "306": ("500", "aa"),
    "307": ("500", "aa"), "308": ("500", "aa"), "310": ("500", "aa"), "311": ("500", "aa"), "312": ("500", "aa"),
    "313": ("500", "aa"), "314": ("500", "aa"), "315": ("500", "aa"), "316": ("500", "aa"), "317": ("500", "aa"),
    "320": ("504", "aa"), "321": ("500", "aa"), "322": ("508", "aa"), "323": ("511", "aa"), "324": ("534", "aa"),
    "325": ("533", "aa"), "326": ("310", "aabb"), "327": ("505", "aabacadaeafagahaia"),
    "328": ("502", "aabbcgeczdddtg"), "330": ("520", "aa"), "332": ("500", "aa"), "333": ("521", "aa"),
    "334": ("586", "aabbccdd"), "336": ("538", "aa"), "337": ("538", "aa"), "359": ("505", "bacadaeafapa"),
    "500": ("240", "aahniphb"), "501": ("240", "aa"), "510": ("246", "aaebhnip"), "511": ("246", "aa"),
    "512": ("246", "aaebhnip"), "513": ("246", "aaebhnip"), "514": ("246", "aaeb"), "515": ("246", "aaeb"),
    "516": ("246", "aaeb"), "517": ("246", "aaebhnip"), "518": ("246", "aaeb"), "520": ("247", "aaebhnip"),
    "530": ("222", "aabb"), "531": ("210", "aabb"), "532": ("246", "aa"), "540": ("246", "aaeb"),
    "541": ("246", "aaebhnip"), "545": ("246", "aa"), "601": ("610", "aabbccddeeffjvxxyzzy22"),
    "604": ("600", "aattxxyzzy22"), "605": ("630", "aahnipjvxxyzzy22"), "606": ("650", "aajvxxyzzy22"),
    "607": ("651", "aajvxxyzzy22"), "608": ("655", "aajvxxyzzy22"), "610": ("653", "aa"), "615": ("650", "aaxx22"),
    "616": ("610", "aaffxx22"), "617": ("651", "aabxczdzex22"), "675": ("080", "aa"), "676": ("082", "aa22"),
    "680": ("050", "aabb"), "686": ("084", "aa22"), "692": ("084", "aa"), "856": ("856", "uu22zzyy3377"),
}  # fmt: skip
"""UNIMARC tag -> (MARC 21 tag, its subfields in pairs: from, to)."""
_KINDS = {"b": "t", "l": "m", "m": "o"}
_DATE_TYPES = {"a": "c", "b": "d", "d": "s", "e": "r", "f": "q", "g": "m", "h": "t", "i": "t", "j": "e"}
_NUMBER_WITH_PRICE = re.compile(r"^([0-9Xx–-]{9,20}[^:：]*?)\s*[:：]\s*(\D{0,5}[0-9][0-9.,]*\D{0,6})$")
_AUTHORITIES = "xyz"
_PLACE = re.compile(r"^([0-9]{3})")


def map_unimarc(record: MarcRecord, source: Source) -> Outcome | Record:
    """The Record, or why there is none. Raises RuleBroken naming the partner's own field."""
    if record.leader[6:7] in _AUTHORITIES and not record.has("200"):
        return Skipped(source.reference, "authority", f"leader/06 is {record.leader[6:7]}: an authority record")
    origins: dict[str, str] = {}
    kept = len(source.findings)
    turned = turn_to_marc21(record, origins)
    try:
        found = map_marc(turned, source)
    except RuleBroken as broken:
        field = _name_origin(broken.field, origins)
        raise RuleBroken(field, broken.rule, broken.reason.replace(broken.field[:3], field[:3])) from broken
    if not isinstance(found, Record):
        return found
    findings = tuple([
        finding if at < kept else _rename(finding, origins) for at, finding in enumerate(found.findings)
    ])  # fmt: skip
    return msgspec.structs.replace(found, findings=findings)


def is_unimarc(record: MarcRecord) -> bool:
    """A title in 200 and none in 245: no MARC 21 has a field 200."""
    return record.has("200") and not record.has("245")


def turn_to_marc21(record: MarcRecord, origins: dict[str, str]) -> MarcRecord:
    """The same description in fields of MARC 21. *origins* learns which tag each of them came from."""
    fields: list[MarcField] = []
    is_part = record.leader[7:8] == "a"
    titles = 0
    for field in record.fields:
        titles += field.tag == "200"
        for turned in _turn_again(field) if field.tag == "200" and titles > 1 else _turn_field(field, is_part):
            fields.append(turned)
            origins.setdefault(turned.tag, field.tag)
    fields.extend(_turn_coded_forms(record))
    if not is_part and not any(field.tag == "490" for field in fields):
        for field in fields_above(record):
            fields.append(field)
            origins.setdefault("490", "461")
    origins.setdefault("245", "200")
    origins.setdefault("041", "101")
    leader = record.leader
    kind = _KINDS.get(leader[6:7], leader[6:7])
    return build_record(f"{leader[:6]}{kind}{leader[7:9]}a{leader[10:]}", fields, record.findings)


def _turn_field(field: MarcField, is_part: bool) -> Iterator[MarcField]:
    tag = field.tag
    if tag in FIELDS:
        target, letters = FIELDS[tag]
        yield _relabel(field, target, letters)
    elif tag == "200":
        yield from _turn_title(field)
    elif tag in ("210", "214"):
        yield _turn_imprint(field)
    elif tag == "100":
        yield from _turn_coded(field)
    elif tag == "010":
        yield _turn_isbn(field)
    elif tag in ("013", "073"):
        yield MarcField("024", "2" if tag == "013" else "3", " ", tuple([("a", value) for value in field.every("a")]))
    elif tag == "690":
        yield MarcField("084", " ", " ", (*[("a", value) for value in field.every("a")], ("2", "clc")))
    elif tag in ("600", "602") or tag[:2] in ("70", "71", "72"):
        yield from read_agent_field(field)
    elif tag in COPY_TAGS:
        yield from read_copies(field)
    elif tag[:1] == "4":
        yield from read_relation_field(field, is_part)
    elif tag == "001" or tag[:1] == "9":
        yield field


def _relabel(field: MarcField, tag: str, letters: str) -> MarcField:
    change = dict(zip(letters[::2], letters[1::2], strict=True))
    subfields = tuple([(change[code], value) for code, value in field.subfields if code in change])
    scheme = "7" if tag[0] == "6" and field.first("2") else " "
    return MarcField(tag, field.ind1 if tag == "856" else " ", scheme, subfields)


def _turn_title(field: MarcField) -> Iterator[MarcField]:
    """$a title (a second one is another work of the volume), $d parallel, $e subtitle, $f $g responsibility, $h $v
    volume, $i title of the part."""
    subfields: list[tuple[str, str]] = []
    others: list[str] = []
    responsibility: list[str] = []
    parallel = False
    for code, value in field.subfields:
        if code == "a" and any(known == "a" for known, _ in subfields):
            others.append(value)
        elif code == "a":
            subfields.append(("a", value))
        elif code == "d":
            parallel = True
            subfields.append(("b", f"= {value.lstrip('= ')}"))
        elif code == "e" and value.strip():
            subfields.append(("b", f"= {value}" if parallel and value.startswith("=") else value))
        elif code in "hv":
            subfields.append(("n", value))
        elif code == "i":
            subfields.append(("p", value))
        elif code in "fg" and not parallel:
            responsibility.append(value)
    if responsibility:
        subfields.append(("c", " ; ".join(responsibility)))
    yield MarcField("245", "1", "0", tuple(subfields))
    for other in others:
        yield MarcField("246", " ", " ", (("a", other),))
    for value in field.every("A9"):  # CNMARC: the title in pinyin
        if value.strip():
            yield MarcField("246", " ", " ", (("a", value),))


def _turn_again(field: MarcField) -> Iterator[MarcField]:
    """A second 200 says the title in another script ($6, $7): another title."""
    yield _relabel(field, "246", "aaebhnip")


def _turn_coded_forms(record: MarcRecord) -> Iterator[MarcField]:
    """105 $a/4-7 ``m`` or ``v``: a thesis. 106 $a ``f``: braille. 110 needs no turning: leader/07 says a serial."""
    if not record.has("328") and any(set(field.first("a")[4:8]) & {"m", "v"} for field in record.get("105")):
        yield MarcField("502")
    if any(field.first("a")[:1] == "f" for field in record.get("106")):
        yield MarcField("007", value="fb")


def _turn_imprint(field: MarcField) -> MarcField:
    """$a place, $c publisher, $d date; a manufacturer ($e, $g, $h) is none of them. 214 tells by its indicator."""
    change = {"a": "a", "c": "b", "d": "c"}
    subfields = tuple([(change[code], value) for code, value in field.subfields if code in change])
    if field.tag == "214":
        return MarcField("264", " ", "1" if field.ind2 in "0 " else "3", subfields)
    return MarcField("260", " ", " ", subfields)


def _turn_coded(field: MarcField) -> Iterator[MarcField]:
    """100 $a/8-16: the type of date and two dates, as 008/06-14; 17-19: the audience, as 008/22. The language of
    cataloguing is not the text's."""
    coded = field.first("a")
    if len(coded) >= 17:
        kind = _DATE_TYPES.get(coded[8], "s")
        audience = turn_unimarc_letters(coded[17:20])
        yield MarcField("008", value=(f"{coded[2:8]}{kind}{coded[9:17]}".ljust(22) + audience).ljust(40))


def _turn_isbn(field: MarcField) -> MarcField:
    """$a number, $d price, $z a wrong number; some write number and price into $a."""
    subfields: list[tuple[str, str]] = []
    for code, value in field.subfields:
        both = _NUMBER_WITH_PRICE.match(value) if code == "a" and not field.first("d") else None
        if both:
            subfields.extend((("a", both[1]), ("c", both[2])))
        elif code in "adz":
            subfields.append(("c" if code == "d" else code, value))
    return MarcField("020", " ", " ", tuple(subfields))


def _name_origin(field: str, origins: dict[str, str]) -> str:
    found = _PLACE.match(field)
    return field.replace(found[1], origins.get(found[1], found[1]), 1) if found else field


def _rename(finding: Finding, origins: dict[str, str]) -> Finding:
    field = _name_origin(finding.field, origins)
    return finding if field == finding.field else msgspec.structs.replace(finding, field=field)
