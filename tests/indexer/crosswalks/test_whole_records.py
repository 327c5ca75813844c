"""Whole records, from bytes to Record: the hand-made ones beside their golden files, and every real one there is.

To rewrite the golden files after a change that is meant, and then read what changed:
``LIENTHU_REWRITE_GOLDEN=1 python -m pytest tests/indexer/crosswalks/test_whole_records.py``.
"""

import gzip
import json
import os
from pathlib import Path

import msgspec
import pytest

from indexer.crosswalks import map_record
from lienthu.outcome import Mapped
from tests.indexer.crosswalks.marc_writing import write_iso2709, write_raw

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
FORMATS = {
    "marc": "marc21", "unimarc": "unimarc", "oai_dc": "oai_dc", "qdc": "qdc", "dim": "dim", "mods": "mods",
    "edm": "edm", "row": "row",
}  # fmt: skip
"""Folder of the hand-made records -> what a feed calls them."""
WRITTEN = sorted(path for folder in FORMATS for path in (FIXTURES / folder).iterdir() if ".golden" not in path.suffixes)
REWRITE = bool(os.environ.get("LIENTHU_REWRITE_GOLDEN"))


def read_payload(path: Path) -> bytes:
    """Lines of MARC as ISO 2709; all else as it is."""
    if path.suffix != ".txt":
        return path.read_bytes()
    leader, _, lines = path.read_text(encoding="utf-8").partition("\n")
    return write_iso2709(lines, leader.removeprefix("LDR ").ljust(24))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_a_whole_record_gives_what_its_golden_file_says(path: Path) -> None:
    raw = write_raw(read_payload(path), FORMATS[path.parent.name], source_id=path.stem)
    found = msgspec.json.format(msgspec.json.encode(map_record(raw, None)), indent=1).decode()
    golden = path.with_name(f"{path.stem}.golden.json")
    if REWRITE:
        golden.write_text(found + "\n", encoding="utf-8")
    assert json.loads(found) == json.loads(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", FORMATS)
def test_there_is_a_golden_file_for_every_format(folder: str) -> None:
    assert list((FIXTURES / folder).glob("*.golden.json"))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_no_name_of_staff_comes_into_a_record(path: Path) -> None:
    golden = path.with_name(f"{path.stem}.golden.json").read_text(encoding="utf-8")
    for name in ("Cán Bộ Mẫu", "Người Duyệt Mẫu", "Người Nhập Mẫu", "编目员甲", "mau@example.vn"):
        assert name not in golden


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    ["uva_001-200.mrc", "bu_bibs.mrc", "gpo_covid_1063_utf8.mrc", "folio_100.mrc", "gpo_nbs_monograph_marc8.mrc"],
)
def test_every_real_record_is_mapped(name: str, shared_data: Path) -> None:
    content = (shared_data / "marc" / name).read_bytes()
    payloads = [piece + b"\x1d" for piece in content.split(b"\x1d") if piece.strip()]
    outcomes = [map_record(write_raw(payload, source_id=str(at)), None) for at, payload in enumerate(payloads)]
    assert all(isinstance(outcome, Mapped) for outcome in outcomes), [o for o in outcomes if not isinstance(o, Mapped)]
    for outcome in outcomes:
        assert isinstance(outcome, Mapped)
        assert msgspec.json.decode(msgspec.json.encode(outcome.record), type=type(outcome.record)) == outcome.record
        assert outcome.record.holdings
        assert outcome.record.title.main


@pytest.mark.shared
def test_every_troubled_record_has_an_outcome(shared_data: Path) -> None:
    outcomes = []
    for path in sorted((shared_data / "marc").glob("*/*.mrc")):
        for at, piece in enumerate(path.read_bytes().split(b"\x1d")):
            if piece.strip():
                outcomes.append(map_record(write_raw(piece + b"\x1d", source_id=f"{path.stem}-{at}"), None))
    mapped = sum(isinstance(outcome, Mapped) for outcome in outcomes)
    assert len(outcomes) >= 50
    assert len(outcomes) - mapped == 3, "three of psulib's records have no title"


@pytest.mark.shared
@pytest.mark.slow
def test_a_large_file_loses_no_record(shared_data: Path) -> None:
    content = gzip.decompress((shared_data / "marc" / "gpo_7542_utf8.mrc.gz").read_bytes())
    payloads = [piece + b"\x1d" for piece in content.split(b"\x1d") if piece.strip()]
    mapped = sum(isinstance(map_record(write_raw(payload), None), Mapped) for payload in payloads)
    assert mapped == len(payloads) == 7_542
