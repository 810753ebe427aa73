"""Whatever the clock says, what was recorded stays in order and no change is invented."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.children import run_child
from tests.faults.clocks import Clock, crawl_by
from tests.faults.conftest import Form
from tests.faults.copies import copied
from tests.faults.cycle import FIRST, Change, Place, show_day
from tests.faults.steps import Found, look
from tests.faults.tally import Tally
from tests.spiders.site import Site, serving

pytestmark = pytest.mark.xdist_group("faults")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AUTUMN = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
"""Half an hour before Berlin sets its clocks back."""
SPRING = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
"""Half an hour before New York sets its clocks forward."""
JUMPS = {
    "an hour back": [Clock(FIRST), Clock(FIRST - HOUR), Clock(FIRST - HOUR / 2)],
    "a day ahead and back": [Clock(FIRST), Clock(FIRST + DAY), Clock(FIRST + 6 * HOUR)],
    "a day ahead": [Clock(FIRST), Clock(FIRST + DAY), Clock(FIRST + DAY + HOUR)],
    "winter time": [Clock(AUTUMN + n * HOUR / 2, "Europe/Berlin") for n in range(3)],
    "summer time": [Clock(SPRING + n * HOUR / 2, "America/New_York") for n in range(3)],
    "another zone": [Clock(FIRST, "Asia/Tokyo"), Clock(FIRST + HOUR), Clock(FIRST + 2 * HOUR)],
}
SHORT = {"sqlite": ["an hour back"], "postgresql": ["a day ahead and back"]}


def crawl_thrice(place: Place, site: Site, clocks: list[Clock], empty: str) -> Found:
    """See the first day's pages twice, then the third day's, by three clocks."""
    for day, clock in zip((0, 0, 2), clocks, strict=True):
        show_day(site, day)
        crawled = run_child(crawl_by, place, clock)
        assert crawled.code == 0, crawled.failure
    looked = run_child(look, place, empty)
    assert looked.gave is not None, looked.failure
    return looked.gave


@pytest.fixture(scope="session")
def calm(empty: str) -> Counter[Change]:
    """Give the events of the same pages by a clock that nobody touches."""
    with serving() as site, copied(empty) as (store, folder):
        clocks = [Clock(FIRST + n * DAY) for n in range(3)]
        return crawl_thrice(
            Place(store, folder, f"http://{site.host}"), site, clocks, empty
        ).changes


def test_a_clock_that_jumps_invents_no_change(
    store_url: str, empty: str, calm: Counter[Change], form: Form, tally: Tally
) -> None:
    for jump in JUMPS if form.whole else SHORT[tally.store]:
        with serving() as site, copied(store_url) as (store, folder):
            place = Place(store, folder, f"http://{site.host}")
            found = crawl_thrice(place, site, JUMPS[jump], empty)
        tally.faults += 1
        assert found.defects == [], jump
        assert not tally.count(calm, found.changes), jump
