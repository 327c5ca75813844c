"""Which addresses a harvester may ask: http and https only, and never a machine inside our own network, neither by a
redirect nor by a name that leads there. The one exception is written by the admin: a partner whose own address is
inside (``127.0.0.1``, ``10.0.0.5``, ``localhost``, ``koha.lan``) may be asked there.

A public-looking name that leads to a private address is refused even for the partner's own address: names are not
ours, whoever holds one can point it at our network. The admin writes the number itself if that is what is meant.
"""

import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from lienthu.errors import HarvestError
from lienthu.i18n import mark

_INSIDE_ENDINGS = (".localhost", ".local", ".lan", ".internal", ".intranet", ".home.arpa")

Resolver = Callable[[str], Iterable[str]]


def resolve_name(host: str) -> list[str]:
    """The addresses of a name; empty where it leads nowhere (the request itself will then fail in its own words)."""
    try:
        return sorted({str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)})
    except (OSError, UnicodeError):
        return []


def is_public(address: str) -> bool:
    """True for an address that anyone on the internet may ask."""
    try:
        number: IPv4Address | IPv6Address = ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(number, IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour
        if inner is not None:
            number = inner
    return number.is_global and not number.is_multicast


def is_inside_name(host: str) -> bool:
    """True for a number that is not public and for a name that can only mean a machine of one's own network."""
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith(_INSIDE_ENDINGS)
    return not is_public(host)


class AddressGuard:
    """Stands before every request of one feed. ``own_url`` is what the admin wrote in partners.toml."""

    def __init__(self, own_url: str, resolver: Resolver = resolve_name) -> None:
        self._resolver = resolver
        host = _read_host(own_url)
        self._own_host = host if is_inside_name(host) else ""

    def check_url(self, url: str, *, by_proxy: bool = False) -> None:
        """Raises HarvestError if this address may not be asked. Behind a proxy only numbers count."""
        host = _read_host(url)
        if not url.lower().startswith(("http://", "https://")) or not host:
            raise HarvestError(mark("{url} is not an address that is asked: only http and https are."), url=url[:200])
        if host == self._own_host:
            return
        if is_inside_name(host):
            self._refuse(host, host)
        if not by_proxy:
            self.check_addresses(host, self._resolver(host))

    def check_addresses(self, host: str, addresses: Iterable[str]) -> None:
        """Raises HarvestError if one of the addresses behind *host* lies inside."""
        if host == self._own_host:
            return
        for address in addresses:
            if not is_public(address):
                self._refuse(host, address)

    def _refuse(self, host: str, address: str) -> None:
        raise HarvestError(
            mark(
                "{host} leads to {address}, inside our own network, and is not asked. If it is meant, write that "
                "address in partners.toml."
            ),
            host=host,
            address=address,
        )


def _read_host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
