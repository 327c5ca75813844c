import gzip
import io
from pathlib import Path

import pytest

from harvesters.file.unpack import CHUNK_BYTES, read_chunks
from lienthu.errors import HarvestError

CONTENT = bytes(range(256)) * 5_000


def test_a_packed_file_is_known_by_its_first_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    packed = tmp_path / "catalogue.mrc"
    packed.write_bytes(gzip.compress(CONTENT))
    assert b"".join(read_chunks(packed)) == CONTENT
    assert max(len(chunk) for chunk in read_chunks(packed)) <= CHUNK_BYTES


def test_several_packed_parts_in_one_file_are_one_stream(tmp_path: Path) -> None:
    packed = tmp_path / "parts.gz"
    packed.write_bytes(gzip.compress(CONTENT[:1_000]) + gzip.compress(CONTENT[1_000:]) + b"\x00" * 40)
    assert b"".join(read_chunks(packed)) == CONTENT


@pytest.mark.parametrize("start", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, len(CONTENT)])
def test_reading_goes_on_at_any_byte_packed_or_not(tmp_path: Path, start: int) -> None:
    plain, packed = tmp_path / "a", tmp_path / "b"
    plain.write_bytes(CONTENT)
    packed.write_bytes(gzip.compress(CONTENT))
    assert b"".join(read_chunks(plain, start)) == CONTENT[start:] == b"".join(read_chunks(packed, start))


def test_a_packed_file_without_its_end_is_an_error_that_says_so(tmp_path: Path) -> None:
    packed = tmp_path / "cut.gz"
    packed.write_bytes(gzip.compress(CONTENT)[:-200])
    with pytest.raises(HarvestError, match=r"cut\.gz is cut"):
        list(read_chunks(packed))


def test_a_damaged_packed_file_is_an_error_that_says_so(tmp_path: Path) -> None:
    packed = tmp_path / "bad.gz"
    content = bytearray(gzip.compress(CONTENT))
    content[12:40] = b"\xff" * 28
    packed.write_bytes(content)
    with pytest.raises(HarvestError, match=r"bad\.gz is damaged"):
        list(read_chunks(packed))


def test_a_bomb_is_left_before_it_fills_anything(tmp_path: Path) -> None:
    packed = tmp_path / "bomb.gz"
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=9) as file:
        for _ in range(150):
            file.write(bytes(1_000_000))
    packed.write_bytes(stream.getvalue())
    sizes: list[int] = []
    with pytest.raises(HarvestError, match="100 times"):
        sizes.extend(len(chunk) for chunk in read_chunks(packed))
    assert sum(sizes) <= 64 * 1024 * 1024
