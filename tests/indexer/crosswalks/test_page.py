"""A catalogue page's embedded metadata."""

import json

from indexer.crosswalks import map_record
from lienthu.outcome import Failed, Mapped
from lienthu.record import Record
from tests.indexer.crosswalks.marc_writing import write_raw


def map_page(**parts: object) -> Record:
    outcome = map_record(write_raw(json.dumps({"url": "https://x.example/1", **parts}).encode(), "page"), None)
    assert isinstance(outcome, Mapped), outcome
    return outcome.record


def test_json_ld_describes_a_book() -> None:
    book = {
        "@type": "Book",
        "name": "Vật lý đại cương. Tập 1",
        "author": [{"@type": "Person", "name": "Lương Duyên Bình"}],
        "publisher": {"@type": "Organization", "name": "Nxb. Giáo dục"},
        "datePublished": "2009",
        "isbn": "978-604-64-0154-4",
        "inLanguage": "vi",
        "keywords": "Vật lý; Cơ học",
    }
    record = map_page(
        json_ld=[{"@graph": [{"@type": "WebSite", "name": "Thư viện"}, book]}], meta={"DC.title": ["Khác"]}
    )
    assert (record.title.main, record.title.volume_key) == ("Vật lý đại cương", "1")
    assert [agent.key for agent in record.agents] == ["lương duyên bình"]
    assert (record.publication.publisher_label, record.publication.year) == ("Giáo dục Việt Nam", 2009)
    assert record.identifiers[0].value == "9786046401544"
    assert len(record.subjects) == 2
    assert len(record.holdings) == 1


def test_meta_tags_of_both_kinds_fill_what_is_missing() -> None:
    meta = {
        "citation_title": ["Luận án về chè"], "citation_author": ["Nguyễn, Văn A", "Trần Thị B"],
        "citation_publication_date": ["2015/06/01"], "DC.language": ["vie"], "DCTERMS.issued": ["2015"], "DC.type":
        ["Thesis"], }  # fmt: skip
    record = map_page(meta=meta)
    assert record.type == "thesis"
    assert [agent.key for agent in record.agents] == ["nguyễn văn a", "trần thị b"]
    assert record.publication.year == 2015
    assert record.languages == ("vi",)


def test_coins_alone_are_enough() -> None:
    coins = [{"rft.btitle": ["Truyện Kiều"], "rft.aulast": ["Nguyễn"], "rft.aufirst": ["Du"], "rft.date": ["1979"]}]
    record = map_page(coins=coins)
    assert (record.title.main, record.publication.year) == ("Truyện Kiều", 1979)
    assert record.agents[0].key == "nguyễn du"


def test_a_page_that_describes_nothing_fails_by_name() -> None:
    for payload in (
        b"[]",
        b"not json",
        b'{"url": "https://x.example"}',
        b'{"json_ld": {"@type": ["Book"], "name": {"a": []}}}',
    ):
        assert isinstance(map_record(write_raw(payload, "page"), None), Failed)
