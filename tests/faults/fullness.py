"""A disk that is full: a small one of our own, filled up to some bytes, and emptied again."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

from sqlalchemy import make_url

from catalog.events.changes import since
from catalog.past.history import prices
from catalog.store import open_store, reading
from tests.faults.children import Ended, run_child
from tests.faults.copies import administer
from tests.faults.cycle import AGAIN, THIRD, Place, run_cycle
from tests.faults.steps import Found, Ready, restart

BALLAST = "ballast"
STEP = 4096
SQLITE_DISK = 4 * 1024 * 1024
POSTGRESQL_DISK = 24 * 1024 * 1024


class NoDiskError(RuntimeError):
    """No small disk can be had here; the message says why."""


@dataclass(frozen=True)
class Full:
    """What a cycle came to on a full disk, what could be read meanwhile, and what was there after.

    ``free`` is how many bytes were left.
    """

    free: int
    failure: str
    """Empty where there was room enough."""
    read: Ended[int]
    """How many prices another process could read."""
    found: Found | None
    """None where the restart failed."""


@contextmanager
def small_disk(size: int) -> Iterator[Path]:
    """Mount a disk in memory; NoDiskError where that is not allowed."""
    folder = Path(mkdtemp(prefix="tokentape-disk-"))
    folder.chmod(0o755)
    if os.getuid() != 0 or shutil.which("mount") is None:
        raise NoDiskError("a small disk is mounted by root alone")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tokentape", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603 the system's own
        raise NoDiskError("this machine lets nobody mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607 the system's own
        folder.rmdir()


def fill(disk: Path, free: int) -> None:
    """Leave so many bytes on a disk."""
    left = os.statvfs(disk)
    count = left.f_bavail * left.f_frsize - free
    with (disk / BALLAST).open("wb") as file:
        file.write(bytes(max(count, 0)))


def empty(disk: Path) -> None:
    """Take away what filled a disk."""
    (disk / BALLAST).unlink()


def read_prices(store: str) -> int:
    """Count the prices in force, and read the log, in a process of its own."""
    engine = open_store(store)
    with reading(engine) as session:
        count = len(prices(session, now=AGAIN))
        since(session)
    engine.dispose()
    return count


def cycle(place: Place) -> None:
    """Run the third day's cycle."""
    run_cycle(place, THIRD)


def _try(ready: Ready, place: Place, disk: Path, free: int) -> Full:
    """Run the cycle on a full disk, while a server has the store open."""
    server = open_store(place.store)
    with reading(server) as session:
        prices(session, now=AGAIN)
    fill(disk, free)
    broken = run_child(cycle, place)
    read = run_child(read_prices, place.store)
    empty(disk)
    server.dispose()
    after = run_child(restart, place, ready.empty)
    return Full(free, broken.failure, read, after.gave)


def fill_sqlite(ready: Ready, free: int) -> Full:
    """Run the cycle where store and archive share a full disk."""
    with small_disk(SQLITE_DISK) as disk:
        folder = disk / "place"
        shutil.copytree(ready.place.folder, folder)
        shutil.copy(str(make_url(ready.place.store).database), folder / "copied.db")
        place = Place(f"sqlite:///{folder / 'copied.db'}", folder, ready.place.site)
        return _try(ready, place, disk, free)


def fill_postgresql(ready: Ready, free: int) -> Full:
    """Run the cycle where the server's tables lie on a full disk, and the archive elsewhere."""
    name = f"full_{uuid4().hex[:8]}"
    with small_disk(POSTGRESQL_DISK) as disk, _tablespace(ready.place.store, disk, name):
        folder = Path(mkdtemp(prefix="tokentape-faults-"))
        shutil.copytree(ready.place.folder, folder, dirs_exist_ok=True)
        url = make_url(ready.place.store)
        made = f"CREATE DATABASE {name} TEMPLATE {url.database} TABLESPACE {name}"
        administer(ready.place.store, made)
        administer(ready.place.store, "CHECKPOINT")  # copied pages take their room only now
        store = url.set(database=name).render_as_string(hide_password=False)
        full = _try(ready, Place(store, folder, ready.place.site), disk, free)
        administer(ready.place.store, f"DROP DATABASE {name} WITH (FORCE)")
        shutil.rmtree(folder)
        return full


@contextmanager
def _tablespace(store: str, disk: Path, name: str) -> Iterator[None]:
    folder = disk / "tables"
    folder.mkdir()
    shutil.chown(folder, "postgres", "postgres")
    administer(store, f"CREATE TABLESPACE {name} LOCATION '{folder}'")
    yield
    administer(store, f"DROP TABLESPACE {name}")
