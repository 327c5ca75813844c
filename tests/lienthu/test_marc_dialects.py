"""The five ways in which one library system writes MARC: each gives the same record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthu.iso2709 import read_iso2709
from lienthu.marc import MarcError, MarcRecord
from lienthu.marc_lines import read_lines, read_lines_leader, read_lines_number
from lienthu.marc_printable import read_printable, read_printable_number
from tests.indexer.crosswalks.marc_writing import write_iso2709

LINES = """001 TVL140004602
041 ## $avie
245 ## $aThơ ca dân gian người Dao Tuyển/$cTrần Hữu Sơn
260 ## $aH.:$bThời đại,$c2011"""
PRINTED = """Ldr 00025nam a2200024 a 4500
#001 TVL140004602
#041    $avie
#245    $aThơ ca dân gian người Dao Tuyển/$cTrần Hữu Sơn
#260    $aH.:$bThời đại,$c2011
##"""


def print_separators(record: bytes) -> bytes:
    """A true record with # and $ for its separators: not one byte more or less."""
    return record.replace(b"\x1e", b"#").replace(b"\x1d", b"#").replace(b"\x1f", b"$")


def flatten(record: MarcRecord) -> list[tuple[object, ...]]:
    return [(f.tag, f.ind1, f.ind2, f.subfields, f.value) for f in record.fields]


def rules(record: MarcRecord) -> list[str]:
    return [finding.rule for finding in record.findings]


TRUE = write_iso2709(LINES)


@pytest.mark.parametrize(
    ("read", "payload"),
    [
        (read_printable, print_separators(TRUE)),
        (read_printable, b"\xef\xbb\xbf" + print_separators(TRUE)),
        (read_lines, PRINTED.encode()),
        (read_lines, PRINTED.replace("\n", "\r\n").encode()),
    ],
    ids=["printable", "with a mark", "lines", "lines of Windows"],
)
def test_every_dialect_gives_the_same_record(read: type, payload: bytes) -> None:
    assert flatten(read(payload)) == flatten(read_iso2709(TRUE))


def test_the_directory_decides_where_a_sign_of_number_stands_in_the_text() -> None:
    true = write_iso2709("001 1\n245 ## $aLập trình C# và F##$cAi đó\n500 ## $aCa khúc #1")
    record = read_printable(print_separators(true))
    assert record.get("245")[0].first("a") == "Lập trình C# và F##"
    assert record.get("500")[0].first("a") == "Ca khúc #1"
    assert "directory-wrong" not in rules(record)


def test_money_is_no_subfield() -> None:
    payload = print_separators(
        write_iso2709("001 1\n020 ## $a9786046401544$cUSDx25; (x9.50)\n500 ## $aHạng A xX\n035 ## $9 7")
    )
    record = read_printable(payload.replace(b"x25", b"$25").replace(b"x9", b"$9").replace(b"xX", b"$X"))
    assert record.get("020")[0].subfields == (("a", "9786046401544"), ("c", "USD$25; ($9.50)"))
    assert record.get("500")[0].subfields == (("a", "Hạng A $X"),)
    assert record.get("035")[0].first("9") == " 7"


def test_a_directory_that_counts_characters_is_read_as_such() -> None:
    fields = [("001", "TVL1"), ("245", "  $aĐường lên Sa Pa")]
    directory, body = "", ""
    for tag, text in fields:
        directory += f"{tag}{len(text) + 1:04d}{len(body):05d}"
        body += text + "#"
    payload = f"00099nam a22{25 + len(directory):05d} a 4500{directory}#{body}#".encode()
    record = read_printable(payload)
    assert record.get("245")[0].first("a") == "Đường lên Sa Pa"
    assert "directory-wrong" in rules(record)


def test_a_broken_directory_is_an_error_that_is_told() -> None:
    payload = print_separators(TRUE)
    record = read_printable(payload[:27] + b"99999999" + payload[35:])
    assert record.get("245")[0].first("c") == "Trần Hữu Sơn"
    assert "directory-wrong" in rules(record)
    with pytest.raises(MarcError, match="directory"):
        read_printable(b"00099nam no directory here ##")


def test_a_local_field_without_subfields_keeps_its_value() -> None:
    printable = print_separators(write_iso2709("001 1\n245 ## $aA\n927 XX")).replace(b"XX#", b"LA#")
    assert read_printable(printable).get("927")[0].first("a") == "LA"
    assert read_lines(b"Ldr 00025nam a2200024 a 4500\n#001 1\n#927 LA\n##").get("927")[0].first("a") == "LA"


def test_lines_say_number_and_leader_without_being_read_wholly() -> None:
    assert read_lines_number(PRINTED.encode()) == "TVL140004602"
    assert read_lines_leader(PRINTED.encode()) == b"00025nam a2200024 a 4500"
    assert read_lines_leader(b"Ldr ") == b""
    assert read_printable_number(print_separators(TRUE)) == "TVL140004602"
    assert read_printable_number(b"nothing of the kind") == ""


def test_a_long_line_that_was_wrapped_goes_on() -> None:
    record = read_lines(b"Ldr 00025nam a2200024 a 4500\n#520    $aFirst half\nsecond half\n##")
    assert record.get("520")[0].first("a") == "First half second half"


def test_lines_without_any_field_are_refused() -> None:
    with pytest.raises(MarcError, match="No line"):
        read_lines(b"Ldr 00025nam a2200024 a 4500\n##")


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_a_marc_error(junk: bytes) -> None:
    for read, start in (
        (read_printable, b"00099nam a2200037 a 4500001000500000#"),
        (read_lines, b"Ldr 00025nam\n#001 1\n#245 "),
    ):
        try:
            read(start + junk).fields  # noqa: B018
        except MarcError:
            pass
