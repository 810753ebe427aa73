"""Two processes that start the same source at once make one run of it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from catalog.documents.sources import Run
from catalog.store import open_store, reading
from spiders.crawling import CrawlResult
from tests.faults.children import Child
from tests.faults.conftest import Form
from tests.faults.cycle import FIRST, Place, run_cycle, show_day
from tests.faults.tally import Tally
from tests.spiders.site import Answer, Site

ROUNDS = 10
SLOW = timedelta(milliseconds=300)
"""How long the site makes both wait, so that they meet."""


def runs(store: str) -> int:
    engine = open_store(store)
    with reading(engine) as session:
        count = session.scalars(select(func.count(col(Run.id)))).one()
    engine.dispose()
    return count


def start_two(place: Place, round_: int) -> list[list[CrawlResult]]:
    now = FIRST + timedelta(hours=round_)
    both = [Child(run_cycle, place, now), Child(run_cycle, place, now)]
    ended = [child.end() for child in both]
    assert [end.failure for end in ended] == ["", ""]
    return [end.gave or [] for end in ended]


@pytest.fixture
def slow_site(site: Site) -> Site:
    show_day(site, 0)
    site.says("/robots.txt", Answer(status=404, after=SLOW))
    return site


def test_two_processes_that_start_a_source_at_once_make_one_run(
    slow_site: Site, store_url: str, tmp_path: Path, form: Form, tally: Tally
) -> None:
    place = Place(store_url, tmp_path, f"http://{slow_site.host}")
    run_cycle(place, FIRST)
    for round_ in range(1, (ROUNDS if form.whole else 1) + 1):
        results = start_two(place, round_)
        tally.faults += 1
        crawled = sorted(all(r.outcome is not None for r in some) for some in results)
        assert crawled == [False, True]
        assert runs(place.store) == round_ + 1
