"""No message leaves for an address that is not public, nor for a URL that is read two ways."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.delivery.addresses import DENIED, Policy, policy_of, why_refused
from api.delivery.targets import Resolve, TargetError, check_url, parse_target
from tests.api.delivery.hostile import ADDRESSES, PUBLIC, READ_ALIKE, URLS

CLOSED = policy_of(allow_loopback=False)
OPEN = policy_of(allow_loopback=True)


def leading_to(*addresses: str) -> Resolve:
    """Resolve every name to these addresses."""

    def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


def test_there_are_enough_of_them() -> None:
    assert len(set(ADDRESSES)) >= 90
    assert len(set(URLS)) >= 55


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_not_public_is_refused_by_itself_and_behind_a_name(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(TargetError):
        check_url(f"https://{host}/", CLOSED, leading_to(address))
    with pytest.raises(TargetError, match="not public"):
        check_url("https://example.com/", CLOSED, leading_to(address))


@pytest.mark.parametrize("address", ADDRESSES)
def test_one_address_that_is_not_public_spoils_a_name(address: str) -> None:
    with pytest.raises(TargetError, match="not public"):
        check_url("https://example.com/", CLOSED, leading_to("8.8.8.8", address))
    with pytest.raises(TargetError, match="not public"):
        check_url("https://example.com/", CLOSED, leading_to(address, "8.8.8.8"))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_taken(address: str) -> None:
    host = f"[{address}]" if ":" in address else address
    check_url(f"https://{host}/", CLOSED, leading_to(address))
    check_url("https://example.com:8443/a?b=c", CLOSED, leading_to(address))


@pytest.mark.parametrize("url", [*URLS, *READ_ALIKE])
def test_a_url_that_could_mean_something_else_is_refused(url: str) -> None:
    with pytest.raises(TargetError):
        check_url(url, CLOSED, leading_to("127.0.0.1"))


@pytest.mark.parametrize("url", URLS)
def test_a_url_that_is_no_public_https_url_is_refused_wherever_it_leads(url: str) -> None:
    with pytest.raises(TargetError):
        parse_target(url, CLOSED)


def test_a_name_without_an_address_is_refused() -> None:
    def fails(_host: str, _port: int) -> Sequence[str]:
        raise OSError("no such name")

    for resolve in (fails, leading_to()):
        with pytest.raises(TargetError, match="has no address"):
            check_url("https://example.com/", CLOSED, resolve)


def test_this_machine_is_opened_by_the_setting_and_nothing_else_is() -> None:
    check_url("http://127.0.0.1:8080/", OPEN)
    check_url("http://localhost:8080/", OPEN)
    check_url("https://[::1]:9/", OPEN)
    for address in ("10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "0.0.0.0"):  # noqa: S104 nobody listens there
        with pytest.raises(TargetError, match="not public"):
            check_url("https://example.com/", OPEN, leading_to(address))


def test_with_this_machine_opened_the_rest_of_the_world_is_still_sent_to_by_https_only() -> None:
    for url in ("http://example.com/", "https://example.com:22/"):
        with pytest.raises(TargetError, match="leave by https"):
            check_url(url, OPEN, leading_to("8.8.8.8"))


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_is_refused_exactly_where_a_range_has_it(number: int) -> None:
    address = IPv4Address(number)
    ranges = [one.network for one in DENIED if isinstance(one.network, IPv4Network)]
    held = any(int(r.network_address) <= number <= int(r.broadcast_address) for r in ranges)
    assert (why_refused(address) is not None) == held
    assert held or address.is_global


@given(st.integers(0, 2**128 - 1))
def test_an_ipv6_address_that_is_taken_is_a_global_one(number: int) -> None:
    address = ip_address(number) if number >= 2**32 else ip_address(f"::{IPv4Address(number)}")
    if why_refused(address) is None:
        assert address.is_global
        assert not Policy().is_opened(address)
