"""Limits: each client has its own, every answer tells what is left, and nobody is kept out long."""

from dataclasses import dataclass, replace
from ipaddress import ip_network

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.http import rate_limits
from api.http.clients import client_of, scheme_of
from api.http.rate_limits import Counter
from catalog.settings import SettingError, environment_settings, read_settings
from tests.catalog.builders import Catalog

PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1"))


@dataclass
class Hand:
    """A clock moved by hand."""

    at: float = 0.0

    def __call__(self) -> float:
        """Give the time."""
        return self.at


@pytest.fixture
def limited(catalog: Catalog) -> TestClient:
    """Ask a server that answers three requests a minute."""
    settings = replace(environment_settings(), rate_limit=3)
    return TestClient(create_app(catalog.engine, settings=settings))


def test_every_answer_tells_the_limit_and_what_is_left(limited: TestClient) -> None:
    first, refused = limited.get("/resolve?id=opus"), limited.get("/nothing")
    assert first.headers["ratelimit-policy"] == '"default";q=3;w=60'
    assert first.headers["ratelimit"] == '"default";r=2;t=60'
    assert refused.headers["ratelimit"].startswith('"default";r=1;t=')


def test_more_than_the_limit_is_refused_with_when_to_come_again(limited: TestClient) -> None:
    answers = [limited.get("/v1/resolve?id=opus") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    last = answers[-1]
    assert last.json()["type"] == "/problems/too-many-requests"
    assert 1 <= int(last.headers["retry-after"]) <= 60
    assert last.headers["ratelimit"].startswith('"default";r=0;t=')
    assert last.headers["access-control-allow-origin"] == "*"


def test_what_the_owner_asks_is_not_counted(limited: TestClient) -> None:
    for _ in range(5):
        answer = limited.get("/v1/livez")
        assert answer.status_code == 200
        assert "ratelimit" not in answer.headers


def test_without_a_limit_nothing_is_said_of_one(app: FastAPI, catalog: Catalog) -> None:
    del catalog
    assert "ratelimit" not in TestClient(app).get("/resolve?id=opus").headers


def test_a_window_begins_with_a_clients_first_request_and_ends_after_a_minute() -> None:
    hand = Hand()
    counter = Counter(2, hand)
    assert [counter.take("a").left for _ in range(3)] == [1, 0, -1]
    assert counter.take("b").left == 1
    hand.at = 59.9
    assert (counter.take("a").left, counter.take("a").seconds) == (-2, 1)
    hand.at = 60.0
    assert (counter.take("a").left, counter.take("a").seconds) == (1, 60)


def test_who_waits_as_long_as_is_said_is_answered() -> None:
    hand = Hand(100.0)
    counter = Counter(1, hand)
    counter.take("a")
    hand.at = 110.6  # 49.4 seconds are left
    refused = counter.take("a")
    hand.at += refused.seconds
    assert (refused.left, counter.take("a").left) == (-1, 0)


def test_clients_are_forgotten_when_their_time_is_over_or_they_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hand = Hand()
    counter = Counter(5, hand)
    for number in range(10):
        counter.take(str(number))
    hand.at = 61.0
    for _ in range(20):
        counter.take("new")
    assert list(counter.counted) == ["new"]
    monkeypatch.setattr(rate_limits, "MOST_CLIENTS", 3)
    for number in range(10):
        counter.take(str(number))
    assert len(counter.counted) <= 4


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 30)), max_size=60))
def test_in_no_window_a_client_gets_more_than_its_limit(came: list[tuple[str, float]]) -> None:
    hand, answered = Hand(), dict[str, list[float]]()
    counter = Counter(4, hand)
    for client, pause in came:
        hand.at += pause
        if counter.take(client).left >= 0:
            answered.setdefault(client, []).append(hand.at)
    for times in answered.values():
        for first, fifth in zip(times, times[8:], strict=False):
            assert fifth - first >= 60 - 1e-6


@pytest.mark.parametrize(
    ("host", "forwarded", "client"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.1.2.3", "198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "1.2.3.4, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("10.1.2.3", None, "10.1.2.3"),
        ("10.1.2.3", "10.1.1.1", "10.1.2.3"),
        ("10.1.2.3", "nonsense", "nonsense"),
        ("::1", "2001:db8::1:2:3", "2001:db8::/64"),
        ("2001:db8:1:2:3::4", None, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", None, "203.0.113.7"),
        ("::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1"),
        ("unix", None, "unix"),
        (None, None, ""),
    ],
)
def test_who_asks_is_who_connects_or_whom_a_trusted_proxy_names(
    host: str | None, forwarded: str | None, client: str
) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    scope = {"type": "http", "headers": headers, "client": (host, 1) if host else None}
    assert client_of(scope, PROXIES) == client


@pytest.mark.parametrize(
    ("host", "said", "scheme"),
    [
        ("10.1.2.3", "https", "https"),
        ("10.1.2.3", "http", "http"),
        ("10.1.2.3", "javascript", "http"),
        ("10.1.2.3", None, "http"),
        ("203.0.113.7", "https", "http"),
        (None, "https", "http"),
    ],
)
def test_the_scheme_is_our_own_or_what_a_trusted_proxy_says(
    host: str | None, said: str | None, scheme: str
) -> None:
    headers = [(b"x-forwarded-proto", said.encode())] if said else []
    client = (host, 1) if host else None
    scope = {"type": "http", "headers": headers, "client": client, "scheme": "http"}
    assert scheme_of(scope, PROXIES) == scheme


def test_the_limit_and_the_proxies_are_settings() -> None:
    assert read_settings({}).rate_limit == 6000
    assert read_settings({"TOKENTAPE_RATE_LIMIT": "0"}).rate_limit == 0
    named = read_settings({"TOKENTAPE_TRUSTED_PROXIES": "10.0.0.0/8, ::1"})
    assert named.trusted_proxies == PROXIES


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TOKENTAPE_RATE_LIMIT", "many", "write a whole number"),
        ("TOKENTAPE_RATE_LIMIT", "-1", "write a whole number"),
        ("TOKENTAPE_TRUSTED_PROXIES", "proxy.example", "write addresses or networks"),
    ],
)
def test_a_setting_that_means_nothing_is_refused(name: str, value: str, says: str) -> None:
    with pytest.raises(SettingError, match=f"{name}.*{says}"):
        read_settings({name: value})
