"""The school's ISO 2709 file, read by a reader that nobody here wrote."""

import tomllib
from io import BytesIO
from pathlib import Path

import pymarc

from lienthu.demo.library import count_expected, find_book
from lienthu.demo.partners import SCHOOL_FILE, write_demo_partners, write_school_file
from lienthu.demo.servers import run_demo_servers
from lienthu.partners_file import read_partners


def read_school_file() -> list[pymarc.Record]:
    records = list(pymarc.MARCReader(BytesIO(write_school_file()), to_unicode=True, permissive=True))
    assert all(record is not None for record in records)
    return records


def test_every_record_and_every_copy_is_read_back() -> None:
    records = read_school_file()
    expected = count_expected("truong")
    assert len(records) == expected.records == expected.titles
    assert sum(len(record.get_fields("876")) for record in records) == expected.copies


def test_titles_come_back_letter_by_letter() -> None:
    titles = {record["245"]["a"].rstrip(" /:.") for record in read_school_file()}
    assert {"Dế Mèn phiêu lưu ký", "Nhật kí Đặng Thuỳ Trâm", "Harry Potter and the philosopher's stone"} <= titles


def test_the_school_spells_a_publisher_its_own_way() -> None:
    record = next(record for record in read_school_file() if record["245"]["a"].startswith("Dế Mèn"))
    assert record["260"]["a"] == "Hà Nội :"
    assert record["260"]["b"] == "NXB Kim Đồng,"
    assert find_book("de-men").pub == "Kim Đồng"


def test_the_demo_partners_file_is_one_that_the_catalogue_reads(tmp_path: Path) -> None:
    with run_demo_servers() as servers:
        path = write_demo_partners(tmp_path / "demo", servers)
        partners = {partner.id: partner for partner in read_partners(path)}
    assert set(partners) == {"laocai", "daihoc", "truong"}
    assert "mẫu" in partners["laocai"].name_in("vi")
    assert partners["laocai"].feeds[0].url == servers.oai_url
    assert partners["daihoc"].feeds[0].url.startswith(servers.catalogue_url)
    assert Path(partners["truong"].feeds[0].path).read_bytes() == write_school_file()
    assert {feed.delay for partner in partners.values() for feed in partner.feeds} == {0}
    assert (tmp_path / "demo" / SCHOOL_FILE).is_file()
    assert tomllib.loads(path.read_text(encoding="utf-8"))["partner"]
