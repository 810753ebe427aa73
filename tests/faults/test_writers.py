"""Writers that die at any moment leave a gapless log, and a reader of it misses nothing."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.faults.conftest import Form
from tests.faults.copies import copied
from tests.faults.tally import Tally, say
from tests.faults.writers import LONGEST_LIFE, NAMES, kill_writers

KILLS, FEW = 500, 6


def moments(random: Random, kills: int) -> Iterator[tuple[float, str]]:
    """Choose when the next writer dies, and which."""
    for kill in range(kills):
        if kill % 50 == 0:
            say(f"{kill} of {kills} kills of writers")
        yield random.uniform(0, LONGEST_LIFE), random.choice(NAMES)


def test_killed_writers_lose_nothing_and_a_reader_misses_nothing(
    store_url: str, empty: str, tmp_path: Path, form: Form, tally: Tally
) -> None:
    kills = KILLS if form.whole else FEW
    with copied(empty) as (fresh, _):
        killed = kill_writers(store_url, tmp_path, fresh, moments(form.random, kills))
    tally.kills += killed.kills
    assert killed.defects == []
    assert not tally.count(killed.wanted, killed.found)
    assert killed.visits > 0
