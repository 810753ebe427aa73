"""Attacks on where messages go: hostile addresses and names that turn, beside a canary."""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Network
from itertools import cycle

import pytest

from api.delivery.addresses import Policy, policy_of
from api.delivery.dialing import Answer, Dialler
from catalog.vocabulary import AttemptOutcome
from tests.api.delivery.desk import TLS
from tests.api.delivery.hostile import ADDRESSES
from tests.api.delivery.receivers import receiving

BODY = b'{"type": "subscription.test", "data": {}}'
SIDE_BY_SIDE = 50
TURNS = ("127.0.0.2", "127.0.0.1")
"""The address that is opened, where nobody listens, and the canary's, which is not."""


def post(dialler: Dialler, *urls: str) -> list[Answer]:
    """POST to some URLs side by side."""

    async def posts() -> list[Answer]:
        return await asyncio.gather(*(dialler.post(url, {}, BODY) for url in urls))

    return asyncio.run(posts())


def rebound(
    patch: pytest.MonkeyPatch, executor: ThreadPoolExecutor, tries: int
) -> tuple[int, list[Answer]]:
    """Send to a name that turns at every question; give the canary's accepts and the answers.

    The system's own resolver turns: whoever asks it twice for one attempt reaches the canary.
    """
    turns, real = cycle(TURNS), socket.getaddrinfo

    def turning(host: str, port: int, *args: int, **named: int) -> object:
        address = next(turns) if host == "rebinding.example" else host
        return real(address, port, *args, **named)

    opened = Policy((IPv4Network("127.0.0.2/32"),))
    with patch.context() as patched, receiving() as canary:
        patched.setattr(socket, "getaddrinfo", turning)
        dialler = Dialler(opened, executor, tls=TLS)
        urls = [f"http://rebinding.example:{canary.server_port}/"] * SIDE_BY_SIDE
        rounds = range(tries // SIDE_BY_SIDE)
        answers = [answer for _ in rounds for answer in post(dialler, *urls)]
        return canary.accepted, answers


def count_taken(executor: ThreadPoolExecutor) -> int:
    """Count the hostile addresses, behind a name, that an attempt does not refuse."""

    def ask(address: str) -> Answer:
        def resolve(_host: str, _port: int) -> Sequence[str]:
            return [address]

        dialler = Dialler(policy_of(allow_loopback=False), executor, resolve, TLS)
        return post(dialler, "https://example.com/")[0]

    return sum(ask(one).outcome is not AttemptOutcome.REFUSED for one in ADDRESSES)
