"""Settings: one object, read once, handed down. A flag wins over the environment, that over ``lienthu.toml`` in the
current folder, that over the default. Relative paths start at ``LIENTHU_HOME``."""

import difflib
import locale
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from lienthu.errors import SettingsError
from lienthu.i18n import COMMAND_LANGUAGES, mark
from lienthu.secret import Secret

SECRET_PREFIX = "env:"  # noqa: S105 - the prefix that names a variable, not a secret

MAX_SHARDS = 64
MAX_REPLICAS = 5

DEFAULTS: Mapping[str, str] = {
    "home": "./var",
    "partners": "partners.toml",
    "store": "sqlite:///lienthu.db",
    "engine": "tantivy:index",
    "engine_prefix": "lienthu",
    "engine_shards": "1",
    "engine_replicas": "0",
    "engine_api_key": "",
    "engine_password": "",
    "engine_ca": "",
    "bind": "127.0.0.1:8080",
    "root_path": "",
    "public_url": "",
    "trusted_proxies": "",
    "timezone": "Asia/Ho_Chi_Minh",
    "lang": "",
}


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """``home``: where store, indexes and logs are. ``store`` and ``engine`` are addresses with paths made absolute.
    ``root_path`` begins with ``/`` and does not end with one, or is empty."""

    home: Path
    partners: Path
    store: str
    engine: str
    engine_prefix: str
    engine_shards: int
    engine_replicas: int
    engine_api_key: Secret
    engine_password: Secret
    engine_ca: str
    host: str
    port: int
    root_path: str
    public_url: str
    trusted_proxies: tuple[str, ...]
    timezone: str
    lang: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def name_variable(key: str) -> str:
    """``root_path`` -> ``LIENTHU_ROOT_PATH``."""
    return f"LIENTHU_{key.upper()}"


