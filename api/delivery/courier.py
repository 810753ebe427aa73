"""The courier: follows the log, queues messages, and sends those that are due, side by side.

Attempts run side by side in one loop, so one that hangs delays no other. The store is asked from
one thread beside it, one step at a time: what has ended is kept, what is new is queued, what is due
is claimed, all in one commit. What a courier held when it was killed is sent again, under its id.
"""

import asyncio
import secrets
from _thread import interrupt_main
from asyncio import Task
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from threading import Event, Thread

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.delivery.claiming import LASTS, Claim, claim, is_due
from api.delivery.dialing import Answer, Dialler
from api.delivery.fanning import fan_out, furthest_behind
from api.delivery.keyring import Keyring, SecretKeyError
from api.delivery.recording import Done, record
from api.delivery.signing import signed_headers
from catalog.store import Clock, reading
from catalog.subscribing.subscriptions import changing
from catalog.vocabulary import AttemptOutcome

AT_ONCE = 500
"""So many attempts run side by side."""
POLL = 0.2
"""Seconds between two looks at the log while nothing happens."""
BACK_OFF = 2.0
"""Seconds before the store is asked again where it could not be."""
RESOLVERS = 64
GRAIN = 2**16
LOG = structlog.get_logger()


@dataclass
class Courier:
    """One process' sender of messages."""

    engine: Engine
    keyring: Keyring
    dialler: Dialler
    now: Clock
    lasts: timedelta = LASTS
    _ended: list[Done] = field(default_factory=list)
    _flying: set[Task[None]] = field(default_factory=set)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _token: str = field(default_factory=lambda: secrets.token_hex(8))

    async def run(self, stop: Event) -> None:
        """Send until told to stop; attempts under way are then left, to be made again."""
        try:
            while not stop.is_set():
                await self._turn()
        finally:
            for task in self._flying:
                task.cancel()
            await asyncio.gather(*self._flying, return_exceptions=True)

    async def _turn(self) -> None:
        """Take one step in the store, send what it gives, and wait for news where it gives none."""
        self._wake.clear()
        ended, self._ended = self._ended, []
        try:
            claims = await asyncio.to_thread(self.step, ended, AT_ONCE - len(self._flying))
        except (SQLAlchemyError, SecretKeyError) as error:
            self._ended = ended + self._ended
            LOG.warning("nothing can be sent; trying again", why=_first_line(error))
            await asyncio.sleep(BACK_OFF)
            return
        for one in claims:
            task = asyncio.create_task(self._send(one))
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)
        if not claims:
            await self._news()

    async def _news(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), POLL)
        except TimeoutError:
            return

    def step(self, ended: list[Done], limit: int) -> list[Claim]:
        """Keep what has ended, queue what is new and claim what is due: one commit, or none."""
        if not ended and not self._has_work():
            return []
        with changing(self.engine) as session:
            record(session, ended)
            fan_out(session, self.now())
            session.flush()
            return claim(
                session,
                self.keyring,
                self.now(),
                token=self._token,
                limit=limit,
                lasts=self.lasts,
            )

    def _has_work(self) -> bool:
        with reading(self.engine) as session:
            return furthest_behind(session) is not None or is_due(session, self.now())

    async def _send(self, one: Claim) -> None:
        done = await self.attempt(one)  # first: which list takes it changes meanwhile
        self._ended.append(done)
        self._wake.set()

    async def attempt(self, one: Claim) -> Done:
        """Send a claimed message once."""
        begun = self.now()
        headers = signed_headers(one.message, one.body, one.secrets, begun)
        try:
            answer = await self.dialler.post(one.url, headers, one.body.encode())
        except Exception as error:  # noqa: BLE001 whatever one message meets, the others go on
            LOG.warning("an attempt failed as none should", why=repr(error))
            answer = Answer(AttemptOutcome.NETWORK, why=type(error).__name__)
        chance = Fraction(secrets.randbelow(2 * GRAIN + 1) - GRAIN, GRAIN)
        return Done(one, answer, begun, self.now(), chance)


@contextmanager
def delivering(courier: Courier) -> Iterator[None]:
    """Deliver in a thread of its own while the block runs; at its end it stops within moments."""
    stop = Event()
    failures: list[BaseException] = []
    thread = Thread(target=_run, args=(courier, stop, failures), name="courier", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        if failures:
            raise failures[0]


def _run(courier: Courier, stop: Event, failures: list[BaseException]) -> None:
    """Deliver until told to stop; what goes wrong unforeseen ends the whole process, not this."""
    try:
        asyncio.run(courier.run(stop))
    except BaseException as error:  # noqa: BLE001 it is raised where the block ends
        failures.append(error)
        interrupt_main()


def _first_line(error: Exception) -> str:
    """Say what went wrong without the statement, which may hold what is nobody's business."""
    return str(getattr(error, "orig", None) or error).partition("\n")[0]


def resolvers() -> ThreadPoolExecutor:
    """Give the threads that names are resolved in: those that hang hold up no others soon."""
    return ThreadPoolExecutor(RESOLVERS, thread_name_prefix="resolve")
