import base64
import subprocess
from pathlib import Path
from typing import Any

import pytest

from harvesters.run import Harvest, harvest_feed
from harvesters.spider import harvester
from harvesters.spider.lines import SpiderBounds
from lienthu.partner import Feed
from lienthu.store import open_store
from tests.harvesters.spider.catalogue import (
    AGENT,
    COINS,
    PARTNER,
    Calendar,
    Crawl,
    serve,
    write_citation,
    write_dublin_core,
    write_json_ld,
    write_page,
)


def build_pages(**more: Any) -> dict[str, Any]:
    """Two list pages, one record in each of the four ways, a page about the library, and a forbidden shelf."""
    return {
        "/robots.txt": (200, {"Content-Type": "text/plain"}, "User-agent: *\nDisallow: /opac/kho/"),
        "/opac/": write_page("sach?trang=1", "gioi-thieu", "/opac/kho/1", "/tin-tuc"),
        "/opac/sach?trang=1": write_page("/opac/sach/1?PHPSESSID=9", "/opac/sach/2#x", "sach?trang=2", "bia.jpg"),
        "/opac/sach?trang=2": write_page("/opac/sach/3", "/opac/sach/4", "sach?trang=1", "mailto:a@x.vn"),
        "/opac/sach/1": write_page("/opac/", head=write_dublin_core("Một")),
        "/opac/sach/2": write_page("/opac/", head=write_citation("Hai")),
        "/opac/sach/3": write_page("/opac/", head=write_json_ld("Ba")),
        "/opac/sach/4": write_page("/opac/", body=COINS),
        "/opac/kho/1": write_page(head=write_dublin_core("Cấm")),
        "/opac/gioi-thieu": write_page("/opac/"),
        "/tin-tuc": write_page(head=write_dublin_core("Ngoài")),
        **more,
    }


ALL = ["opac/sach/1", "opac/sach/2", "opac/sach/3", "opac/sach/4"]


def test_every_record_arrives_in_whichever_way_it_is_embedded() -> None:
    with serve(build_pages()) as catalogue:
        crawl = Crawl(catalogue.url + "/opac/")
        assert crawl.ids == ALL
        assert crawl.ending.verdict == "complete"
        assert {record.format for record in crawl.records} == {"page"}
        assert crawl.read_payload("opac/sach/1") == {
            "url": f"{catalogue.url}/opac/sach/1",
            "json_ld": [],
            "meta": {"DC.title": ["Một"], "DC.creator": ["Nguyễn Du"]},
            "coins": [],
        }
        assert crawl.read_payload("opac/sach/3")["json_ld"][0]["name"] == "Ba"
        assert crawl.read_payload("opac/sach/4")["coins"][0]["rft.btitle"] == ["Kiều"]


def test_the_spider_has_manners() -> None:
    with serve(build_pages()) as catalogue:
        crawl = Crawl(catalogue.url + "/opac/")
        assert catalogue.asked[0] == "/robots.txt"
        assert "/opac/kho/1" not in catalogue.asked
        assert "/tin-tuc" not in catalogue.asked
        assert "/opac/bia.jpg" not in catalogue.asked
        assert len(catalogue.asked) == len(set(catalogue.asked))
        assert catalogue.agents == {AGENT}
        assert "1 page is closed to robots" in crawl.ending.message.tell()


def test_a_harvest_that_robots_may_not_make_fails_in_words() -> None:
    with serve(build_pages(**{"/robots.txt": "User-agent: *\nDisallow: /"})) as catalogue:
        crawl = Crawl(catalogue.url + "/opac/")
        assert (crawl.ids, crawl.ending.verdict) == ([], "failed")
        assert "robots.txt" in crawl.ending.message.tell()
        assert catalogue.asked == ["/robots.txt"]


def test_a_page_that_fails_makes_the_run_incomplete_and_its_record_is_not_taken_for_deleted() -> None:
    with serve(build_pages(**{"/opac/sach/3": (500, {}, "")})) as catalogue:
        crawl = Crawl(catalogue.url + "/opac/")
        assert crawl.ids == ["opac/sach/1", "opac/sach/2", "opac/sach/4"]
        assert crawl.ending.verdict == "incomplete"
        assert f"{catalogue.url}/opac/sach/3 (HTTP 500)" in crawl.ending.message.tell()
        assert crawl.ending.kept_ids == ("opac/sach/3",)