def read_settings(
    flags: Mapping[str, str | None] | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """Reads every source. Raises SettingsError naming the setting and where it was set."""
    flags = flags or {}
    environment = os.environ if environment is None else environment
    folder = Path.cwd() if folder is None else folder
    written = _read_settings_file(folder / "lienthu.toml")
    values = {key: _choose(key, flags, environment, written) for key in DEFAULTS}
    home = _resolve(values["home"], folder)
    host, port = _read_bind(values["bind"])
    return Settings(
        home=home,
        partners=_find_partners(values["partners"], home, folder),
        store=_read_store(values["store"], home),
        engine=_read_engine(values["engine"], home),
        engine_prefix=_read_prefix(values["engine_prefix"]),
        engine_shards=_read_number("engine_shards", values["engine_shards"], 1, MAX_SHARDS),
        engine_replicas=_read_number("engine_replicas", values["engine_replicas"], 0, MAX_REPLICAS),
        engine_api_key=_read_secret("engine_api_key", values["engine_api_key"], written, environment),
        engine_password=_read_secret("engine_password", values["engine_password"], written, environment),
        engine_ca=_resolve(values["engine_ca"], home).as_posix() if values["engine_ca"] else "",
        host=host,
        port=port,
        root_path=_read_root_path(values["root_path"]),
        public_url=_read_public_url(values["public_url"]),
        trusted_proxies=tuple(part.strip() for part in values["trusted_proxies"].split(",") if part.strip()),
        timezone=_read_timezone(values["timezone"]),
        lang=_read_language(values["lang"], environment),
    )


def read_language(
    flags: Mapping[str, str | None], environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> str:
    """The language alone, whatever else is wrong: so that what is wrong is told in it. Raises SettingsError if it is
    itself unknown."""
    environment = os.environ if environment is None else environment
    folder = Path.cwd() if folder is None else folder
    try:
        written = _read_settings_file(folder / "lienthu.toml")
    except SettingsError:
        written = {}  # whoever reads all settings says so
    return _read_language(_choose("lang", flags, environment, written), environment)


def resolve_secret(value: str, environment: Mapping[str, str] | None = None) -> str:
    """``env:NAME`` -> what the environment holds under NAME. Anything else is returned as it stands."""
    if not value.startswith(SECRET_PREFIX):
        return value
    name = value.removeprefix(SECRET_PREFIX)
    environment = os.environ if environment is None else environment
    if name not in environment:
        raise SettingsError(mark("The secret {name} is not set: set the environment variable {name}."), name=name)
    return environment[name]


def _choose(
    key: str, flags: Mapping[str, str | None], environment: Mapping[str, str], written: Mapping[str, str]
) -> str:
    flag = flags.get(key)
    return flag if flag is not None else environment.get(name_variable(key)) or written.get(key) or DEFAULTS[key]


def _read_settings_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(mark("{path} is not valid TOML: {error}."), path=path, error=error) from error
    for key in written:
        if key not in DEFAULTS:
            near = difflib.get_close_matches(key, DEFAULTS, n=1)
            hint = near[0] if near else ", ".join(DEFAULTS)
            raise SettingsError(
                mark("{path}: there is no setting “{key}”. Did you mean: {hint}?"), path=path, key=key, hint=hint
            )
    return {key: ",".join(value) if isinstance(value, list) else str(value) for key, value in written.items()}


def _resolve(path: str, base: Path) -> Path:
    return (base / Path(path).expanduser()).resolve()


def _find_partners(path: str, home: Path, folder: Path) -> Path:
    """The file in the current folder where there is one (the default lies there), else below the home."""
    here = _resolve(path, folder)
    below_home = _resolve(path, home)
    if path == DEFAULTS["partners"] or (here.exists() and not below_home.exists()):
        return here
    return below_home


def _read_store(address: str, home: Path) -> str:
    if address.startswith("sqlite:///"):
        return f"sqlite:///{_resolve(address.removeprefix('sqlite:///'), home).as_posix()}"
    if address.startswith(("postgresql://", "postgresql+psycopg://", "postgres://")):
        return address
    raise SettingsError(
        mark("LIENTHU_STORE is “{address}”: give sqlite:///file.db or postgresql://user@host/database."),
        address=address.split("@")[-1],
    )


def _read_engine(address: str, home: Path) -> str:
    if address.startswith("tantivy:"):
        return f"tantivy:{_resolve(address.removeprefix('tantivy:') or 'index', home).as_posix()}"
    if address.startswith(("http://", "https://")):
        return Secret(address) if "@" in address else address
    raise SettingsError(
        mark("LIENTHU_ENGINE is “{address}”: give tantivy:folder or http(s)://… of an Elasticsearch cluster."),
        address=address.split("@")[-1],
    )


def _read_prefix(prefix: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,62}", prefix):
        raise SettingsError(
            mark("LIENTHU_ENGINE_PREFIX is “{prefix}”: give small letters, digits and hyphens."), prefix=prefix
        )
    return prefix


def _read_number(key: str, written: str, least: int, most: int) -> int:
    if not written.isascii() or not written.isdecimal() or not least <= int(written) <= most:
        raise SettingsError(
            mark("{variable} is “{written}”: give a number from {least} to {most}."),
            variable=name_variable(key),
            written=written,
            least=least,
            most=most,
        )
    return int(written)


def _read_secret(key: str, value: str, written: Mapping[str, str], environment: Mapping[str, str]) -> Secret:
    """From the environment as it stands; a file only names the variable that holds it."""
    in_file = written.get(key, "")
    if in_file and not in_file.startswith(SECRET_PREFIX):
        raise SettingsError(
            mark("lienthu.toml: {key} is a secret. Write env:NAME, and put it into the environment variable NAME."),
            key=key,
        )
    return Secret(resolve_secret(value, environment))


def _read_bind(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    if not host or not port.isdecimal() or not 0 <= int(port) <= 65_535:
        raise SettingsError(mark("LIENTHU_BIND is “{bind}”: give host:port, such as 127.0.0.1:8080."), bind=bind)
    return host.strip("[]"), int(port)


def _read_root_path(path: str) -> str:
    path = path.strip().strip("/")
    if any(part in {".", ".."} for part in path.split("/")) or any(ord(c) < 33 or c in "?#\"'<>\\" for c in path):
        raise SettingsError(mark("LIENTHU_ROOT_PATH is “{path}”: give a path such as /catalogue."), path=path)
    return f"/{path}" if path else ""


def _read_public_url(url: str) -> str:
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc):
        raise SettingsError(
            mark("LIENTHU_PUBLIC_URL is “{url}”: give an address such as https://example.org."), url=url
        )
    return url.rstrip("/")


def _read_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(
            mark("LIENTHU_TIMEZONE is “{name}”: give a name such as Asia/Ho_Chi_Minh."), name=name
        ) from error
    return name


def _read_language(language: str, environment: Mapping[str, str]) -> str:
    if language:
        if language not in COMMAND_LANGUAGES:
            raise SettingsError(mark("LIENTHU_LANG is “{language}”: give vi or en."), language=language)
        return language
    spoken = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG")
    if spoken is None:
        spoken = locale.getlocale()[0] or ""
    return "en" if spoken.lower().startswith("en") else "vi"
