"""Which addresses a message may be sent to: the public ones, and none of a declared table.

An address is refused unless nothing speaks against it. Python's own ``is_global`` lets through
multicast, transition addresses that stand for private ones, and clouds' inner servers.
"""

from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Denied:
    """A range of addresses that nothing is sent to, and what it is."""

    network: Network
    why: str


def _denied(network: str, why: str) -> Denied:
    return Denied(ip_network(network), why)


GLOBAL_V6 = IPv6Network("2000::/3")
"""The only part of IPv6 that is given out for use over the internet."""
DENIED = (
    _denied("0.0.0.0/8", "this network"),
    _denied("10.0.0.0/8", "private"),
    _denied("100.64.0.0/10", "shared by carriers"),
    _denied("127.0.0.0/8", "this machine"),
    _denied("168.63.129.16/32", "Azure's inner server"),
    _denied("169.254.0.0/16", "link-local, clouds' metadata among them"),
    _denied("172.16.0.0/12", "private"),
    _denied("192.0.0.0/24", "protocol assignments"),
    _denied("192.0.2.0/24", "documentation"),
    _denied("192.31.196.0/24", "AS112"),
    _denied("192.52.193.0/24", "AMT relays"),
    _denied("192.88.99.0/24", "6to4 relays"),
    _denied("192.168.0.0/16", "private"),
    _denied("192.175.48.0/24", "AS112"),
    _denied("198.18.0.0/15", "benchmarks"),
    _denied("198.51.100.0/24", "documentation"),
    _denied("203.0.113.0/24", "documentation"),
    _denied("224.0.0.0/4", "multicast"),
    _denied("240.0.0.0/4", "reserved, broadcast among them"),
    _denied("2001::/23", "protocol assignments, Teredo among them"),
    _denied("2001:db8::/32", "documentation"),
    _denied("2002::/16", "6to4, which stands for any IPv4 address"),
    _denied("2620:4f:8000::/48", "AS112"),
    _denied("3fff::/20", "documentation"),
)
LOOPBACK: tuple[Network, ...] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))


def why_refused(address: Address) -> str | None:
    """Say why nothing is sent to an address; None where it is public."""
    if isinstance(address, IPv6Address) and address not in GLOBAL_V6:
        return "no address of the public internet"
    return next((one.why for one in DENIED if address in one.network), None)


@dataclass(frozen=True)
class Policy:
    """What may be dialled."""

    opened: tuple[Network, ...] = ()
    """Ranges that are allowed all the same, without TLS and at any port, too."""

    def is_opened(self, address: Address) -> bool:
        """Whether an address is of a range that is allowed all the same."""
        return any(address in network for network in self.opened)

    def refusal(self, address: Address) -> str | None:
        """Say why nothing is sent to an address; None where it may be."""
        return None if self.is_opened(address) else why_refused(address)


def policy_of(*, allow_loopback: bool) -> Policy:
    """Allow public addresses, and this machine's where the setting says so."""
    return Policy(LOOPBACK if allow_loopback else ())


def parse_address(text: str) -> Address | None:
    """Read an address; None for anything else."""
    try:
        return ip_address(text)
    except ValueError:
        return None
