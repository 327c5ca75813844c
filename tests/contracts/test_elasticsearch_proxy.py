"""A real Elasticsearch behind a real nginx: TLS, credentials and a path, by the settings alone. A refusal says what to
do, no secret is ever shown, and a site whose engine is gone says so politely and comes back by itself."""

import logging
import os
import time
import traceback
from base64 import b64encode
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from elasticsearch import Elasticsearch

from lienthu.composition import compose
from lienthu.errors import EXIT_DONE, EXIT_FAILED, EXIT_USAGE, CatalogueError
from lienthu.settings import name_variable, read_settings
from search_api.service import Catalogue
from tests.contracts.engines import ELASTICSEARCH_MARKS
from tests.index_documents import ask, search
from tests.lienthu.commands.desk import Desk, open_desk
from tests.search_api.shelf import serve_catalogue
from tests.servers.nginx import API_KEY, PASSWORD, USER, WEAK_KEY, NginxAbsent, Proxy, run_nginx
from web.application import build_site

pytestmark = [*ELASTICSEARCH_MARKS]

WRONG_KEY = "d3Jvbmc6d3Iwbmc="
SECRETS = (API_KEY, WEAK_KEY, WRONG_KEY, PASSWORD, b64encode(f"{USER}:{PASSWORD}".encode()).decode(), "wr0ng-w0rd")


