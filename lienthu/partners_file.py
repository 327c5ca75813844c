"""Reads ``partners.toml``: every partner, every feed, and for every mistake a message that says where it is and what
to write instead. A message begins with ``file: partner/feed: key``; a partner without an id is named by its place
(``#3``). The first mistake stops the reading: a catalogue half read would look like a partner that went away.
"""

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import cast, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from lienthu.columns import NAMES as COLUMN_NAMES
from lienthu.errors import SettingsError
from lienthu.i18n import mark
from lienthu.page_rules import PageRules, read_page_rules
from lienthu.partner import SPIDERS, Deletions, Feed, Partner, PartnerType, Protocol
from lienthu.practice import read_practice
from lienthu.settings import SECRET_PREFIX

EXAMPLE_FILE = "partners.example.toml"
SCHEDULES = ("hourly", "daily", "weekly", "monthly", "never")
AUTH_KINDS = ("basic", "header")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_WINDOW = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d\Z")
_SECRET_NAME = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*\Z")
_LONGEST_ID = 40
_LONGEST_QUERY = 2000

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "type": get_args(PartnerType),
    "protocol": get_args(Protocol),
    "deletions": get_args(Deletions),
    "schedule": SCHEDULES,
    "spider": ("", *SPIDERS),
}
_LISTS = frozenset({"subjects", "exclude_sets"})
_TABLES = frozenset({"name", "auth", "columns", "practice"})
_TABLE_EXAMPLES = {"auth": '{basic = "env:NAME"}', "columns": '{title = "Nhan đề", author = "Tác giả"}'}
_PARTNER_KEYS = tuple(field.name for field in msgspec.structs.fields(Partner))
_FEED_KEYS = tuple(field.name for field in msgspec.structs.fields(Feed))


