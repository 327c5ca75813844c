"""MARC 21 fields that no rule reads, knowingly, and why. A tag that stands neither here nor in a rule is a gap.

Rule: the fields of a record that reach no reader are codes that only machines and cataloguers use, words that another
field says better, notes of the staff, and local fields. A partner whose local field matters names it in its practice.
"""

from collections.abc import Iterator

from lienthu.i18n import mark
from lienthu.marc import MarcRecord

CODED = mark("codes for machines and cataloguers")
SAID_BETTER = mark("said better by another field")
STAFF = mark("notes for the staff")
LOCAL = mark("the library's own field; its practice may name it")

LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(
        (
         "001", "003", "005", "006", "009", "012", "017", "018", "019", "025", "029", "031", "032", "033", "034",
         "036", "037", "038", "039", "040", "042", "043", "044", "045", "046", "047", "048", "049", "051", "052",
         "061", "066", "071", "072", "074", "085", "096", "098", "099", "263", "306", "307", "334", "337", "338",
         "340", "341", "342", "343", "344", "345", "346", "347", "348", "352", "357", "366", "370", "377", "380",
         "381", "382", "383", "384", "385", "386", "388", "788", "882", "883", "884", "885", "886", "887",
        ), CODED,
    ),
    **dict.fromkeys(
        ("254", "256", "258", "270", "510", "514", "524", "526", "527", "552", "565", "570", "654", "656", "657",
         "658", "662", "751", "752", "753", "754", "758", "841", "842", "843", "844", "845", "850", "851", "853", "854",
         "855", "863", "864", "865", "877", "878"), SAID_BETTER,
    ),
    **dict.fromkeys(("355", "541", "583", "584", "588", "840"), STAFF),
}  # fmt: skip
"""Tag -> why. 09X, 59X, 69X and 9XX that no rule names are local."""
_LOCAL_TAGS = ("09", "29", "39", "49", "59", "69", "79", "89", "9")


def why_left_out(tag: str) -> str:
    """The reason, or an empty text: the field is read, or nobody thought of it."""
    return LEFT_OUT.get(tag) or (LOCAL if tag.startswith(_LOCAL_TAGS) or not tag.isdecimal() else "")


def list_left_out(record: MarcRecord, read: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(tag, why) of each tag of *record* that no rule reads; *read* are beginnings of those that are, but for a few."""
    for tag in sorted(set(record.tags)):
        if tag in LEFT_OUT or not tag.startswith(read):
            yield tag, why_left_out(tag)
