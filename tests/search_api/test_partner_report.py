"""The judgement on the report: a feed seeded with twelve known faults is told all twelve, exactly; a clean one none."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from lienthu.partner import Partner
from lienthu.raw_record import RawRecord
from search_api.partner_report import Report, build_report, write_csv, write_examples, write_json
from tests.indexer.crosswalks.marc_writing import write_iso2709
from tests.indexer.library import Library, open_library

FIXED = "008 260101s2020    vm            000 0 vie d"
CLEAN = (
    FIXED
    + """
020 ## $a{isbn}
041 ## $avie
082 ## $a895.9223
100 ## $aTô Hoài
245 ## $aSách số {n}
260 ## $aH.$bKim Đồng$c2020
300 ## $a197 tr.
650 ## $aTruyện thiếu nhi
852 ## $jVN.{n}"""
)
FAULTS: dict[str, tuple[int, str, str]] = {
    "title-missing": (3, "245 ## $aSách số {n}", "500 ## $aKhông có nhan đề"),
    "price-in-isbn": (4, "020 ## $a{isbn}", "020 ## $a17.000đ"),
    "isbn-invalid": (2, "020 ## $a{isbn}", "020 ## $a978-604-64-0154-5"),
    "year-impossible": (5, "$c2020", "$c20003"),
    "language-contradicts": (2, "041 ## $avie", "041 ## $aeng"),
    "markup-in-field": (3, "300 ## $a197 tr.", "520 ## $a<p>Truyện <b>hay</b></p>"),
    "subject-repeats-title": (6, "650 ## $aTruyện thiếu nhi", "650 ## $aSách số {n}"),
    "fixed-field-short": (2, FIXED, "008 260101s2020    vm"),
    "publisher-as-author": (4, "100 ## $aTô Hoài", "110 ## $aNhà xuất bản Kim Đồng"),
    "name-impossible": (1, "100 ## $aTô Hoài", "100 ## $a+AA2994AA2967"),
}
"""Rule -> how many records, what stands in a clean record, what stands in its place. With two more below: twelve."""


def write_isbn(number: int) -> str:
    digits = f"978604{number:06d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def build_raw(number: int, lines: str = CLEAN, isbn: str = "", source_id: str = "") -> RawRecord:
    written = lines.replace("{n}", str(number)).replace("{isbn}", isbn or write_isbn(number))
    return RawRecord(
        partner_id="laocai", feed_id="oai", source_id=source_id or str(number), format="marc21",
        payload=write_iso2709(written),
    )  # fmt: skip


def seed_faults() -> Iterator[RawRecord]:
    """Twenty clean records, then those with the faults of FAULTS, three ISBNs on two works each, one id used twice."""
    for number in range(20):
        yield build_raw(number)
    number = 100
    for count, sound, fault in FAULTS.values():
        for _ in range(count):
            yield build_raw(number, CLEAN.replace(sound, fault))
            number += 1
    for pair in range(3):
        for _ in range(2):
            yield build_raw(number, isbn=write_isbn(900 + pair))
            number += 1
    yield build_raw(number, source_id="7")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path) as opened:
        yield opened


def report_on(library: Library) -> Report:
    return build_report(library.store, library.engine.serving(), Partner(id="laocai", name={"vi": "Thư viện tỉnh"}))


EXPECTED = {**{rule: count for rule, (count, _, _) in FAULTS.items()}, "isbn-shared": 6, "id-reused": 1}


def test_a_feed_with_twelve_faults_is_told_all_of_them_with_exact_counts(library: Library) -> None:
    library.receive(*seed_faults())
    library.rebuild()
    report = report_on(library)
    assert len(EXPECTED) == 12
    assert {problem.rule: problem.records for problem in report.problems} == EXPECTED
    assert next(problem.times for problem in report.problems if problem.rule == "isbn-shared") == 3
    assert {remark.rule for remark in report.remarks} == set()
    flawed = sum(EXPECTED.values()) - EXPECTED["isbn-shared"]
    assert (report.records, report.clean) == (20 + flawed + 6, 26)
    assert report.score == 100 * 26 // report.records
    assert report.index.waiting == 0
    assert report.index.failed == 3
    (feed,) = report.feeds
    assert feed.run is not None
    assert feed.run.counts.adds_up


def test_a_clean_feed_is_told_nothing(library: Library) -> None:
    library.receive(*(build_raw(number) for number in range(30)))
    library.rebuild()
    report = report_on(library)
    assert (report.problems, report.remarks, report.score) == ((), (), 100)
    assert (report.editions, report.only_here) == (30, 30)


def test_what_is_mended_is_told_no_more(library: Library) -> None:
    library.receive(build_raw(1, CLEAN.replace("$c2020", "$c20003")), build_raw(2))
    library.rebuild()
    assert [problem.rule for problem in report_on(library).problems] == ["year-impossible"]
    library.receive(build_raw(1), build_raw(2))
    library.update()
    assert report_on(library).score == 100


