"""How many requests one client may make: counted in windows, told in every answer."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer
from api.http.caching import FROZEN
from api.http.clients import Network, client_of
from api.problems import problem_of

WINDOW = 60
"""Seconds, from a client's first request on."""
MOST_CLIENTS = 100_000
"""So many are counted at once; the ones counted longest are then forgotten."""
NOT_COUNTED = frozenset({"/livez", "/readyz", "/healthz", "/metrics"})
"""What a server's owner asks again and again."""
Clock = Callable[[], float]


@dataclass(frozen=True)
class Quota:
    """What is left to a client."""

    left: int
    """Below zero: more came than is answered."""
    seconds: int
    """Until it has all of it again."""


@dataclass
class Counter:
    """Requests of each client in its present window."""

    most: int
    clock: Clock = time.monotonic
    counted: dict[str, tuple[float, int]] = field(default_factory=dict)
    """When each client's window began, in the order in which they began, and how many came."""

    def take(self, client: str) -> Quota:
        """Count one request."""
        now = self.clock()
        began, came = self.counted.get(client, (now, 0))
        if now - began >= WINDOW:
            del self.counted[client]
            began, came = now, 0
        self.counted[client] = (began, came + 1)
        self._forget(now)
        return Quota(self.most - came - 1, min(WINDOW, ceil(began + WINDOW - now)))

    def _forget(self, now: float) -> None:
        """Forget one client whose window is over, and the first where there are too many."""
        first = next(iter(self.counted))
        if now - self.counted[first][0] >= WINDOW or len(self.counted) > MOST_CLIENTS:
            del self.counted[first]


class Limited:
    """Answer only so many requests of one client a minute."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        most: int,
        trusted: Sequence[Network] = (),
        clock: Clock = time.monotonic,
    ) -> None:
        """Wrap an application; ``most`` is above zero."""
        self.app = app
        self.trusted = tuple(trusted)
        self.counter = Counter(most, clock)
        self.policy = f'"default";q={most};w={WINDOW}'.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request, and say in the answer what is left."""
        if scope["type"] != "http" or scope["path"].removeprefix(FROZEN) in NOT_COUNTED:
            await self.app(scope, receive, send)
            return
        quota = self.counter.take(client_of(scope, self.trusted))
        said = f'"default";r={max(0, quota.left)};t={quota.seconds}'.encode()

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = [(b"ratelimit-policy", self.policy), (b"ratelimit", said)]
                message = {**message, "headers": [*message["headers"], *told]}
            await send(message)

        if quota.left >= 0:
            await self.app(scope, receive, send_on)
            return
        detail = f"{self.counter.most} requests a minute are answered; wait {quota.seconds} seconds"
        problem = problem_of(HTTPStatus.TOO_MANY_REQUESTS, detail)
        response = answer(problem, scope, {"Retry-After": str(quota.seconds)})
        await response(scope, receive, send_on)
