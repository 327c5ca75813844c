"""Real MARC 21 records for the benchmarks, taken in place from the shared folder of records that nobody here wrote.

There are some nine thousand distinct ones. Where a benchmark wants more they are repeated, and it says so: from the
second round on the record number and the title carry the round, so that each copy is an edition of its own.
"""

import gzip
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pymarc

SHARED = Path(os.environ.get("LIENTHU_SHARED", Path(__file__).resolve().parent.parent.parent / "shared"))
FILES = ("gpo_7542_utf8.mrc.gz", "uva_001-200.mrc", "folio_100.mrc")


def read_distinct() -> list[pymarc.Record]:
    """Every record of FILES that pymarc can read whole. Raises SystemExit where the folder is absent."""
    folder = SHARED / "data" / "marc"
    if not folder.is_dir():
        raise SystemExit(f"real records are not here: put them at {folder}, or set LIENTHU_SHARED")
    records: list[pymarc.Record] = []
    for name in FILES:
        path = folder / name
        content = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
        reader = pymarc.MARCReader(content, to_unicode=True, permissive=True, utf8_handling="replace")
        records.extend(record for record in reader if record is not None and "001" in record and "245" in record)
    return records


def repeat_payloads(wanted: int) -> Iterator[tuple[str, bytes]]:
    """*wanted* pairs of record number and ISO 2709 bytes."""
    named = [(record, record["001"].data.strip(), record["245"].get("a", "")) for record in read_distinct()]
    given = 0
    for turn in count(1):
        for record, number, title in named:
            if given == wanted:
                return
            given += 1
            if turn > 1:
                record["001"].data = f"{number}-{turn}"
                if title:
                    record["245"]["a"] = f"{title} #{turn}"
            yield record["001"].data, record.as_marc()
