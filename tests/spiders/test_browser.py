"""Pages that scripts fill are read as they stand in a real Chromium; others never start one."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from catalog.vocabulary import Outcome
from spiders.fetching import browser as browsing
from spiders.fetching.answers import failed
from spiders.fetching.browser import installed_browser
from spiders.fetching.errands import Errand, Fetched
from tests.spiders.errands import run, session_in
from tests.spiders.shop import NOON, crawl_at, shop, table
from tests.spiders.site import Answer, Site, page, robots, serving

SHELL = """<!doctype html><title>Pricing</title><table id="prices"></table>
<script>
fetch("/prices.json").then(answer => answer.json()).then(rows => {
  for (const [model, price] of rows) {
    document.querySelector("#prices").insertRow().innerHTML = `<td>${model}<td>${price}`
  }
})
</script>"""
LATER = NOON + timedelta(hours=6)
ROWS = [["small-1", "$0.25 / 1M tokens"], ["large-1", "$3 / 1M tokens"]]

pytestmark = pytest.mark.xdist_group("browser")
PLAYWRIGHTS_OWN = any(Path.home().glob(".cache/ms-playwright/chromium-*"))
needs_chromium = pytest.mark.skipif(
    installed_browser() is None and not PLAYWRIGHTS_OWN,
    reason="no Chromium here; run: tokentape install-browser",
)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        site.says("/robots.txt", robots("User-agent: *\nAllow: /"))
        site.says("/pricing", page(SHELL))
        rows = json.dumps(ROWS).encode()
        site.says("/prices.json", Answer(body=rows, headers={"Content-Type": "application/json"}))
        yield site


def errand(url: str, wait_for: str = "#prices td") -> Errand:
    return Errand(document="pricing", url=url, browser=True, wait_for=wait_for)


def text(fetched: Fetched) -> str:
    assert fetched.failure is None, fetched.failure
    assert fetched.response is not None
    return fetched.response.text


@needs_chromium
def test_a_page_is_rendered_until_its_prices_show(site: Site, tmp_path: Path) -> None:
    first, second = run(session_in(tmp_path), [errand(site.url("/pricing"))] * 2)
    assert "<td>large-1</td><td>$3 / 1M tokens</td>" in text(first)
    assert text(second) == text(first)
    agents = {seen.headers["user-agent"] for seen in site.seen}
    assert agents == {"tokentape/0.1.0 (+mailto:prices@example.org)"}


@needs_chromium
def test_a_page_whose_prices_never_show_says_so(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "PATIENCE", browsing.PATIENCE / 50)
    [fetched] = run(session_in(tmp_path), [errand(site.url("/pricing"), wait_for="#never")])
    assert fetched.response is not None
    assert fetched.response.flags == ["'#never' never showed on the rendered page"]


@needs_chromium
def test_a_refused_page_keeps_its_status(site: Site, tmp_path: Path) -> None:
    site.says("/pricing", Answer(status=403, body=b"<p id=prices><td>Prove it</p>"))
    [fetched] = run(session_in(tmp_path), [errand(site.url("/pricing"), wait_for="#prices")])
    assert fetched.response is not None
    assert fetched.response.status == 403


@needs_chromium
def test_a_page_the_browser_cannot_load_is_a_network_outcome(site: Site, tmp_path: Path) -> None:
    har = recorded(site, tmp_path / "pricing.har")
    elsewhere = site.says("/elsewhere", page(SHELL))
    [fetched] = run(session_in(tmp_path, har=har), [errand(elsewhere)])
    assert fetched.failure is not None
    named = failed(fetched.failure, elsewhere)
    assert named is not None
    assert named.outcome is Outcome.NETWORK


@needs_chromium
def test_a_recorded_page_renders_with_no_network(site: Site, tmp_path: Path) -> None:
    har = recorded(site, tmp_path / "pricing.har")
    site.says("/pricing", Answer(status=500))
    [fetched] = run(session_in(tmp_path, har=har), [errand(site.url("/pricing"))])
    assert "<td>small-1</td><td>$0.25 / 1M tokens</td>" in text(fetched)


def recorded(site: Site, path: Path) -> Path:
    """Write the recording of the site's page, as a browser would."""

    def entry(where: str, kind: str, body: str) -> dict[str, object]:
        request = {"method": "GET", "url": site.url(where), "httpVersion": "HTTP/1.1"}
        content = {"mimeType": kind, "text": body, "size": len(body)}
        headers = [{"name": "Content-Type", "value": kind}]
        response = {"status": 200, "statusText": "OK", "headers": headers, "content": content}
        empty = {"headers": [], "cookies": [], "queryString": [], "headersSize": -1, "bodySize": -1}
        rest = {"httpVersion": "HTTP/1.1", "cookies": [], "redirectURL": "", "headersSize": -1}
        return {
            "startedDateTime": "2026-11-22T00:00:00Z",
            "time": 1,
            "request": request | empty,
            "response": response | rest | {"bodySize": len(body)},
            "cache": {},
            "timings": {"send": 0, "wait": 1, "receive": 0},
        }

    entries = [
        entry("/pricing", "text/html", SHELL),
        entry("/prices.json", "application/json", json.dumps(ROWS)),
    ]
    creator = {"name": "tokentape", "version": "1"}
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": creator, "entries": entries}}))
    return path


def test_without_a_browser_the_page_fails_with_the_command_that_installs_one(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "installed_browser", lambda: str(tmp_path / "no-chromium"))
    plain = Errand(document="plain", url=site.url("/prices.json"))
    rendered, fetched = run(session_in(tmp_path), [errand(site.url("/pricing")), plain])
    assert rendered.failure is not None
    named = failed(rendered.failure, rendered.errand.url)
    assert named is not None
    assert named.outcome is Outcome.NETWORK
    assert "tokentape install-browser" in named.detail
    assert fetched.response is not None


FILLED = f"""<!doctype html><html><body><div id="app"></div>
<script>setTimeout(() => {{ document.body.innerHTML = {json.dumps(table())} }}, 50)</script>
</body></html>"""


@needs_chromium
def test_a_rendered_page_goes_the_whole_way_into_the_catalog(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    url = site.says("/prices", page(FILLED))
    [result] = crawl_at(sqlite_store, shop(url, wait_for="table td"), tmp_path)
    assert (result.outcome, result.points) == (Outcome.OK, 2)
    [again] = crawl_at(sqlite_store, shop(url, wait_for="table td"), tmp_path, now=LATER)
    assert again.outcome is Outcome.UNCHANGED


@needs_chromium
def test_a_rendered_page_without_what_it_waits_for_is_not_trusted(
    sqlite_store: Engine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "PATIENCE", browsing.PATIENCE / 50)
    url = site.says("/prices", page(FILLED))
    [result] = crawl_at(sqlite_store, shop(url, wait_for="#complete"), tmp_path)
    assert result.outcome is Outcome.PAGE_CHANGED
    assert result.detail == "'#complete' never showed on the rendered page"
