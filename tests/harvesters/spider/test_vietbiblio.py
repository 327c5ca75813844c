"""VietBiblio: the records and copies of an OpenBiblio, from its pages alone."""

from typing import Any

from harvesters.spider.lines import SpiderBounds
from indexer.crosswalks import map_record
from lienthu.outcome import Failed, Mapped
from lienthu.raw_record import RawRecord
from tests.harvesters.spider.catalogue import PARTNER, Crawl, serve, write_page

COPIES = (
    "<table><tr><th>Số ĐKCB</th><th>Kho</th><th>Trạng thái</th><th>Người mượn</th></tr>"
    "<tr><td>TK.00123</td><td>Kho đọc</td><td>Sẵn sàng</td><td></td></tr>"
    "<tr><td>TK.00124</td><td>Kho mượn</td><td>Đang mượn</td><td>Giàng A Pháo</td></tr></table>"
)


def write_biblio(title: str, author: str = "Tô Hoài", copies: str = COPIES) -> str:
    rows = {
        "Nhan đề:": title,
        "Tác giả:": author,
        "Nhà xuất bản:": "Kim Đồng",
        "Năm xuất bản:": "2010",
        "Khác:": "1",
    }
    table = "".join(f"<tr><td class='primary'>{label}</td><td>{value}</td></tr>" for label, value in rows.items())
    search = "<table><tr><td>Từ khóa:</td><td><input name='q'></td></tr></table>"
    layout = f"<table><tr><td>{search}<table>{table}</table></td></tr></table>"
    return write_page("../opac/index.php", body=layout + copies)


def address(number: int) -> str:
    return f"/lms/shared/biblio_view.php?bibid={number}&tab=opac"


def build_site(**more: Any) -> dict[str, Any]:
    return {
        "/lms/opac/index.php": write_page("../shared/biblio_view.php?tab=opac&bibid=15", "/lms/admin/"),
        address(1): write_biblio("Dế mèn phiêu lưu ký"),
        address(2): write_page(body="<table><tr><td>Nhan đề:</td><td></td></tr></table>"),
        address(4): write_biblio("Đất rừng phương Nam", "Đoàn Giỏi", copies=""),
        address(15): write_biblio("Mèo con đi học"),
        **more,
    }


def test_the_numbered_pages_become_records_with_their_copies() -> None:
    with serve(build_site()) as site:
        crawl = Crawl(site.url + "/lms/opac/index.php", spider="vietbiblio", bounds=SpiderBounds(gap=6))
    assert crawl.ids == sorted(address(number)[1:] for number in (1, 4, 15))
    assert crawl.ending.verdict == "complete"
    assert {record.format for record in crawl.records} == {"fields"}
    payload = crawl.read_payload(address(1)[1:])
    assert payload["fields"]["Tác giả"] == ["Tô Hoài"]
    assert "Giàng A Pháo" not in str(payload)
    assert "Từ khóa" not in payload["fields"]
    outcome = map_record(next(one for one in crawl.records if one.source_id == address(1)[1:]), PARTNER)
    assert isinstance(outcome, Mapped)
    record = outcome.record
    assert (record.title.main, record.publication.year) == ("Dế mèn phiêu lưu ký", 2010)
    assert [agent.name for agent in record.agents] == ["Tô Hoài"]
    assert [(one.accession_number, one.location, one.status) for one in record.holdings] == [
        ("TK.00123", "Kho đọc", "available"),
        ("TK.00124", "Kho mượn", "on_loan"),
    ]
    assert "/lms/admin/" not in site.asked


def test_fields_without_a_title_fail_by_name() -> None:
    raw = RawRecord(partner_id="p", feed_id="f", source_id="1", format="fields", payload=b'{"fields":{"author":["A"]}}')
    outcome = map_record(raw, None)
    assert isinstance(outcome, Failed)
    assert outcome.rule == "title-missing"
    broken = map_record(RawRecord(partner_id="p", feed_id="f", source_id="1", format="fields", payload=b"[1]"), None)
    assert isinstance(broken, Failed)
    assert broken.rule == "page-broken"
