"""Pages come over real HTTP, one request at a time a host, and every failure has its name."""

import asyncio
import importlib
import inspect
import multiprocessing
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from scrapy.http import Response

from catalog.reading import NotRead
from catalog.vocabulary import Outcome
from spiders.fetching.answers import check_answer, failed
from spiders.fetching.errands import Errand, Fetched
from spiders.fetching.manners import Manners, user_agent
from tests.spiders.errands import QUICK, go, run, session_in
from tests.spiders.site import Answer, Site, page, serving

PRIVATE_NAMES = (
    ("scrapy.core.downloader.handlers._httpx", "HttpxDownloadHandler"),
    ("scrapy.core.downloader.handlers._base_streaming", "_BaseResponseArgs"),
)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def refusal(fetched: Fetched) -> NotRead:
    """Say what a fetched errand was refused for."""
    if fetched.failure is not None:
        named = failed(fetched.failure, fetched.errand.url)
        assert named is not None
        return named
    assert fetched.response is not None
    with pytest.raises(NotRead) as caught:
        check_answer(fetched.response, fetched.errand.url)
    return caught.value


@pytest.mark.parametrize(("module", "name"), PRIVATE_NAMES)
def test_the_private_parts_of_scrapy_that_we_build_on_are_where_they_were(
    module: str, name: str
) -> None:
    assert hasattr(importlib.import_module(module), name), (
        f"Scrapy moved {name} out of {module}: find it, then try record and replay again"
    )


def test_the_handler_of_scrapy_still_calls_the_two_methods_we_override() -> None:
    base = importlib.import_module("scrapy.core.downloader.handlers._base_streaming")
    source = inspect.getsource(base.BaseStreamingDownloadHandler._read_response)  # noqa: SLF001 it watches them
    assert "self._build_base_response_args(" in source
    assert "self._log_tls_info(" in source


def test_a_page_comes_with_its_bytes_and_is_archived(site: Site, tmp_path: Path) -> None:
    fetched = go(tmp_path, site.says("/pricing", page("<p>$3 / 1M tokens</p>")))
    assert fetched.response is not None
    assert fetched.response.body == b"<p>$3 / 1M tokens</p>"
    assert fetched.snapshot is not None
    session = session_in(tmp_path)
    assert session.archive.open(fetched.snapshot.sha256) == b"<p>$3 / 1M tokens</p>"


def test_crawls_repeat_in_one_process(site: Site, tmp_path: Path) -> None:
    url = site.says("/pricing", page("<p>$3</p>"))
    assert all(go(tmp_path, url).response for _ in range(3))
    assert site.paths == ["/robots.txt", "/pricing"] * 3


def test_we_say_who_we_are_and_send_no_cookies(site: Site, tmp_path: Path) -> None:
    crumbs = Answer(headers={"Set-Cookie": "sid=secret"})
    site.says("/pricing", crumbs)
    run(session_in(tmp_path), [Errand(document=str(n), url=site.url("/pricing")) for n in range(2)])
    agents = {seen.headers["user-agent"] for seen in site.seen}
    assert agents == {"tokentape/0.1.0 (+mailto:prices@example.org)"}
    assert not any("cookie" in seen.headers for seen in site.seen)


def test_the_user_agent_says_where_no_contact_is_set() -> None:
    assert user_agent("") == "tokentape/0.1.0 (the operator has set no contact)"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (401, Outcome.BLOCKED),
        (403, Outcome.BLOCKED),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (418, Outcome.PAGE_CHANGED),
        (204, Outcome.PAGE_CHANGED),
        (500, Outcome.NETWORK),
        (599, Outcome.NETWORK),
    ],
)
def test_each_status_has_its_outcome(
    site: Site, tmp_path: Path, status: int, outcome: Outcome
) -> None:
    fetched = go(tmp_path, site.says("/pricing", Answer(status=status)))
    assert refusal(fetched).outcome is outcome


@pytest.mark.parametrize("status", [200, 403, 503])
def test_a_challenge_is_blocked_whatever_its_status_and_not_asked_again(
    site: Site, tmp_path: Path, status: int
) -> None:
    challenge = Answer(status=status, headers={"cf-mitigated": "challenge"}, body=b"<p>Wait</p>")
    fetched = go(tmp_path, site.says("/pricing", challenge))
    assert refusal(fetched).outcome is Outcome.BLOCKED
    assert site.paths.count("/pricing") == 1


def test_a_refused_answer_is_archived_too(site: Site, tmp_path: Path) -> None:
    fetched = go(tmp_path, site.says("/pricing", Answer(status=403, body=b"Prove it")))
    assert fetched.snapshot is not None
    assert session_in(tmp_path).archive.open(fetched.snapshot.sha256) == b"Prove it"


def test_a_name_that_does_not_resolve_is_named_in_plain_words(tmp_path: Path) -> None:
    fetched = go(tmp_path, "http://nowhere.invalid/pricing")
    assert refusal(fetched).outcome is Outcome.NETWORK
    assert "is this machine on the network?" in refusal(fetched).detail


