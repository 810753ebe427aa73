"""robots.txt by RFC 9309, against a real site and case by case."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.http import Response

from spiders.fetching.errands import Errand
from spiders.fetching.manners import Manners
from spiders.fetching.robots import RobotsRefusal, read_rules
from tests.spiders.errands import go, run, session_in
from tests.spiders.site import Answer, Site, page, robots, serving

PAGE = "https://example.org/docs/pricing?lang=en"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        site.says("/pricing", page("<p>$3</p>"))
        yield site


def answer(body: bytes, status: int = 200) -> Response:
    return Response("https://example.org/robots.txt", status=status, body=body)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "User-agent: *\nDisallow:",
        "User-agent: *\nDisallow: /private",
        "User-agent: tokentape\nAllow: /\n\nUser-agent: *\nDisallow: /",
        "User-agent: *\nDisallow: /docs\nAllow: /docs/pricing",
        "User-agent: otherbot\nDisallow: /",
        "User-agent: *\nDisallow: /docs/pricing$",
        "User-agent: *\nDisallow: /*.pdf$",
        "<!doctype html><title>Not found</title>",
        "User-agent: *\nDisallow: /Docs",
        "\ufeffUser-agent: *\nAllow: /",
        "Disallow: /",
        "User-agent: *\n# Disallow: /",
        "User-agent: *\nDisallow: /docs/pricing/",
    ],
)
def test_these_rules_allow_the_page(text: str) -> None:
    assert read_rules(answer(text.encode())).refusal(PAGE) == ""


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\nDisallow: /",
        "User-agent: Tokentape\nDisallow: /\n\nUser-agent: *\nAllow: /",
        "user-agent: *\r\ndisallow: /docs\r\n",
        "User-agent: otherbot\nUser-agent: tokentape\nDisallow: /docs",
        "User-agent: *\nDisallow: /*pricing",
        "User-agent: *\nDisallow: /docs/*?lang=",
        "\ufeffUser-agent: *\nDisallow: /",
        "User-agent: tokentape\nDisallow: /docs/pricing\n\nUser-agent: tokentape\nAllow: /blog",
        "User-agent: *\nCrawl-delay: 1\nDisallow: /docs",
        "User-agent: *\nDisallow: /docs/pricin%67",
        "User-agent: *\nAllow: /docs\nDisallow: /docs/pricing",
    ],
)
def test_these_rules_refuse_the_page(text: str) -> None:
    refusal = read_rules(answer(text.encode())).refusal(PAGE)
    assert refusal == "robots.txt refuses /docs/pricing to tokentape"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 499])
def test_a_missing_file_allows_all(status: int) -> None:
    rules = read_rules(answer(b"User-agent: *\nDisallow: /", status))
    assert rules.refusal(PAGE) == ""


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_a_server_error_refuses_all_whatever_its_body_says(status: int) -> None:
    rules = read_rules(answer(b"User-agent: *\nAllow: /", status))
    assert f"robots.txt answered {status}" in rules.refusal(PAGE)


def test_only_the_first_500_kibibytes_count() -> None:
    filler = b"# filler\n" * (500 * 1024 // 9 + 1)
    assert read_rules(answer(filler + b"User-agent: *\nDisallow: /")).refusal(PAGE) == ""
    early = b"User-agent: *\nDisallow: /\n"
    assert read_rules(answer(early + filler)).refusal(PAGE) != ""


@pytest.mark.parametrize(
    ("text", "seconds"), [("2", 2), ("0.5", 0.5), ("", 0), ("99999999", 86400)]
)
def test_the_crawl_delay_is_taken_in_seconds_and_a_day_at_most(text: str, seconds: float) -> None:
    rules = read_rules(answer(f"User-agent: *\nCrawl-delay: {text}".encode()))
    assert rules.delay == timedelta(seconds=seconds)


def test_a_page_that_robots_refuses_is_not_asked_for(site: Site, tmp_path: Path) -> None:
    site.says("/robots.txt", robots("User-agent: *\nDisallow: /pricing"))
    assert isinstance(go(tmp_path, site.url("/pricing")).failure, RobotsRefusal)
    assert site.paths == ["/robots.txt"]


def test_a_robots_file_that_cannot_be_had_refuses(site: Site, tmp_path: Path) -> None:
    site.says("/robots.txt", Answer(status=503, body=b"User-agent: *\nAllow: /"))
    failure = go(tmp_path, site.url("/pricing")).failure
    assert "/robots.txt answered 503; without robots.txt nothing may be fetched" in str(failure)
    assert set(site.paths) == {"/robots.txt"}


def test_a_robots_file_that_breaks_off_refuses(site: Site, tmp_path: Path) -> None:
    site.says("/robots.txt", Answer(body=b"User-agent: *\nAllow: /", cut=True))
    assert isinstance(go(tmp_path, site.url("/pricing")).failure, RobotsRefusal)


def test_a_robots_file_that_is_not_there_allows(site: Site, tmp_path: Path) -> None:
    assert go(tmp_path, site.url("/pricing")).response is not None


def test_a_robots_file_may_lie_on_another_host(site: Site, tmp_path: Path) -> None:
    with serving() as other:
        other.says("/rules.txt", robots("User-agent: *\nDisallow: /"))
        there = other.url("/rules.txt").replace("127.0.0.1", "localhost")
        site.says("/robots.txt", Answer(status=301, headers={"Location": there}))
        assert isinstance(go(tmp_path, site.url("/pricing")).failure, RobotsRefusal)


@pytest.mark.parametrize(("hops", "refused"), [(5, True), (6, False)])
def test_five_redirects_of_a_robots_file_are_followed_and_more_are_as_no_file(
    site: Site, tmp_path: Path, hops: int, *, refused: bool
) -> None:
    names = ["/robots.txt", *(f"/robots-{n}.txt" for n in range(hops))]
    for here, there in pairwise(names):
        site.says(here, Answer(status=302, headers={"Location": there}))
    site.says(names[-1], robots("User-agent: *\nDisallow: /"))
    failure = go(tmp_path, site.url("/pricing")).failure
    assert isinstance(failure, RobotsRefusal) is refused


def test_a_redirected_page_is_judged_by_its_final_address(site: Site, tmp_path: Path) -> None:
    site.says("/robots.txt", robots("User-agent: *\nDisallow: /private"))
    url = site.says("/old", Answer(status=301, headers={"Location": "/private/pricing"}))
    assert isinstance(go(tmp_path, url).failure, RobotsRefusal)
    assert "/private/pricing" not in site.paths


def test_robots_is_asked_once_a_crawl(site: Site, tmp_path: Path) -> None:
    errands = [Errand(document=str(n), url=site.url("/pricing")) for n in range(3)]
    run(session_in(tmp_path), errands)
    assert site.paths == ["/robots.txt", "/pricing", "/pricing", "/pricing"]


def test_rules_older_than_a_day_are_asked_for_again(site: Site, tmp_path: Path) -> None:
    session = session_in(tmp_path)
    errand = Errand(document="page", url=site.url("/pricing"))
    run(session, [errand])
    [(where, rules)] = session.robots.items()
    object.__setattr__(rules, "read_at", rules.read_at - timedelta(hours=25))
    run(session, [errand])
    assert site.paths.count("/robots.txt") == 2
    assert session.robots[where] is not rules


def test_the_crawl_delay_is_kept(site: Site, tmp_path: Path) -> None:
    site.says("/robots.txt", robots("User-agent: *\nCrawl-delay: 0.5"))
    go(tmp_path, site.url("/pricing"), Manners(delay=timedelta(0)))
    first, second = (seen.at for seen in site.seen)
    assert second - first >= 0.5
