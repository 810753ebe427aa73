"""A host that says "not now" is asked again when it says, a few times, or left alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from scrapy.http import Response

from catalog.vocabulary import Outcome
from spiders.fetching.answers import failed
from spiders.fetching.retry import retry_after
from spiders.fetching.turns import HostResting
from tests.spiders.errands import go
from tests.spiders.site import Answer, Site, page, serving

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = Answer(status=429, headers={"Retry-After": "3600"})


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("0", timedelta(0)),
        ("Sun, 22 Nov 2026 12:01:00 GMT", timedelta(seconds=60)),
        ("Sun, 22 Nov 2026 11:00:00 GMT", timedelta(0)),
        ("99999999999999999999", timedelta(days=366)),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("١٢", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, wait: timedelta | None) -> None:
    response = Response("http://example.org", headers={"Retry-After": text})
    assert retry_after(response, NOW) == wait


def test_a_server_error_is_asked_again(site: Site, tmp_path: Path) -> None:
    url = site.says("/pricing", Answer(status=503), page("<p>$3</p>"))
    fetched = go(tmp_path, url)
    assert fetched.response is not None
    assert fetched.response.status == 200
    assert site.paths.count("/pricing") == 2


def test_a_server_error_that_stays_is_asked_three_times(site: Site, tmp_path: Path) -> None:
    fetched = go(tmp_path, site.says("/pricing", Answer(status=503)))
    assert fetched.response is not None
    assert fetched.response.status == 503
    assert site.paths.count("/pricing") == 3


@pytest.mark.parametrize("status", [429, 503])
def test_a_short_rest_is_waited_out(site: Site, tmp_path: Path, status: int) -> None:
    wait = Answer(status=status, headers={"Retry-After": "1"})
    fetched = go(tmp_path, site.says("/pricing", wait, page("<p>$3</p>")))
    assert fetched.response is not None
    assert fetched.response.status == 200
    asked = [seen.at for seen in site.seen if seen.path == "/pricing"]
    assert asked[1] - asked[0] >= 1


def test_a_rest_until_a_date_is_waited_out(site: Site, tmp_path: Path) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    wait = Answer(status=429, headers={"Retry-After": until})
    fetched = go(tmp_path, site.says("/pricing", wait, page("<p>$3</p>")))
    assert fetched.response is not None
    assert fetched.response.status == 200


def test_a_429_that_names_no_time_is_not_asked_again(site: Site, tmp_path: Path) -> None:
    fetched = go(tmp_path, site.says("/pricing", Answer(status=429)))
    assert fetched.response is not None
    assert fetched.response.status == 429
    assert site.paths.count("/pricing") == 1


def test_a_long_rest_is_not_waited_out_and_the_next_crawl_leaves_the_host_alone(
    site: Site, tmp_path: Path
) -> None:
    url = site.says("/pricing", HOUR)
    first = go(tmp_path, url)
    assert first.response is not None
    assert first.response.status == 429
    asked = len(site.seen)
    second = go(tmp_path, url)
    assert second.failure is not None
    assert len(site.seen) == asked


def test_a_resting_host_is_blocked_and_says_until_when() -> None:
    named = failed(HostResting("example.org", NOW), "http://example.org/pricing")
    assert named is not None
    assert named.outcome is Outcome.BLOCKED
    assert "asked to be left alone until 2026-11-22T12:00:00Z" in named.detail
