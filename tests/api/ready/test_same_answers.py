"""Whatever is asked, and however often, is answered alike with the layer and without it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, product

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.app import create_app
from api.following import follow_once
from api.http.caching import FROZEN
from api.http.route_table import route_table
from api.listing import columns_by_path
from api.ready.declared import OF_VIEW
from catalog.current.following import Followed
from catalog.current.view import Views, _Asking
from catalog.documents.snapshots import Snapshot
from catalog.settings import environment_settings
from tests.api.http.addresses import addresses
from tests.api.ready.conftest import Both
from tests.catalog.builders import Catalog, point, visit

CODINGS = ("identity", "gzip", "zstd", "identity;q=0, gzip", "br;q=1, *;q=0")
FORMATS = ("json", "csv", "ndjson", "parquet")
ACCEPTS = ("text/csv", "application/json;q=0.5, text/*", "*/*", "image/png", "application/x-ndjson")
MOVING = frozenset({"x-request-id", "date"})
METRICS = "/metrics"
OPUS = "/models/anthropic/claude-opus-4.7"


def seen(answer: Response) -> tuple[int, list[tuple[str, str]], bytes]:
    """Give all that may not differ."""
    headers = sorted(pair for pair in answer.headers.multi_items() if pair[0] not in MOVING)
    return answer.status_code, headers, answer.content


def same(both: Both, url: str, headers: dict[str, str], method: str = "GET") -> Response:
    """Ask three times: to make an answer, to get it ready, and to get it again."""
    for _ in range(3):
        ready, plain = both.ask(method, url, headers)
        if plain.headers.get("content-type") != "application/problem+json":
            assert seen(ready) == seen(plain), f"{method} {url} {headers}"
        else:
            assert seen(ready)[:2] == seen(plain)[:2], f"{method} {url} {headers}"
    return plain


def questions(app: FastAPI) -> Iterator[str]:
    """Give every question of every address, of lists in every format, below both roots."""
    for url in addresses(app):
        if url == METRICS:
            continue
        yield url
        yield FROZEN + url
        if url.partition("?")[0] in columns_by_path():
            join = "&" if "?" in url else "?"
            yield from (f"{url}{join}format={format_}" for format_ in FORMATS)


def test_every_address_in_every_format_and_coding(
    app: FastAPI, shared: Catalog, both: Callable[[Catalog], Both]
) -> None:
    asking = both(shared)
    for url, coding in zip(questions(app), cycle(CODINGS[:3]), strict=False):
        same(asking, url, {"accept-encoding": coding})
    assert len(asking.memory.wanted(1000)) > 30


@pytest.mark.parametrize(
    "url", ["/models?sort=value", "/prices?limit=1", OPUS, "/v1/rankings/value"]
)
def test_conditions_are_weighed_alike(
    url: str, shared: Catalog, both: Callable[[Catalog], Both]
) -> None:
    asking = both(shared)
    first = same(asking, url, {})
    tag, dated = first.headers["etag"], first.headers["last-modified"]
    tags = (tag, f"W/{tag}", f'"other", {tag}', f'"other", W/{tag}', '"other"', "*", tag[1:], "")
    dates = (dated, "Mon, 01 Jan 2024 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT", "yesterday")
    conditions = [
        *({"if-none-match": one} for one in tags),
        *({"if-match": one} for one in tags),
        *({"if-modified-since": one} for one in dates),
        *({"if-unmodified-since": one} for one in dates),
        {"if-none-match": '"other"', "if-modified-since": dated},
        {"if-match": tag, "if-none-match": tag},
    ]
    statuses = {
        same(asking, url, condition, method).status_code
        for method, condition in product(("GET", "HEAD"), conditions)
    }
    assert statuses == {200, 304, 412}


def test_what_is_asked_only_by_its_tag_is_answered_304_until_it_is_wanted_whole(
    shared: Catalog, both: Callable[[Catalog], Both]
) -> None:
    tag = both(shared).plain.get("/models", headers={"accept-encoding": "gzip"}).headers["etag"]
    asking = both(shared)
    asking.memory.clear()
    held = {"accept-encoding": "gzip", "if-none-match": tag}
    assert same(asking, "/models", held).status_code == 304
    assert same(asking, "/models", {"accept-encoding": "gzip"}).status_code == 200
    assert same(asking, "/models", held, "HEAD").status_code == 304


@pytest.mark.parametrize(
    "headers",
    [
        *({"accept": one} for one in ACCEPTS),
        *({"accept-encoding": one} for one in CODINGS),
        {"origin": "https://elsewhere.example"},
        {"cookie": "a=b"},
        {"authorization": "Bearer made-up"},
        {"content-length": "0"},
        {"x-request-id": "mine"},
        {"range": "bytes=0-10"},
        {"x-long": "x" * 40_000},
    ],
    ids=str,
)
def test_other_headers_are_minded_alike(
    headers: dict[str, str], shared: Catalog, both: Callable[[Catalog], Both]
) -> None:
    for method in ("GET", "HEAD"):
        same(both(shared), "/models", headers, method)


@pytest.mark.parametrize(
    "url",
    [
        "/models?sort=value&limit=1",
        "/models?limit=1&sort=value",
        "/models?limit=1&limit=2",
        "/models?sort=best",
        "/models?colour=red",
        "/models?q=%ff",
        "/models?q=%EF%BF%BD",
        "/models?as_of=2026-05-02",
        "/models?known_at=2999-01-01",
        "/models?cursor=nonsense",
        "/models/anthropic/claude%2Dopus-4.7",
        "/models/anthropic/no-such-model",
        "/nowhere",
        "/models/",
    ],
)
def test_what_is_refused_is_refused_alike(
    url: str, shared: Catalog, both: Callable[[Catalog], Both]
) -> None:
    for method in ("GET", "HEAD", "POST", "OPTIONS"):
        same(both(shared), url, {}, method)


def test_a_commit_is_in_the_next_answer(filled: Catalog, both: Callable[[Catalog], Both]) -> None:
    asking = both(filled)
    before = same(asking, "/prices", {})
    filled.take(visit("2026-06-03", point("Claude Opus 4.7", "3")))
    after = same(asking, "/prices", {"if-none-match": before.headers["etag"]})
    assert (before.status_code, after.status_code) == (200, 200)
    assert before.json()["meta"]["sequence"] < after.json()["meta"]["sequence"]


@pytest.mark.parametrize("is_followed", [False, True])
def test_an_announced_day_is_in_the_next_answer(
    is_followed: bool,  # noqa: FBT001 a case
    app: FastAPI,
    filled: Catalog,
    both: Callable[[Catalog], Both],
) -> None:
    ends = point("Claude Opus 4.7", "3", valid_to="2026-12-01")
    filled.take(visit("2026-06-03", ends, point("Claude Opus 4.7", "9", valid_from="2026-12-01")))
    asking = both(filled)
    if is_followed:
        asyncio.run(follow_once(app))
    before = same(asking, "/models?fields=model,input", {})
    filled.clock = datetime(2026, 12, 1, tzinfo=UTC)
    after = same(asking, "/models?fields=model,input", {"if-none-match": before.headers["etag"]})
    assert [_input_of(OPUS, answer) for answer in (before, after)] == ["3", "9"]


def _input_of(path: str, answer: Response) -> object:
    (found,) = (one for one in answer.json()["data"] if path.endswith(one["model"]))
    return found["input"]


def test_an_answer_gets_its_date_once_its_state_has_settled(
    app: FastAPI, slow_app: FastAPI, filled: Catalog, both: Callable[[Catalog], Both]
) -> None:
    asking = both(filled)
    for one in (app, slow_app):
        one.state.views.now = filled.now
    assert "last-modified" not in same(asking, "/models", {}).headers
    asking = both(filled)
    assert "last-modified" in same(asking, "/models", {}).headers


class OnlyTheView(Followed):
    """Views that tell nothing but what the current view holds."""

    def last_sequence(self) -> int:
        """Refuse to read the log."""
        raise AssertionError("the log was read")

    def snapshot(self, sha256: str) -> Snapshot | None:
        """Refuse to look for a page."""
        raise AssertionError(f"the page {sha256} was looked for")

    @contextmanager
    def _asking(self, as_of: datetime | None, known_at: datetime | None) -> Iterator[_Asking]:
        raise AssertionError(f"the store was asked of {as_of} and {known_at}")
        yield


def test_what_is_declared_to_follow_from_the_view_asks_the_store_for_nothing_else(
    slow_app: FastAPI, shared: Catalog, both: Callable[[Catalog, type[Views]], Both]
) -> None:
    asking = both(shared, OnlyTheView)
    table = route_table(slow_app)
    asked = {table.template(url.partition("?")[0]): url for url in addresses(slow_app)}
    assert asked.keys() >= OF_VIEW
    for template in OF_VIEW:
        assert asking.plain.get(asked[template]).status_code == 200, template


def test_each_answer_is_counted_and_each_request_limited(shared: Catalog) -> None:
    settings = replace(environment_settings(), rate_limit=3)
    app = create_app(shared.engine, settings=settings)
    client = TestClient(app)
    answers = [client.get("/models") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert [one.headers["ratelimit"].partition(";t")[0] for one in answers[:3]] == [
        '"default";r=2',
        '"default";r=1',
        '"default";r=0',
    ]
    counted = 'tokentape_requests_total{method="GET",route="/models",status="200"} 3.0'
    assert counted in client.get("/metrics").text
