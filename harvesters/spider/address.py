"""Addresses of pages: which are one and the same, which belong to the catalogue, and what a record is called by them.

Two addresses are the same page when they differ only in fragment, order of parameters, or in parameters that name a
visit and not a page (sessions, tracking, form tokens). A record's id is its page's address without scheme and host,
so that a catalogue that moves to https keeps its records.
"""

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import msgspec
from w3lib.url import canonicalize_url

ADDRESS_LENGTH = 2_000
_VISIT_PARAMETERS = re.compile(
    r"(?:utm_\w+|fbclid|gclid|phpsessid|jsessionid|sid|session_?id|asp\.net_sessionid|cfid|cftoken|_token|csrf\w*"
    r"|__requestverificationtoken|requestverificationtoken)\Z",
    re.IGNORECASE,
)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*|/\(S\([a-z0-9]{24}\)\)", re.IGNORECASE)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Scope(msgspec.Struct, frozen=True):
    """What belongs to a feed: one host, and everything below the folder of the feed's url."""

    host: str
    prefix: str

    def holds(self, url: str) -> bool:
        parts = urlsplit(url)
        return (
            parts.scheme in _DEFAULT_PORTS
            and _name_host(parts.scheme, parts.netloc) == self.host
            and (parts.path or "/").startswith(self.prefix)
        )


def read_scope(url: str) -> Scope:
    """``https://x.vn/opac/index.php`` -> host ``x.vn``, everything below ``/opac/``."""
    parts = urlsplit(clean_address(url))
    return Scope(_name_host(parts.scheme, parts.netloc), parts.path[: parts.path.rfind("/") + 1] or "/")


def clean_address(url: str, base: str = "") -> str:
    """The one way to write the address of a page, or an empty text where it is none that can be asked."""
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
            return ""
        kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _VISIT_PARAMETERS.match(pair[0])]
        host = parts.netloc.lower().removesuffix(_DEFAULT_PORTS[parts.scheme])
        path = _SESSION_IN_PATH.sub("", parts.path) or "/"
        query = urlencode(kept) if len(kept) < parts.query.count("&") + 1 else parts.query
        address = str(canonicalize_url(urlunsplit((parts.scheme, host, path, query, ""))))
    except ValueError:
        return ""
    return address if len(address) <= ADDRESS_LENGTH else ""


def name_source(address: str) -> str:
    """The id of the record that a page describes: ``https://x.vn/opac/biblio?id=1`` -> ``opac/biblio?id=1``."""
    parts = urlsplit(address)
    return urlunsplit(("", "", parts.path, parts.query, "")).lstrip("/") or "/"


def _name_host(scheme: str, netloc: str) -> str:
    return netloc.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ""))
