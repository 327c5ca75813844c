"""Files of the printable and the line dialect: cut into records, the payload the bytes as they came."""

from pathlib import Path

import pytest

from harvesters.file.lines import split_lines
from harvesters.file.printable import split_printable
from tests.harvesters.file.dropping import Reading, write_marc

MARK = b"\xef\xbb\xbf"


def write_printable(number: str, title: str = "Số đỏ") -> bytes:
    return write_marc(number, title).replace(b"\x1e", b"#").replace(b"\x1d", b"#").replace(b"\x1f", b"$")


def write_lines(number: str, title: str = "Số đỏ", leader: str = "00025nam a2200024 a 4500") -> bytes:
    return f"Ldr {leader}\n#001 {number}\n#245 00 $a{title}\n##".encode()


RECORDS = [write_printable("1"), write_printable("2", "C# và ## trong lời"), write_printable("3")]


@pytest.mark.parametrize("mark", [b"", MARK], ids=["plain", "with a mark"])
def test_a_file_with_printable_separators_is_read_record_by_record(mark: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.iso").write_bytes(mark + b"".join(RECORDS))
    reading = Reading("a.iso", tmp_path)
    assert [record.payload for record in reading.records] == RECORDS
    assert {record.format for record in reading.records} == {"marc21-printable"}
    assert (reading.ids, reading.verdict) == (["1", "2", "3"], "complete")


@pytest.mark.parametrize("separator", [b"", b"\r\n", b"\n\n", b"\x1a"])
def test_lines_between_printable_records_are_passed_over(separator: bytes) -> None:
    pieces = list(split_printable([separator.join(RECORDS) + separator]))
    assert [piece.payload for piece in pieces] == RECORDS


def test_a_wrong_length_in_the_leader_is_no_matter() -> None:
    records = [b"99999" + RECORDS[0][5:], b"00012" + RECORDS[1][5:], RECORDS[2]]
    assert [piece.payload for piece in split_printable([b"".join(records)])] == records


def test_a_printable_file_cut_anywhere_is_never_called_complete(tmp_path: Path) -> None:
    whole = RECORDS[0] + RECORDS[1]
    for end in range(len(RECORDS[0]) + 1, len(whole)):
        pieces = list(split_printable([whole[:end]]))
        assert pieces[0].payload == RECORDS[0]
        assert pieces[-1].rule == "record-cut", end


def test_the_pieces_are_the_same_whatever_the_chunks() -> None:
    for content, split in (
        (MARK + b"\n".join(RECORDS), split_printable),
        (MARK + b"\n".join([write_lines("1"), write_lines("2")]) + b"\n", split_lines),
    ):
        whole = list(split([content]))
        for size in (1, 7, 50):
            chunks = [content[at : at + size] for at in range(0, len(content), size)]
            assert list(split(chunks)) == whole


def test_going_on_at_an_offset_gives_the_rest() -> None:
    for content, split in (
        (b"".join(RECORDS), split_printable),
        (write_lines("1") + b"\n" + write_lines("2"), split_lines),
    ):
        first, *rest = split([content])
        assert [piece.payload for piece in split([content[first.end :]], first.end)] == [
            piece.payload for piece in rest
        ]


def test_a_file_of_lines_is_read_record_by_record(tmp_path: Path) -> None:
    records = [write_lines("1"), write_lines("2", "Thá»§ tá»¥c"), write_lines("3", leader="00025dam a2200024 a 4500")]
    (tmp_path / "a.ISO").write_bytes(b"\r\n".join(records) + b"\r\n")
    reading = Reading("a.ISO", tmp_path)
    assert [(record.source_id, record.deleted) for record in reading.records] == [
        ("1", False),
        ("2", False),
        ("3", True),
    ]
    assert reading.records[1].payload == records[1]
    assert reading.records[0].format == "marc21-lines"
    assert reading.verdict == "complete"


def test_lines_that_end_without_their_mark_are_cut(tmp_path: Path) -> None:
    (tmp_path / "a.ISO").write_bytes(write_lines("1") + b"\n" + write_lines("2")[:-3])
    reading = Reading("a.ISO", tmp_path)
    assert (reading.ids, reading.verdict) == (["1"], "incomplete")


def test_a_record_of_lines_that_was_not_closed_ends_where_the_next_begins() -> None:
    pieces = list(split_lines([write_lines("1")[:-2] + write_lines("2")]))
    assert [b"#001 1" in pieces[0].payload, b"#001 2" in pieces[1].payload] == [True, True]


def test_an_endless_record_is_named_and_the_next_is_read() -> None:
    long = write_lines("1", "x" * 3_000)
    pieces = list(split_lines([long + b"\n" + write_lines("2")], 0, 1_000))
    assert [piece.rule for piece in pieces] == ["record-too-large", ""]
