import base64
import concurrent.futures
import sqlite3
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from lienthu.raw_record import RawRecord
from search_api.service import Catalogue
from tests.indexer.library import build_raw
from tests.search_api.shelf import (
    ODD_ID,
    RECORDS,
    ShelfCatalogue,
    build_marcxml_with_staff,
    open_catalogue,
    serve_catalogue,
)


def test_a_search_answers_as_the_contract_says(client: httpx.Client) -> None:
    response = client.get("/api/v1/search", params={"q": "người Dao", "lang": "en"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    answer = response.json()
    assert {"query", "total", "hits", "facets", "corrections", "widened", "took_ms", "generation"} <= answer.keys()
    assert answer["query"] == "người Dao"
    assert answer["total"] == 3
    edition = answer["hits"][0]["edition"]
    assert {"id", "title", "authors", "year", "publisher", "language", "type", "holdings", "records"} <= edition.keys()
    assert edition["records"] == ["laocai/oai/" + edition["records"][0].rpartition("/")[2]]
    assert answer["facets"]["partner"] == [
        {"value": "laocai", "label": "Library laocai", "count": 3, "selected": False}
    ]
    start, end = answer["hits"][0]["highlights"]["title"][0]
    assert edition["title"][start:end].lower().startswith("người")
    assert answer["took_ms"] > 0


def test_filters_may_be_repeated_and_unknown_parameters_are_passed_over(client: httpx.Client) -> None:
    one = client.get("/api/v1/search?partner=yenbai&utm_source=x").json()
    both = client.get("/api/v1/search?partner=yenbai&partner=laocai").json()
    assert (one["total"], both["total"]) == (3, 8)
    assert [value["selected"] for value in both["facets"]["partner"]] == [True, True]


def test_the_number_beside_a_value_is_the_number_found_after_the_click(client: httpx.Client) -> None:
    answer = client.get("/api/v1/search").json()
    for facet in ("partner", "language", "type", "author", "subject", "publisher", "access"):
        for value in answer["facets"][facet]:
            assert client.get("/api/v1/search", params={facet: value["value"]}).json()["total"] == value["count"]


def test_labels_are_in_the_language_that_is_asked_for(client: httpx.Client) -> None:
    def label(**how: dict[str, str]) -> str:
        answer = client.get("/api/v1/search", **how).json()  # type: ignore[arg-type]
        return str(answer["facets"]["type"][0]["label"])

    assert label(params={"lang": "vi"}) == "Sách"
    assert label(params={"lang": "zh"}) == "图书"
    assert label(headers={"accept-language": "en-GB;q=0.8, vi;q=0.2"}) == "Book"
    assert label(headers={"accept-language": "fr, zh;q=0.5"}) == "图书"
    assert label(headers={"accept-language": "xx;q=a"}) == "Sách"


def test_an_answer_that_is_held_already_is_not_sent_again(client: httpx.Client) -> None:
    for path in ("/api/v1/search?q=dao", "/api/v1/partners", "/openapi.json"):
        first = client.get(path)
        again = client.get(path, headers={"if-none-match": f'"x", {first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200
    assert client.get("/api/v1/search?q=ca").headers["etag"] != client.get("/api/v1/search?q=dao").headers["etag"]


def test_an_answer_changes_its_tag_when_the_index_changes(tmp_path: Path) -> None:
    with open_catalogue(tmp_path, *RECORDS) as catalogue, serve_catalogue(catalogue) as address:
        assert isinstance(catalogue, ShelfCatalogue)
        tag = httpx.get(f"{address}/api/v1/search?q=kiều").headers["etag"]
        catalogue.library.receive(build_raw("8", "Kiều truyện chú giải"))
        catalogue.library.update()
        response = httpx.get(f"{address}/api/v1/search?q=kiều", headers={"if-none-match": tag})
        assert response.status_code == 200
        assert response.json()["total"] == 2


def test_an_edition_is_described_in_full(client: httpx.Client) -> None:
    hit = client.get("/api/v1/search?q=pa dí").json()["hits"][0]["edition"]
    edition = client.get(f"/api/v1/editions/{hit['id']}").json()
    assert hit.items() <= edition.items()
    assert edition["records"] == ["laocai/oai/6", "yenbai/oai/6"]
    assert edition["agents"][0]["name"] == "Nguyễn Thị Lành"


@pytest.mark.parametrize("encode", [lambda text: quote(text, safe=""), lambda text: quote(text, safe="/:")])
def test_a_record_is_found_whatever_its_id_holds(client: httpx.Client, encode: object) -> None:
    response = client.get(f"/api/v1/records/yenbai/oai/{encode(ODD_ID)}")  # type: ignore[operator]
    record = response.json()
    assert record["source_id"] == ODD_ID
    assert record["outcome"] == "mapped"
    assert client.get(f"/api/v1/editions/{record['edition']}").json()["records"] == [f"yenbai/oai/{ODD_ID}"]
    assert (record["encoding"], record["format"]) == ("text", "marcxml")
    assert "Vật lý đại cương" in record["payload"]


def test_the_names_of_staff_are_never_shown(tmp_path: Path) -> None:
    raw = RawRecord(
        partner_id="laocai", feed_id="oai", source_id="9", format="marcxml", payload=build_marcxml_with_staff()
    )
    with open_catalogue(tmp_path, raw) as catalogue, serve_catalogue(catalogue) as address:
        record = httpx.get(f"{address}/api/v1/records/laocai/oai/9").json()
        assert "Sách 911" in record["payload"]
        assert "Thủ Thư" not in record["payload"]
        assert "Biên Mục" not in record["payload"]


def test_bytes_that_are_no_text_are_sent_as_base64(tmp_path: Path) -> None:
    raw = RawRecord(partner_id="laocai", feed_id="oai", source_id="b", format="unknown", payload=b"\xff\xfe\x00")
    with open_catalogue(tmp_path, *RECORDS, raw) as catalogue, serve_catalogue(catalogue) as address:
        record = httpx.get(f"{address}/api/v1/records/laocai/oai/b").json()
        assert record["encoding"] == "base64"
        assert base64.b64decode(record["payload"]) == b"\xff\xfe\x00"
        assert record["outcome"] in {"skipped", "failed"}
        assert record["reason"]


def test_partners_are_listed_without_what_is_for_us_only(client: httpx.Client) -> None:
    response = client.get("/api/v1/partners")
    laocai, yenbai = response.json()["partners"]
    assert (laocai["id"], laocai["editions"], laocai["only_here"]) == ("laocai", 6, 5)
    assert (yenbai["records"], yenbai["feeds"][0]["verdict"]) == (3, "complete")
    assert "secret.example" not in response.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/search?size=1000", 400), ("/api/v1/search?size=0", 400), ("/api/v1/search?size=x", 400),
        ("/api/v1/search?page=0", 400), ("/api/v1/search?page=1e3", 400), ("/api/v1/search?page=-1", 400),
        ("/api/v1/search?page=501", 400), ("/api/v1/search?page=99999999999999999999", 400),
        ("/api/v1/search?sort=colour", 400), ("/api/v1/search?year=199x", 400),
        (f"/api/v1/search?q={'x' * 1_001}", 400),
        ("/api/v1/search?" + "&".join(f"author={n}" for n in range(1_100)), 400),
        ("/api/v1/editions/nothing", 404), ("/api/v1/records/a/b/c", 404), ("/api/v1/records/a/b/", 404),
        ("/api/v1/nothing", 404), ("/nothing", 404),
    ],
)  # fmt: skip
def test_every_error_is_a_problem_document(client: httpx.Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["instance"].startswith("/")


def test_a_method_that_is_not_answered_is_a_problem_document(client: httpx.Client) -> None:
    response = client.post("/api/v1/search")
    assert response.status_code == 405
    assert response.json()["status"] == 405
    assert "GET" in response.headers["allow"]


@pytest.mark.parametrize(
    "q",
    ["", "%", "%00", "%ff%fe", "%ED%A0%80", '"', "-", "OR", "AND OR NOT", "((((", "tacgia:", "🙂", "<script>", "*:*"],
)
def test_no_query_is_an_error(client: httpx.Client, q: str) -> None:
    assert client.get(f"/api/v1/search?q={q}").status_code == 200


def test_an_edition_that_is_gone_answers_410_with_what_is_known(tmp_path: Path) -> None:
    with open_catalogue(tmp_path, *RECORDS) as catalogue, serve_catalogue(catalogue) as address:
        assert isinstance(catalogue, ShelfCatalogue)
        edition_id = httpx.get(f"{address}/api/v1/search?q=kiều").json()["hits"][0]["edition"]["id"]
        catalogue.library.receive(build_raw("7", partner_id="yenbai", deleted=True))
        catalogue.library.update()
        response = httpx.get(f"{address}/api/v1/editions/{edition_id}")
        assert response.status_code == 410
        assert response.json()["known"]["title"] == "Truyện Kiều"
        assert httpx.get(f"{address}/api/v1/records/yenbai/oai/7").status_code == 410


def test_health_and_readiness(client: httpx.Client, tmp_path: Path) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz").json() == {
        "status": "ready", "generation": client.get("/api/v1/search").json()["generation"],
    }  # fmt: skip
    with open_catalogue(tmp_path, index=False) as empty, serve_catalogue(empty) as address:
        assert httpx.get(f"{address}/healthz").status_code == 200
        for path in ("/readyz", "/api/v1/search?q=dao"):
            response = httpx.get(f"{address}{path}")
            assert response.status_code == 503
            assert response.headers["retry-after"]
            assert response.json()["status"] == 503


def test_a_store_that_cannot_answer_is_not_ready_and_is_named_to_the_log_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_catalogue(tmp_path, *RECORDS) as catalogue, serve_catalogue(catalogue) as address:
        assert httpx.get(f"{address}/readyz").status_code == 200
        with sqlite3.connect(tmp_path / "lienthu.db") as database:
            for table in ("generations", "hidden_editions"):
                database.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
        for path in ("/readyz", "/api/v1/search?q=dao"):
            response = httpx.get(f"{address}{path}", headers={"accept-language": "vi"})
            assert response.status_code == 503
            assert response.headers["retry-after"] == "60"
            assert response.json()["detail"] == "Xin thử lại sau ít phút."
        assert httpx.get(f"{address}/healthz").status_code == 200
    told = [record.getMessage() for record in caplog.records if record.name == "lienthu.search_api"]
    assert [line.partition(": ")[0] for line in told] == ["GET /readyz", "GET /api/v1/search"]
    assert all("lienthu.db" in line for line in told)
    assert not any(record.exc_info for record in caplog.records)


def test_the_published_description_holds_for_what_is_sent(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    answer = client.get("/api/v1/search?q=dao").json()
    assert set(schemas["SearchAnswer"]["required"]) == answer.keys()
    assert set(schemas["EditionCard"]["required"]) == answer["hits"][0]["edition"].keys()
    for path in document["paths"]:
        concrete = path.format(id="x", partner="a", feed="b", source_id="c")
        assert client.get(concrete).status_code in {200, 404}
    assert client.get("/docs").status_code == 404


def test_answers_are_compressed_for_who_can_read_it(client: httpx.Client) -> None:
    for coding in ("gzip", "br", "zstd"):
        response = client.get("/api/v1/search", headers={"accept-encoding": coding})
        assert response.headers["content-encoding"] == coding
    assert "content-encoding" not in client.get("/api/v1/search", headers={"accept-encoding": "identity"}).headers


@pytest.mark.parametrize("prefix", ["", "/catalogue"])
def test_it_serves_below_a_sub_path_whether_or_not_the_proxy_cuts_it_off(tmp_path: Path, prefix: str) -> None:
    with (
        open_catalogue(tmp_path, *RECORDS, root_path="/catalogue") as catalogue,
        serve_catalogue(catalogue) as address,
        httpx.Client(base_url=f"{address}{prefix}") as client,
    ):
        answer = client.get("/api/v1/search?q=kiều").json()
        assert answer["total"] == 1
        edition_id = answer["hits"][0]["edition"]["id"]
        assert client.get(f"/api/v1/editions/{edition_id}").status_code == 200
        assert client.get(f"/api/v1/records/yenbai/oai/{quote(ODD_ID, safe='')}").json()["source_id"] == ODD_ID
        assert client.get("/openapi.json").json()["servers"] == [{"url": "/catalogue"}]
        assert client.get("/api/v1/editions/none").json()["instance"] == "/catalogue/api/v1/editions/none"
        other = client.get("/api/v1/search?q=ca dao việt nam").json()["hits"][0]["edition"]["id"]
        catalogue.store.change_ledger(aliases={edition_id: other})
        with catalogue.engine.open_writer(str(catalogue.engine.serving())) as writer:
            writer.delete([edition_id])
            writer.commit()
        moved = client.get(f"/api/v1/editions/{edition_id}")
        assert moved.status_code == 308
        assert moved.headers["location"] == f"/catalogue/api/v1/editions/{other}"


def test_many_readers_at_once_get_the_same_answer(client: httpx.Client, catalogue: Catalogue) -> None:
    def ask(_: int) -> tuple[int, list[str]]:
        answer = client.get("/api/v1/search?q=dao").json()
        return answer["total"], [hit["edition"]["id"] for hit in answer["hits"]]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(64)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == catalogue.engine.count() - 3
