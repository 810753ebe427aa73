"""Subscriptions over a real store, as tests drive them: prices move, messages leave."""

import asyncio
import ssl
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

from api.delivery.addresses import policy_of
from api.delivery.claiming import Claim
from api.delivery.conditions import Wanted
from api.delivery.courier import Courier
from api.delivery.dialing import Dialler
from api.delivery.keyring import Keyring, keyring_of
from api.delivery.messages import attempts_of, list_deliveries
from api.delivery.subscribing import find, list_subscriptions, subscribe
from catalog.store import reading
from catalog.subscribing.subscriptions import Attempt, Delivery, Subscription, changing
from catalog.visit import Visit
from catalog.vocabulary import Cause
from tests.catalog.builders import Catalog, point, visit

SECRET_KEY = "a secret key that is long enough for tests"  # noqa: S105 of tests
ALL = Wanted()
TLS = ssl.create_default_context()
OPUS = "Claude Opus 4.7"


def seen(day: str, *amounts: str) -> Visit:
    """See a page with these prices on a day, model by model."""
    names = (OPUS, "Claude Sonnet 4.6", "Claude Haiku 4.5")
    points = [point(name, amount) for name, amount in zip(names, amounts, strict=False)]
    return visit(day, *points, cause=Cause.OBSERVED)


@dataclass
class Desk:
    """A catalog, its subscriptions, and the courier's steps."""

    catalog: Catalog
    keyring: Keyring = field(default_factory=lambda: keyring_of(SECRET_KEY))
    executor: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(32))
    deadline: float = 5.0
    lasts: timedelta = timedelta(seconds=60)
    secrets: dict[str, str] = field(default_factory=dict)
    """By subscription, as they were shown once."""

    def courier(self) -> Courier:
        """Make a courier that may go to this machine."""
        policy = policy_of(allow_loopback=True)
        dialler = Dialler(policy, self.executor, tls=TLS, deadline=self.deadline)
        engine, now = self.catalog.engine, self.catalog.now
        return Courier(engine, self.keyring, dialler, now, lasts=self.lasts)

    def subscribe(self, url: str, wanted: Wanted = ALL, owner: str = "ann") -> str:
        """Make a subscription; give its id."""
        with changing(self.catalog.engine) as session:
            now = self.catalog.now()
            made = subscribe(session, self.keyring, owner, url=url, wanted=wanted, now=now)
            self.secrets[made.subscription.id] = made.secret
            return made.subscription.id

    def verified(self, url: str, wanted: Wanted = ALL, owner: str = "ann") -> str:
        """Make a subscription whose endpoint has echoed its challenge."""
        made = self.subscribe(url, wanted, owner)
        self.deliver()
        assert self.one(made, owner).state == "active"
        return made

    def deliver(self) -> None:
        """Send all that is due now, until nothing is."""
        asyncio.run(_deliver(self.courier()))

    def one(self, subscription: str, owner: str = "ann") -> Subscription:
        """Give a subscription."""
        with reading(self.catalog.engine) as session:
            return find(session, owner, subscription)

    def all(self, owner: str = "ann") -> Sequence[Subscription]:
        """Give an owner's subscriptions."""
        with reading(self.catalog.engine) as session:
            return list_subscriptions(session, owner)

    def deliveries(self, subscription: str, owner: str = "ann") -> Sequence[Delivery]:
        """Give a subscription's messages, the oldest first."""
        with reading(self.catalog.engine) as session:
            return list_deliveries(session, find(session, owner, subscription))[::-1]

    def attempts(self, delivery: Delivery) -> Sequence[Attempt]:
        """Give the attempts of a message."""
        with reading(self.catalog.engine) as session:
            return attempts_of(session, [delivery])[delivery.number]


async def _deliver(courier: Courier) -> None:
    """Take a courier's steps until there is nothing to send."""
    claims: list[Claim] = courier.step([], 500)
    while claims:
        ended = await asyncio.gather(*(courier.attempt(one) for one in claims))
        claims = courier.step(list(ended), 500)


def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.02)
