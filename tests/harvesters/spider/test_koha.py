"""Koha: MARCXML by its own export, and its pages where a library does not offer that."""

from harvesters.spider.lines import SpiderBounds
from indexer.crosswalks import map_record
from lienthu.outcome import Mapped
from tests.harvesters.spider.catalogue import PARTNER, Crawl, serve, write_dublin_core, write_page

KOHA = "/cgi-bin/koha/"
MARC = (
    '<?xml version="1.0" encoding="UTF-8"?><collection xmlns="http://www.loc.gov/MARC21/slim"><record>'
    '<leader>00000nam a2200000 a 4500</leader><controlfield tag="001">x{number}</controlfield>'
    '<datafield tag="245" ind1="0" ind2="0"><subfield code="a">Sách {number}</subfield></datafield>'
    "</record></collection>"
)
XML = {"Content-Type": "application/marcxml+xml"}


def export(number: int) -> str:
    return f"{KOHA}opac-export.pl?bib={number}&format=marcxml&op=export"


def detail(number: int) -> str:
    return f"{KOHA}opac-detail.pl?biblionumber={number}"


def test_the_export_is_asked_for_and_a_page_only_where_it_fails() -> None:
    start = write_page("opac-ISBDdetail.pl?biblionumber=15", "opac-user.pl")
    with serve({
        KOHA + "opac-main.pl": start,
        export(1): (200, XML, MARC.format(number=1)),
        export(3): (200, XML, MARC.format(number=3)),
        export(4): (500, {}, "broken"),
        detail(4): write_page(head=write_dublin_core("Bốn")),
        export(15): (200, XML, MARC.format(number=15)),
    }) as site:  # fmt: skip
        crawl = Crawl(f"{site.url}{KOHA}opac-main.pl", spider="koha", bounds=SpiderBounds(gap=6))
    assert crawl.ids == sorted(detail(number)[1:] for number in (1, 3, 4, 15))
    assert crawl.ending.verdict == "complete"
    assert {record.source_id: record.format for record in crawl.records} == {
        detail(1)[1:]: "marcxml", detail(3)[1:]: "marcxml", detail(4)[1:]: "page", detail(15)[1:]: "marcxml",
    }  # fmt: skip
    one = next(record for record in crawl.records if record.source_id == detail(1)[1:])
    assert one.payload.startswith(b'<record xmlns="http://www.loc.gov/MARC21/slim">')
    outcome = map_record(one, PARTNER)
    assert isinstance(outcome, Mapped)
    assert outcome.record.title.main == "Sách 1"
    assert f"{KOHA}opac-user.pl" not in site.asked


def test_where_there_is_no_export_it_is_given_up_and_pages_are_read() -> None:
    pages = {detail(number): write_page(head=write_dublin_core(f"Sách {number}")) for number in range(1, 20)}
    moved = {"/": (302, {"Location": KOHA + "opac-main.pl"}, ""), KOHA + "opac-main.pl": write_page("opac-search.pl")}
    with serve({**moved, **pages}) as site:
        crawl = Crawl(site.url + "/", spider="koha", bounds=SpiderBounds(gap=6))
    assert len(crawl.ids) == 19
    assert {record.format for record in crawl.records} == {"page"}
    assert sum("opac-export" in path for path in site.asked) < 15
