"""Who asks, and by which scheme: what proxies say of it counts only where they are trusted."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

Network = IPv4Network | IPv6Network
SAME_OWNER = 64
"""Addresses of IPv6 that share so many bits have one owner."""
SCHEMES = frozenset({"http", "https"})
LONGEST_NAME = 64
"""Of what is no address, so many characters tell clients apart."""


def client_of(scope: Scope, trusted: Sequence[Network]) -> str:
    """Give who asks: an address, or of IPv6 its network.

    Where the request comes from a trusted proxy, it is the last address in ``X-Forwarded-For``
    that is none.
    """
    host = _host(scope)
    if not _trusted(host, trusted):
        return _owner(host)
    passed = [one.strip() for one in ",".join(_forwarded(scope)).split(",")]
    for address in reversed(passed):
        if address and not _trusted(address, trusted):
            return _owner(address)
    return _owner(host)


def scheme_of(scope: Scope, trusted: Sequence[Network]) -> str:
    """Give the scheme that who asks knows the server by: a trusted proxy's word, else its own."""
    said = Headers(scope=scope).get("x-forwarded-proto", "")
    own: str = scope["scheme"]
    return said if said in SCHEMES and _trusted(_host(scope), trusted) else own


def _host(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _forwarded(scope: Scope) -> list[str]:
    return Headers(scope=scope).getlist("x-forwarded-for")


def _trusted(host: str, trusted: Sequence[Network]) -> bool:
    address = _address(host)
    return address is not None and any(address in network for network in trusted)


def _owner(host: str) -> str:
    address = _address(host)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, SAME_OWNER), strict=False))
    return host[:LONGEST_NAME] if address is None else str(address)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Read an address; one of IPv4 that is written as IPv6 is what it stands for."""
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
