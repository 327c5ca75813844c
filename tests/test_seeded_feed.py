"""A file with twelve known faults, from the harvest to the page: HTML, CSV and JSON name all of them and agree."""

import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from harvesters.run import Harvest, harvest_feed
from indexer.build import build_generation
from indexer.promotion import promote_generation
from lienthu.engine import open_engine
from lienthu.partner import Feed, Partner
from lienthu.store import open_store
from search_api.partner_report import Report, build_report, write_csv, write_json
from tests.indexer.crosswalks.marc_writing import write_iso2709
from tests.search_api.test_partner_report import CLEAN, EXPECTED, FAULTS, write_isbn
from web.report_file import write_report_file


def write_record(number: int, lines: str = CLEAN, isbn: str = "", control: str = "") -> bytes:
    written = f"001 {control or f'LC{number:06}'}\n{lines}".replace("{n}", str(number))
    return write_iso2709(written.replace("{isbn}", isbn or write_isbn(number)))


def write_faulty_file() -> bytes:
    """Sixty clean records, those of FAULTS, three ISBNs on two works each, one control number used twice."""
    records = [write_record(number) for number in range(60)]
    faulty = [CLEAN.replace(sound, fault) for count, sound, fault in FAULTS.values() for _ in range(count)]
    records += [write_record(1_000 + place, lines) for place, lines in enumerate(faulty)]
    records += [write_record(2_000 + place, isbn=write_isbn(900 + place // 2)) for place in range(6)]
    return b"".join([*records, write_record(3_000, control="LC000007")])


def harvest_and_report(content: bytes, folder: Path) -> Report:
    path = folder / "records.mrc"
    path.write_bytes(content)
    feed = Feed(id="file", protocol="file", path=str(path))
    partner = Partner(id="laocai", name={"vi": "Thư viện tỉnh Lào Cai"}, feed=(feed,))
    engine = open_engine(f"tantivy:{(folder / 'index').as_posix()}")
    try:
        with open_store(f"sqlite:///{(folder / 'lienthu.db').as_posix()}", folder) as store:
            harvest_feed(Harvest(store=store, home=folder), partner, feed)
            built = build_generation(store, engine, {"laocai": partner})
            promote_generation(store, engine, built.generation, {"laocai": partner}, force=True)
            return build_report(store, engine.serving(), partner)
    finally:
        engine.close()


def test_twelve_faults_of_a_file_are_named_with_exact_counts_in_every_form(tmp_path: Path) -> None:
    report = harvest_and_report(write_faulty_file(), tmp_path)
    shown = json.loads(write_json(report, "vi"))
    assert {problem["rule"]: problem["records"] for problem in shown["problems"]} == EXPECTED
    assert shown["remarks"] == []
    rows = csv.DictReader(io.StringIO(write_csv(report, "en").removeprefix("\ufeff")))
    assert {row["rule"]: int(row["records"]) for row in rows} == EXPECTED
    page = write_report_file(report, ZoneInfo("Asia/Ho_Chi_Minh"), date(2026, 11, 27), "en")
    english = page[page.index('id="en"') :]
    cards = re.findall(r"<b>(\d+) records?[^<]*</b> · [^<]* · <code>([a-z-]+)</code>", english)
    lines = re.findall(r"<code>([a-z-]+)</code></td><td>(\d+) record", english)
    assert {rule: int(count) for count, rule in cards} | {rule: int(count) for rule, count in lines} == EXPECTED


def test_a_clean_file_is_told_nothing(tmp_path: Path) -> None:
    report = harvest_and_report(b"".join(write_record(number) for number in range(120)), tmp_path)
    assert (report.problems, report.remarks, report.score, report.records) == ((), (), 100, 120)
    page = write_report_file(report, ZoneInfo("Asia/Ho_Chi_Minh"), date(2026, 11, 27), "en")
    assert "Nothing to mend. Thank you." in page
