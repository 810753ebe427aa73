"""One POST: to an address that was checked, under the name it was asked by, within a deadline.

The name is resolved once for each attempt, every address is checked, and a checked one is dialled;
TLS goes on under the name. Redirects are answers, and proxies of the environment are not known.
"""

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field

import httpcore2

from api.delivery.addresses import Address, Policy
from api.delivery.targets import Resolve, Target, TargetError, parse_target, resolve, safe_addresses
from catalog.vocabulary import AttemptOutcome

DEADLINE = 15.0
"""Seconds in all: the name, the connection, TLS, and the answer."""
MOST_READ = 16 * 1024
"""Bytes of an answer's body that are read."""
FAILED = (httpcore2.NetworkError, httpcore2.ProtocolError, OSError, UnicodeError)


@dataclass(frozen=True)
class Answer:
    """What came of a POST: an answer, or why there is none."""

    outcome: AttemptOutcome
    """OK for any 2xx."""
    status: int | None = None
    retry_after: str | None = None
    body: bytes = b""
    why: str = ""


@dataclass(frozen=True)
class Dialler:
    """How all POSTs of a process are sent."""

    policy: Policy
    executor: Executor
    """Where names are resolved; one that hangs holds a thread of it."""
    resolve: Resolve = resolve
    tls: ssl.SSLContext = field(default_factory=httpcore2.default_ssl_context)
    deadline: float = DEADLINE

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST once; never raises for what a network or a receiver can do."""
        try:
            async with asyncio.timeout(self.deadline):
                return await self._post(parse_target(url, self.policy), url, headers, body)
        except TargetError as error:
            return Answer(AttemptOutcome.REFUSED, why=str(error))
        except (TimeoutError, httpcore2.TimeoutException):
            return Answer(AttemptOutcome.TIMEOUT, why=f"no answer within {self.deadline:g} s")
        except FAILED as error:
            return Answer(AttemptOutcome.NETWORK, why=str(error) or type(error).__name__)

    async def _post(
        self, target: Target, url: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        sent = [("Host", _host(target)), ("Connection", "close"), *headers.items()]
        pool = httpcore2.AsyncConnectionPool(
            ssl_context=self.tls,
            network_backend=_Checked(self, target),
        )
        async with pool, pool.stream("POST", url, headers=sent, content=body) as response:
            given = {name.lower(): value for name, value in response.headers}
            return Answer(
                _outcome(response.status),
                response.status,
                given.get(b"retry-after", b"").decode("latin-1") or None,
                await _read(response),
            )


def _host(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = (target.scheme, target.port) in {("https", 443), ("http", 80)}
    return host if usual else f"{host}:{target.port}"


def _outcome(status: int) -> AttemptOutcome:
    if 200 <= status < 300:  # noqa: PLR2004 as HTTP groups them
        return AttemptOutcome.OK
    if 300 <= status < 400:  # noqa: PLR2004 the same
        return AttemptOutcome.REDIRECT
    return AttemptOutcome.GONE if status == 410 else AttemptOutcome.STATUS  # noqa: PLR2004 the same


async def _read(response: httpcore2.Response) -> bytes:
    """Read how a body begins; the rest is left, and the connection closed."""
    body = bytearray()
    async for chunk in response.aiter_stream():
        body += chunk
        if len(body) >= MOST_READ:
            break
    return bytes(body[:MOST_READ])


class _Checked(httpcore2.AsyncNetworkBackend):
    """Dials the addresses of one target, each of them checked, and nothing else."""

    def __init__(self, dialler: Dialler, target: Target) -> None:
        """Know whom to dial."""
        self._dialler = dialler
        self._target = target
        self._backend = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 httpcore's own parameter
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first checked address that answers; the caller goes on under the name."""
        if (host.strip("[]"), port) != (self._target.host, self._target.port):
            raise TargetError(f"{host} is not whom this message is for")
        failed: httpcore2.NetworkError | None = None
        for address in await self._addresses():
            try:
                return await self._backend.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except httpcore2.NetworkError as error:
                failed = error
        raise failed or httpcore2.ConnectError(f"{host} has no address")

    async def _addresses(self) -> list[Address]:
        loop, target = asyncio.get_running_loop(), self._target
        resolved = await loop.run_in_executor(
            self._dialler.executor, self._dialler.resolve, target.host, target.port
        )
        return safe_addresses(target, self._dialler.policy, resolved)
