"""A library reads its report by a signed link, without an account, and nobody else does."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from lienthu.errors import SettingsError
from lienthu.partner import Partner
from lienthu.settings import read_settings
from search_api.partner_report import build_report
from search_api.report_link import KEY_FILE, build_report_path, is_signed, make_report_key, read_report_key, sign_report
from search_api.service import Catalogue
from tests.indexer.library import Library, build_raw, open_library
from web.application import build_site
from web.report_file import write_report_file

PARTNER = Partner(
    id="laocai",
    name={"vi": "Thư viện tỉnh Lào Cai", "en": "Lào Cai Library"},
    record_url="https://thuvien.example/record/{source_id}",
)
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path) as opened:
        opened.receive(
            build_raw("b1", "Số đỏ", isbn="978-604-64-0154-5"),
            build_raw("b2", "Tắt đèn", isbn="978-604-64-0154-6", year=f"20003 {HOSTILE}"),
        )
        opened.rebuild()
        yield opened


@pytest.fixture
def client(library: Library, tmp_path: Path) -> TestClient:
    settings = read_settings({"home": str(tmp_path)}, environment={}, folder=tmp_path)
    catalogue = Catalogue(settings, library.store, library.engine, {"laocai": PARTNER})
    return TestClient(build_site(catalogue, settings), raise_server_exceptions=False)


def test_the_link_opens_the_report_and_keeps_it_private(client: TestClient, tmp_path: Path) -> None:
    path = build_report_path(make_report_key(tmp_path), "laocai")
    shown = client.get(f"{path}&lang=en")
    assert shown.status_code == 200
    assert "isbn-invalid" in shown.text
    assert "Lào Cai Library" in shown.text
    assert 'href="https://thuvien.example/record/b1"' in shown.text
    assert "<script>alert" not in shown.text
    assert shown.headers["cache-control"] == "private, no-store"
    assert shown.headers["x-robots-tag"] == "noindex"
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert "style=" not in shown.text


def test_its_table_and_its_json_open_by_the_same_link(client: TestClient, tmp_path: Path) -> None:
    path = build_report_path(make_report_key(tmp_path), "laocai")
    page = client.get(f"{path}&lang=en").text
    table, value = re.findall(r'href="(/partners/laocai/report\.(?:csv|json)[^"]*)"', page)
    assert "isbn-invalid,warning,2,2," in client.get(table.replace("&amp;", "&")).text
    assert client.get(value.replace("&amp;", "&")).json()["problems"][0]["records"] == 2


@pytest.mark.parametrize("suffix", ["", ".csv", ".json"])
def test_without_the_right_signature_there_is_no_report(client: TestClient, tmp_path: Path, suffix: str) -> None:
    address = f"/partners/laocai/report{suffix}"
    assert client.get(address).status_code == 404
    assert client.get(f"{address}?key=").status_code == 404
    key = make_report_key(tmp_path)
    for wrong in ("x", sign_report(key, "yenbai"), sign_report(key, "laocai")[:-1], "ế" * 43):
        assert client.get(address, params={"key": wrong}).status_code == 404
    assert client.get(address, params={"key": sign_report(key, "laocai")}).status_code == 200


def test_a_signature_is_for_one_library_and_one_installation(tmp_path: Path) -> None:
    one, other = make_report_key(tmp_path / "one"), make_report_key(tmp_path / "other")
    assert make_report_key(tmp_path / "one") == one
    assert is_signed(one, "laocai", sign_report(one, "laocai"))
    assert not is_signed(one, "laocai", sign_report(one, "laocai2"))
    assert not is_signed(one, "laocai", sign_report(other, "laocai"))
    assert "…" in str(one)


def test_the_secret_is_for_its_owner_alone_and_a_weak_one_is_refused(tmp_path: Path) -> None:
    assert read_report_key(tmp_path) is None
    make_report_key(tmp_path)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
    (tmp_path / KEY_FILE).write_text("1234")
    with pytest.raises(SettingsError, match="too short"):
        read_report_key(tmp_path)


def test_the_file_needs_nothing_else_and_has_all_three_languages(library: Library) -> None:
    report = build_report(library.store, library.engine.serving(), PARTNER)
    written = write_report_file(report, ZoneInfo("Asia/Ho_Chi_Minh"), date(2026, 11, 25), "en")
    assert re.findall(r'<div class="tongue(?: first)?" id="(\w+)"', written)[-1] == "en"
    for words in ("Cách sửa:", "How to mend it:", "修正方法："):
        assert words in written
    assert "<script" not in written
    assert "<link" not in written
    assert not re.search(r'(?:src|url\()\s*=?\s*"(?!data:)', written)
    assert "20003 &#34;&gt;&lt;script&gt;" in written