def read_partners(path: Path) -> tuple[Partner, ...]:
    """The partners of the file. Raises SettingsError (exit code 2) naming file, partner and key."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SettingsError(
            mark("{path} is not there: copy {example} to {path} and switch on the partners you harvest."),
            path=path,
            example=EXAMPLE_FILE,
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(mark("{path} is not UTF-8 text: save it as UTF-8."), path=path) from error
    except OSError as error:
        raise SettingsError(mark("{path} cannot be read: {reason}."), path=path, reason=error.strerror) from error
    return parse_partners(text, path.name)


def parse_partners(text: str, file_name: str = "partners.toml") -> tuple[Partner, ...]:
    """The same from the file's text, without touching the disk."""
    try:
        written = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            mark("{place}: this is not valid TOML: {reason}."), place=file_name, reason=error
        ) from error
    _refuse_unknown_keys(written, ("partner",), file_name)
    tables = written.get("partner", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SettingsError(mark("{place}: write each partner under [[partner]], in double brackets."), place=file_name)
    partners: list[Partner] = []
    for position, table in enumerate(tables, start=1):
        partner = _read_partner(table, position, file_name)
        if any(other.id == partner.id for other in partners):
            raise SettingsError(
                mark("{place}: two partners have the id “{id}”: every partner needs an id of its own."),
                place=file_name,
                id=partner.id,
            )
        partners.append(partner)
    return tuple(partners)


def _read_partner(table: dict[str, object], position: int, file_name: str) -> Partner:
    place = f"{file_name}: {table.get('id') or f'#{position}'}"
    _refuse_unknown_keys(table, _PARTNER_KEYS, place)
    _check_kinds(table, place, skip=("feed",))
    _check_slug(table, place)
    _check_names(table, place)
    for key in ("homepage", "record_url"):
        _check_url(table, key, place)
    feed_tables = table.get("feed", [])
    if not isinstance(feed_tables, list) or not all(isinstance(feed, dict) for feed in feed_tables):
        raise SettingsError(
            mark("{place}: write each feed under [[partner.feed]], in double brackets."), place=f"{place}: feed"
        )
    feeds: list[Feed] = []
    for feed_position, feed_table in enumerate(feed_tables, start=1):
        feed = _read_feed(feed_table, f"{place}/{feed_table.get('id') or f'#{feed_position}'}")
        if any(other.id == feed.id for other in feeds):
            raise SettingsError(
                mark("{place}: two feeds have the id “{id}”: every feed of a partner needs an id of its own."),
                place=place,
                id=feed.id,
            )
        feeds.append(feed)
    partner = msgspec.convert({**table, "feed": []}, Partner)
    read_practice(partner)  # so that a mistake in it is told here, not by the index
    return msgspec.structs.replace(partner, feed=tuple(feeds))


def _read_feed(table: dict[str, object], place: str) -> Feed:
    _refuse_unknown_keys(table, _FEED_KEYS, place)
    _check_kinds(table, place, skip=("pages",))
    _check_slug(table, place)
    _check_address(table, place)
    _check_query(table, place)
    _check_manners(table, place)
    _check_secrets(table, place)
    _check_columns(table, place)
    pages = _read_pages(table, place)
    feed = msgspec.convert({key: value for key, value in table.items() if key != "pages"}, Feed)
    return feed if pages is None else msgspec.structs.replace(feed, pages=pages, spider=SPIDERS[-1])


def _refuse_unknown_keys(table: Mapping[str, object], known: Collection[str], place: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            raise SettingsError(
                mark("{place}: {key}: there is no such key. Did you mean: {hint}?"),
                place=place,
                key=key,
                hint=near[0] if near else ", ".join(known),
            )


def _check_kinds(table: Mapping[str, object], place: str, skip: Collection[str] = ()) -> None:
    for key, value in table.items():
        if key in skip:
            continue
        _check_kind(key, value, f"{place}: {key}")
        choices = _CHOICES.get(key)
        if choices is not None and value not in choices:
            near = difflib.get_close_matches(str(value), choices, n=1)
            raise SettingsError(
                mark("{place}: “{value}” is not known here. Did you mean: {hint}?"),
                place=f"{place}: {key}",
                value=value,
                hint=near[0] if near else ", ".join(choices),
            )


def _check_kind(key: str, value: object, place: str) -> None:
    """Each key takes one kind of value; the message shows how that kind is written."""
    if key == "enabled":
        right, example = isinstance(value, bool), "true"
    elif key == "delay":
        right, example = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 3600, "1.0"
    elif key == "brake_share":
        right, example = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1, "0.1"
    elif key in _LISTS:
        right = isinstance(value, list) and all(isinstance(part, str) for part in value)
        example = '["…", "…"]'
    elif key == "practice":
        right, example = isinstance(value, dict), "[partner.practice]"
    elif key in _TABLES:
        right = isinstance(value, dict) and all(isinstance(part, str) for part in value.values())
        example = _TABLE_EXAMPLES.get(key, '{vi = "…", en = "…"}')
    else:
        right, example = isinstance(value, str), '"…"'
    if not right:
        raise SettingsError(
            mark("{place}: {value} is the wrong kind of value. Write it like this: {key} = {example}"),
            place=place,
            value=repr(value)[:80],
            key=key,
            example=example,
        )


def _check_slug(table: Mapping[str, object], place: str) -> None:
    slug = str(table.get("id", ""))
    if not _SLUG.match(slug) or len(slug) > _LONGEST_ID:
        raise SettingsError(
            mark("{place}: id: “{id}” cannot be an id. Use small letters a-z, digits and hyphens, such as lao-cai."),
            place=place,
            id=slug,
        )


def _check_names(table: Mapping[str, object], place: str) -> None:
    names = cast("dict[str, str]", table.get("name", {}))
    if not any(text.strip() for text in names.values()):
        raise SettingsError(
            mark('{place}: name: a partner needs a name, such as name = {{vi = "…", en = "…"}}.'), place=place
        )
    for language in names:
        if not _LANGUAGE.match(language):
            raise SettingsError(
                mark("{place}: name: “{language}” is not a language. Write vi, en or zh."),
                place=place,
                language=language,
            )


def _check_url(table: Mapping[str, object], key: str, place: str) -> None:
    url = str(table.get(key, ""))
    if not url:
        return
    try:
        parts = urlsplit(url)
        right = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>\"]", url)
        _ = parts.port
    except ValueError:
        right = False
    if not right:
        raise SettingsError(
            mark("{place}: “{url}” is not an address. Write one that begins with https:// or http://."),
            place=f"{place}: {key}",
            url=url,
        )
    if "@" in parts.netloc:
        raise SettingsError(
            mark('{place}: a password does not belong in an address. Use auth = {{basic = "env:NAME"}} instead.'),
            place=f"{place}: {key}",
        )


def _check_address(table: Mapping[str, object], place: str) -> None:
    protocol = table.get("protocol")
    if protocol is None:
        raise SettingsError(
            mark("{place}: protocol: a feed needs a protocol, one of {choices}."),
            place=place,
            choices=", ".join(_CHOICES["protocol"]),
        )
    needed, example = ("path", "drop/*.mrc") if protocol == "file" else ("url", "https://…")
    if not table.get(needed) and not (protocol == "file" and table.get("url")):
        raise SettingsError(
            mark('{place}: {key}: a feed of the protocol {protocol} needs one, such as {key} = "{example}".'),
            place=place,
            key=needed,
            protocol=protocol,
            example=example,
        )
    _check_url(table, "url", place)


def _check_manners(table: Mapping[str, object], place: str) -> None:
    window = str(table.get("window", ""))
    if window and (not _WINDOW.match(window) or window[:5] == window[6:]):
        raise SettingsError(
            mark("{place}: window: “{window}” is not a span of hours. Write it like this: 22:00-05:00."),
            place=place,
            window=window,
        )
    name = str(table.get("timezone", "UTC"))
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(
            mark("{place}: timezone: “{name}” is not known. Write a name such as Asia/Ho_Chi_Minh."),
            place=place,
            name=name,
        ) from error


def _check_columns(table: Mapping[str, object], place: str) -> None:
    """``columns`` names the headers of a table, so its keys are the fields we know and ``title`` is among them."""
    columns = cast("dict[str, str]", table.get("columns", {}))
    if not columns:
        return
    _refuse_unknown_keys(columns, COLUMN_NAMES, f"{place}: columns")
    empty = next((key for key, header in columns.items() if not header.strip()), "")
    if empty or "title" not in columns:
        raise SettingsError(
            mark("{place}: {key}: write the header of that column, such as title = “Nhan đề”."),
            place=f"{place}: columns",
            key=empty or "title",
        )
    if table.get("protocol") != "file" and table.get("spider") != "vietbiblio":
        raise SettingsError(
            mark("{place}: columns: only a feed of the protocol file has columns: strike them out."), place=place
        )


def _check_query(table: Mapping[str, object], place: str) -> None:
    """SRU needs a query, and nothing else has one."""
    query = str(table.get("query", ""))
    if (table.get("protocol") == "sru") != bool(query.strip()):
        raise SettingsError(
            mark(
                '{place}: query: a feed of the protocol sru needs one, and no other has any. Write query = "{example}".'
            ),
            place=place,
            example="dc.language = vie",
        )
    if len(query) > _LONGEST_QUERY or not query.isprintable():
        raise SettingsError(
            mark("{place}: query: at most {most} characters on one line."), place=place, most=_LONGEST_QUERY
        )


def _read_pages(table: Mapping[str, object], place: str) -> PageRules | None:
    """The rules of ``[partner.feed.pages]``; None where there are none."""
    pages, spider = table.get("pages"), str(table.get("spider", ""))
    if pages is None and spider != SPIDERS[-1]:
        return None
    if not isinstance(pages, dict) or table.get("protocol") != "spider" or spider not in {"", SPIDERS[-1]}:
        raise SettingsError(
            mark("{place}: pages: write the rules of a feed with protocol = “spider” under [partner.feed.pages]."),
            place=place,
        )
    _check_kind("start", pages.get("start", ""), f"{place}: pages: start")
    _check_url(pages, "start", f"{place}: pages")
    return read_page_rules(pages, f"{place}: pages")


def _check_secrets(table: Mapping[str, object], place: str) -> None:
    """Never repeats the value: what stands there may be the secret itself."""
    auth = cast("dict[str, str]", table.get("auth", {}))
    _refuse_unknown_keys(auth, AUTH_KINDS, f"{place}: auth")
    for kind, value in auth.items():
        if not _SECRET_NAME.match(value):
            raise SettingsError(
                mark("{place}: a secret is never written here. Put it in an environment variable, name it: {example}"),
                place=f"{place}: auth.{kind}",
                example=f'{kind} = "{SECRET_PREFIX}LAOCAI_FEED"',
            )
