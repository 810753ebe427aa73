"""URLs that messages may be sent to: https at a public name; read strictly, before any request."""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from api.delivery.addresses import Address, Policy, parse_address

LONGEST = 2000
PORTS = (443, 8443)
"""Others are no port of a receiver on the internet: SSH, mail, databases …"""
USUAL_PORTS = {"https": 443, "http": 80}
_VISIBLE = re.compile(r"[!-~]+")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"({_LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])?|localhost")

Resolve = Callable[[str, int], Sequence[str]]
"""Give all addresses of a name; raises OSError where it has none."""


class TargetError(ValueError):
    """A URL that nothing is sent to; the message says why, and what to give instead."""


@dataclass(frozen=True)
class Target:
    """Where a URL leads: with TLS or without, to whom, and at which port."""

    scheme: str
    host: str
    port: int


def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for all addresses of a name; raises OSError where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def parse_target(url: str, policy: Policy) -> Target:
    """Read a URL strictly; raise TargetError for one that nothing is ever sent to."""
    if len(url) > LONGEST or not _VISIBLE.fullmatch(url) or "\\" in url or "#" in url:
        raise TargetError(f"give an https URL of at most {LONGEST} plain signs, without a #")
    target = _split(url)
    if target.scheme == "http" and not policy.opened:
        raise TargetError("give an https URL; messages are never sent in the clear")
    if target.port not in PORTS and not policy.opened:
        raise TargetError(f"port {target.port} is not served; use {_listed(PORTS)}")
    return target


def _listed(ports: Sequence[int]) -> str:
    return " or ".join(map(str, ports))


def _split(url: str) -> Target:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise TargetError("this is no URL; give one like https://example.com/prices") from None
    if parts.scheme not in USUAL_PORTS:
        raise TargetError("give an https URL")
    if "@" in parts.netloc:
        raise TargetError("leave out the user name and password: messages are signed")
    if port == 0 or parts.netloc.endswith(":"):
        raise TargetError("give a port or leave out the colon")
    if not _is_address(host, parts.netloc) and not _NAME.fullmatch(host):
        raise TargetError(f"{host or 'nothing'} is no name of a host; write one like example.com")
    return Target(parts.scheme, host, port or USUAL_PORTS[parts.scheme])


def _is_address(host: str, netloc: str) -> bool:
    """Whether a host is an address, written as addresses are: no other base, no zone."""
    address = parse_address(host)
    if isinstance(address, IPv6Address):
        return netloc.startswith("[") and "%" not in host
    return address is not None


def safe_addresses(target: Target, policy: Policy, resolved: Sequence[str]) -> list[Address]:
    """Give the addresses of a target; raise TargetError unless every one of them may be dialled."""
    addresses = [parse_address(one) for one in resolved]
    if not addresses:
        raise TargetError(f"{target.host} has no address")
    return [_checked(target, policy, one) for one in addresses]


def _checked(target: Target, policy: Policy, address: Address | None) -> Address:
    if address is None:
        raise TargetError(f"{target.host} leads to what is no address")
    if why := policy.refusal(address):
        raise TargetError(f"{target.host} leads to {address}, which is not public: {why}")
    is_usual = target.scheme == "https" and target.port in PORTS
    if not is_usual and not policy.is_opened(address):
        raise TargetError(f"{target.host}: messages leave by https, to port {_listed(PORTS)}")
    return address


def check_url(url: str, policy: Policy, resolve: Resolve = resolve) -> None:
    """Raise TargetError unless messages may be sent to a URL as its name stands now."""
    target = parse_target(url, policy)
    try:
        resolved = resolve(target.host, target.port)
    except (OSError, UnicodeError):
        raise TargetError(f"{target.host} has no address; does its name exist yet?") from None
    safe_addresses(target, policy, resolved)
