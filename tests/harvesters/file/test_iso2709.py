from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from harvesters.file.iso2709 import Piece, split_records
from tests.harvesters.file.dropping import write_marc

ONE, TWO, THREE = (write_marc(number) for number in ("1", "2", "3"))


def chunk(content: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def split(content: bytes, size: int = 7, record_bytes: int = 1_000_000) -> list[Piece]:
    return list(split_records(chunk(content, size), record_bytes=record_bytes))


def test_records_come_out_byte_for_byte_with_their_places() -> None:
    pieces = split(ONE + TWO)
    assert [piece.payload for piece in pieces] == [ONE, TWO]
    assert [(piece.offset, piece.end) for piece in pieces] == [(0, len(ONE)), (len(ONE), len(ONE) + len(TWO))]


def test_a_broken_leader_in_the_middle_hides_nothing() -> None:
    for broken in (b"99999", b"00010", b"abcde", b"\xff\xfe\x00  "):
        assert [piece.payload for piece in split(ONE + broken + TWO[5:] + THREE)] == [ONE, broken + TWO[5:], THREE]


def test_a_leader_that_claims_its_neighbour_too_does_not_get_it() -> None:
    greedy = f"{len(ONE) + len(TWO):05d}".encode() + ONE[5:]
    assert [piece.payload for piece in split(greedy + TWO)] == [greedy, TWO]


def test_padding_and_byte_order_marks_between_records_belong_to_none() -> None:
    content = b"\xef\xbb\xbf" + ONE + b"\r\n" + TWO + b"\x1d\x00\x00\n\xef\xbb\xbf" + THREE + b"\r\n\x1a"
    assert [piece.payload for piece in split(content)] == [ONE, TWO, THREE]


def test_a_terminator_inside_a_field_does_not_cut_its_record() -> None:
    strange = write_marc("1", "Số \x1d đỏ")
    assert [piece.payload for piece in split(strange + TWO)] == [strange, TWO]


def test_a_record_that_the_end_of_the_file_cuts_is_named() -> None:
    cut = split(ONE + TWO[:-10])[1]
    assert (cut.rule, cut.offset, cut.size, cut.payload) == ("record-cut", len(ONE), len(TWO) - 10, b"")


def test_a_record_that_is_too_large_is_named_and_the_next_one_read() -> None:
    large = write_marc("2", "x" * 900)
    for filler in (large, b"no leader at all " * 100 + b"\x1d"):
        pieces = split(ONE + filler + THREE, record_bytes=500)
        assert [piece.rule for piece in pieces] == ["", "record-too-large", ""]
        assert (pieces[1].size, pieces[2].payload) == (len(filler), THREE)


@given(st.lists(st.binary(max_size=60), max_size=8), st.integers(1, 50))
def test_no_byte_is_lost_however_the_chunks_fall(parts: list[bytes], size: int) -> None:
    content = b"\x1d".join(parts)
    pieces = split(content, size)
    assert pieces == split(content, len(content) or 1)
    left = content
    for piece in reversed(pieces):
        left = left[: piece.offset] + left[piece.end :]
    assert left.replace(b"\xef\xbb\xbf", b"").strip(b"\r\n\t \x00\x1a\x1d") == b""
    assert all(piece.payload == content[piece.offset : piece.end] for piece in pieces if not piece.rule)
