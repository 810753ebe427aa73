"""Every list that is served: what its JSON shows is what every other format holds."""

import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.feeds.negotiation import FEEDS
from api.listing import columns_by_path
from api.listing.columns import Column
from catalog.current.view import Views
from catalog.documents.sources import declare
from catalog.reading import Reading, Score
from catalog.store import open_store
from catalog.vocabulary import Cause, Meter, SourceKind
from tests.api.listing.decoding import of_csv, of_ndjson, of_parquet
from tests.catalog.builders import Catalog, failed, point, source, visit

LISTS = columns_by_path()
IN_BRACES = {"maker": "anthropic", "name": "claude-opus-4.7"}
ASKED = {
    "/compare": "/compare?models=anthropic/claude-opus-4.7,anthropic/claude-haiku-4.5",
    "/estimate": "/estimate?requests=1000&input_tokens=2000&output_tokens=400&currency=USD",
    "/rankings/{name}": "/rankings/value",
}
"""What is asked where a path with its braces filled is no question yet."""


@pytest.fixture(scope="module")
def filled(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """Prices that changed, are announced, held or unmapped; a tool; scores; a failed visit."""
    path = tmp_path_factory.mktemp("parity") / "tokentape.db"
    shutil.copy(migrated_sqlite, path)
    catalog = Catalog(open_store(f"sqlite:///{path}"))
    opus = point("Claude Opus 4.7", "5", evidence="=SUM(A1) is $5")
    output = point("Claude Opus 4.7", "25", meter=Meter.OUTPUT_TOKENS, list_amount="30")
    haiku = point("Claude Haiku 4.5", "1")
    unknown = point("Claude Ode 1", "7", variant="with, commas")
    before = (opus, output, haiku, unknown)
    after = (point("Claude Opus 4.7", "4"), output, point("Claude Haiku 4.5", "90"), unknown)
    catalog.take(
        visit("2026-05-01", *before),
        visit("2026-06-01", *after, cause=Cause.OBSERVED, archived=True),
        failed("2026-06-02"),
    )
    _score(catalog)
    yield catalog
    catalog.engine.dispose()


@pytest.fixture
def client(app: FastAPI, filled: Catalog) -> TestClient:
    """Ask about the one catalog that all tests here read."""
    app.state.views = Views(filled.engine, now=filled.now)
    return TestClient(app, raise_server_exceptions=False)


def _score(catalog: Catalog) -> None:
    epoch = source("epoch", documents=("csv",)).model_copy(update={"kind": SourceKind.BENCHMARK})
    declare(catalog.engine, (epoch,), now=catalog.now)
    read = Score(model="claude-opus-4-7_32K", benchmark="epoch_eci", score="150", evidence="150")
    reading = Reading(form="a", scores=(read,))
    catalog.take(visit("2026-04-10", source="epoch", document="csv", reading=reading))


def url_of(path: str) -> str:
    return ASKED.get(path) or path.format(**IN_BRACES)


def test_the_lists_are_those_that_are_served(app: FastAPI) -> None:
    assert {"/models", "/prices", "/providers", "/sources", "/holds", "/changes"} <= LISTS.keys()
    assert LISTS.keys() <= app.openapi()["paths"].keys()


@pytest.mark.parametrize("path", sorted(LISTS))
def test_every_format_holds_what_the_json_shows(client: TestClient, path: str) -> None:
    columns: Sequence[Column[Any]] = LISTS[path]
    url = url_of(path)
    shown = json.loads(ask(client, url, "application/json"))["data"]
    assert shown or path not in {"/models", "/prices", "/changes", "/holds"}
    assert of_ndjson(ask(client, url, "application/x-ndjson")) == shown
    assert of_csv(ask(client, url, "text/csv"), columns) == shown
    assert of_parquet(ask(client, url, "application/vnd.apache.parquet"), columns) == shown


@pytest.mark.parametrize("path", sorted(LISTS))
def test_every_row_is_as_described(client: TestClient, app: FastAPI, path: str) -> None:
    answers = app.openapi()["paths"][path]["get"]["responses"]["200"]["content"]
    assert set(answers) - set(FEEDS.values()) == {
        "application/json",
        "text/csv",
        "application/x-ndjson",
        "application/vnd.apache.parquet",
    }
    listed = answers["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schema = app.openapi()["components"]["schemas"][listed]["properties"]["data"]["items"]
    row = schema["anyOf"][0]["$ref"].rpartition("/")[2]
    described = app.openapi()["components"]["schemas"][row]
    for row in client.get(url_of(path)).json()["data"]:
        assert set(row) == set(described["properties"]) == set(described["required"])


@pytest.mark.parametrize("path", sorted(LISTS))
def test_the_same_state_is_the_same_bytes(client: TestClient, filled: Catalog, path: str) -> None:
    first = ask(client, url_of(path), "application/json")
    filled.clock += timedelta(days=400)
    assert ask(client, url_of(path), "application/json") == first


def ask(client: TestClient, url: str, accept: str) -> bytes:
    response = client.get(url, headers={"Accept": accept})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith(accept)
    return response.content