@pytest.fixture(scope="module")
def proxy(elasticsearch_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    try:
        with run_nginx(tmp_path_factory.mktemp("nginx"), elasticsearch_address.split(",")[0]) as running:
            yield running
    except NginxAbsent as absence:
        if os.environ.get("LIENTHU_REQUIRE_ALL") == "1":
            pytest.fail(str(absence))
        pytest.skip(f"nginx is not here: {absence}")


class ProxiedDesk(Desk):
    """A command line whose engine lies behind the proxy."""

    def __init__(self, desk: Desk, patch: pytest.MonkeyPatch) -> None:
        super().__init__(desk.home, desk.capsys)
        self._patch = patch

    def set(self, **settings: object) -> None:
        for key, value in settings.items():
            self._patch.setenv(name_variable(key), str(value))


@pytest.fixture
def desk(
    proxy: Proxy,
    elasticsearch_address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[ProxiedDesk]:
    prefix = f"test-{uuid4().hex}"
    desk = ProxiedDesk(open_desk(tmp_path, monkeypatch, capsys), monkeypatch)
    desk.set(engine=proxy.url, engine_prefix=prefix, engine_ca=proxy.ca)
    yield desk
    with Elasticsearch(elasticsearch_address.split(",")) as client:
        names = list(client.indices.get_settings(index=f"{prefix}-*").body)
        if names:
            client.indices.delete(index=names)


def check_that_it_works(desk: Desk) -> None:
    for command in ("index", "reindex", "rollback", "status"):
        code, told = desk.run(command)
        assert code == EXIT_DONE, told
    assert desk.find("sach so 1")


def test_an_api_key_lets_in(desk: ProxiedDesk) -> None:
    desk.set(engine_api_key=API_KEY)
    check_that_it_works(desk)


def test_a_user_with_a_password_is_let_in(desk: ProxiedDesk, proxy: Proxy) -> None:
    desk.set(engine=proxy.url.replace("//", f"//{USER}@"), engine_password=PASSWORD)
    check_that_it_works(desk)


def test_a_file_names_the_variable_that_holds_the_secret(desk: ProxiedDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk.home / "lienthu.toml").write_text('engine_api_key = "env:ENGINE_KEY"\n')
    monkeypatch.setenv("ENGINE_KEY", API_KEY)
    check_that_it_works(desk)


def test_more_than_the_proxy_lets_through_goes_in_parts(desk: ProxiedDesk, proxy: Proxy) -> None:
    desk.set(engine_api_key=API_KEY)
    desk.drop("laocai", range(2_000))
    assert desk.run("harvest", "laocai")[0] == EXIT_DONE
    code, told = desk.run("index")
    assert code == EXIT_DONE, told
    assert desk.ask("status")["index"]["editions"] == 2_000
    assert "intended to send too large body" in proxy.log.read_text()


def refuse(desk: Desk) -> str:
    """What `status` says where the engine does not let in; nothing shows a secret, whoever asks and however."""
    code, told = desk.run("status")
    assert code == EXIT_FAILED
    shown = [told, str(desk.ask("status"))]
    shown += [desk.run(command)[1] for command in ("generations", "index", "reindex")]
    with compose(read_settings()) as made:
        shown += [repr(made), repr(made.engine), repr(vars(made.engine))]
        for call in (made.engine.serving, made.engine.create_generation, lambda: search(made.engine, ask("sách"))):
            with pytest.raises(CatalogueError) as caught:
                call()
            shown += [repr(caught.value), repr(caught.value.facts), *traceback.format_exception(caught.value)]
    shown += [path.read_text() for path in desk.home.rglob("*.log")]
    assert [secret for secret in SECRETS if any(secret in text for text in shown)] == []
    return told


def test_a_key_that_is_not_accepted_or_may_too_little_is_told(
    desk: ProxiedDesk, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk.set(engine_api_key=WRONG_KEY)
    assert "does not accept the credentials: check LIENTHU_ENGINE_API_KEY" in refuse(desk)
    desk.set(engine_api_key=WEAK_KEY)
    assert "does not allow this: give the user or key rights to its indices" in refuse(desk)
    desk.set(engine=proxy.url.replace("//", f"//{USER}:wr0ng-w0rd@"), engine_api_key="")
    assert "does not accept the credentials" in refuse(desk)
    assert [secret for secret in SECRETS if secret in caplog.text] == []


def test_an_authority_that_is_not_trusted_is_told(desk: ProxiedDesk, proxy: Proxy) -> None:
    desk.set(engine_api_key=API_KEY, engine_ca=proxy.other_ca)
    assert "is not trusted: name its authority in LIENTHU_ENGINE_CA" in refuse(desk)
    desk.set(engine_ca="")
    assert "is not trusted: name its authority in LIENTHU_ENGINE_CA" in refuse(desk)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_that_holds_no_certificates_is_a_wrong_setting(desk: ProxiedDesk, content: str | None) -> None:
    file = desk.home / "wrong.crt"
    if content is not None:
        file.write_text(content)
    desk.set(engine_ca=file)
    code, told = desk.run("status")
    assert code == EXIT_USAGE
    assert "LIENTHU_ENGINE_CA" in told
    assert str(file) in told


def test_a_proxy_without_a_cluster_behind_it_is_told(
    desk: ProxiedDesk, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lienthu.engine.elasticsearch_cluster.PAUSES", (0.01,))
    desk.set(engine=f"{proxy.host}/broken", engine_api_key=API_KEY)
    assert "is overloaded or in pieces: look at its health. (HTTP 502)" in refuse(desk)
    desk.set(engine=proxy.host)
    assert f"What answers at {proxy.host} is not Elasticsearch" in refuse(desk)


def test_http_where_https_is_spoken_and_the_other_way_round_are_told(
    desk: ProxiedDesk, proxy: Proxy, elasticsearch_address: str
) -> None:
    plain = proxy.url.replace("https:", "http:")
    desk.set(engine=plain, engine_api_key=API_KEY)
    code, told = desk.run("status")
    assert (code, "LIENTHU_ENGINE_CA is for https addresses" in told) == (EXIT_USAGE, True)
    desk.set(engine_ca="")
    assert f"What answers at {plain} is not Elasticsearch: check http or https" in refuse(desk)
    secure = elasticsearch_address.split(",")[0].replace("http:", "https:")
    desk.set(engine=secure)
    assert f"What answers at {secure} does not speak HTTPS" in refuse(desk)


def test_a_path_that_the_cluster_does_not_have_is_told(desk: ProxiedDesk, proxy: Proxy) -> None:
    desk.set(engine=f"{proxy.url}/nothing", engine_api_key=API_KEY)
    code, told = desk.run("index")
    assert code == EXIT_FAILED
    assert f"What answers at {proxy.url}/nothing is not Elasticsearch" in told


def test_a_site_whose_engine_is_gone_says_so_politely_and_comes_back_by_itself(desk: ProxiedDesk, proxy: Proxy) -> None:
    desk.set(engine_api_key=API_KEY, engine_replicas=1)
    assert desk.run("index")[0] == EXIT_DONE
    paths = ("/api/v1/search?q=sach", "/search?q=sach", "/readyz")
    with desk.open() as catalogue, serve_site_over(catalogue) as address:
        for path in paths:
            assert httpx.get(address + path).status_code == 200
        assert httpx.get(f"{address}/readyz").json()["status"] in {"degraded", "ready"}
        proxy.stop()
        try:
            for path in paths:
                answer = httpx.get(address + path)
                assert answer.status_code == 503
                assert int(answer.headers["retry-after"]) > 0
                assert [secret for secret in SECRETS if secret in answer.text] == []
        finally:
            proxy.start()
        for path in paths:
            assert wait_for_answer(address + path).status_code == 200


def serve_site_over(catalogue: Catalogue) -> AbstractContextManager[str]:
    return serve_catalogue(catalogue, build_site(catalogue, catalogue.settings))


def wait_for_answer(address: str) -> httpx.Response:
    """The first that is no 503."""
    deadline = time.monotonic() + 30
    while (answer := httpx.get(address)).status_code == 503:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.2)
    return answer
