"""MarcRecord and MarcField: a MARC record as it is read, whatever it was wrapped in.

A record reads its fields one tag at a time, when they are asked for: a crosswalk wants some thirty of them and a real
record may hold a hundred. Nothing is cleaned here; what had to be repaired in order to read is a finding.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from lienthu.errors import CatalogueError
from lienthu.finding import Finding
from lienthu.i18n import mark

SUBFIELD = "\x1f"
MAX_RECORD = 1_000_000
"""Bytes; what is larger is refused by name."""
MAX_FIELDS = 10_000
MAX_FIELD = 65_536
"""Characters of one field; what is longer is cut, with a finding."""
_ALIKE = frozenset(
    ("007", "250", "260", "264", "300", "310", "336", "337", "338", "500", "504", "521", "538", "655")
)  # fmt: skip
"""Fields of which most stand in other records too, letter for letter: they are split once."""


class MarcError(CatalogueError):
    """The bytes cannot be read as MARC. ``field`` and ``rule`` say where and why."""

    title = mark("A MARC record cannot be read")

    def __init__(self, message: str, *, field: str, rule: str, **facts: object) -> None:
        self.field = field
        self.rule = rule
        super().__init__(message, **facts)


class MarcField(msgspec.Struct, frozen=True, gc=False):
    """A control field has a ``value`` and no subfields; a data field has subfields as (code, value), in order."""

    tag: str
    ind1: str = " "
    ind2: str = " "
    subfields: tuple[tuple[str, str], ...] = ()
    value: str = ""

    def first(self, code: str) -> str:
        """The first ``$code``, or an empty text."""
        for found, value in self.subfields:
            if found == code:
                return value
        return ""

    def every(self, codes: str) -> list[str]:
        """The values of every subfield whose code is among *codes*, in order."""
        return [value for found, value in self.subfields if found in codes]

    def join(self, codes: str, separator: str = " ") -> str:
        """The same, joined."""
        return separator.join([value for found, value in self.subfields if found in codes])


class MarcRecord:
    """``leader`` has 24 characters. ``texts`` holds, by tag, the fields not yet split into subfields (every tag of
    the record is a key of it); ``order`` the tags as they follow one another. ``findings`` grows while fields are
    being read."""

    __slots__ = ("_order", "_parsed", "_texts", "findings", "leader")

    def __init__(
        self,
        leader: str,
        order: list[str],
        texts: dict[str, list[str]],
        findings: list[Finding],
        parsed: dict[str, tuple[MarcField, ...]] | None = None,
    ) -> None:
        self.leader = leader
        self.findings = findings
        self._order = order
        self._texts = texts
        self._parsed = {} if parsed is None else parsed

    def get(self, tag: str) -> tuple[MarcField, ...]:
        """The fields with this tag, in order; none is an empty tuple."""
        texts = self._texts.get(tag)
        if texts is None:
            return ()
        parsed = self._parsed.get(tag)
        if parsed is None:
            parse, findings = _parse_alike if tag in _ALIKE else parse_field, self.findings
            if len(texts) == 1:
                parsed = (parse(tag, texts[0], findings),)
            else:
                parsed = tuple([parse(tag, text, findings) for text in texts])
            self._parsed[tag] = parsed
        return parsed

    def texts_of(self, tag: str) -> list[str]:
        """The same fields before they are split, for a rule that knows a field again by its text."""
        texts = self._texts.get(tag)
        if texts is None:
            return []
        if not texts:
            texts = self._texts[tag] = [_join_field(field) for field in self._parsed[tag]]
        return texts

    def walk_texts(self) -> Iterator[tuple[str, str]]:
        """(tag, text) of every subfield and control field, before any of them is split where none was yet."""
        for tag, texts in self._texts.items():
            if texts:
                for text in texts:
                    parts = text.split(SUBFIELD)
                    yield tag, parts[0] if len(parts) == 1 else ""
                    for part in parts[1:]:
                        yield tag, part[1:]
            else:
                for field in self._parsed[tag]:
                    yield tag, field.value
                    for _code, value in field.subfields:
                        yield tag, value

    def walk_fields(self) -> Iterator[str]:
        """Every field in one piece, whether it was split or not."""
        for tag, texts in self._texts.items():
            yield from texts or map(_join_field, self._parsed[tag])

    def replace_texts(self, changed: Mapping[str, str]) -> None:
        """Puts other texts in the place of those that are keys of *changed*, wherever they stand."""
        for tag, texts in self._texts.items():
            if texts:
                self._texts[tag] = [_replace_in_field(text, changed) for text in texts]
                self._parsed.pop(tag, None)
            else:
                self._parsed[tag] = tuple([_replace_in_parsed(field, changed) for field in self._parsed[tag]])

    def having(self, tags: tuple[str, ...]) -> list[str]:
        """Those of *tags* that the record has, in the order asked."""
        return list(filter(self._texts.__contains__, tags))

    def control(self, tag: str) -> str:
        """The value of the first control field with this tag, or an empty text."""
        fields = self.get(tag)
        return fields[0].value if fields else ""

    def has(self, tag: str) -> bool:
        return tag in self._texts

    @property
    def tags(self) -> tuple[str, ...]:
        """The tag of every field, in the order written."""
        return tuple(self._order)

    @property
    def fields(self) -> tuple[MarcField, ...]:
        """Every field, in the order written."""
        left = {tag: iter(self.get(tag)) for tag in dict.fromkeys(self._order)}
        return tuple([next(left[tag]) for tag in self._order])


def build_record(leader: str, fields: list[MarcField], findings: list[Finding]) -> MarcRecord:
    """A record out of fields that are already split."""
    by_tag: dict[str, list[MarcField]] = {}
    for field in fields:
        by_tag.setdefault(field.tag, []).append(field)
    parsed = {tag: tuple(found) for tag, found in by_tag.items()}
    texts: dict[str, list[str]] = {tag: [] for tag in parsed}
    return MarcRecord(leader, [field.tag for field in fields], texts, findings, parsed)


def is_control_tag(tag: str) -> bool:
    """001 to 009, and Aleph's letters aside: a field without indicators and subfields."""
    return tag[:2] == "00"