def test_a_page_that_takes_too_long_is_a_timeout(site: Site, tmp_path: Path) -> None:
    url = site.says("/pricing", Answer(after=timedelta(seconds=1)))
    impatient = Manners(delay=timedelta(0), timeout=timedelta(milliseconds=200), retries=1)
    assert refusal(go(tmp_path, url, impatient)).outcome is Outcome.TIMEOUT
    assert site.paths.count("/pricing") == 2


def test_a_connection_that_breaks_off_is_tried_again(site: Site, tmp_path: Path) -> None:
    whole = page("<p>$3 / 1M tokens</p>")
    broken = Answer(body=whole.body, headers=whole.headers, cut=True)
    fetched = go(tmp_path, site.says("/pricing", broken, whole))
    assert fetched.response is not None
    assert fetched.response.body == whole.body


def test_a_connection_that_always_breaks_off_is_a_network_outcome(
    site: Site, tmp_path: Path
) -> None:
    fetched = go(tmp_path, site.says("/pricing", Answer(body=b"<p>$3</p>", cut=True)))
    assert refusal(fetched).outcome is Outcome.NETWORK


def test_a_redirect_on_the_same_host_is_followed_and_the_final_address_kept(
    site: Site, tmp_path: Path
) -> None:
    site.says("/docs/pricing", page("<p>$3</p>"))
    url = site.says("/pricing", Answer(status=301, headers={"Location": "/docs/pricing"}))
    fetched = go(tmp_path, url)
    assert fetched.response is not None
    assert fetched.response.url == site.url("/docs/pricing")


def test_a_redirect_to_another_host_is_not_followed(site: Site, tmp_path: Path) -> None:
    away = Answer(status=302, headers={"Location": "http://localhost:1/business"})
    fetched = go(tmp_path, site.says("/pricing", away))
    assert refusal(fetched).outcome is Outcome.PAGE_CHANGED
    assert "leads to http://localhost:1/business" in refusal(fetched).detail


def test_redirects_in_a_circle_end(site: Site, tmp_path: Path) -> None:
    url = site.says("/pricing", Answer(status=302, headers={"Location": "/pricing"}))
    assert refusal(go(tmp_path, url)).outcome is Outcome.PAGE_CHANGED
    assert site.paths.count("/pricing") == 6


def test_one_host_has_one_request_at_a_time_with_a_delay_between(
    site: Site, tmp_path: Path
) -> None:
    site.says("/a", Answer(after=timedelta(milliseconds=50)))
    site.says("/b", Answer(after=timedelta(milliseconds=50)))
    patient = Manners(delay=timedelta(milliseconds=300))
    errands = [Errand(document=path, url=site.url(path)) for path in ("/a", "/b")]
    run(session_in(tmp_path, patient), errands)
    assert site.most_at_once == 1
    first, second, third = (seen.at for seen in site.seen)
    assert second - first >= 0.3
    assert third - second >= 0.3


def fetch_elsewhere(folder: Path, url: str) -> None:
    go(folder, url)


def test_one_host_has_one_request_at_a_time_from_several_processes(
    site: Site, tmp_path: Path
) -> None:
    url = site.says("/pricing", Answer(after=timedelta(milliseconds=100)))
    spawning = multiprocessing.get_context("spawn")
    others = [spawning.Process(target=fetch_elsewhere, args=(tmp_path, url)) for _ in range(3)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert site.paths.count("/pricing") == 3
    assert site.most_at_once == 1


def test_two_hosts_do_not_wait_for_each_other(tmp_path: Path) -> None:
    slow = Answer(after=timedelta(milliseconds=400))
    with serving() as one, serving() as other:
        urls = [one.says("/pricing", slow), other.says("/pricing", slow)]
        run(session_in(tmp_path), [Errand(document=url, url=url) for url in urls])
        assert abs(one.seen[1].at - other.seen[1].at) < 0.3


def test_what_was_cut_short_in_a_hosts_file_is_as_never_written(tmp_path: Path) -> None:
    turns = session_in(tmp_path, QUICK).turns
    (tmp_path / "hosts").mkdir()
    (tmp_path / "hosts" / "example.org").write_text('{"ended_at": "2026-')

    async def take() -> None:
        async with turns.turn("example.org"):
            pass

    asyncio.run(take())
    assert "rests_until" in (tmp_path / "hosts" / "example.org").read_text()


def test_a_failure_of_our_own_has_no_outcome() -> None:
    assert failed(KeyError("mistake"), "http://example.org") is None


def test_a_page_is_only_what_was_asked_of_the_host() -> None:
    elsewhere = Response("http://example.com/pricing")
    with pytest.raises(NotRead, match=r"leads to http://example\.com/pricing"):
        check_answer(elsewhere, "http://example.org/pricing")
