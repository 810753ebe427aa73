"""Keys for sites' APIs: sent to the host they are for, kept nowhere, and missed by name."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.reading import NotRead
from catalog.settings import read_settings
from catalog.vocabulary import Outcome
from spiders.crawling import errands
from spiders.fetching.answers import failed
from spiders.fetching.errands import Errand
from spiders.keys import Key
from spiders.source import source_named
from tests.spiders.errands import run, session_in
from tests.spiders.site import Answer, Site, serving

SETTING = "TOKENTAPE_ARTIFICIAL_ANALYSIS_KEY"
KEY = Key("x-api-key", SETTING)
SECRET = {SETTING: "s3cret"}


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def errand(url: str) -> Errand:
    return Errand(document="models", url=url, key=KEY)


def test_a_key_is_sent_in_its_header_and_never_archived(site: Site, tmp_path: Path) -> None:
    url = site.says("/models", Answer(body=b'{"data": []}'))
    session = replace(session_in(tmp_path), keys=SECRET)
    [fetched] = run(session, [errand(url)])
    sent = {seen.path: seen.headers.get("x-api-key") for seen in site.seen}
    assert sent["/models"] == "s3cret"
    assert sent["/robots.txt"] is None
    assert fetched.response is not None
    assert not [f for f in tmp_path.rglob("*") if f.is_file() and b"s3cret" in f.read_bytes()]


def test_a_key_goes_to_no_other_host(site: Site, tmp_path: Path) -> None:
    with serving() as other:
        there = other.says("/models", Answer(body=b"{}")).replace("127.0.0.1", "localhost")
        url = site.says("/models", Answer(status=302, headers={"Location": there}))
        run(replace(session_in(tmp_path), keys=SECRET), [errand(url)])
        assert other.seen == []


def test_without_its_key_a_site_is_not_asked_and_the_setting_is_named(
    site: Site, tmp_path: Path
) -> None:
    url = site.says("/models", Answer(body=b"{}"))
    [fetched] = run(session_in(tmp_path), [errand(url)])
    assert site.seen == []
    assert isinstance(fetched.failure, NotRead)
    refusal = failed(fetched.failure, url)
    assert refusal is not None
    assert refusal.outcome is Outcome.BLOCKED
    assert SETTING in refusal.detail


def test_the_keys_that_are_set_are_read_from_the_environment() -> None:
    assert read_settings(SECRET).site_keys == SECRET
    assert read_settings({SETTING: ""}).site_keys == {}


def test_a_source_that_needs_a_key_says_so_of_its_documents() -> None:
    [asked] = errands(source_named("artificial-analysis"))
    assert asked.key == KEY
    assert "x-api-key" not in asked.headers
