"""No partner leads us into our own network, unless the admin wrote that address."""

import pytest

from harvesters.address_guard import AddressGuard, is_public
from lienthu.errors import HarvestError


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "nonsense",
    ],
)
def test_an_inner_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["203.162.4.190", "2001:4860:4860::8888"])
def test_an_address_of_the_world_is_public(address: str) -> None:
    assert is_public(address)


def names(**addresses: str) -> AddressGuard:
    return AddressGuard("https://library.example.org/oai", lambda host: [addresses[host.split(".")[0]]])


def test_a_name_that_leads_inside_is_refused_even_if_it_is_the_partners_own() -> None:
    guard = names(library="10.0.0.5", other="203.162.4.190")
    with pytest.raises(HarvestError, match=r"10\.0\.0\.5"):
        guard.check_url("https://library.example.org/oai")
    guard.check_url("https://other.example.org/oai")


@pytest.mark.parametrize(
    "url", ["ftp://other.example.org/", "file:///etc/passwd", "gopher://x", "http://", "http://[x"]
)
def test_only_http_is_asked(url: str) -> None:
    with pytest.raises(HarvestError):
        names(other="203.162.4.190").check_url(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost/", "http://printer.lan/", "http://[::1]/"])
def test_a_public_partner_never_leads_to_an_inner_machine(url: str) -> None:
    with pytest.raises(HarvestError):
        names().check_url(url, by_proxy=True)


@pytest.mark.parametrize("own", ["http://127.0.0.1:8080/oai", "http://koha.lan/oai", "http://10.0.0.5/oai"])
def test_an_inner_address_that_the_admin_wrote_is_asked_and_no_other(own: str) -> None:
    guard = AddressGuard(own, lambda host: ["10.0.0.5"])
    guard.check_url(own)
    with pytest.raises(HarvestError):
        guard.check_url("http://192.168.7.7/oai")


def test_who_really_answered_is_looked_at_too() -> None:
    guard = names(library="203.162.4.190")
    guard.check_url("https://library.example.org/oai")
    with pytest.raises(HarvestError):
        guard.check_addresses("library.example.org", ["127.0.0.1"])
