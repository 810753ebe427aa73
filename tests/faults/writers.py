"""Writers of different sources that are killed at random, and a reader that follows the log."""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from scrapy.http import Response
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.sources import Document, RunDocument, Source, declare
from catalog.events.changes import since
from catalog.ingest import ingest
from catalog.moments import utc_now
from catalog.store import open_store, reading
from catalog.visit import Visit
from catalog.vocabulary import Cause
from spiders.fetching.archive import Archive
from tests.catalog.builders import point, source, visit
from tests.faults.children import Child
from tests.faults.cycle import IDENTITY, Change, changes
from tests.faults.replay import replay
from tests.faults.soundness import defects, dump_of

NAMES = ("anthropic", "deepseek", "openai", "xai")
DECLARED = [source(name, documents=("docs",)) for name in NAMES]
START = datetime(2026, 1, 1, tzinfo=UTC)
MODELS = 6
LONGEST_LIFE = 0.3
"""Seconds from when a writer writes to when it is killed, at most."""
LONGEST_START = 60
"""Seconds in which a writer must have begun."""
STOP, READ_ON = "stop", "read-on"
"""Files that say so: to the writers that they may stop, to the reader that they have not."""


@dataclass(frozen=True)
class Killed:
    """What is there after all kills."""

    kills: int
    visits: int
    wanted: Counter[Change]
    """The events of a store that the same visits came into one by one."""
    found: Counter[Change]
    defects: list[str]


def page(name: str, number: int) -> Visit:
    """Give a source's nth visit: each states one price otherwise than the one before."""
    amounts = [10 + ((number - model) // MODELS * 7 + model) % 13 for model in range(MODELS)]
    points = [point(f"{name} {model}", str(amount)) for model, amount in enumerate(amounts)]
    at = START + timedelta(hours=number)
    return visit(
        at.isoformat(),
        *points,
        source=name,
        url=f"https://{name}.example/docs",
        cause=Cause.OBSERVED,
        sha256=sha256(_body(name, number)).hexdigest(),
        archived=True,
    )


def _body(name: str, number: int) -> bytes:
    return f"<p>{name}, page {number}</p>".encode()


def write(store: str, folder: Path, name: str, pause: float = 0) -> int:
    """Archive and ingest one page of a source after the other, from where the store is.

    ``pause`` are seconds between two pages.
    """
    engine, archive = open_store(store), Archive(folder / "archive")
    number = _visited(engine, name)
    _begun(folder, name).touch()
    while not (folder / STOP).exists():
        taken = page(name, number)
        archive.store(Response(taken.url, body=_body(name, number)), taken.fetched_at)
        ingest(engine, taken, identity=IDENTITY, now=utc_now)
        number += 1
        time.sleep(pause)
    engine.dispose()
    return number


def _begun(folder: Path, name: str) -> Path:
    """Name the file that says that a writer writes."""
    return folder / f"writes {name}"


def _visited(engine: Engine, name: str) -> int:
    query = (
        select(func.count(col(RunDocument.id)))
        .join(Document, col(Document.id) == RunDocument.document_id)
        .join(Source, col(Source.id) == Document.source_id)
        .where(col(Source.name) == name)
    )
    with reading(engine) as session:
        return session.scalars(query).one()


Line = tuple[int, str, str | None, str, str]
"""Sequence, type, series, old and new of an event, as the log gives it."""


def follow(store: str, folder: Path) -> list[Line]:
    """Follow the log by a cursor until all writers have stopped, as a client of /changes does."""
    engine = open_store(store)
    seen: list[Line] = []
    while True:
        last = not (folder / READ_ON).exists()
        with reading(engine) as session:
            lines = _after(session, seen[-1][0] if seen else 0)
        seen += lines
        if last and not lines:
            engine.dispose()
            return seen


def _after(session: Session, cursor: int) -> list[Line]:
    return [
        (event.sequence, event.type.value, event.series, str(event.old), str(event.new))
        for event in since(session, cursor, limit=50)
    ]


def kill_writers(
    store: str, folder: Path, empty: str, moments: Iterable[tuple[float, str]]
) -> Killed:
    """Kill a writer at each of some moments (seconds after it began) while a reader follows."""
    engine = open_store(store)
    declare(engine, DECLARED, now=utc_now)
    (folder / READ_ON).touch()
    follower = Child(follow, store, folder)
    writers = {name: Child(write, store, folder, name) for name in NAMES}
    kills = 0
    for seconds, name in moments:
        _wait_for(_begun(folder, name))
        time.sleep(seconds)
        writers[name].kill()
        _begun(folder, name).unlink()
        writers[name] = Child(write, store, folder, name)
        kills += 1
    time.sleep(1)
    (folder / STOP).touch()
    ended = [writer.end() for writer in writers.values()]
    (folder / READ_ON).unlink()
    found = [f"a writer failed: {end.failure}" for end in ended if end.code != 0]
    found += _followed(engine, follower.end().gave or [])
    visits = [page(name, n) for name in NAMES for n in range(_visited(engine, name))]
    wanted = _one_by_one(engine, empty, visits, found)
    found += defects(engine, IDENTITY, folder / "archive")
    killed = Killed(kills, len(visits), wanted, changes(engine), found)
    engine.dispose()
    return killed


def _wait_for(file: Path) -> None:
    end = time.monotonic() + LONGEST_START
    while not file.exists():
        if time.monotonic() > end:
            raise TimeoutError(f"{file.name}: it never did")
        time.sleep(0.005)


def _followed(engine: Engine, seen: Sequence[Line]) -> list[str]:
    """Compare what the reader saw, in its order, with the whole log."""
    with reading(engine) as session:
        log: list[Line] = []
        while lines := _after(session, log[-1][0] if log else 0):
            log += lines
    if [line[0] for line in seen] != list(range(1, len(seen) + 1)):
        return ["the reader saw a gap"]
    return [] if list(seen) == log else [f"the reader saw {len(seen)} events of {len(log)}"]


def _one_by_one(
    engine: Engine, empty: str, visits: Sequence[Visit], found: list[str]
) -> Counter[Change]:
    fresh = open_store(empty)
    replay(fresh, visits, DECLARED, IDENTITY, utc_now())
    if dump_of(fresh, IDENTITY) != dump_of(engine, IDENTITY):
        found.append("its dump is not that of a clean run")
    wanted = changes(fresh)
    fresh.dispose()
    return wanted
