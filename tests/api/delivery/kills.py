"""A writer and a courier that are killed at random, and a ledger of what arrived all the same."""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Event as Flag
from typing import Protocol

from api.delivery.addresses import policy_of
from api.delivery.conditions import Wanted
from api.delivery.courier import Courier
from api.delivery.dialing import Dialler
from api.delivery.keyring import keyring_of
from catalog.events.changes import Event, since
from catalog.moments import utc_now
from catalog.money import plain
from catalog.store import open_store, reading
from catalog.vocabulary import Cause
from tests.api.delivery.desk import SECRET_KEY, TLS, Desk, until
from tests.api.delivery.receivers import Flaky, Receiver, Taken, receiving
from tests.api.delivery.verifying import VERIFIERS, Message, accepted
from tests.catalog.builders import Catalog
from tests.faults.children import Child
from tests.faults.tally import say
from tests.faults.writers import DECLARED, NAMES, STOP, write

LASTS = timedelta(seconds=2)
"""How long a killed courier's claims hold: short, so that what it held is soon sent again."""
DEADLINE = 1.5
PAUSE = 0.1
"""Seconds between two pages of a writer, so that couriers that die can follow."""
LOOKS = 0.5
"""Seconds between two looks at whether all has arrived."""
LONGEST_LIFE = 0.6
"""Seconds from when a child works to when it is killed, at most."""
DRAIN = 600
"""Seconds in which all that is left must arrive."""
WRITERS = ("xai", "anthropic")
COURIERS = ("courier", "another courier")
FEWEST = 10
"""Events that there are before writers may stop, however few kills there were."""
ENOUGH = "enough"
"""The file that says to couriers that they may stop."""
ENDPOINTS: Mapping[str, Wanted] = {
    "/all": Wanted(),
    "/down": Wanted(direction="down"),
    "/up": Wanted(direction="up"),
    "/one": Wanted(providers=("anthropic",)),
    "/fails-once": Wanted(direction="down", providers=("xai",)),
}


class Asks(Protocol):
    """A condition in the test's own words, beside the one that is tested."""

    def __call__(self, event: Event) -> bool:
        """Whether an event is asked for."""


ASKED: Mapping[str, Asks] = {
    "/all": lambda event: event.sequence > 0,
    "/down": lambda event: event.direction == "down",
    "/up": lambda event: event.direction == "up",
    "/one": lambda event: event.provider == "anthropic",
    "/fails-once": lambda event: event.direction == "down" and event.provider == "xai",
}


@dataclass
class Ledger:
    """What there is after all kills."""

    kills: int = 0
    deliveries: int = 0
    lost: int = 0
    phantom: int = 0
    repeats: int = 0
    changed: int = 0
    """Repeats under another id, or with other bytes."""
    verifiers: dict[str, int] = field(default_factory=dict)
    """How many messages each verifier took."""


def write_on(store: str, folder: Path, name: str) -> int:
    """Ingest page after page, until told to stop."""
    (folder / f"ready {name}").touch()
    return write(store, folder, name, PAUSE)


def send_on(store: str, folder: Path, name: str) -> None:
    """Deliver until told to stop."""
    (folder / f"ready {name}").touch()
    asyncio.run(_send_on(store, folder))


async def _send_on(store: str, folder: Path) -> None:
    stop, engine = Flag(), open_store(store)
    with ThreadPoolExecutor(4) as executor:
        dialler = Dialler(policy_of(allow_loopback=True), executor, tls=TLS, deadline=DEADLINE)
        courier = Courier(engine, keyring_of(SECRET_KEY), dialler, utc_now, LASTS)
        running = asyncio.create_task(courier.run(stop))
        await asyncio.to_thread(until, (folder / ENOUGH).exists, DRAIN * 10)
        stop.set()
        await running
    engine.dispose()


@dataclass
class Life:
    """A child that works, dies, and is started again."""

    store: str
    folder: Path
    name: str
    child: Child[object]

    @classmethod
    def begin(cls, store: str, folder: Path, name: str) -> "Life":
        """Start the writer of a source, or a courier."""
        (folder / f"ready {name}").unlink(missing_ok=True)
        works = write_on if name in NAMES else send_on
        return cls(store, folder, name, Child(works, store, folder, name))

    def die(self, seconds: float) -> "Life":
        """Let it work for a moment, kill it, and start another."""
        until((self.folder / f"ready {self.name}").exists)
        time.sleep(seconds)
        self.child.kill()
        return self.begin(self.store, self.folder, self.name)

    def stop(self) -> None:
        """Let it work no more, wherever it is."""
        with suppress(ValueError):
            self.child.kill()


