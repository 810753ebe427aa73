"""The log's filters: the store is asked for what they keep, and for nothing else."""

from typing import cast

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from catalog.current.view import Views
from catalog.vocabulary import Cause, Meter
from tests.catalog.builders import Catalog, point, source, visit

Row = dict[str, object]
OPUS, SONNET = "Claude Opus 4.7", "Claude Sonnet 5"
ASKED = (
    ("model", "anthropic/claude-opus-4.7"),
    ("model", "anthropic/claude-opus-5"),
    ("provider", "openai"),
    ("source", "anthropic"),
    ("series", "anthropic:anthropic-claude-opus-4.7:output_tokens"),
    ("series", ""),
    ("meter", "output_tokens"),
    ("currency", "CNY"),
    ("type", "price.changed"),
    ("cause", "observed"),
    ("initial", "true"),
    ("initial", "false"),
    ("all_time_low", "true"),
    ("direction", "down"),
    ("direction", "up"),
    ("direction", "sideways"),
)


@pytest.fixture
def client(app: FastAPI, store: Engine) -> TestClient:
    """Two sources, two currencies, two meters; a price that goes down, and one that goes up."""
    catalog = Catalog(store, sources=(source(), source("openai")))
    output = point(OPUS, "25", meter=Meter.OUTPUT_TOKENS)
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), output),
        visit("2026-05-01", point("gpt-5", "9", currency="CNY"), source="openai"),
        visit("2026-05-02", point(OPUS, "4"), point(SONNET, "3"), output, cause=Cause.OBSERVED),
        visit("2026-05-03", point(OPUS, "4.5"), point(SONNET, "3"), output),
    )
    app.state.views = Views(store, now=catalog.now)
    return TestClient(app)


def rows(client: TestClient, path: str) -> list[Row]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return cast("list[Row]", answer.json()["data"])


def fed(client: TestClient, query: str) -> list[Row]:
    items = client.get(f"/changes.json?everything=true&limit=200&{query}").json()["items"]
    return [item["_tokentape"] for item in reversed(items)]


def shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_log_and_its_feeds_hold_what_a_filter_keeps(client: TestClient) -> None:
    everything = rows(client, "/changes")
    assert {row["direction"] for row in everything} == {"up", "down", None}
    for name, value in ASKED:
        kept = [row for row in everything if row[name] is not None and shown(row[name]) == value]
        assert rows(client, f"/changes?{name}={value}") == kept, f"{name}={value}"
        assert fed(client, f"{name}={value}") == kept, f"{name}={value}"


def test_a_filtered_log_is_walked_page_by_page(client: TestClient) -> None:
    asked = "/changes?model=anthropic/claude-opus-4.7&limit=1"
    first = client.get(asked).json()
    second = client.get(f"{asked}&cursor={first['next']}").json()
    walked = [row["sequence"] for row in (*first["data"], *second["data"])]
    kept = [row["sequence"] for row in rows(client, f"{asked}000")]
    assert len(kept) > 3
    assert walked == kept[:2]
