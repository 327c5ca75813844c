"""A partner's own cataloguing practice: the table ``[partner.practice]`` of partners.toml. Practice is never code.

=====================  =============================================================================================
``accession_field``    where the accession number or barcode stands: ``"852$j"``, ``"949$b"``, ``"928$a"``. Each
                       occurrence is one copy. Without it: 852 $j, else $p, 952 $p, 949 $b, 876 $p.
``call_number_field``  where the call number stands: ``"090$a"``. Without it: the holding's own, else 090, 082.
``locations``          what a code of a store or branch is called: ``{Kho_Muon = "Kho mượn", NL = "Nhà lưu động"}``.
``withheld``           records that are not for the public: ``{field = "926$a", values = ["M", "TM"]}``, or a list of
                       such tables; of a list in CSV or Excel ``{column = "Độ mật", values = ["Mật"]}``. A withheld
                       record is skipped, and counted as such.
``hidden_locations``   codes of stores whose copies are not shown: ``["Kho_Thanh_Ly"]``.
``bookcase_field``     which subfield of the field of a copy names the bookcase or mobile library: ``"852$x"``.
``from_field``         which one tells the first day of its stay there: ``"852$f"``.
``to_field``           which one tells the last day: ``"852$t"``.
=====================  =============================================================================================

A key that is not in this table is a mistake worth telling; ``read_practice`` says which.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from lienthu.errors import SettingsError
from lienthu.i18n import mark
from lienthu.marc import MarcRecord
from lienthu.partner import Partner


class FieldPlace(NamedTuple):
    """``852$j``: a tag, and subfield codes (none for a control field)."""

    tag: str
    codes: str

    def __str__(self) -> str:
        return f"{self.tag}${self.codes}" if self.codes else self.tag


class Withheld(NamedTuple):
    """A record with one of ``values`` (small letters) in ``place``, or in the ``column`` of a table, is not for the
    public, however it is written."""

    place: FieldPlace
    values: frozenset[str]
    column: str = ""

    def __str__(self) -> str:
        return self.column or str(self.place)


class Practice(msgspec.Struct, frozen=True):
    """The table, read."""

    accession: FieldPlace | None = None
    call_number: FieldPlace | None = None
    locations: Mapping[str, str] = {}
    withheld: tuple[Withheld, ...] = ()
    hidden_locations: frozenset[str] = frozenset()
    bookcase: FieldPlace | None = None
    first_day: FieldPlace | None = None
    last_day: FieldPlace | None = None

    @property
    def tells_stays(self) -> bool:
        return self.bookcase is not None or self.first_day is not None or self.last_day is not None

    def name_location(self, code: str) -> str:
        return self.locations.get(code, code)


USUAL = Practice()
_KEYS = ("accession_field", "call_number_field", "locations", "withheld", "hidden_locations", "bookcase_field",
         "from_field", "to_field")  # fmt: skip
_read: dict[int, tuple[Partner, Practice]] = {}


def practice_of(partner: Partner | None) -> Practice:
    """The partner's practice; read once for each partner object."""
    if partner is None or not partner.practice:
        return USUAL
    known = _read.get(id(partner))
    if known is None or known[0] is not partner:
        if len(_read) > 1_000:
            _read.clear()
        known = _read[id(partner)] = (partner, read_practice(partner))
    return known[1]


def read_practice(partner: Partner) -> Practice:
    """Raises SettingsError naming the partner and the key."""
    table = partner.practice
    for key in table:
        if key not in _KEYS:
            raise SettingsError(
                mark("Partner {partner}: there is no practice “{key}”. Known: {known}."),
                partner=partner.id, key=key, known=", ".join(_KEYS),
            )  # fmt: skip
    rules = table.get("withheld", ())
    locations = table.get("locations", {})
    hidden = table.get("hidden_locations", ())
    return Practice(
        accession=_read_optional_place(partner, "accession_field"),
        call_number=_read_optional_place(partner, "call_number_field"),
        locations=_read_names(partner, locations),
        withheld=tuple(
            [_read_withheld(partner, rule) for rule in (rules if isinstance(rules, list | tuple) else [rules])]
        ),
        hidden_locations=frozenset(map(str, hidden)) if isinstance(hidden, list | tuple) else frozenset(),
        bookcase=_read_optional_place(partner, "bookcase_field"),
        first_day=_read_optional_place(partner, "from_field"),
        last_day=_read_optional_place(partner, "to_field"),
    )


def find_withheld(practice: Practice, record: MarcRecord) -> Withheld | None:
    """The rule that keeps this record from the public, if there is one."""
    for rule in practice.withheld:
        for field in record.get(rule.place.tag):
            values = field.every(rule.place.codes) if rule.place.codes else [field.value]
            if any(value.strip().casefold() in rule.values for value in values):
                return rule
    return None


def find_withheld_row(practice: Practice, cells: Mapping[str, str]) -> Withheld | None:
    """The same of a row of a table, by the header of a column."""
    for rule in practice.withheld:
        if rule.column and cells.get(rule.column, "").strip().casefold() in rule.values:
            return rule
    return None


@lru_cache(maxsize=256)
def parse_place(text: str) -> FieldPlace | None:
    """``852$j`` -> ("852", "j")."""
    tag, _, codes = text.strip().partition("$")
    return FieldPlace(tag, codes) if len(tag) == 3 and tag.isalnum() and len(codes) <= 5 else None


def _read_optional_place(partner: Partner, key: str) -> FieldPlace | None:
    value = partner.practice.get(key)
    return None if value is None else _read_place(partner, key, value)


def _read_place(partner: Partner, key: str, value: object) -> FieldPlace:
    place = parse_place(value) if isinstance(value, str) else None
    if place is None:
        raise SettingsError(
            mark("Partner {partner}, practice {key}: “{value}” is no field. Write a tag and a subfield: 852$j."),
            partner=partner.id, key=key, value=value,
        )  # fmt: skip
    return place


def _read_names(partner: Partner, names: object) -> Mapping[str, str]:
    if not isinstance(names, Mapping):
        raise SettingsError(
            mark("Partner {partner}, practice {key}: write a table of code = name."),
            partner=partner.id,
            key="locations",
        )
    return {str(code): str(name) for code, name in names.items()}


def _read_withheld(partner: Partner, rule: object) -> Withheld:
    if not isinstance(rule, Mapping) or not isinstance(rule.get("values"), list | tuple):
        raise SettingsError(
            mark("Partner {partner}, practice {key}: write {{field = \"926$a\", values = [\"M\"]}}."),
            partner=partner.id, key="withheld",
        )  # fmt: skip
    values = frozenset([str(value).strip().casefold() for value in rule["values"]])
    if isinstance(column := rule.get("column"), str) and column:
        return Withheld(FieldPlace("", ""), values, column)
    return Withheld(_read_place(partner, "withheld", rule.get("field")), values)
