"""Reaching a cluster: addresses are read, and nothing that is secret is ever shown."""

from pathlib import Path

import pytest

from lienthu.engine.cluster import ClusterOptions, read_address
from lienthu.engine.elasticsearch import ElasticsearchEngine
from lienthu.errors import EngineUnavailable, SettingsError
from lienthu.secret import Secret
from lienthu.settings import read_settings


def test_one_cluster_is_named_by_one_or_more_of_its_nodes() -> None:
    address = read_address("https://ngoc:m%40t@one.example:9201/es/, https://two.example")
    assert address.nodes == ("https://one.example:9201/es", "https://two.example:443")
    assert (address.user, address.password.reveal()) == ("ngoc", "m@t")


@pytest.mark.parametrize(
    "address",
    [
        "https://",
        "https://u:secret@",
        "http://u:secret@host:port",
        "http://a:1,tantivy:x",
        "http://u:secret@a b:9200",
        "http://u:secret@[::1",
    ],
)
def test_a_wrong_address_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(SettingsError, match="https://host:9200") as caught:
        read_address(address)
    assert "secret" not in str(caught.value)


def test_no_secret_is_shown() -> None:
    options = ClusterOptions(api_key=Secret("hush"), password=Secret("hush"))
    engine = ElasticsearchEngine("http://user:hush@127.0.0.1:1", options)
    with pytest.raises(EngineUnavailable, match="cannot be reached") as caught:
        engine.count()
    told = [str(caught.value), repr(caught.value), repr(caught.value.__cause__), repr(engine), repr(options)]
    told += [repr(read_address("http://user:hush@127.0.0.1:1")), str(options.api_key), f"{options.api_key}"]
    assert not [text for text in told if "hush" in text]
    engine.close()


def test_settings_keep_the_secrets_of_the_engine(tmp_path: Path) -> None:
    environment = {
        "LIENTHU_ENGINE": "https://user:hush@es.example:9200",
        "LIENTHU_ENGINE_API_KEY": "hush",
        "LIENTHU_ENGINE_PASSWORD": "env:ELSEWHERE",
        "ELSEWHERE": "hush",
    }
    settings = read_settings({}, environment, tmp_path)
    assert settings.engine_password.reveal() == settings.engine_api_key.reveal() == "hush"
    assert read_address(settings.engine).password.reveal() == "hush"
    assert "hush" not in repr(settings)


def test_a_secret_written_into_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lienthu.toml").write_text('engine_api_key = "hush"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="env:NAME") as caught:
        read_settings({}, {}, tmp_path)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "written"),
    [
        ("SHARDS", "0"),
        ("SHARDS", "many"),
        ("REPLICAS", "-1"),
        ("REPLICAS", "99"),
        ("PREFIX", "Liên Thư"),
        ("PREFIX", "*"),
    ],
)
def test_a_setting_of_the_cluster_that_cannot_be_is_refused_by_name(
    tmp_path: Path, variable: str, written: str
) -> None:
    with pytest.raises(SettingsError, match=f"LIENTHU_ENGINE_{variable}"):
        read_settings({}, {f"LIENTHU_ENGINE_{variable}": written}, tmp_path)
