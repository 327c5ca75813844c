import json
from pathlib import Path

import pytest

from harvesters.spider.embedded_metadata import EmbeddedMetadata, build_payload, extract_metadata
from tests.harvesters.spider.catalogue import COINS, write_citation, write_dublin_core, write_json_ld, write_page

HERE = "https://x.vn/sach/1"


def extract(head: str = "", body: str = "", *links: str, address: str = HERE) -> EmbeddedMetadata:
    return extract_metadata(write_page(*links, head=head, body=body), address)


def test_dublin_core_tags_are_kept_by_name_in_their_order() -> None:
    found = extract(write_dublin_core("Truyện Kiều") + '<meta name="DC.creator" content=" Bùi Kỷ ">')
    assert found.meta == {"DC.title": ["Truyện Kiều"], "DC.creator": ["Nguyễn Du", "Bùi Kỷ"]}
    assert found.describes_record


def test_tags_of_the_site_are_not_metadata() -> None:
    found = extract('<meta name="viewport" content="x"><meta name="csrf-token" content="t">' + write_citation("Kiều"))
    assert set(found.meta) == {"citation_title", "citation_author"}


def test_a_title_that_the_site_repeats_on_every_page_is_no_record() -> None:
    assert not extract('<meta name="DC.title" content="OPAC"><meta name="DC.language" content="vi">').describes_record


def test_json_ld_gives_the_work_and_nothing_of_the_site() -> None:
    graph = [
        {"@type": "WebSite", "name": "OPAC", "potentialAction": {"@type": "SearchAction"}},
        {
            "@type": ["schema:Book", "Product"],
            "name": "Truyện Kiều",
            "author": {"@id": "#a"},
            "isPartOf": {"@id": "#s"},
        },
        {"@type": "Person", "@id": "#a", "name": "Nguyễn Du"},
        {"@type": "BookSeries", "@id": "#s", "name": "Văn học"},
    ]
    found = extract(f'<script type="application/ld+json">{json.dumps({"@graph": graph})}</script>')
    assert [work["name"] for work in found.json_ld] == ["Truyện Kiều"]
    assert found.json_ld[0]["author"] == {"@type": "Person", "@id": "#a", "name": "Nguyễn Du"}
    assert found.describes_record


def test_a_work_that_its_page_is_about_is_found() -> None:
    page = {"@type": "ItemPage", "mainEntity": {"@type": "Thesis", "name": "Luận văn"}}
    found = extract(f'<script type="application/ld+json"><!-- {json.dumps(page)} --></script>')
    assert [work["name"] for work in found.json_ld] == ["Luận văn"]


def test_nodes_that_point_at_each_other_come_to_an_end() -> None:
    graph = [
        {"@type": "Book", "@id": "#a", "isPartOf": {"@id": "#b"}},
        {"@type": "Book", "@id": "#b", "x": {"@id": "#a"}},
    ]
    assert build_payload(extract(f'<script type="application/ld+json">{json.dumps(graph)}</script>'))


def test_coins_keep_every_value() -> None:
    found = extract(body=COINS.replace("&amp;rft.au", "&amp;rft.au=B%C3%B9i+K%E1%BB%B7&amp;rft.au") * 2)
    assert found.coins == ({"ctx_ver": ["Z39.88-2004"], "rft.btitle": ["Kiều"], "rft.au": ["Bùi Kỷ", "Nguyễn Du"]},)
    assert found.describes_record


def test_a_list_of_results_is_no_record() -> None:
    assert not extract(body=COINS + COINS.replace("Ki", "Th%C3%BAy+Ki")).describes_record
    assert not extract(write_json_ld("A", url="/sach/1b") + write_json_ld("B", url="/sach/2")).describes_record


def test_a_list_with_one_result_leaves_the_record_to_its_own_page() -> None:
    work = write_json_ld("Truyện Kiều", url="https://x.vn/sach/7")
    assert not extract(work, "", "/sach/7", address="https://x.vn/tim?q=kieu").describes_record
    assert extract(work, "", "/tim?q=kieu", address="https://x.vn/sach/7").describes_record
    assert extract(work, address="https://x.vn/sach/7?lang=vi").describes_record


def test_the_canonical_link_names_the_page_unless_it_is_the_front_page_or_another_host() -> None:
    assert extract('<link rel="canonical" href="/sach/kieu">').url == "https://x.vn/sach/kieu"
    assert extract('<link rel="canonical" href="https://x.vn/">').url == HERE
    assert extract('<link rel="canonical" href="https://evil.example/a">').url == HERE


def test_the_payload_does_not_change_with_the_page_around_it() -> None:
    first = extract(write_dublin_core("Kiều"), "<p>token 1</p>", address=HERE + "?PHPSESSID=1")
    second = extract('<meta name="csrf" content="2">' + write_dublin_core("Kiều"), "<p>token 2</p>")
    assert build_payload(first) == build_payload(second)
    assert build_payload(first).decode() == (
        '{"coins":[],"json_ld":[],"meta":{"DC.creator":["Nguyễn Du"],"DC.title":["Kiều"]},"url":"https://x.vn/sach/1"}'
    )


@pytest.mark.parametrize(
    "page",
    [
        "",
        "\x00\x00",
        "<",
        '<script type="application/ld+json">{"@type": "Book"',
        '<script type="application/ld+json">' + "[" * 100_000,
        '<script type="application/ld+json">{"@type":"Book","name":"\\ud800"}</script>',
        '<script type="application/ld+json">["Book", 1, null, {"@graph": 3}]</script>',
        '<span class="Z3988" title="%%%"></span>',
        '<link rel="canonical" href="http://[">',
        '<meta name="DC.title" content="">' * 1_000,
    ],
)
def test_no_page_breaks_the_reading(page: str) -> None:
    assert build_payload(extract_metadata(page, HERE))


def test_real_catalogue_pages_are_read(shared_data: Path) -> None:
    pages = sorted((shared_data / "html" / "vufind").glob("*.html"))
    assert pages
    for path in pages:
        found = extract_metadata(path.read_text(encoding="utf-8", errors="replace"), "https://x.de/Record/1")
        assert found.describes_record == (not path.name.startswith("reslist")), path.name
        assert json.loads(build_payload(found))["url"] == "https://x.de/Record/1"
