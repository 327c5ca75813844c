"""Reading ISO 2709: pymarc is the oracle where the bytes are sound; where they are not, nothing is lost silently."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pymarc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthu.iso2709 import read_control_number, read_iso2709
from lienthu.marc import MAX_FIELD, MarcError, MarcRecord
from tests.indexer.crosswalks.marc_writing import write_iso2709

SOUND = (
    "uva_001-200.mrc", "bu_bibs.mrc", "gpo_covid_1063_utf8.mrc", "gpo_nbs_monograph_marc8.mrc",
    "gpo_nbs_monograph_utf8.mrc", "folio_100.mrc",
)  # fmt: skip
RECORD = "001 TVL1\n245 10 $aTruyện Kiều$cNguyễn Du\n260 ## $aHà Nội\n300 ## $a300 tr."


def cut_records(path: Path) -> list[bytes]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [piece + b"\x1d" for piece in content.split(b"\x1d") if piece.strip()]


def flatten(record: MarcRecord) -> list[tuple[object, ...]]:
    return [
        (field.tag, field.value) if field.tag < "010" else (field.tag, field.ind1, field.ind2, field.subfields)
        for field in record.fields
    ]


def flatten_oracle(record: pymarc.Record) -> Iterator[tuple[object, ...]]:
    for field in record.fields:
        if field.is_control_field():
            yield field.tag, field.data
        else:
            subfields = tuple((subfield.code, subfield.value) for subfield in field.subfields)
            yield field.tag, field.indicators[0], field.indicators[1], subfields


@pytest.mark.shared
@pytest.mark.parametrize("name", SOUND)
def test_sound_records_are_read_as_pymarc_reads_them(name: str, shared_data: Path) -> None:
    compared = 0
    for payload in cut_records(shared_data / "marc" / name):
        oracle = next(pymarc.MARCReader(payload, to_unicode=True, permissive=True, utf8_handling="replace"))
        if oracle is None:
            continue
        assert flatten(read_iso2709(payload)) == list(flatten_oracle(oracle))
        compared += 1
    assert compared > 80


@pytest.mark.shared
def test_what_pymarc_gives_up_on_is_read(shared_data: Path) -> None:
    payloads = cut_records(shared_data / "marc" / "bu_bibs.mrc")
    records = [read_iso2709(payload) for payload in payloads]
    assert len(records) == 100
    assert all(record.get("245") for record in records)


@pytest.mark.shared
def test_marc8_and_utf8_of_the_same_records_say_the_same(shared_data: Path) -> None:
    marc8 = cut_records(shared_data / "marc" / "gpo_nbs_monograph_marc8.mrc")
    utf8 = cut_records(shared_data / "marc" / "gpo_nbs_monograph_utf8.mrc")
    pairs = [(a, b) for a, b in zip(marc8, utf8, strict=True) if b"\x1b" not in b]  # four were left half converted
    assert len(pairs) >= 170
    for one, other in pairs:
        assert flatten(read_iso2709(one)) == flatten(read_iso2709(other))


@pytest.mark.shared
def test_broken_records_are_read_or_refused_in_words(shared_data: Path) -> None:
    for path in sorted((shared_data / "marc" / "marc4j").glob("*.mrc")):
        for payload in cut_records(path):
            record = read_iso2709(payload)
            assert record.fields
            assert record.control("001") or record.findings


def test_a_record_is_read_in_its_order() -> None:
    record = read_iso2709(write_iso2709(RECORD))
    assert [field.tag for field in record.fields] == ["001", "245", "260", "300"]
    assert record.get("245")[0].subfields == (("a", "Truyện Kiều"), ("c", "Nguyễn Du"))
    assert record.control("001") == "TVL1"
    assert record.findings == []


def test_a_wrong_base_address_and_length_are_not_needed() -> None:
    payload = write_iso2709(RECORD)
    record = read_iso2709(b"99999" + payload[5:12] + b"00000" + payload[17:])
    assert record.get("300")[0].first("a") == "300 tr."
    assert [finding.rule for finding in record.findings] == ["base-address-wrong"]


@pytest.mark.parametrize("shift", [-3, 1, 7])
def test_offsets_that_are_all_wrong_leave_the_fields_in_order(shift: int) -> None:
    payload = write_iso2709(RECORD)
    end = payload.index(b"\x1e")
    directory = b"".join(
        payload[at : at + 7] + b"%05d" % max(0, int(payload[at + 7 : at + 12]) + shift) for at in range(24, end, 12)
    )
    record = read_iso2709(payload[:24] + directory + payload[end:])
    assert [field.tag for field in record.fields] == ["001", "245", "260", "300"]
    assert record.get("260")[0].first("a") == "Hà Nội"
    assert "directory-wrong" in {finding.rule for finding in record.findings}


def test_fields_that_lie_in_another_order_than_the_directory_are_found() -> None:
    fields = {b"001": b"X1\x1e", b"245": b"10\x1faTitle\x1e"}
    directory = b"001%04d%05d245%04d%05d" % (3, len(fields[b"245"]), len(fields[b"245"]), 0)
    payload = b"00000nam a2200000 a 4500" + directory + b"\x1e" + fields[b"245"] + fields[b"001"] + b"\x1d"
    record = read_iso2709(payload)
    assert record.control("001") == "X1"
    assert record.get("245")[0].first("a") == "Title"


def test_a_leader_with_a_letter_of_two_bytes_is_read() -> None:
    payload = write_iso2709(RECORD)
    record = read_iso2709(payload[:8] + "é".encode() + payload[9:])
    assert record.control("001") == "TVL1"
    assert record.get("300")[0].first("a") == "300 tr."
    assert len(record.leader) == 24
    assert "leader-length-wrong" in {finding.rule for finding in record.findings}


def test_a_missing_last_terminator_loses_nothing() -> None:
    record = read_iso2709(write_iso2709(RECORD)[:-2])
    assert record.get("300")[0].first("a") == "300 tr."
    assert "terminator-missing" in {finding.rule for finding in record.findings}


def test_a_terminator_inside_a_field_moves_no_other_field() -> None:
    payload = write_iso2709(RECORD.replace("Truyện Kiều", "Truyện|Kiều")).replace(b"|", b"\x1e")
    record = read_iso2709(payload)
    assert record.get("300")[0].first("a") == "300 tr."
    assert record.get("260")[0].first("a") == "Hà Nội"


def test_missing_indicators_and_empty_subfields_are_read() -> None:
    payload = write_iso2709("001 1\n245 10 $aTên").replace(b"10\x1fa", b"\x1f\x1fa")
    field = read_iso2709(payload).get("245")[0]
    assert (field.ind1, field.ind2, field.first("a")) == (" ", " ", "Tên")


def test_bytes_that_are_not_utf8_are_replaced_and_named() -> None:
    payload = write_iso2709("001 1\n245 10 $aTruyen").replace(b"Truyen", b"Truy\xeen")
    record = read_iso2709(payload)
    assert record.get("245")[0].first("a") == "Truy\ufffdn"
    assert [(finding.rule, finding.field) for finding in record.findings] == [("encoding-broken", "245")]


def test_utf8_that_does_not_say_so_is_utf8() -> None:
    record = read_iso2709(write_iso2709(RECORD, leader="00000nam  2200000 a 4500"))
    assert record.get("245")[0].first("a") == "Truyện Kiều"
    assert [finding.rule for finding in record.findings] == ["encoding-undeclared"]


def test_marc8_is_read_with_its_marks() -> None:
    payload = write_iso2709("001 1\n245 10 $aTruye|n", leader="00000nam  2200000 a 4500").replace(b"e|n", b"\xf2\xe3en")
    assert read_iso2709(payload).get("245")[0].first("a") == "Truyện"


def test_a_field_beyond_the_bound_is_cut_and_named() -> None:
    record = read_iso2709(write_iso2709("001 1\n245 10 $aX\n500 ## $a" + "ễ" * 40_000))
    assert len(record.get("500")[0].first("a").encode()) <= MAX_FIELD
    assert "\ufffd" not in record.get("500")[0].first("a")
    assert "field-too-long" in {finding.rule for finding in record.findings}


@pytest.mark.parametrize("payload", [b"", b"x", b"00000nam a2200000 a 4500", b"\x1d" * 50, b"\x00" * 2_000_000])
def test_what_is_no_record_is_refused_in_words(payload: bytes) -> None:
    with pytest.raises(MarcError):
        read_iso2709(payload)
    assert read_control_number(payload) == ""


def test_the_control_number_is_read_without_the_rest() -> None:
    assert read_control_number(write_iso2709(RECORD)) == "TVL1"
    assert read_control_number(write_iso2709("245 10 $aKhông có số")) == ""


@given(st.binary(max_size=400), st.integers(0, 200), st.integers(0, 60))
def test_no_bytes_whatever_break_the_reader(noise: bytes, at: int, cut: int) -> None:
    payload = write_iso2709(RECORD)
    for spoilt in (payload[:at] + noise + payload[at + cut :], noise):
        try:
            record = read_iso2709(spoilt)
        except MarcError:
            continue
        assert len(record.fields) <= 10_000
        assert isinstance(read_control_number(spoilt), str)
