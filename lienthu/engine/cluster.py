"""What it takes to reach an Elasticsearch cluster: addresses, credentials, and how a generation is spread over it."""

from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from lienthu.errors import SettingsError
from lienthu.i18n import mark
from lienthu.secret import Secret

NO_SECRET = Secret("")
_NEVER_IN_HOSTS = frozenset(' \t"<>\\^`{|}')


class ClusterOptions(msgspec.Struct, frozen=True, kw_only=True):
    """``prefix`` begins the name of every index and is the alias by which one serves. ``replicas`` are the further
    copies of a serving generation. ``password`` is that of the user whom the address names. ``ca`` is a file of
    certificates to trust instead of the system's."""

    prefix: str = "lienthu"
    shards: int = 1
    replicas: int = 0
    api_key: Secret = NO_SECRET
    password: Secret = NO_SECRET
    ca: str = ""


class ClusterAddress(msgspec.Struct, frozen=True, kw_only=True):
    """``nodes`` are addresses without credentials; ``user`` and ``password`` come from the first that has them."""

    nodes: tuple[str, ...]
    user: str = ""
    password: Secret = NO_SECRET

    @property
    def shown(self) -> str:
        return ", ".join(self.nodes)


def read_address(address: str) -> ClusterAddress:
    """``https://user:password@one:9200,https://two:9200``: one cluster, by one or more of its nodes. Raises
    SettingsError, without repeating what might be a secret."""
    nodes = []
    user, password = "", ""
    for part in address.split(","):
        split, port = _split_address(part.strip())
        nodes.append(_build_node(split, port))
        if split.username and not user:
            user, password = unquote(split.username), unquote(split.password or "")
    return ClusterAddress(nodes=tuple(dict.fromkeys(nodes)), user=user, password=Secret(password))


def _split_address(part: str) -> tuple[SplitResult, int | None]:
    try:
        split = urlsplit(part)
        port, host = split.port, split.hostname or ""
    except ValueError:
        split, port, host = SplitResult("", "", "", "", ""), None, ""
    if split.scheme not in {"http", "https"} or not host or set(host) & _NEVER_IN_HOSTS:
        raise SettingsError(mark("LIENTHU_ENGINE has an address that is not one: give https://host:9200."))
    return split, port


def _build_node(split: SplitResult, port: int | None) -> str:
    host = f"[{split.hostname}]" if ":" in (split.hostname or "") else split.hostname
    return f"{split.scheme}://{host}:{port or (443 if split.scheme == 'https' else 80)}{split.path.rstrip('/')}"
