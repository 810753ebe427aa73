"""A full disk stops writing, says so, and stops nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from catalog.full_disk import WHAT_TO_DO
from tests.faults.conftest import Form
from tests.faults.fullness import (
    SQLITE_DISK,
    STEP,
    Full,
    NoDiskError,
    fill,
    fill_postgresql,
    fill_sqlite,
    small_disk,
)
from tests.faults.steps import AT_ONCE, Ready
from tests.faults.tally import Tally, say

pytestmark = pytest.mark.xdist_group("faults")

FEW = {"sqlite": 20 * STEP, "postgresql": 0}
MOST = 8 * 1024 * 1024
"""Bytes that are surely enough."""
SAID = ("No space left on device", "database or disk is full", "DiskFull")


def broken(ready: Ready, tally: Tally, free: int) -> Full:
    try:
        if tally.store == "sqlite":
            return fill_sqlite(ready, free)
        return fill_postgresql(ready, free)
    except NoDiskError as error:
        pytest.skip(str(error))


def check(full: Full, ready: Ready, tally: Tally) -> None:
    """Look at what was read on the full disk, and at what is there after it was emptied."""
    tally.faults += 1
    assert not full.failure or any(words in full.failure for words in SAID), full.failure
    assert full.read.failure == ""
    assert (full.read.gave or 0) >= len(ready.in_force) - 2
    assert full.found is not None
    assert full.found.defects == []
    assert not tally.count(ready.changes, full.found.changes)
    assert full.found.in_force == ready.in_force


def tried(ready: Ready, tally: Tally) -> Iterator[Full]:
    """Leave a page more each time, two at a time, until there is room for all that is written."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for free in range(0, MOST, AT_ONCE * STEP):
            some = [free + number * STEP for number in range(AT_ONCE)]
            fulls = list(pool.map(lambda free: broken(ready, tally, free), some))
            yield from fulls
            if not all(full.failure for full in fulls):
                return
            if free % (20 * STEP) == 0:
                say(f"{tally.store}: full with {free} bytes left")


def test_a_full_disk_stops_writing_and_nothing_else(ready: Ready, form: Form, tally: Tally) -> None:
    fulls = tried(ready, tally) if form.whole else iter([broken(ready, tally, FEW[tally.store])])
    failures = 0
    for full in fulls:
        check(full, ready, tally)
        failures += bool(full.failure)
    say(f"{tally.store}: {failures} writes on a full disk")
    assert failures


def test_a_command_says_in_a_line_that_the_disk_is_full() -> None:
    try:
        with small_disk(SQLITE_DISK) as disk:
            fill(disk, 30 * STEP)
            asked = [sys.executable, "-m", "tokentape", "migrate"]
            settings = {"TOKENTAPE_DATABASE_URL": f"sqlite:///{disk}/tokentape.db"}
            ended = subprocess.run(  # noqa: S603 our own command
                asked, env=os.environ | settings, capture_output=True, text=True, check=False
            )
    except NoDiskError as error:
        pytest.skip(str(error))
    assert (ended.returncode, ended.stderr) == (1, f"{WHAT_TO_DO}\n")
