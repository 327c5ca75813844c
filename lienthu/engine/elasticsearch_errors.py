"""The border to the Elasticsearch client: each of its errors becomes one of ours and says what to do. No credential
is ever part of a message."""

import contextlib
from collections.abc import Iterator
from typing import Any

from elastic_transport import ConnectionError as NoConnection
from elastic_transport import ConnectionTimeout, SerializationError, TlsError, TransportError
from elasticsearch import ApiError, UnsupportedProductError

from lienthu.errors import EngineError, EngineUnavailable, RequestRefused
from lienthu.i18n import mark

PASSING_STATUS = frozenset({429, 502, 503, 504})
"""What may go away by itself: overloaded, electing a master, moving a shard."""
TOO_MANY_CLAUSES = ("too_many_nested_clauses", "too_many_clauses", "nested depth")


class GenerationGone(EngineUnavailable):
    """The index, or what was opened on it, is not there any more: another may serve by now."""


def describe_api_error(error: ApiError) -> str:
    """``type: reason`` of the root cause."""
    try:
        told: Any = error.body["error"]
        cause = (told.get("root_cause") or [told])[0]
        deepest = told.get("caused_by") or cause
        words = [f"{cause.get('type')}: {cause.get('reason')}"]
        if deepest.get("reason") not in {None, cause.get("reason")}:
            words.append(str(deepest["reason"]))
        return " – ".join(words)[:400]
    except (KeyError, TypeError, AttributeError, IndexError):
        return f"HTTP {error.meta.status}"


def is_own_answer(error: ApiError) -> bool:
    """Whether Elasticsearch said it, and not a proxy that knows no such path."""
    return isinstance(error.body, dict)


def is_too_large(error: ApiError) -> bool:
    """Whether the query, not the server, is at fault."""
    return error.meta.status == 400 and any(sign in str(error.body) for sign in TOO_MANY_CLAUSES)


def is_disk_full(reason: str) -> bool:
    return "read-only" in reason or "read_only" in reason or "flood" in reason


def tell_full_disk(address: str, reason: str) -> EngineUnavailable:
    return EngineUnavailable(
        mark("Elasticsearch at {address} takes no writes because a disk is full: make room. ({reason})"),
        address=address,
        reason=reason,
    )


def _is_wrong_place(error: ApiError) -> bool:
    """Whether a proxy answered (404; 400 for HTTP where it wants HTTPS), or the cluster to a path that it has not."""
    if is_own_answer(error):
        return error.meta.status == 400 and "no handler found" in str(error.body)
    return error.meta.status in {400, 404}


@contextlib.contextmanager
def translate_errors(address: str) -> Iterator[None]:
    """*address* is shown and holds no credential."""
    try:
        yield
    except ApiError as error:
        raise _translate_api_error(error, address) from error
    except UnsupportedProductError as error:
        raise EngineError(
            mark("The server at {address} is not Elasticsearch: set LIENTHU_ENGINE to one."), address=address
        ) from error
    except TlsError as error:
        if "WRONG_VERSION_NUMBER" in str(error):  # an answer in plain text
            raise EngineUnavailable(
                mark("What answers at {address} does not speak HTTPS: check https and the port in LIENTHU_ENGINE."),
                address=address,
            ) from error
        raise EngineUnavailable(
            mark("The certificate of {address} is not trusted: name its authority in LIENTHU_ENGINE_CA."),
            address=address,
        ) from error
    except ConnectionTimeout as error:
        raise EngineUnavailable(
            mark("Elasticsearch at {address} did not answer in time: look at its load, then try again."),
            address=address,
        ) from error
    except NoConnection as error:
        raise EngineUnavailable(
            mark("Elasticsearch at {address} cannot be reached: check that it runs and that LIENTHU_ENGINE is right."),
            address=address,
        ) from error
    except (SerializationError, TransportError) as error:
        raise EngineUnavailable(
            mark("What answers at {address} does not speak as Elasticsearch does: look at the proxy before it."),
            address=address,
        ) from error


def _translate_api_error(error: ApiError, address: str) -> EngineError | RequestRefused:
    status = error.meta.status
    told = describe_api_error(error)
    if is_too_large(error):
        return RequestRefused(mark("This query is too long or too deeply nested: make it simpler."))
    if is_disk_full(told):
        return tell_full_disk(address, told)
    if status == 401:
        return EngineUnavailable(
            mark(
                "Elasticsearch at {address} does not accept the credentials: check LIENTHU_ENGINE_API_KEY, or user and "
                "password in LIENTHU_ENGINE."
            ),
            address=address,
        )
    if status == 403:
        return EngineUnavailable(
            mark("Elasticsearch at {address} does not allow this: give the user or key rights to its indices."),
            address=address,
        )
    if _is_wrong_place(error):
        return EngineUnavailable(
            mark(
                "What answers at {address} is not Elasticsearch: check http or https, host, port and path in "
                "LIENTHU_ENGINE."
            ),
            address=address,
        )
    if status == 404:
        return GenerationGone(mark("The index is not there any more: run lienthu reindex. ({reason})"), reason=told)
    if status in PASSING_STATUS:
        return EngineUnavailable(
            mark("Elasticsearch at {address} is overloaded or in pieces: look at its health. ({reason})"),
            address=address,
            reason=told,
        )
    return EngineError(mark("Elasticsearch at {address} refused a request: {reason}"), address=address, reason=told)