def test_what_is_deleted_is_told_no_more(library: Library) -> None:
    bad = build_raw(1, CLEAN.replace("$c2020", "$c20003"))
    library.receive(bad, build_raw(2))
    library.rebuild()
    library.receive(RawRecord(partner_id="laocai", feed_id="oai", source_id="1", format="marc21", deleted=True))
    library.update()
    report = report_on(library)
    assert (report.problems, report.records) == ((), 1)


def test_the_stays_of_a_copy_are_one_edition_and_no_doubt(library: Library) -> None:
    cells = {"Số ĐKCB": "LC.1", "Nhan đề": "Dế Mèn phiêu lưu ký", "Năm XB": "2020", "Tủ sách": "05"}
    rounds = (("Bản Phố", "01/09/2026", "30/11/2026"), ("Y Tý", "01/12/2026", "30/12/2026"))
    rows = [{**cells, "Địa điểm": place, "Từ ngày": first, "Đến ngày": last} for place, first, last in rounds]
    library.receive(
        *[
            RawRecord(
                partner_id="laocai", feed_id="oai", source_id="LC.1", format="row", payload=msgspec.json.encode(row),
                rotates=row is not rows[0],
            )
            for row in rows
        ]
    )  # fmt: skip
    library.rebuild()
    report = report_on(library)
    assert ({problem.rule for problem in report.problems}, report.editions) == (set(), 1)
    assert {remark.rule for remark in report.remarks} <= {"language-missing"}
    (edition,) = library.editions().values()
    assert [(copy.location, copy.from_day) for copy in edition.holdings] == [
        ("Bản Phố", "2026-09-01"), ("Y Tý", "2026-12-01"),
    ]  # fmt: skip


def test_volumes_of_one_work_may_share_an_isbn(library: Library) -> None:
    volumes = [build_raw(n, CLEAN.replace("Sách số {n}", f"Truyện Kiều$nT. {n}"), write_isbn(5)) for n in (1, 2)]
    library.receive(*volumes)
    library.rebuild()
    assert report_on(library).problems == ()


def test_examples_are_of_different_records(library: Library) -> None:
    twice = CLEAN.replace("$aTô Hoài", "$a+AA2994AA2967") + "\n700 ## $a=CONCAT(A1)"
    library.receive(build_raw(1, twice), build_raw(2, twice))
    library.rebuild()
    (problem,) = report_on(library).problems
    assert (problem.records, problem.times) == (2, 4)
    assert [example.source_id for example in problem.examples] == ["1", "2"]


def test_two_records_of_one_book_in_one_list_are_a_remark(library: Library) -> None:
    library.receive(
        build_raw(1), build_raw(1, source_id="1b"), build_raw(2), build_raw(2, source_id="2b"), build_raw(3)
    )
    library.rebuild()
    report = report_on(library)
    assert (report.problems, report.score) == ((), 100)
    (remark,) = report.remarks
    assert (remark.rule, remark.records, remark.times) == ("record-repeated", 4, 2)
    assert remark.examples[0].found == "1 = 1b"


def test_of_an_index_without_findings_nothing_is_said(library: Library) -> None:
    library.receive(build_raw(1))
    library.rebuild()
    with library.store.writing() as writing:
        writing.write_many("DELETE FROM generations_with_findings WHERE generation > ?", [(0,)])
    report = report_on(library)
    assert (report.known, report.score, report.problems) == (False, None, ())


def test_json_and_csv_give_the_same_counts(library: Library) -> None:
    library.receive(*seed_faults())
    library.rebuild()
    report = report_on(library)
    shown = json.loads(write_json(report, "vi"))
    assert {problem["rule"]: problem["records"] for problem in shown["problems"]} == EXPECTED
    assert shown["score"] == report.score
    rows = list(csv.DictReader(io.StringIO(write_csv(report, "zh").removeprefix("\ufeff"))))
    assert {row["rule"]: int(row["records"]) for row in rows} == EXPECTED
    assert all(row["meaning"] and row["mending"] for row in rows)


def test_a_table_starts_no_formula(library: Library) -> None:
    library.receive(build_raw(1, CLEAN.replace("$aTô Hoài", "$a=HYPERLINK(1)")))
    library.rebuild()
    serving = library.engine.serving() or ""
    written = write_examples(library.store.findings_of_rule(serving, "laocai", "name-impossible"))
    (row,) = csv.DictReader(io.StringIO(written.removeprefix("\ufeff")))
    assert row["found"].startswith("'=")


def test_a_days_quality_is_written_once_and_the_last_word_counts(library: Library) -> None:
    library.receive(build_raw(1, CLEAN.replace("$c2020", "$c20003")), build_raw(2))
    library.rebuild()
    serving = library.engine.serving() or ""
    library.store.note_quality(serving, "2026-11-24")
    library.receive(build_raw(1), build_raw(2))
    library.update()
    library.store.note_quality(serving, "2026-11-25")
    library.store.note_quality(serving, "2026-11-25")
    assert [(day.day, day.records, day.clean) for day in report_on(library).trend] == [
        ("2026-11-24", 2, 1),
        ("2026-11-25", 2, 2),
    ]
