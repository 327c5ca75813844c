"""Cluster: the one door to the Elasticsearch client. Whatever may pass by itself is tried again, for a little while;
what remains becomes one of our errors.

A connection that breaks is tried at once on another node. While nothing at all answers, that is said at once: a
reader does not wait. The server's version is read from its nodes, as a proxy may keep the front page to itself.
"""

import ssl
import time
from base64 import b64encode
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from elasticsearch import ApiError, Elasticsearch, JsonSerializer

from lienthu.engine.cluster import ClusterAddress, ClusterOptions
from lienthu.engine.elasticsearch_errors import PASSING_STATUS, translate_errors
from lienthu.errors import EngineError, SettingsError
from lienthu.i18n import mark

REQUEST_SECONDS = 30.0
ADMIN_SECONDS = 120.0
PAUSES = (0.1, 0.3, 0.6, 1.0, 2.0, 3.0)
"""Seconds between attempts of a request that may be repeated."""
OLDEST_MAJOR = 8

T = TypeVar("T")


class _MsgspecSerializer(JsonSerializer):
    """Some five times faster than the client's own; source and hits are text to it."""

    mimetype = "application/json"

    def loads(self, data: bytes) -> Any:
        try:
            return msgspec.json.decode(data)
        except msgspec.DecodeError:
            return super().loads(data)

    def dumps(self, data: Any) -> bytes:
        return data if isinstance(data, bytes) else msgspec.json.encode(data)


class Cluster:
    """Thread-safe. ``client`` is the official client, for calls inside :meth:`ask`."""

    def __init__(self, address: ClusterAddress, options: ClusterOptions) -> None:
        self.shown = address.shown
        credentials = _list_credentials(address, options)
        if options.ca:
            _check_authority(options.ca, address)
            credentials["ca_certs"] = options.ca
        self.client = Elasticsearch(
            list(address.nodes),
            request_timeout=REQUEST_SECONDS,
            max_retries=3,
            retry_on_timeout=False,
            retry_on_status=(),
            serializers={"application/json": _MsgspecSerializer()},
            **credentials,
        )
        self.patient = self.client.options(request_timeout=ADMIN_SECONDS)

    def __repr__(self) -> str:
        return f"Cluster({self.shown})"

    def ask(self, request: Callable[[], T], pauses: tuple[float, ...] | None = None) -> T:
        """The answer to *request*, which may be made more than once."""
        with translate_errors(self.shown):
            for pause in PAUSES if pauses is None else pauses:
                try:
                    return request()
                except ApiError as error:
                    if error.meta.status not in PASSING_STATUS:
                        raise
                time.sleep(pause)
            return request()

    def read_major(self) -> int:
        """9 of 9.5.3: the oldest version among the nodes."""
        answer = self.ask(lambda: self.client.nodes.info(node_id="_all", metric="_none", filter_path="nodes.*.version"))
        versions = [str(node["version"]) for node in answer.body.get("nodes", {}).values()]
        major = min((int(version.split(".")[0]) for version in versions), default=0)
        if major < OLDEST_MAJOR:
            raise EngineError(
                mark("Elasticsearch at {address} is version {version}: {oldest} or later is needed."),
                address=self.shown,
                version=", ".join(sorted(set(versions))) or "?",
                oldest=OLDEST_MAJOR,
            )
        return major

    def close(self) -> None:
        self.client.close()


def _list_credentials(address: ClusterAddress, options: ClusterOptions) -> dict[str, Any]:
    """For the client. A password is encoded here: the client would let through no letter beyond ASCII."""
    if options.api_key:
        key = options.api_key.reveal().strip()
        if not key.isascii() or not key.isprintable():
            raise SettingsError(mark("LIENTHU_ENGINE_API_KEY is no API key: give what Elasticsearch calls “encoded”."))
        return {"api_key": key}
    if address.user:
        password = (address.password or options.password).reveal()
        return {"basic_auth": b64encode(f"{address.user}:{password}".encode()).decode()}
    return {}


def _check_authority(path: str, address: ClusterAddress) -> None:
    if not all(node.startswith("https:") for node in address.nodes):
        raise SettingsError(
            mark(
                "LIENTHU_ENGINE_CA is for https addresses, and LIENTHU_ENGINE is {address}: write https, or take "
                "LIENTHU_ENGINE_CA out."
            ),
            address=address.shown,
        )
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            mark("LIENTHU_ENGINE_CA is {path}, which holds no certificates in PEM that can be read: {reason}."),
            path=path,
            reason=error.strerror or type(error).__name__,
        ) from error