def _join_field(field: MarcField) -> str:
    """The inverse of :func:`parse_field` for a sound field."""
    if field.value:
        return field.value
    return field.ind1 + field.ind2 + "".join([f"{SUBFIELD}{code}{value}" for code, value in field.subfields])


def _replace_in_field(text: str, changed: Mapping[str, str]) -> str:
    head, *parts = text.split(SUBFIELD)
    if not parts:
        return changed.get(head, head)
    return SUBFIELD.join([head, *(part[:1] + changed.get(part[1:], part[1:]) for part in parts)])


def _replace_in_parsed(field: MarcField, changed: Mapping[str, str]) -> MarcField:
    subfields = tuple([(code, changed.get(value, value)) for code, value in field.subfields])
    return MarcField(field.tag, field.ind1, field.ind2, subfields, changed.get(field.value, field.value))


def show_field(text: str) -> str:
    """The beginning of a field as cataloguers write it, for a finding: ``10$aDế mèn``."""
    return text.replace(SUBFIELD, "$").strip()[:80]


def _parse_alike(tag: str, text: str, findings: list[Finding]) -> MarcField:
    """The same as :func:`parse_field`, for a field that was probably met before."""
    return _parse_sound(tag, text) or parse_field(tag, text, findings)


@lru_cache(maxsize=8_192)
def _parse_sound(tag: str, text: str) -> MarcField | None:
    """None where there is anything to be told of it."""
    findings: list[Finding] = []
    field = parse_field(tag, text, findings)
    return None if findings else field


def parse_field(tag: str, text: str, findings: list[Finding]) -> MarcField:
    """Splits ``10␟aTitle␟bRest``. Absent indicators are blanks, a subfield without a code is passed over."""
    head, *parts = text.split(SUBFIELD)
    if tag < "010" and tag[:2] == "00":
        if not parts:
            return MarcField(tag, " ", " ", (), text)
        findings.append(Finding("control-field-with-subfields", "warning", tag, text[:60], "read without its codes"))
        return MarcField(tag, " ", " ", (), " ".join([part[1:] for part in parts]))
    if len(head) != 2 or not parts:
        return _parse_damaged_field(tag, head, parts, findings)
    if "" in parts:
        findings.append(Finding("subfield-without-code", "note", tag, text[:60], "passed over"))
        parts = [part for part in parts if part]
    return MarcField(tag, head[0], head[1], tuple([(part[0], part[1:]) for part in parts]))


def _parse_damaged_field(tag: str, head: str, parts: list[str], findings: list[Finding]) -> MarcField:
    """Indicators are missing or too long, or there is no subfield mark: text before the first mark is ``$a``."""
    indicators, stray = (head, "") if len(head) <= 2 else ("", head)
    if len(head) > 2 and _is_indicator(head[0]) and _is_indicator(head[1]):
        indicators, stray = head[:2], head[2:]
    rule = "indicators-wrong" if parts else "subfields-missing"
    findings.append(Finding(rule, "note", tag, head[:60], "read all the same"))
    subfields = [(part[0], part[1:]) for part in parts if part]
    if stray.strip():
        subfields.insert(0, ("a", stray))
    padded = indicators.ljust(2)
    return MarcField(tag, padded[0], padded[1], tuple(subfields))


def _is_indicator(character: str) -> bool:
    return character in " |#" or ("0" <= character <= "9")