def test_a_page_that_fails_once_is_asked_again() -> None:
    page = write_page(head=write_dublin_core("Ba"))
    with serve(build_pages(**{"/opac/sach/3": [(500, {}, ""), page]})) as catalogue:
        crawl = Crawl(catalogue.url + "/opac/")
        assert (crawl.ids, crawl.ending.verdict) == (ALL, "complete")


def test_a_page_that_is_gone_is_an_answer() -> None:
    with serve(build_pages(**{"/opac/sach/3": (410, {}, "")})) as catalogue:
        assert Crawl(catalogue.url + "/opac/").ending.verdict == "complete"


def test_redirects_are_followed_within_the_catalogue_only() -> None:
    secret = serve({"/": write_page(head=write_dublin_core("Nội bộ"))})
    with secret as inside, serve(build_pages()) as catalogue:
        catalogue.pages["/opac/gioi-thieu"] = (302, {"Location": inside.url + "/"}, "")
        catalogue.pages["/opac/sach/4"] = (301, {"Location": "/opac/sach/moi"}, "")
        catalogue.pages["/opac/sach/moi"] = write_page(head=write_dublin_core("Mới"))
        crawl = Crawl(catalogue.url + "/opac/")
        assert crawl.ids == ["opac/sach/1", "opac/sach/2", "opac/sach/3", "opac/sach/moi"]
        assert crawl.ending.verdict == "complete"
        assert inside.asked == []


def test_redirects_in_a_circle_are_named() -> None:
    with serve(build_pages()) as catalogue:
        catalogue.pages["/opac/sach/3"] = (302, {"Location": "/opac/vong"}, "")
        catalogue.pages["/opac/vong"] = (302, {"Location": "/opac/sach/3"}, "")
        crawl = Crawl(catalogue.url + "/opac/")
        assert crawl.ending.verdict == "incomplete"
        assert "circle" in crawl.ending.message.tell()


