"""A fault at each step of one full cycle, and what is there after a restart."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from catalog.store import open_store
from spiders.source import declaration
from tests.faults.children import run_child
from tests.faults.copies import copied
from tests.faults.cycle import (
    AGAIN,
    FIRST,
    IDENTITY,
    SECOND,
    THIRD,
    Change,
    Place,
    changes,
    in_force,
    run_cycle,
    show_day,
)
from tests.faults.operations import Breaker, Fault, How, Kind, install
from tests.faults.replay import replay, stored_visits
from tests.faults.soundness import defects, dump_of
from tests.spiders.site import Site

AT_ONCE = 2


@dataclass(frozen=True)
class Ready:
    """A store before the third day's cycle, and what that cycle comes to when nothing breaks."""

    place: Place
    empty: str
    """A migrated, empty SQLite store."""
    changes: Counter[Change]
    in_force: list[tuple[str, str]]
    steps: Counter[Kind]

    def faults(self, kind: Kind) -> list[Fault]:
        """Name a fault of either sort at each step of a kind."""
        return [Fault(kind, nth, how) for nth in range(1, self.steps[kind] + 1) for how in How]


@dataclass(frozen=True)
class Found:
    """What there is after a restart."""

    changes: Counter[Change]
    in_force: list[tuple[str, str]]
    defects: list[str]


@dataclass(frozen=True)
class Trial:
    """One fault, how the process with it ended, and what was found after a restart."""

    fault: Fault
    code: int | None
    failure: str
    found: Found


def cycle_with(place: Place, fault: Fault | None) -> Counter[Kind]:
    """Run the third day's cycle with a fault; gives how many operations it took."""
    breaker = Breaker(fault, place.folder)
    install(breaker)
    run_cycle(place, THIRD)
    return breaker.seen


def restart(place: Place, empty: str) -> Found:
    """Run the cycle again, a minute later, and look at what is there."""
    run_cycle(place, AGAIN)
    return look(place, empty)


def look(place: Place, empty: str) -> Found:
    """Say what a store holds, and what is wrong with it."""
    engine = open_store(place.store)
    found = defects(engine, IDENTITY, place.archive)
    visits = stored_visits(engine)
    with copied(empty) as (fresh_url, _):
        fresh = open_store(fresh_url)
        replay(fresh, visits, [declaration(place.source)], IDENTITY, AGAIN)
        if dump_of(fresh, IDENTITY) != dump_of(engine, IDENTITY):
            found.append("its dump is not that of a fresh store with the same visits")
        fresh.dispose()
    seen = Found(changes(engine), in_force(engine, AGAIN), found)
    engine.dispose()
    return seen


def prepare(site: Site, store: str, folder: Path, empty: str) -> Ready:
    """Take two days into an empty store, and see what the third comes to."""
    place = Place(store, folder, f"http://{site.host}")
    for day, now in enumerate((FIRST, SECOND)):
        show_day(site, day)
        run_cycle(place, now)
    show_day(site, 2)
    with _copy(place) as clean:
        counted = run_child(cycle_with, clean, None)
        looked = run_child(look, clean, empty)
    if counted.gave is None or looked.gave is None or looked.gave.defects:
        raise RuntimeError(f"the cycle breaks by itself: {looked}")
    return Ready(place, empty, looked.gave.changes, looked.gave.in_force, counted.gave)


@contextmanager
def _copy(place: Place) -> Iterator[Place]:
    with copied(place.store, place.folder) as (url, folder):
        yield Place(url, folder, place.site)


def try_fault(ready: Ready, fault: Fault) -> Trial:
    """Break one cycle, start again, and look."""
    with _copy(ready.place) as place:
        broken = run_child(cycle_with, place, fault)
        after = run_child(restart, place, ready.empty)
        nothing = Found(Counter(), [], [f"no restart: {after.code} {after.failure}"])
        return Trial(fault, broken.code, broken.failure, after.gave or nothing)


def try_all(
    ready: Ready, faults: Sequence[Fault], on_progress: Callable[[int], None]
) -> Iterator[Trial]:
    """Try faults, two at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done, trial in enumerate(pool.map(lambda fault: try_fault(ready, fault), faults), 1):
            on_progress(done)
            yield trial
