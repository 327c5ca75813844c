"""Every mistake an admin can make in partners.toml is answered with the place and with what to write instead."""

from pathlib import Path

import pytest

from lienthu.errors import EXIT_USAGE, SettingsError
from lienthu.partners_file import parse_partners, read_partners

REPOSITORY = Path(__file__).resolve().parents[2]

PARTNER = '[[partner]]\nid = "laocai"\nname = {vi = "Thư viện tỉnh Lào Cai"}\n'
FEED = '[[partner.feed]]\nid = "oai"\nprotocol = "oai-pmh"\nurl = "https://example.org/oai"\n'
FEED_OF_FILES = '[[partner.feed]]\nid = "oai"\nprotocol = "file"\n'


def complain(text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        parse_partners(text)
    assert caught.value.exit_code == EXIT_USAGE
    return str(caught.value)


def test_a_partner_and_its_feed_are_read_with_their_defaults() -> None:
    (partner,) = parse_partners(PARTNER + FEED)
    (feed,) = partner.feeds
    assert (partner.id, partner.enabled, partner.country) == ("laocai", True, "VN")
    assert (feed.id, feed.delay, feed.deletions, feed.timezone) == ("oai", 1.0, "tombstones", "Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PARTNER + 'hompage = "https://x.org"\n', ["partners.toml: laocai", "hompage", "homepage"]),
        (PARTNER + FEED + "dealy = 2\n", ["laocai/oai", "dealy", "delay"]),
        ('[[partners]]\nid = "x"\n', ["partners", "partner"]),
        (PARTNER + "country = 84\n", ["laocai: country", "84"]),
        (PARTNER + 'enabled = "yes"\n', ["laocai: enabled", "true"]),
        (PARTNER + 'type = "publik"\n', ["laocai: type", "publik", "public"]),
        (PARTNER + '[partner.practice]\nacession_field = "852$j"\n', ["laocai", "acession_field", "accession_field"]),
        (PARTNER + '[partner.practice]\naccession_field = "85$j"\n', ["laocai", "accession_field", "85$j", "852$j"]),
        (PARTNER + 'subjects = "địa chí"\n', ["laocai: subjects", "["]),
        (PARTNER + FEED + "delay = -1\n", ["laocai/oai: delay"]),
        (PARTNER + PARTNER, ["two partners", "laocai"]),
        (PARTNER + FEED + FEED, ["laocai", "two feeds", "oai"]),
        (PARTNER.replace("laocai", "Lào Cai"), ["Lào Cai", "id", "a-z"]),
        (PARTNER.replace('id = "laocai"\n', ""), ["#1", "id"]),
        (PARTNER.replace('"Thư viện tỉnh Lào Cai"', '""'), ["laocai", "name"]),
        (PARTNER + 'homepage = "ftp://example.org"\n', ["laocai: homepage", "ftp://example.org", "https://"]),
        (PARTNER + FEED.replace("https://example.org/oai", "file:///etc/passwd"), ["laocai/oai: url", "file:///"]),
        (PARTNER + FEED.replace("https://example.org/oai", "http://[broken"), ["laocai/oai: url"]),
        (PARTNER + FEED.replace('url = "https://example.org/oai"\n', ""), ["laocai/oai", "url", "oai-pmh"]),
        (PARTNER + FEED_OF_FILES, ["laocai/oai", "path", "drop/*.mrc"]),
        (PARTNER + FEED_OF_FILES + 'path = "drop"\ncolumns = {titel = "Nhan đề"}\n', ["columns", "titel", "title"]),
        (PARTNER + FEED_OF_FILES + 'path = "drop"\ncolumns = {author = "Tác giả"}\n', ["columns", "title", "Nhan đề"]),
        (PARTNER + FEED_OF_FILES + 'path = "drop"\ncolumns = {title = " "}\n', ["columns", "title", "header"]),
        (PARTNER + FEED_OF_FILES + 'path = "drop"\ncolumns = "title"\n', ["columns", "Nhan đề"]),
        (PARTNER + FEED + 'columns = {title = "Nhan đề"}\n', ["laocai/oai", "columns", "file"]),
        (PARTNER + FEED.replace('protocol = "oai-pmh"\n', ""), ["laocai/oai", "protocol", "spider"]),
        (PARTNER + FEED.replace("oai-pmh", "oai"), ["laocai/oai: protocol", "oai-pmh"]),
        (PARTNER + FEED.replace("oai-pmh", "sru"), ["laocai/oai", "query", "sru"]),
        (PARTNER + FEED + 'query = "x"\n', ["laocai/oai", "query", "sru"]),
        (PARTNER + FEED.replace("oai-pmh", "sru") + f'query = "{"a" * 2001}"\n', ["laocai/oai: query", "2000"]),
        (PARTNER + FEED.replace("oai-pmh", "sru") + 'query = "a\\nb"\n', ["laocai/oai: query", "one line"]),
        (PARTNER + FEED + 'window = "22-5"\n', ["laocai/oai", "window", "22:00-05:00"]),
        (PARTNER + FEED + 'timezone = "Hanoi"\n', ["laocai/oai", "timezone", "Asia/Ho_Chi_Minh"]),
        (PARTNER + FEED + 'schedule = "often"\n', ["laocai/oai: schedule", "daily"]),
        (PARTNER + FEED + 'auth = {digest = "env:X"}\n', ["laocai/oai: auth", "digest", "basic"]),
        ("[[partner]\n", ["partners.toml", "TOML"]),
        ('[partner]\nid = "x"\n', ["[[partner]]"]),
        ('partner = ["laocai"]\n', ["[[partner]]"]),
        (PARTNER + 'feed = "oai"\n', ["laocai: feed", "[[partner.feed]]"]),
    ],
)
def test_a_mistake_is_answered_with_its_place_and_its_cure(text: str, words: list[str]) -> None:
    message = complain(text)
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize("secret", ["reader:hunter2", "env:", "env:two words"])
def test_a_secret_in_plain_is_refused_and_not_repeated(secret: str) -> None:
    message = complain(PARTNER + FEED + f'auth = {{basic = "{secret}"}}\n')
    assert "laocai/oai: auth.basic" in message
    assert "hunter2" not in message


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    message = complain(PARTNER + FEED.replace("https://", "https://reader:hunter2@"))
    assert "laocai/oai: url" in message
    assert "hunter2" not in message


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"partners\.example\.toml"):
        read_partners(tmp_path / "partners.toml")


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "partners.toml"
    path.write_bytes('name = "Thư viện"'.encode("utf-16"))
    with pytest.raises(SettingsError, match="UTF-8"):
        read_partners(path)


def test_the_example_is_valid_begins_with_the_home_library_and_switches_nothing_on() -> None:
    partners = read_partners(REPOSITORY / "partners.example.toml")
    assert [partner.id for partner in partners[:2]] == ["laocai", "yenbai"]
    assert [partner.id for partner in partners if partner.enabled] == []
    assert [partner.id for partner in partners if not partner.feeds or not partner.note] == []