@pytest.mark.parametrize("bounds", [SpiderBounds(depth=6), SpiderBounds(pages=12)])
def test_an_endless_calendar_comes_to_an_end_and_is_never_called_complete(
    bounds: SpiderBounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve({}) as catalogue:
        monkeypatch.setattr(catalogue, "answer", Calendar({}).answer)
        crawl = Crawl(catalogue.url + "/lich", bounds=bounds)
        assert crawl.ending.verdict == "incomplete"
        assert "further than a spider goes" in crawl.ending.message.tell()
        assert len(catalogue.asked) <= 16


def test_a_page_that_is_too_large_is_named() -> None:
    pages = build_pages(**{"/opac/sach/3": write_page(head=write_dublin_core("x"), body="x" * 300_000)})
    with serve(pages) as catalogue:
        crawl = Crawl(catalogue.url + "/opac/", bounds=SpiderBounds(page_bytes=100_000))
        assert crawl.ending.verdict == "incomplete"
        assert "/opac/sach/3" in crawl.ending.message.tell()


def test_metadata_that_is_too_large_or_broken_is_rejected_by_name() -> None:
    with serve(build_pages()) as catalogue:
        catalogue.pages["/opac/sach/1"] = write_page(head=write_dublin_core("x" * 1_000_001))
        catalogue.pages["/opac/sach/3"] = write_page(head='<script type="application/ld+json">{"@type":</script>')
        crawl = Crawl(catalogue.url + "/opac/")
        rejections = [rejection for page in crawl.pages for rejection in page.rejections]
        assert sorted((rejection.source_id, rejection.rule) for rejection in rejections) == [
            ("opac/sach/1", "record-too-large"),
            ("opac/sach/3", "json-ld-broken"),
        ]
        assert crawl.ids == ["opac/sach/2", "opac/sach/4"]


def test_a_site_whose_pages_describe_nothing_any_more_is_never_complete() -> None:
    with serve({"/opac/": write_page("a"), "/opac/a": write_page("/opac/")}) as catalogue:
        ending = Crawl(catalogue.url + "/opac/").ending
        assert ending.verdict == "incomplete"
        assert "has the site changed?" in ending.message.tell()


@pytest.mark.parametrize("start", [(404, {}, ""), (500, {}, ""), (302, {"Location": "http://127.0.0.2:9/"}, "")])
def test_a_start_page_that_cannot_be_read_fails_in_words(start: Any) -> None:
    with serve({"/opac/": start}) as catalogue:
        ending = Crawl(catalogue.url + "/opac/").ending
        assert ending.verdict == "failed"
        assert f"{catalogue.url}/opac/ cannot be read" in ending.message.tell()


def test_a_busy_server_is_asked_again_when_it_said() -> None:
    page = write_page(head=write_dublin_core("Ba"))
    with serve(build_pages(**{"/opac/sach/3": [(503, {"Retry-After": "1"}, ""), page]})) as catalogue:
        assert Crawl(catalogue.url + "/opac/").ids == ALL


def test_a_server_that_asks_for_a_long_pause_gets_it() -> None:
    with serve(build_pages(**{"/opac/sach/3": (429, {"Retry-After": "7200"}, "")})) as catalogue:
        ending = Crawl(catalogue.url + "/opac/").ending
        assert ending.verdict == "incomplete"
        assert ending.not_before.endswith("+00:00")
        assert catalogue.asked.count("/opac/sach/3") == 1


def test_a_password_goes_out_with_every_request_and_on_no_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    with serve(build_pages()) as catalogue:
        started: list[list[str]] = []
        popen = subprocess.Popen

        def watch(arguments: list[str], **options: Any) -> Any:
            started.append(arguments)
            return popen(arguments, **options)

        monkeypatch.setattr(subprocess, "Popen", watch)
        monkeypatch.setattr(catalogue, "agents", type("", (), {"add": lambda _, agent: heard.append(agent)})())
        crawl = Crawl(catalogue.url + "/opac/", auth={"header": "env:KEY"}, environment={"KEY": "User-Agent: secret"})
        assert crawl.ending.verdict == "complete"
        assert set(heard) == {"secret"}
        assert "secret" not in " ".join(started[0])
    assert harvester._build_headers(
        Feed(id="web", protocol="spider", auth={"basic": "env:KEY"}),
        harvester.HarvestContext(home=Path(), agent="", environment={"KEY": "a:b"}, now=lambda: None),  # type: ignore[arg-type,return-value]
    ) == {"Authorization": "Basic " + base64.b64encode(b"a:b").decode()}


def test_an_unknown_spider_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(Exception, match="embedded"):
        Crawl("http://127.0.0.1:9/", spider="tarantula")


def test_a_killed_run_goes_on_without_asking_for_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harvester, "PAGE_RECORDS", 1)
    pages = build_pages()
    pages["/opac/sach/1"] = write_page("/opac/sach/5", "/opac/nua", head=write_dublin_core("Một"))
    pages["/opac/sach/5"] = write_page(head=write_dublin_core("Năm"))
    pages["/opac/nua"] = write_page("/opac/sach/6")
    pages["/opac/sach/6"] = write_page(head=write_dublin_core("Sáu"))
    everything = [*ALL, "opac/sach/5", "opac/sach/6"]
    for limit in (1, 3, 5):
        with serve(pages) as catalogue:
            first = Crawl(catalogue.url + "/opac/", limit=limit)
            catalogue.asked.clear()
            second = Crawl(catalogue.url + "/opac/", checkpoint=first.pages[-1].checkpoint, seen=set(first.ids))
            assert sorted(first.ids + second.ids) == everything
            assert second.ending.verdict == "complete"
            assert not {path.lstrip("/") for path in catalogue.asked} & set(first.ids)


def test_a_run_through_the_store_adds_up_and_the_next_finds_nothing_new(tmp_path: Path) -> None:
    with serve(build_pages()) as catalogue, open_store(f"sqlite:///{tmp_path / 'lienthu.db'}", tmp_path) as store:
        feed = Feed(id="web", protocol="spider", url=catalogue.url + "/opac/", delay=0.0, deletions="sweep")
        first = harvest_feed(Harvest(store=store, home=tmp_path), PARTNER, feed)
        assert (first.verdict, first.counts.stored, first.counts.adds_up) == ("complete", 4, True)
        catalogue.pages["/opac/sach/4"] = (404, {}, "")
        second = harvest_feed(Harvest(store=store, home=tmp_path), PARTNER, feed)
        assert (second.verdict, second.counts.unchanged, second.counts.stored, second.removed) == ("complete", 3, 0, 1)