def kill(store: str, folder: Path, random: Random, kills: int) -> Ledger:
    """Kill writers and couriers by turns, then let all arrive, and count."""
    engine = open_store(store)
    with receiving(Flaky) as receiver:
        desk = Desk(Catalog(engine, clock=utc_now(), sources=tuple(DECLARED)))
        secrets = {path: _subscribed(desk, receiver, path) for path in ENDPOINTS}
        desk.executor.shutdown()
        engine.dispose()
        lives = {name: Life.begin(store, folder, name) for name in (*WRITERS, *COURIERS)}
        try:
            for number in range(kills):
                name = random.choice((*WRITERS, *COURIERS))
                lives[name] = lives[name].die(random.uniform(0, LONGEST_LIFE))
                if number % 25 == 0:
                    say(f"{number} of {kills} kills; {len(receiver.taken)} messages")
            wanted = _let_all_arrive(store, folder, receiver, lives)
        finally:
            for life in lives.values():
                life.stop()
        return count(receiver.events(), wanted, secrets, kills)


def _let_all_arrive(
    store: str, folder: Path, receiver: Receiver, lives: Mapping[str, "Life"]
) -> "Sequences":
    """Let writers stop, and couriers send what is left; give what every path is to be told."""
    until(lambda: len(_told(store)) >= FEWEST, DRAIN)
    (folder / STOP).touch()
    assert [lives[name].child.end().failure for name in WRITERS] == ["", ""]
    log = _told(store)
    wanted = {path: {e.sequence: e for e in log if ASKED[path](e)} for path in ENDPOINTS}
    say(f"{len(log)} events; {len(receiver.taken)} messages")
    _wait(receiver, wanted)
    say(f"{len(receiver.taken)} messages")
    time.sleep(LASTS.total_seconds())
    (folder / ENOUGH).touch()
    assert [lives[name].child.end().failure for name in COURIERS] == ["", ""]
    return wanted


def _wait(receiver: Receiver, wanted: "Sequences") -> None:
    """Wait until all has arrived; what is missing after long is counted as lost."""
    end = time.monotonic() + DRAIN
    while not _has_all(receiver, wanted) and time.monotonic() < end:
        time.sleep(LOOKS)


def _subscribed(desk: Desk, receiver: Receiver, path: str) -> str:
    return desk.secrets[desk.verified(receiver.url(path), ENDPOINTS[path])]


def _told(store: str) -> list[Event]:
    """Give the log's events that are to be told."""
    engine = open_store(store)
    found: list[Event] = []
    with reading(engine) as session:
        while piece := since(session, found[-1].sequence if found else 0, limit=1000):
            found += piece
    engine.dispose()
    return [e for e in found if not e.initial and e.cause is not Cause.BACKFILLED]


Sequences = Mapping[str, Mapping[int, Event]]
"""The events that each path is to be told, by their numbers."""


def _has_all(receiver: Receiver, wanted: Sequences) -> bool:
    """Whether every path was told all; what is refused the first time, twice."""
    counts = Counter((one.path, one.data["sequence"]) for one in receiver.events())
    return all(
        counts[path, sequence] > (path == "/fails-once")
        for path, events in wanted.items()
        for sequence in events
    )


def count(
    taken: Sequence[Taken], wanted: Sequences, secrets: Mapping[str, str], kills: int
) -> Ledger:
    """Compare what arrived with the log."""
    found: dict[tuple[str, int], list[Taken]] = defaultdict(list)
    for one in taken:
        found[one.path, int(str(one.data["sequence"]))].append(one)
    asked = {(path, sequence) for path, events in wanted.items() for sequence in events}
    return Ledger(
        kills=kills,
        deliveries=len(found),
        lost=len(asked - found.keys()),
        phantom=sum(not _is_of(wanted, *key, some[0]) for key, some in found.items()),
        repeats=sum(len(some) - 1 - (path == "/fails-once") for (path, _), some in found.items()),
        changed=sum(len({(one.id, one.body) for one in some}) > 1 for some in found.values()),
        verifiers={name: _verified(name, taken, secrets) for name in VERIFIERS},
    )


def _is_of(wanted: Sequences, path: str, sequence: int, one: Taken) -> bool:
    """Whether a message is of an event that its path is to be told, and says what the log says."""
    event = wanted[path].get(sequence)
    if event is None:
        return False
    old, new = (None if n is None else plain(n) for n in (event.old, event.new))
    said = json.loads(one.body)
    return (said["type"], said["data"]["old"], said["data"]["new"], said["data"]["series"]) == (
        event.type.value,
        old,
        new,
        event.series,
    )


def _verified(name: str, taken: Sequence[Taken], secrets: Mapping[str, str]) -> int:
    messages = [Message(secrets[one.path], one.body, dict(one.headers)) for one in taken]
    accepts = VERIFIERS[name]
    return sum(accepted(accepts, one, one.body, one.headers) for one in messages)
