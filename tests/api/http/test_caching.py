"""How long answers may be kept: those of two fixed moments for ever, and they stay as they are."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.http.caching import EXEMPT, FRESH, LASTING
from api.http.route_table import route_table
from catalog.documents.sources import declare
from catalog.moments import print_moment
from catalog.vocabulary import Meter
from tests.api.http.addresses import addresses
from tests.api.http.conftest import asking
from tests.catalog.builders import Catalog, failed, point, source, visit

BOTH = "as_of=2026-05-15&known_at=2026-11-22T12:30:00Z"


def with_times(url: str, times: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{times}"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("/models", FRESH),
        ("/v1/models", FRESH),
        ("/openapi.json", FRESH),
        ("/models?as_of=2026-05-15", FRESH),
        ("/models?known_at=2026-11-22T12:30:00Z", FRESH),
        (f"/models?{BOTH}", LASTING),
        (f"/v1/prices?format=csv&{BOTH}", LASTING),
        (f"/meta?{BOTH}", FRESH),
        (f"/sources?{BOTH}", FRESH),
        (f"/v1/sources/anthropic?{BOTH}", FRESH),
        ("/livez", "no-store"),
        ("/v1/readyz", "no-store"),
        ("/healthz", "no-store"),
        ("/metrics", "no-store"),
        ("/nothing", "no-store"),
        ("/models?sort=best", "no-store"),
        ("/subscriptions", "no-store"),
    ],
)
def test_an_answer_says_how_long_it_may_be_kept(client: TestClient, url: str, kept: str) -> None:
    assert client.get(url).headers["cache-control"] == kept


def test_the_durations_are_those_that_are_documented() -> None:
    assert FRESH == "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
    assert LASTING == "public, max-age=31536000, immutable"


def test_what_is_sent_is_not_kept(client: TestClient) -> None:
    answer = client.post("/cost", json={"model": "claude-opus-4-7", "usage": {}})
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["authorization", "cookie"])
def test_what_one_person_asks_is_kept_for_nobody(client: TestClient, name: str) -> None:
    answer = client.get("/models", headers={name: "Bearer x"})
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_lasting_answers_stay_the_same_bytes_whatever_is_learned(
    app: FastAPI, filled: Catalog
) -> None:
    client = asking(app, filled)
    filled.clock += timedelta(hours=1)
    told = {url: client.get(url) for url in _lasting(app, client)}
    assert len(told) > 15
    _learn(filled)
    client = asking(app, filled)
    for url, before in told.items():
        after = client.get(url)
        assert after.content == before.content, f"{url} has changed: declare it in EXEMPT"
        assert after.headers["etag"] == before.headers["etag"], url


def _lasting(app: FastAPI, client: TestClient) -> list[str]:
    """Give every address that takes both times and is said to stay."""
    asked = [with_times(url, BOTH) for url in addresses(app)]
    asked += [with_times(url, f"format=csv&{BOTH}") for url in ("/prices", "/models", "/changes")]
    return [url for url in asked if client.get(url).headers["cache-control"] == LASTING]


def _learn(catalog: Catalog) -> None:
    """Change prices, correct the past, add a provider's source, and fail to fetch."""
    late = source("later", documents=("docs",))
    declare(catalog.engine, (late,), now=catalog.now)
    output = point("Claude Opus 4.7", "20", meter=Meter.OUTPUT_TOKENS)
    catalog.take(
        visit("2026-05-10", point("Claude Opus 4.7", "4.5"), output),
        visit("2026-07-01", point("Claude Opus 4.7", "3"), output, point("Claude Ode 1", "7")),
        visit("2026-07-01", point("Claude Opus 4.7", "8"), source="later", document="docs"),
        failed("2026-07-02"),
    )


def test_a_moment_to_come_is_no_lasting_answer(client: TestClient, shared: Catalog) -> None:
    ahead = print_moment(shared.clock + timedelta(days=9))
    answer = client.get(f"/models?as_of=2026-05-15&known_at={ahead}")
    assert (answer.status_code, answer.headers["cache-control"]) == (422, "no-store")


def test_what_may_still_come_to_be_known_by_the_moment_is_no_lasting_answer(
    app: FastAPI, filled: Catalog
) -> None:
    client = asking(app, filled)
    now = print_moment(filled.clock + timedelta(minutes=1))
    url = f"/models?as_of=2026-05-15&known_at={now}"
    assert client.get(url).headers["cache-control"] == FRESH
    filled.clock += timedelta(hours=1)
    _learn(filled)
    assert client.get(url).headers["cache-control"] == LASTING


def test_every_exempt_address_is_served(app: FastAPI) -> None:
    served = {one.path for one in route_table(app).served}
    assert {one.path for one in EXEMPT} <= served
